"""What stops many copies, in a real table."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.groups.book import LedgerGroups, group_key
from strongroom.adapters.ledger.table import Table
from strongroom.domain.copies.groups.standing import Group, joined, left, told
from strongroom.domain.copies.obstacles import GroupKey, GroupKind, of_account
from strongroom.wiring.copies.sweeping import due_list
from tests.builders.copies import SOURCE, TOO_LATE, a_promise
from tests.builders.places import CENTRAL_VAULT, PAYMENTS

KEY = GroupKey(GroupKind.KEY, "arn:aws:kms:eu-west-1:222222222222:key/11111111-2222-3333-4444-555555555555")
WITHIN = timedelta(minutes=15)


def opened(key: GroupKey) -> Group:
    group = joined(None, key, a_promise(), within=WITHIN, now=TOO_LATE)
    assert group is not None
    return group


@pytest.mark.parametrize("key", [KEY, of_account(PAYMENTS)], ids=["key", "account"])
def test_a_group_is_read_back_whole(key: GroupKey, ledger_table: Table) -> None:
    book = LedgerGroups(ledger_table)
    assert book.find(key) is None
    first = opened(key)
    assert book.keep(first, was=None)
    assert book.find(key) == first
    over = left(first, key, a_promise(version=7), within=WITHIN, now=TOO_LATE)
    assert over is not None
    assert book.keep(over, was=first)
    assert book.find(key) == over


def test_it_is_written_on_what_was_read_alone(ledger_table: Table) -> None:
    book, first = LedgerGroups(ledger_table), opened(KEY)
    assert book.keep(first, was=None)
    assert not book.keep(first, was=None)
    assert book.keep(told(first), was=first)
    assert not book.keep(replace(first, causes=("other",)), was=first)
    assert book.find(KEY) == told(first)


def test_it_is_due_until_it_was_told(ledger_table: Table) -> None:
    book, first = LedgerGroups(ledger_table), opened(KEY)
    book.keep(first, was=None)
    assert list(due_list(ledger_table).due(TOO_LATE)) == []
    assert list(due_list(ledger_table).due(TOO_LATE + WITHIN)) == [KEY]
    book.keep(told(first), was=first)
    assert list(due_list(ledger_table).due(TOO_LATE + WITHIN)) == []
    assert "due_bucket" not in (ledger_table.get(Key(f"GROUP#{KEY.text}", "STATE")) or {})


def test_the_key_of_an_item_says_which_group_it_is() -> None:
    assert group_key({"pk": f"GROUP#{KEY.text}"}) == KEY


def test_a_promise_remembers_by_what_it_is_stopped_and_what_it_is_to_leave(ledger_table: Table) -> None:
    book = LedgerPromises(ledger_table)
    book.open(a_promise())
    stopped = a_promise(group=KEY, left_groups=(of_account(PAYMENTS),), revision=2)
    assert book.keep(stopped, was=a_promise())
    assert book.get(SOURCE, CENTRAL_VAULT) == stopped
    free = a_promise(revision=3)
    assert book.keep(free, was=stopped)
    assert book.get(SOURCE, CENTRAL_VAULT) == free
