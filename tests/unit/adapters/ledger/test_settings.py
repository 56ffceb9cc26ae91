"""Notes of settings in the ledger: the latest, those before it, and which of them was in force."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.settings import LedgerSettings
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.restores.settings.note import KeptNote, make_note

TABLE: Final = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"
NOW: Final = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
WEEK: Final = timedelta(days=7)


@pytest.fixture
def book(ledger_table: LedgerTable) -> LedgerSettings:
    return LedgerSettings(ledger_table)


def _kept(said: str, *, since: datetime, read_at: datetime | None = None) -> KeptNote:
    note = make_note(TABLE, read={"tags": [said]}, unread={"policy": "denied"})
    return KeptNote(note=note, since=since, read_at=read_at or since)


def test_what_is_kept_is_found_again(book: LedgerSettings) -> None:
    kept = _kept("a", since=NOW, read_at=NOW + WEEK)
    book.keep(kept, was=None)
    assert book.find(TABLE) == kept
    assert book.find(f"{TABLE}-2") is None


def test_each_moment_has_the_note_that_was_in_force_or_else_the_first(book: LedgerSettings) -> None:
    first, second, third = (_kept(said, since=NOW + number * WEEK) for number, said in enumerate("abc"))
    for kept, was in ((first, None), (second, first), (third, second)):
        book.keep(kept, was=was)
    moments = {
        NOW - WEEK: first,
        NOW: first,
        NOW + WEEK - timedelta(seconds=1): first,
        NOW + WEEK: second,
        NOW + 2 * WEEK: third,
        NOW + 9 * WEEK: third,
    }
    assert {at: book.as_of(TABLE, at=at) for at in moments} == moments
    assert book.as_of(f"{TABLE}-2", at=NOW) is None


def test_the_same_settings_read_again_are_one_note(book: LedgerSettings, ledger_table: LedgerTable) -> None:
    first = _kept("a", since=NOW)
    book.keep(first, was=None)
    book.keep(_kept("a", since=NOW, read_at=NOW + WEEK), was=first)
    items = list(ledger_table.under(f"SETTINGS#{TABLE}"))
    assert [(item["sk"], item["read_at"][:10]) for item in items] == [("LATEST", "2026-11-09")]


def test_a_note_is_forgotten_an_auditors_year_after_it_was_read_last_or_followed(
    book: LedgerSettings, ledger_table: LedgerTable
) -> None:
    first, second = _kept("a", since=NOW), _kept("b", since=NOW + WEEK)
    book.keep(first, was=None)
    book.keep(second, was=first)
    items = {item["sk"]: item["expires_at"] for item in ledger_table.under(f"SETTINGS#{TABLE}")}
    year = int((NOW + WEEK + timedelta(days=400)).timestamp())
    assert items == {"LATEST": year, "UNTIL#2026-11-09T03:00:00.000000Z": year}


def test_the_longest_note_fits_into_an_item(book: LedgerSettings, ledger_table: LedgerTable) -> None:
    note = make_note(
        TABLE, read={"tags": [sha256(bytes([number])).hexdigest() for number in range(256)] * 3}, unread={}
    )
    assert len(note.content) > 50_000
    book.keep(KeptNote(note=note, since=NOW, read_at=NOW), was=None)
    item = ledger_table.get(Key(f"SETTINGS#{TABLE}", "LATEST"))
    assert item is not None
    assert len(item["content"]) < 100_000
