"""Note what is set on a resource whose copy was verified, so that somebody can say once it is gone."""

from strongroom.domain.identifiers import parse_account_id, parse_region
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.settings import VerifiedCopy
from strongroom.runtime.platform import Platform
from strongroom.services.noting.note_settings import SettingsNoted, note_settings
from strongroom.wiring.events import each_event
from strongroom.wiring.noting import settings_noting


@each_event(VerifiedCopy)
def handler(event: Event[VerifiedCopy], platform: Platform) -> SettingsNoted:
    """Read the resource once in a week, in the account of its copy's backup."""
    copy = event.detail
    account, region = parse_account_id(copy.account), parse_region(copy.region)
    needs = settings_noting(platform)
    return note_settings(copy.of(), account=account, region=region, needs=needs, now=platform.now())
