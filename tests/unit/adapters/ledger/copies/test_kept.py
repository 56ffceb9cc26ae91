"""What a vault must keep is found again by its day, however often and in how many parts it was noted."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.adapters.ledger.copies.kept import LedgerKeptCopies
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.table import Item
from strongroom.domain.copies.comparing.kept import KeptCopy
from strongroom.domain.copies.promises import PromiseKey
from tests.builders.copies import COPY, SOURCE
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS

DAY = datetime(2026, 9, 1, tzinfo=UTC)


def some_copies(number: int, *, night: str | None = None, until: datetime = DAY + timedelta(days=90)) -> list[KeptCopy]:
    return [
        KeptCopy(PromiseKey(f"{SOURCE}-{each}", CENTRAL_VAULT, night, PAYMENTS), f"{COPY}-{each}", until)
        for each in range(number)
    ]


def test_copies_are_found_as_they_were_noted_in_their_vault_and_on_their_day() -> None:
    kept = LedgerKeptCopies(MemoryTable())
    noted = [*some_copies(3), *some_copies(1, night="backup-1")]
    kept.note(CENTRAL_VAULT, DAY, noted)
    assert sorted(kept.of_day(CENTRAL_VAULT, DAY), key=str) == sorted(noted, key=str)
    assert [*kept.of_day(CENTRAL_VAULT, DAY + timedelta(days=1))] == []
    assert [*kept.of_day(LOCAL_VAULT, DAY)] == []


def test_what_is_noted_again_is_the_same_item_and_more_is_another() -> None:
    table = MemoryTable()
    kept = LedgerKeptCopies(table)
    for copies in (some_copies(3), some_copies(3)[::-1], some_copies(4)):
        kept.note(CENTRAL_VAULT, DAY, copies)
    assert len([*table.everything()]) == 2
    assert {*kept.of_day(CENTRAL_VAULT, DAY)} == {*some_copies(4)}


def test_many_copies_are_several_items_none_of_which_is_too_large_and_all_of_which_end() -> None:
    table = MemoryTable()
    LedgerKeptCopies(table).note(CENTRAL_VAULT, DAY, some_copies(1_200))
    items = [*table.everything()]
    assert len(items) == 3
    assert max(len(item["copies"]) for item in items) < 100_000
    assert {item["expires_at"] for item in items} == {int((DAY + timedelta(days=90)).timestamp())}


@pytest.mark.parametrize(("days", "kept"), [(35, 35), (2_500, 400)], ids=["to its end", "as long as its promise"])
def test_what_is_noted_is_kept_for_as_long_as_the_last_of_it(days: int, kept: int) -> None:
    table = MemoryTable()
    copies = [*some_copies(2, until=DAY + timedelta(days=7)), *some_copies(1, until=DAY + timedelta(days=days))]
    LedgerKeptCopies(table).note(CENTRAL_VAULT, DAY, copies)
    (item,) = table.everything()
    assert item["expires_at"] == int((DAY + timedelta(days=kept)).timestamp())


def test_what_is_noted_is_read_for_half_the_price() -> None:
    asked: list[bool] = []

    class Priced(MemoryTable):
        def under(self, pk: str, *, prefix: str = "", is_latest: bool = True) -> Iterator[Item]:
            asked.append(is_latest)
            return super().under(pk, prefix=prefix, is_latest=is_latest)

    assert [*LedgerKeptCopies(Priced()).of_day(CENTRAL_VAULT, DAY)] == []
    assert asked == [False]
