"""An account's line is written where it is listed, and under its id only when it comes to be listed elsewhere."""

from typing import Any

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.views.counted import LedgerViews
from strongroom.adapters.ledger.views.memory import MemoryViewTable
from strongroom.adapters.ledger.views.places import NAMES, WORST, line_of_account, list_of_unit
from strongroom.adapters.ledger.views.written import dumped
from strongroom.domain.status.states import Protection
from strongroom.domain.status.totals import AccountLine, Totals
from tests.builders.places import PAYMENTS
from tests.fakes.many.counting_views import CountingViewTable

UNIT = "production"
WELL, SHORT = ({Protection.PROTECTED: 3}, {Protection.PROTECTED: 2, Protection.COPY_SHORT: 1})


def a_line(states: dict[Protection, int], **changes: Any) -> AccountLine:
    line: dict[str, Any] = {"account": PAYMENTS, "unit": UNIT, "readiness": "READY", "name": "Payments"}
    return AccountLine(**(line | {"totals": Totals(states=states)} | changes))


def listed(table: Any, *, units: tuple[str, ...] = (UNIT, "sandbox")) -> list[str]:
    """The partitions that list the account."""
    return [pk for pk in (*map(list_of_unit, units), WORST, NAMES) for _ in table.under(pk)]


@pytest.mark.parametrize(
    ("before", "after", "written", "places"),
    [
        pytest.param(None, a_line(WELL), 3, [f"UNIT#{UNIT}", NAMES], id="new"),
        pytest.param(a_line(WELL), a_line(WELL), 0, [f"UNIT#{UNIT}", NAMES], id="as-it-was"),
        pytest.param(
            a_line(WELL), a_line({Protection.PROTECTED: 4}), 2, [f"UNIT#{UNIT}", NAMES], id="counted-otherwise"
        ),
        pytest.param(a_line(WELL), a_line(SHORT), 5, [f"UNIT#{UNIT}", WORST, NAMES], id="worse"),
        pytest.param(a_line(SHORT), a_line(WELL), 5, [f"UNIT#{UNIT}", NAMES], id="well-again"),
        pytest.param(a_line(WELL), a_line(WELL, unit="sandbox"), 4, ["UNIT#sandbox", NAMES], id="moved"),
        pytest.param(a_line(WELL), a_line(WELL, name=""), 3, [f"UNIT#{UNIT}"], id="without-a-name"),
    ],
)
def test_it_is_written_where_it_is_listed(
    before: AccountLine | None, after: AccountLine, written: int, places: list[str]
) -> None:
    table = CountingViewTable()
    views = LedgerViews(table)
    if before is not None:
        views.keep_account(before, was=None)
    table.forget()
    views.keep_account(after, was=before)
    assert sum(table.write_units.values()) == written
    assert listed(table) == places
    assert views.account(PAYMENTS) == after


def test_what_is_read_of_it_is_what_is_listed() -> None:
    views, later = LedgerViews(MemoryViewTable()), a_line({Protection.PROTECTED: 4})
    assert views.account(PAYMENTS) is None
    views.keep_account(a_line(WELL), was=None)
    views.keep_account(later, was=a_line(WELL))
    assert views.account(PAYMENTS) == later
    views.drop_account(later)
    assert views.account(PAYMENTS) is None


@pytest.mark.parametrize("count", range(6))
def test_whoever_is_interrupted_leaves_it_to_the_next_one_to_list_it_once(count: int) -> None:
    class Interrupted(MemoryViewTable):
        left = 99

        def put(self, item: dict[str, Any]) -> None:
            self._act()
            super().put(item)

        def remove(self, key: Key) -> None:
            self._act()
            super().remove(key)

        def _act(self) -> None:
            if not self.left:
                raise TimeoutError
            self.left -= 1

    table = Interrupted()
    views = LedgerViews(table)
    views.keep_account(a_line(WELL), was=None)
    table.left = count
    moved = a_line(SHORT, unit="sandbox")
    try:
        views.keep_account(moved, was=views.account(PAYMENTS))
    except TimeoutError:
        table.left = 99
    views.keep_account(moved, was=views.account(PAYMENTS))
    assert listed(table) == ["UNIT#sandbox", WORST, NAMES]
    assert views.account(PAYMENTS) == moved


def test_a_line_that_releases_before_wrote_under_its_id_each_time_is_read() -> None:
    table = MemoryViewTable()
    table.put(line_of_account(PAYMENTS).item | dumped(a_line(WELL)))
    assert LedgerViews(table).account(PAYMENTS) == a_line(WELL)
