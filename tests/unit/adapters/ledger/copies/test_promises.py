"""Promises, protection, alerts and their threads in a real table: every write that counts is conditional."""

from collections.abc import Callable
from copy import replace
from datetime import timedelta
from functools import partial

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups, LedgerProtection
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.table import Item, Table
from strongroom.adapters.ledger.telling.alert_threads import LedgerAlertThreads
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.lifecycle import CLAIM_LASTS, AlertState, AlertStatus, judge_complaint, left, told
from strongroom.domain.alerts.messages import AlertThread
from strongroom.domain.chat import PostedMessage
from strongroom.domain.copies.obstacles import Cause
from strongroom.domain.copies.promises import Learnt, Promise, PromiseState
from strongroom.domain.intent.destinations import Lifecycle
from strongroom.wiring.copies.sweeping import due_list
from tests.builders.copies import COPY, DEADLINE, DUE_AT, IN_TIME, RESOURCE, SOURCE, TOO_LATE, a_promise
from tests.builders.expected import an_expected
from tests.builders.places import CENTRAL_VAULT, HOME, PAYMENTS, REPLICA_VAULT

ALERT = Alert(kind=AlertKind.COPY_MISSING, subject="arn:db", account=PAYMENTS, region=HOME, reason="nothing arrived")
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


@pytest.mark.parametrize("night", [None, "backup-1"])
def test_until_it_is_settled_an_item_says_what_its_key_says_to_a_sweep_of_the_release_before(
    night: str | None, ledger_table: Table
) -> None:
    book, opened = LedgerPromises(ledger_table), a_promise(night=night)
    said = {"recovery_point": SOURCE, "destination": CENTRAL_VAULT} | ({"night": night} if night else {})
    looked_at = replace(opened, looks=1, revision=opened.revision + 1)
    settled = over(looked_at)

    def stands() -> Item:
        [item] = ledger_table.under(f"COPY#{SOURCE}")
        return {name: item[name] for name in ("recovery_point", "destination", "night") if name in item}

    book.open(opened)
    assert (book.current(opened.key), stands()) == (opened, said)
    assert book.keep(looked_at, was=opened)
    assert (book.current(opened.key), stands()) == (looked_at, said)
    assert book.keep(settled, was=looked_at)
    assert (book.current(opened.key), stands()) == (settled, {})


def test_a_promise_of_a_release_that_said_it_twice_is_read(promises: LedgerPromises, ledger_table: Table) -> None:
    key = Key(f"COPY#{SOURCE}", f"TO#{CENTRAL_VAULT}")
    twice = {"recovery_point": SOURCE, "destination": CENTRAL_VAULT}
    ledger_table.put((ledger_table.get(key) or {}) | twice)
    assert promises.get(SOURCE, CENTRAL_VAULT) == a_promise()


def test_a_promise_keeps_the_whole_lifecycle_that_was_promised(ledger_table: Table) -> None:
    book = LedgerPromises(ledger_table)
    promise = a_promise(lifecycle=Lifecycle(retention_days=400, cold_storage_after_days=60, archive=True))
    book.open(promise)
    assert book.get(SOURCE, CENTRAL_VAULT) == promise


def test_a_promise_of_an_earlier_release_is_read_without_what_that_did_not_know(ledger_table: Table) -> None:
    book = LedgerPromises(ledger_table)
    book.open(a_promise())
    item = ledger_table.get(Key(f"COPY#{SOURCE}", f"TO#{CENTRAL_VAULT}")) or {}
    newer = {"cold_storage_after_days", "archive", "unseen", "looks", "rule", "version", "revision", "opened_by"}
    ledger_table.put({key: item[key] for key in item if key not in newer})
    earlier = book.get(SOURCE, CENTRAL_VAULT)
    assert earlier == a_promise(rule=None, version=0, revision=0)
    assert book.keep(replace(earlier, looks=1, revision=1), was=earlier)


def test_each_night_of_a_continuous_backup_is_a_promise_of_its_own(ledger_table: Table) -> None:
    book = LedgerPromises(ledger_table)
    first, second = (a_promise(night=f"backup-{number}") for number in (1, 2))
    assert [book.open(promise) for promise in (first, second, first)] == [True, True, False]
    book.open(a_promise(night="backup-1", destination=REPLICA_VAULT))
    assert book.nights(SOURCE, CENTRAL_VAULT) == (first, second)
    assert book.keep(over(first), was=first)
    assert list(due_list(ledger_table).due(DUE_AT)) == [
        second.key,
        a_promise(night="backup-1", destination=REPLICA_VAULT).key,
    ]
    assert book.current(second.key) == second
    assert book.get(SOURCE, CENTRAL_VAULT) is None
    assert book.knows(SOURCE)


