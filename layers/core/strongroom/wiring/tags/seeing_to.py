"""What all that sees to tags has in common: they are read and added at each resource's own service."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.keys.managers import KeptManagers, MemberKeys
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.aws.pacing.paces import Paces
from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.members import asking_of_keys, tagging
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform
    from strongroom.services.tags.tagging_needs import TaggingNeeds

# So many environments write tags in one account at the same time at most: `MaximumConcurrency` of three functions in
# the template, and one of the inventory, which goes through an account in one.
ENVIRONMENTS: Final = 15


def seeing_to[Kind: TaggingNeeds](kind: type[Kind], platform: Platform, **more: Any) -> Kind:
    """What all that sees to tags needs, and what this kind of needs takes besides."""
    table = ledger(platform)
    return kind(
        intent=platform.intent,
        organization=Organization(client("organizations")),
        accounts=LedgerAccounts(table),
        resources=LedgerResources(table),
        tags=MemberTags(tagging(platform)),
        keys=MemberKeys(asking_of_keys(platform), kept_managers(), now=platform.now),
        paces=kept_paces(),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
        **more,
    )


@cache
def kept_managers() -> KeptManagers:
    """What KMS has told this execution environment, kept from event to event."""
    return KeptManagers()


@cache
def kept_paces() -> Paces:
    """The buckets of this execution environment, kept from event to event."""
    return Paces(share=1 / ENVIRONMENTS)
