"""What all that sees to tags needs of the world, and where accounts lie."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import NotFoundError
from strongroom.domain.tags.judging import Place

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.accounts import AccountBook, UnitDirectory
    from strongroom.ports.facts import ManyPublisher
    from strongroom.ports.tags import KeyManagers, Pacing, ResourceBook, ResourceTags
    from strongroom.services.alerts.tell_alerts import AlertNotifier

# How long the ledger is believed about where an account is, before Organizations is asked.
FRESH: Final = timedelta(minutes=15)


class TaggingNeeds(Struct, frozen=True, kw_only=True):
    """What seeing to resources needs of the world."""

    intent: Intent
    organization: UnitDirectory
    accounts: AccountBook
    resources: ResourceBook
    tags: ResourceTags
    keys: KeyManagers
    paces: Pacing
    alerts: AlertNotifier
    publisher: ManyPublisher


def place_of(account: AccountId, *, needs: TaggingNeeds, now: datetime) -> Place:
    """Where the account lies, by the ledger while that is fresh, else as Organizations says."""
    known = needs.accounts.find(account)
    # An account that was not governed a minute ago may have moved since: only a governed place is taken from memory.
    if known is not None and now - known.assessed_at < FRESH:
        remembered = needs.intent.target_of(account, known.units)
        if remembered is not None:
            return Place(target=remembered)
    try:
        return Place(target=needs.intent.target_of(account, needs.organization.units_of(account)))
    except NotFoundError:
        return Place(is_ours=False)