def test_a_promise_is_due_some_time_after_its_deadline(promises: LedgerPromises, ledger_table: Table) -> None:
    assert list(due_list(ledger_table).due(DUE_AT - timedelta(seconds=1))) == []
    assert list(due_list(ledger_table).due(DUE_AT)) == [a_promise().key]


def test_a_promise_is_found_however_long_nobody_looked(promises: LedgerPromises, ledger_table: Table) -> None:
    assert list(due_list(ledger_table).due(DEADLINE + timedelta(days=400))) == [a_promise().key]


def test_what_is_due_the_longest_comes_first_whatever_bucket_it_is_in(ledger_table: Table) -> None:
    book = LedgerPromises(ledger_table)
    for number in (7, 3, 9, 1, 5):
        book.open(a_promise(recovery_point=f"arn:{number}", due_at=DEADLINE + timedelta(hours=number)))
    due = [*due_list(ledger_table).due(DEADLINE + timedelta(days=1))]
    assert due == [a_promise(recovery_point=f"arn:{number}").key for number in (1, 3, 5, 7, 9)]


def test_what_becomes_of_a_promise_is_read_back_whole(promises: LedgerPromises) -> None:
    moved = a_promise(
        state=PromiseState.FAILED,
        reason="the copy job ended FAILED",
        due_at=TOO_LATE,
        restarts=1,
        remediations=2,
        diagnosis=Cause.VAULT_POLICY,
        unseen=2,
        looks=3,
        failed_jobs=("copy-1", "copy-2"),
        version=2,
        revision=4,
        alert=AlertKind.COPY_FAILED,
        untold=True,
        learnt=Learnt.SWEEP,
        settled_at=IN_TIME,
    )
    assert promises.keep(moved, was=a_promise())
    assert promises.get(SOURCE, CENTRAL_VAULT) == moved
    back = replace(moved, alert=None, untold=False, diagnosis=None, failed_jobs=(), settled_at=None, revision=5)
    assert promises.keep(back, was=moved)
    assert promises.get(SOURCE, CENTRAL_VAULT) == back


def test_a_promise_that_somebody_has_written_since_is_not_written_over(promises: LedgerPromises) -> None:
    assert promises.keep(over(a_promise()), was=a_promise())
    assert not promises.keep(a_promise(looks=1, revision=2), was=a_promise())
    assert promises.get(SOURCE, CENTRAL_VAULT) == over(a_promise())


def test_a_promise_that_is_not_there_is_not_made_by_what_became_of_it(ledger_table: Table) -> None:
    assert not LedgerPromises(ledger_table).keep(over(a_promise()), was=a_promise(revision=0))


def test_a_settled_promise_is_never_due_and_forgotten_after_an_auditors_year(
    promises: LedgerPromises, ledger_table: Table
) -> None:
    key = Key(f"COPY#{SOURCE}", f"TO#{CENTRAL_VAULT}")
    assert "expires_at" not in (ledger_table.get(key) or {})
    promises.keep(over(a_promise()), was=a_promise())
    assert list(due_list(ledger_table).due(TOO_LATE)) == []
    assert (ledger_table.get(key) or {})["expires_at"] == int((IN_TIME + timedelta(days=400)).timestamp())


def over(promise: Promise) -> Promise:
    """The same, its copy verified in time."""
    settled = replace(promise, state=PromiseState.VERIFIED, copy=COPY, due_at=None, settled_at=IN_TIME)
    return replace(settled, version=promise.version + 1, revision=promise.revision + 1)


def test_protection_keeps_the_latest_and_leaves_the_rest_of_the_item_alone(ledger_table: Table) -> None:
    ledger_table.put({"pk": f"RESOURCE#{RESOURCE}", "sk": "STATE", "tier": "daily-prod"})
    protection = LedgerProtection(ledger_table)
    protection.record_backup(RESOURCE, recovery_point=SOURCE, at=TOO_LATE)
    protection.record_backup(RESOURCE, recovery_point="arn:older", at=IN_TIME)
    assert protection.last_backup(RESOURCE) == TOO_LATE
    assert protection.tier(RESOURCE) == "daily-prod"
    item = ledger_table.get(Key(f"RESOURCE#{RESOURCE}", "STATE"))
    assert item is not None
    assert item["last_backup_arn"] == SOURCE


