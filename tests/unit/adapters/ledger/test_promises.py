"""Promises, protection and alert threads in a real table: every write that counts is conditional."""

from datetime import timedelta

import pytest

from strongroom.adapters.ledger.alert_threads import LedgerAlertThreads
from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.promises import LedgerPromises
from strongroom.adapters.ledger.protection import LedgerProtection
from strongroom.adapters.ledger.table import Table
from strongroom.domain.chat import PostedMessage
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.errors import ResourceNotReadyError
from strongroom.domain.intent.destinations import Lifecycle
from tests.builders.copies import COPY, DEADLINE, IN_TIME, RESOURCE, SOURCE, TOO_LATE, a_promise
from tests.builders.places import CENTRAL_VAULT, REPLICA_VAULT

MESSAGE = PostedMessage(channel="C1", ts="1.2")


@pytest.fixture
def promises(ledger_table: Table) -> LedgerPromises:
    book = LedgerPromises(ledger_table)
    book.open(a_promise())
    return book


def test_a_promise_is_opened_once_and_read_back_whole(promises: LedgerPromises) -> None:
    assert not promises.open(a_promise(tier="monthly-prod"))
    assert promises.get(SOURCE, CENTRAL_VAULT) == a_promise()
    assert promises.get(SOURCE, REPLICA_VAULT) is None
    assert promises.knows(SOURCE)
    assert not promises.knows("arn:unknown")


def test_a_promise_keeps_the_whole_lifecycle_that_was_promised(ledger_table: Table) -> None:
    book = LedgerPromises(ledger_table)
    promise = a_promise(lifecycle=Lifecycle(retention_days=400, cold_storage_after_days=60, archive=True))
    book.open(promise)
    assert book.get(SOURCE, CENTRAL_VAULT) == promise


def test_a_promise_of_an_earlier_release_is_read_without_what_that_did_not_know(ledger_table: Table) -> None:
    book = LedgerPromises(ledger_table)
    book.open(a_promise())
    item = ledger_table.get(Key(f"COPY#{SOURCE}", f"TO#{CENTRAL_VAULT}")) or {}
    newer = {"cold_storage_after_days", "archive", "unseen", "rule"}
    ledger_table.put({key: item[key] for key in item if key not in newer})
    assert book.get(SOURCE, CENTRAL_VAULT) == a_promise(rule=None)


def test_each_night_of_a_continuous_backup_is_a_promise_of_its_own(ledger_table: Table) -> None:
    book = LedgerPromises(ledger_table)
    first, second = (a_promise(night=f"backup-{number}") for number in (1, 2))
    assert [book.open(promise) for promise in (first, second, first)] == [True, True, False]
    book.open(a_promise(night="backup-1", destination=REPLICA_VAULT))
    assert book.nights(SOURCE, CENTRAL_VAULT) == (first, second)
    assert book.verify(first, copy=COPY, reason="there", now=IN_TIME)
    assert list(book.due(DEADLINE)) == [second, a_promise(night="backup-1", destination=REPLICA_VAULT)]
    assert book.current(second) == second
    assert book.get(SOURCE, CENTRAL_VAULT) is None
    assert book.knows(SOURCE)


def test_a_promise_is_due_from_its_deadline_on(promises: LedgerPromises) -> None:
    assert list(promises.due(DEADLINE - timedelta(seconds=1))) == []
    assert list(promises.due(DEADLINE)) == [a_promise()]


def test_a_promise_is_found_however_long_nobody_looked(promises: LedgerPromises) -> None:
    assert list(promises.due(DEADLINE + timedelta(days=400))) == [a_promise()]


def test_what_is_due_the_longest_comes_first_whatever_bucket_it_is_in(ledger_table: Table) -> None:
    book = LedgerPromises(ledger_table)
    for number in (7, 3, 9, 1, 5):
        book.open(a_promise(recovery_point=f"arn:{number}", due_at=DEADLINE + timedelta(hours=number)))
    due = [promise.recovery_point for promise in book.due(DEADLINE + timedelta(days=1))]
    assert due == ["arn:1", "arn:3", "arn:5", "arn:7", "arn:9"]


def test_a_verified_promise_is_never_due_and_never_falls_back(promises: LedgerPromises) -> None:
    assert promises.verify(a_promise(), copy=COPY, reason="there", now=IN_TIME)
    assert not promises.verify(a_promise(), copy=COPY, reason="there", now=IN_TIME)
    assert not promises.miss(a_promise(), reason="gone")
    assert not promises.fail(a_promise(), cause="copy-1", reason="no", look_again_at=TOO_LATE)
    assert not promises.postpone(a_promise(), due_at=TOO_LATE, restarts=1)
    assert list(promises.due(TOO_LATE)) == []
    known = promises.get(SOURCE, CENTRAL_VAULT)
    assert known is not None
    assert known.state is PromiseState.VERIFIED


