"""Refreshing: what was shown says how far the request is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.ledger.restores import CeremonyRequests
from strongroom.services.restores.approving.refresh_cards import CardRefreshNeeds
from strongroom.wiring.restores.approving.telling import telling
from strongroom.wiring.restores.deciding import judging
from strongroom.wiring.stack import ceremony_table

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def card_refresh(platform: Platform) -> CardRefreshNeeds:
    """What showing how far requests are needs."""
    return CardRefreshNeeds(
        open_requests=CeremonyRequests(ceremony_table(platform)),
        judging=partial(judging, platform),
        telling=partial(telling, platform),
    )
