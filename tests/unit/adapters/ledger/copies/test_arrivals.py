"""How far a vault was read is written over what was read, and over nothing newer; each vault has its own."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.adapters.ledger.copies.arrivals import LedgerArrivals
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.copies.comparing.arrivals import Arrivals
from tests.builders.copies import IN_TIME
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT

WHOLE = Arrivals(vault=CENTRAL_VAULT, reached=IN_TIME, revision=1)
HALF = replace(
    WHOLE, until=IN_TIME + timedelta(hours=1), token="page-2", read_at=IN_TIME, skipped=IN_TIME - timedelta(minutes=1)
)


@pytest.mark.parametrize("kept", [WHOLE, HALF], ids=["whole", "half read"])
def test_it_is_found_as_it_was_kept(kept: Arrivals) -> None:
    arrivals = LedgerArrivals(MemoryTable())
    assert arrivals.find(CENTRAL_VAULT) is None
    assert arrivals.keep(kept, was=None)
    assert arrivals.find(CENTRAL_VAULT) == kept
    assert arrivals.find(LOCAL_VAULT) is None


def test_what_is_over_leaves_nothing_behind() -> None:
    arrivals = LedgerArrivals(MemoryTable())
    arrivals.keep(HALF, was=None)
    over = replace(WHOLE, revision=2)
    assert arrivals.keep(over, was=HALF)
    assert arrivals.find(CENTRAL_VAULT) == over


def test_somebody_else_who_has_read_on_counts() -> None:
    arrivals = LedgerArrivals(MemoryTable())
    arrivals.keep(WHOLE, was=None)
    assert not arrivals.keep(WHOLE, was=None)
    arrivals.keep(replace(WHOLE, revision=2), was=WHOLE)
    assert not arrivals.keep(replace(WHOLE, revision=2), was=WHOLE)