def test_a_missing_promise_is_missed_once_and_stays_due(promises: LedgerPromises) -> None:
    assert promises.miss(a_promise(), reason="nothing")
    assert not promises.miss(a_promise(), reason="nothing")
    assert [promise.state for promise in promises.due(TOO_LATE)] == [PromiseState.MISSING]


def test_each_failure_counts_once(promises: LedgerPromises) -> None:
    later = TOO_LATE + timedelta(hours=1)
    assert promises.fail(a_promise(), cause="copy-1", reason="no", look_again_at=later)
    assert not promises.fail(a_promise(), cause="copy-1", reason="no", look_again_at=later)
    assert promises.fail(a_promise(), cause="copy-2", reason="no", look_again_at=later)
    assert list(promises.due(TOO_LATE)) == []
    (promise,) = promises.due(later)
    assert (promise.state, promise.failed_jobs) == (PromiseState.FAILED, ("copy-1", "copy-2"))


def test_a_postponed_promise_is_due_again_on_its_new_day_with_both_counts(promises: LedgerPromises) -> None:
    tomorrow = DEADLINE + timedelta(days=1)
    assert promises.postpone(a_promise(), due_at=tomorrow, restarts=1, unseen=2)
    assert list(promises.due(TOO_LATE)) == []
    (promise,) = promises.due(tomorrow)
    assert (promise.due_at, promise.restarts, promise.unseen) == (tomorrow, 1, 2)
    assert promises.postpone(promise, due_at=tomorrow, restarts=1)
    (promise,) = promises.due(tomorrow)
    assert promise.unseen == 0


def test_protection_keeps_the_latest_and_leaves_the_rest_of_the_item_alone(ledger_table: Table) -> None:
    ledger_table.put({"pk": f"RESOURCE#{RESOURCE}", "sk": "STATE", "tier": "daily-prod"})
    protection = LedgerProtection(ledger_table)
    protection.record_backup(RESOURCE, recovery_point=SOURCE, at=TOO_LATE)
    protection.record_backup(RESOURCE, recovery_point="arn:older", at=IN_TIME)
    protection.record_verified_copy(RESOURCE, copy=COPY, at=TOO_LATE)
    assert protection.last_backup(RESOURCE) == TOO_LATE
    assert protection.tier(RESOURCE) == "daily-prod"
    item = ledger_table.get(Key(f"RESOURCE#{RESOURCE}", "STATE"))
    assert item is not None
    assert (item["last_backup_arn"], item["last_verified_copy_arn"]) == (SOURCE, COPY)


def test_a_resource_that_nobody_has_seen_has_no_history(ledger_table: Table) -> None:
    protection = LedgerProtection(ledger_table)
    assert protection.last_backup(RESOURCE) is None
    assert protection.tier(RESOURCE) is None


def test_an_opening_is_claimed_once_and_its_thread_closed_once(ledger_table: Table) -> None:
    threads = LedgerAlertThreads(ledger_table)
    assert threads.claim("fp", event="e1", at=IN_TIME, now=IN_TIME)
    assert threads.find("fp") is None
    threads.told("fp", message=MESSAGE, text="what")
    assert not threads.claim("fp", event="e1", at=IN_TIME, now=TOO_LATE)
    thread = threads.find("fp")
    assert thread is not None
    assert (thread.message, thread.text, thread.opened_at, thread.is_closed) == (MESSAGE, "what", IN_TIME, False)
    assert threads.close("fp", event="r1")
    assert not threads.close("fp", event="r1")


def test_a_claim_whose_message_never_came_is_taken_over_after_a_while(ledger_table: Table) -> None:
    threads = LedgerAlertThreads(ledger_table)
    threads.claim("fp", event="e1", at=IN_TIME, now=IN_TIME)
    with pytest.raises(ResourceNotReadyError):
        threads.claim("fp", event="e1", at=IN_TIME, now=IN_TIME + timedelta(seconds=10))
    assert threads.claim("fp", event="e1", at=IN_TIME, now=IN_TIME + timedelta(seconds=31))


def test_a_later_opening_gets_its_own_message_and_an_earlier_one_none(ledger_table: Table) -> None:
    threads = LedgerAlertThreads(ledger_table)
    threads.claim("fp", event="e1", at=IN_TIME, now=IN_TIME)
    threads.told("fp", message=MESSAGE, text="what")
    assert threads.claim("fp", event="e2", at=TOO_LATE, now=TOO_LATE)
    assert threads.find("fp") is None
    threads.told("fp", message=MESSAGE, text="again")
    assert not threads.claim("fp", event="e1", at=IN_TIME, now=TOO_LATE + timedelta(hours=1))