def test_what_a_rule_remembers_is_a_backup_of_the_resource(ledger_table: Table) -> None:
    protection, rules = LedgerProtection(ledger_table), LedgerExpectedBackups(ledger_table)
    first = an_expected(last_point=SOURCE, last_completed=IN_TIME)
    assert rules.keep(first, was=replace(first, revision=0))
    assert protection.last_backup(RESOURCE) == IN_TIME
    protection.record_backup(RESOURCE, recovery_point="arn:later", at=TOO_LATE)
    assert protection.last_backup(RESOURCE) == TOO_LATE


def test_how_long_the_last_ten_copies_took_is_kept_by_destination_and_each_counts_once(ledger_table: Table) -> None:
    protection = LedgerProtection(ledger_table)

    def took(minutes: int, *, destination: str = CENTRAL_VAULT) -> None:
        took = timedelta(minutes=minutes)
        protection.record_copy(RESOURCE, destination=destination, copy=f"copy-{minutes}", took=took, now=IN_TIME)

    for minutes in range(1, 13):
        took(minutes)
        took(minutes)
    took(99, destination=REPLICA_VAULT)
    kept = tuple(timedelta(minutes=each) for each in range(3, 13))
    assert protection.copies_took(RESOURCE, destination=CENTRAL_VAULT) == kept
    assert protection.copies_took(RESOURCE, destination=REPLICA_VAULT) == (timedelta(minutes=99),)
    assert protection.copies_took("arn:other", destination=CENTRAL_VAULT) == ()


def test_of_copies_that_are_told_at_once_none_is_forgotten() -> None:
    """After an outage the lists of many nights are worked off side by side."""

    class Interrupted(MemoryTable):
        def get(self, key: Key) -> Item | None:
            read = super().get(key)
            if between:
                between.pop()()
            return read

    table, between = Interrupted(), list[Callable[[], None]]()
    protection = LedgerProtection(table)

    def record(minutes: int) -> None:
        took = timedelta(minutes=minutes)
        protection.record_copy(RESOURCE, destination=CENTRAL_VAULT, copy=f"copy-{minutes}", took=took, now=IN_TIME)

    between.append(partial(record, 2))
    record(1)
    record(2)  # told again
    assert protection.copies_took(RESOURCE, destination=CENTRAL_VAULT) == (timedelta(minutes=2), timedelta(minutes=1))


def test_how_long_a_copy_is_allowed_to_take_is_read_back(ledger_table: Table) -> None:
    promises, promise = LedgerPromises(ledger_table), a_promise(allowed=timedelta(hours=9))
    promises.open(promise)
    assert promises.get(promise.recovery_point, promise.destination) == promise


def test_a_resource_that_nobody_has_seen_has_no_history(ledger_table: Table) -> None:
    protection = LedgerProtection(ledger_table)
    assert protection.last_backup(RESOURCE) is None
    assert protection.tier(RESOURCE) is None


def test_an_alert_is_read_back_whole_and_written_on_what_was_read_alone(ledger_table: Table) -> None:
    book = LedgerAlerts(ledger_table)
    state = AlertState(
        alert=ALERT,
        status=AlertStatus.OPEN,
        version=3,
        opened_at=IN_TIME,
        last_seen_at=TOO_LATE,
        count=2,
        told_version=2,
        told_status=AlertStatus.RESOLVED,
        claimed_until=TOO_LATE,
    )
    assert book.find(ALERT.fingerprint) is None
    assert book.keep(state, was=None)
    assert not book.keep(state, was=None)
    assert book.find(ALERT.fingerprint) == state
    assert book.keep(left(state), was=state)
    assert not book.keep(told(state), was=state)
    assert book.find(ALERT.fingerprint) == left(state)


def test_an_alert_stands_on_the_index_until_it_was_told(ledger_table: Table) -> None:
    book = LedgerAlerts(ledger_table)
    following = judge_complaint(None, ALERT, version=None, now=IN_TIME)
    assert following.state is not None
    book.keep(following.state, was=None)
    assert list(book.untold(IN_TIME)) == []
    assert list(book.untold(IN_TIME + CLAIM_LASTS)) == [ALERT.fingerprint]
    book.keep(told(following.state), was=following.state)
    assert list(book.untold(TOO_LATE)) == []


def test_a_thread_is_read_back_whole_and_written_on_what_was_read_alone(ledger_table: Table) -> None:
    threads = LedgerAlertThreads(ledger_table)
    claimed = AlertThread().claimed(IN_TIME)
    assert threads.find("fp") is None
    assert threads.keep("fp", claimed, was=None)
    assert not threads.keep("fp", claimed, was=None)
    shown = AlertThread(message=MESSAGE, text="what", shown=2, is_closed=True)
    assert threads.keep("fp", shown, was=claimed)
    assert threads.find("fp") == shown
    assert not threads.keep("fp", AlertThread(), was=claimed)
