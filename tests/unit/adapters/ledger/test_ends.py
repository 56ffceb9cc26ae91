"""Open ends of restores, in a real table."""

from datetime import timedelta

import pytest

from strongroom.adapters.ledger.changes import Change, Equals, Key
from strongroom.adapters.ledger.ends import LedgerEnds
from strongroom.adapters.ledger.table import Table
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.restores.ends.standing import EndState, arrived, begun, closed, left_nothing, there, unsure
from tests.builders.places import TEMPORARY_VAULT
from tests.builders.restores import COPIED_POINT, NOW, a_request

ARRIVING = begun(a_request(copy_kept_for=timedelta(days=15)), vault=TEMPORARY_VAULT, job="", since=NOW, now=NOW)
OPEN = there(
    arrived(ARRIVING, recovery_point=COPIED_POINT, vault=TEMPORARY_VAULT, reason="", now=NOW),
    reason="it is there",
    now=NOW,
)
OTHER = begun(a_request(id="r-other"), vault=TEMPORARY_VAULT, job="copy-2", since=NOW, now=NOW)


def test_an_end_is_read_back_whole(ledger_table: Table) -> None:
    book, was = LedgerEnds(ledger_table), None
    assert book.end_of(ARRIVING.request_id) is None
    missing = unsure(OPEN, reason="it does not show itself", now=NOW, is_missing=True)
    for end in (ARRIVING, OPEN, missing, closed(missing, EndState.GONE, reason="it is not there")):
        assert book.keep_end(end, was=was)
        assert book.end_of(ARRIVING.request_id) == end
        was = end


def test_it_is_written_on_what_was_read_alone(ledger_table: Table) -> None:
    book = LedgerEnds(ledger_table)
    assert book.keep_end(ARRIVING, was=None)
    assert not book.keep_end(OPEN, was=None)
    assert not book.keep_end(closed(OPEN, EndState.GONE, reason=""), was=OPEN)
    assert book.end_of(ARRIVING.request_id) == ARRIVING


def test_it_is_due_when_it_is_to_be_looked_at_and_no_more_once_it_is_closed(ledger_table: Table) -> None:
    book = LedgerEnds(ledger_table)
    book.keep_end(OPEN, was=None)
    assert OPEN.due_at is not None
    assert list(book.due_ends(OPEN.due_at - timedelta(seconds=1))) == []
    assert list(book.due_ends(OPEN.due_at)) == [OPEN]
    book.keep_end(closed(OPEN, EndState.GONE, reason=""), was=OPEN)
    assert list(book.due_ends(OPEN.due_at)) == list(book.open_ends()) == []
    assert "due_bucket" not in (ledger_table.get(Key(f"END#{OPEN.request_id}", "1")) or {})


def test_all_that_are_open_are_listed_whenever_they_are_due(ledger_table: Table) -> None:
    book = LedgerEnds(ledger_table)
    nothing = left_nothing(a_request(id="r-local"), now=NOW)
    for end in (OPEN, OTHER, nothing):
        book.keep_end(end, was=None)
    assert list(book.open_ends()) == [OTHER, OPEN]


def test_what_stands_in_no_place_of_its_own_is_passed_by(ledger_table: Table) -> None:
    """Any function may put rows into the bucket: none of them is taken for the end of a request, and none stops it."""
    book = LedgerEnds(ledger_table)
    book.keep_end(OPEN, was=None)
    written = ledger_table.get(Key(f"END#{OPEN.request_id}", "1")) or {}
    lie = written | {
        "recovery_point": COPIED_POINT + "-of-nobody",
        "is_missing": True,
        "due_at": "2000-01-01T00:00:00Z",
    }
    torn = {name: value for name, value in lie.items() if name != "since"}
    for number, (pk, item) in enumerate([("X#1", lie), ("END#r-other", lie), ("END#r-other", torn), ("X#1", torn)]):
        assert ledger_table.put_new(item | {"pk": pk, "sk": str(number)})
    assert list(book.due_ends(NOW + timedelta(days=400))) == list(book.open_ends()) == [OPEN]
    assert set(book.foreign_ends()) == {"X#1 0", "END#r-other 1", "END#r-other 2", "X#1 3"}


@pytest.mark.parametrize("due_at", ["soon", "~", "9999-12-31T00:00:00Z x"])
def test_a_row_without_a_moment_is_foreign_and_no_end_of_its_request(due_at: str, ledger_table: Table) -> None:
    book = LedgerEnds(ledger_table)
    book.keep_end(OPEN, was=None)
    key = Key(f"END#{OPEN.request_id}", "1")
    ledger_table.change(key, Change(set={"due_at": due_at}, when=Equals("revision", OPEN.revision)))
    assert book.foreign_ends() == (f"{key.pk} 1",)
    with pytest.raises(MalformedRecordError, match="not written as one"):
        book.end_of(OPEN.request_id)
