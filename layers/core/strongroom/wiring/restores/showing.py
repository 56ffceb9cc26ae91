"""Ceremonies and their evidence, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.services.restores.asking.show_restores import RestoreViewNeeds
from strongroom.wiring.stack import ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def restore_view(platform: Platform) -> RestoreViewNeeds:
    """What showing ceremonies needs."""
    table = ledger(platform)
    return RestoreViewNeeds(book=LedgerRestores(table), log=LedgerEvidence(table))
