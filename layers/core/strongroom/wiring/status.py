"""Status: the views are made of the ledger, and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.views.counted import LedgerViews
from strongroom.adapters.ledger.views.reading import LedgerReading
from strongroom.adapters.ledger.views.shown import LedgerShownViews
from strongroom.adapters.ledger.views.surroundings import LedgerSurroundings
from strongroom.services.status.roll_up_status import StatusRollUpNeeds
from strongroom.services.status.show_status import StatusShowNeeds
from strongroom.wiring.stack import ledger, views_table

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def status_roll_up(platform: Platform) -> StatusRollUpNeeds:
    """What bringing the views up to date needs."""
    return StatusRollUpNeeds(
        intent=platform.intent, ledger=LedgerReading(ledger(platform)), views=LedgerViews(views_table(platform))
    )


def status_show(platform: Platform) -> StatusShowNeeds:
    """What showing the views needs."""
    return StatusShowNeeds(
        intent=platform.intent,
        views=LedgerShownViews(views_table(platform)),
        beside=LedgerSurroundings(ledger(platform)),
    )
