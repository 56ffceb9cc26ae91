"""A sweep looks at whatever is due in its turn, and nobody who cannot be asked keeps the others waiting."""

from collections import Counter
from copy import replace
from datetime import timedelta

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.due_buckets import DUE_BUCKETS, due_bucket
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.table import to_text
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.promises import Learnt, PromiseState
from strongroom.domain.copies.transitions import verified
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    ConfigurationMissingError,
    MalformedIdentifierError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.health.heartbeats import own_forwarder
from strongroom.domain.health.metrics import Metric
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from tests.builders.copies import (
    COPY,
    CREATED_AT,
    DEADLINE,
    DUE_AT,
    RESOURCE,
    TOO_LATE,
    a_copy,
    a_copy_job,
    a_promise,
)
from tests.builders.expected import BACKUP_DUE, an_expected
from tests.builders.health import a_heartbeat
from tests.builders.places import CENTRAL_VAULT, PAYMENTS, REPLICA_VAULT, REPORTS
from tests.fakes.copies import LateNight
from tests.fakes.many.counting_table import CountingTable

CROWDED = AccountId("333333333333")


@pytest.fixture
def night(intent: Intent) -> LateNight:
    night = LateNight(intent)
    night.promises.open(a_promise())
    return night


def test_one_promise_that_cannot_be_looked_at_does_not_stop_the_others(night: LateNight) -> None:
    night.promises.held.clear()
    night.promises.open(a_promise(destination=REPLICA_VAULT))
    night.promises.open(a_promise())
    night.truth.refusal[REPLICA_VAULT] = TemporarilyUnavailableError("busy")
    assert night.sweep().counts == {"UNREACHABLE": 1, "MISSING": 1}
    left = night.promise(destination=REPLICA_VAULT)
    assert (left.due_at, left.unseen) == (TOO_LATE + night.intent.deadlines.look_every, 1)


IN_VAIN = (
    TemporarilyUnavailableError("no answer in time"),
    AccessRefusedError("denied"),
    CallRefusedError("not accepted"),
    MalformedIdentifierError("no ARN"),
    NotFoundError("gone"),
)


@pytest.mark.parametrize("refusal", IN_VAIN, ids=repr)
def test_a_promise_that_can_never_be_looked_at_is_told_after_six_looks_in_vain(
    refusal: StrongroomError, night: LateNight
) -> None:
    night.truth.refusal[CENTRAL_VAULT] = refusal
    told = []
    for hours in range(14):
        night.sweep(TOO_LATE + timedelta(hours=2 * hours))
        told.append(len(night.told))
    assert told == [0] * 5 + [1] * 9
    assert f"6 looks in vain, the last because {refusal}" in night.alerts.told[0].reason


def test_a_look_that_succeeds_forgets_those_in_vain(night: LateNight) -> None:
    night.truth.refusal[CENTRAL_VAULT] = TemporarilyUnavailableError("busy")
    for hours in (0, 2):
        night.sweep(TOO_LATE + timedelta(hours=hours))
    assert night.promise().unseen == 2
    night.truth.refusal.clear()
    night.jobs.jobs = [a_copy_job(state="RUNNING", destination_recovery_point=None)]
    night.sweep(TOO_LATE + timedelta(hours=3))
    assert night.promise().unseen == 0


def test_what_the_control_plane_itself_lacks_ends_the_sweep(night: LateNight) -> None:
    night.truth.refusal[CENTRAL_VAULT] = ConfigurationMissingError("the ledger is closed to us")
    with pytest.raises(ConfigurationMissingError):
        night.sweep()


@pytest.mark.parametrize(
    ("refusal", "counts"),
    [
        pytest.param(
            TemporarilyUnavailableError("Rate exceeded"),
            {"UNREACHABLE": 3, "MISSING": 10},
            id="too busy, and soon left in peace",
        ),
        pytest.param(
            CallRefusedError("InvalidParameterValueException"), {"UNREACHABLE": 190, "MISSING": 10}, id="poisoned"
        ),
    ],
)
def test_a_crowd_that_cannot_be_looked_at_starves_nobody(
    refusal: StrongroomError, counts: dict[str, int], night: LateNight
) -> None:
    night.promises.held.clear()
    for number in range(1_700):
        night.promises.open(a_promise(recovery_point=f"arn:crowd-{number}", destination=REPLICA_VAULT))
    for number in range(10):
        night.promises.open(a_promise(recovery_point=f"arn:well-{number}", account=REPORTS))
    night.truth.refusal[REPLICA_VAULT] = refusal
    assert night.sweep().counts == counts


def test_a_promise_that_was_settled_since_it_was_listed_is_left_alone(night: LateNight) -> None:
    listed = night.promise()
    night.promises.lagging = [listed.key]
    night.promises.held[listed.key] = replace(listed, state=PromiseState.VERIFIED, due_at=None, revision=2)
    assert night.sweep().verdicts == ()


@pytest.mark.parametrize("refusal", [AccessRefusedError("denied"), CallRefusedError("not accepted")], ids=repr)
def test_a_promise_that_aws_refuses_to_be_asked_about_lets_those_behind_it_pass(
    refusal: StrongroomError, night: LateNight
) -> None:
    night.promises.held.clear()
    night.promises.open(a_promise(destination=REPLICA_VAULT))
    night.promises.open(a_promise())
    night.truth.refusal[REPLICA_VAULT] = refusal
    [refused] = night.sweep(limit=1).verdicts
    assert (refused.state, refused.reason) == ("UNREACHABLE", str(refusal))
    assert night.promise(destination=REPLICA_VAULT).due_at == TOO_LATE + night.intent.deadlines.look_every
    assert night.sweep(limit=1).counts == {"MISSING": 1}
    assert night.promise().state is PromiseState.MISSING


def test_a_sweep_takes_no_more_than_its_limit(night: LateNight) -> None:
    night.promises.open(a_promise(recovery_point="arn:second"))
    assert len(night.sweep(limit=1).verdicts) == 1


# What was written and not told


def test_what_could_not_be_told_is_told_at_the_next_sweep_and_once(night: LateNight) -> None:
    night.alerts.is_down = True
    assert night.sweep().counts == {"UNREACHABLE": 1}
    assert (night.promise().state, night.promise().untold) == (PromiseState.MISSING, True)
    night.alerts.is_down = False
    assert night.sweep_until(TOO_LATE + timedelta(minutes=15), since=TOO_LATE + timedelta(minutes=5)) == ["TOLD"]
    assert night.told == [AlertKind.COPY_MISSING]
    assert not night.promise().untold


def test_a_verification_that_was_not_told_is_told_by_the_sweep(night: LateNight) -> None:
    night.sweep()
    known = night.promise()
    over = verified(
        known, copy=COPY, reason="arrived", learnt=Learnt.EVENT, deadlines=night.intent.deadlines, now=TOO_LATE
    )
    assert over is not None
    night.promises.keep(over, was=known)  # by a function that died then
    assert night.sweep(TOO_LATE + timedelta(minutes=5)).counts == {"TOLD": 1}
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.COPY_MISSING]


def test_promises_and_expected_backups_are_looked_at_in_one_sweep(night: LateNight) -> None:
    night.promises.open(a_promise())
    night.expected.held = {an_expected().key: an_expected()}
    night.resources.tagged = {RESOURCE: {"Backup": "daily-prod"}}
    assert night.sweep(BACKUP_DUE).counts == {"MISSING": 2}
    assert night.alerts.kinds == [AlertKind.COPY_MISSING, AlertKind.BACKUP_MISSING]


def test_an_expected_backup_that_cannot_be_looked_at_gives_way(night: LateNight) -> None:
    night.promises.held.clear()
    night.expected.held = {an_expected().key: an_expected()}
    night.backups.refusal = AccessRefusedError("the role is missing")
    for number in range(6):
        assert night.alerts.told == []
        assert night.sweep(BACKUP_DUE + number * timedelta(minutes=15)).counts == {"UNREACHABLE": 1}
    assert "6 looks in vain, the last because the role is missing" in night.alerts.told[0].reason


def test_an_account_that_is_too_busy_is_asked_no_more_whatever_is_due_there(night: LateNight) -> None:
    night.promises.held.clear()
    for number in range(8):
        backup = replace(an_expected(), resource=f"{RESOURCE}-{number}")
        night.expected.held[backup.key] = backup
    night.backups.refusal = TemporarilyUnavailableError("busy")
    assert night.sweep(BACKUP_DUE).counts == {"UNREACHABLE": 3}


def test_a_backup_that_was_answered_since_it_was_listed_is_left_alone(night: LateNight) -> None:
    night.promises.held.clear()
    later = an_expected(due_at=BACKUP_DUE + timedelta(days=1))
    night.expected.held = {later.key: later}
    night.promises.lagging = [later.key]
    assert night.sweep(BACKUP_DUE).verdicts == ()


# However much is open, and however long nobody was awake


@pytest.fixture(scope="module", params=[1_000, 200_000])
def open_ledger(request: pytest.FixtureRequest) -> CountingTable:
    """So many promises are open and due in an hour; of those nothing is read but what the index has."""
    table = CountingTable()
    for number in range(request.param):
        key = f"COPY#arn:open-{number}"
        due = {"due_bucket": due_bucket(key), "due_at": to_text(TOO_LATE + timedelta(hours=1)), "account": REPORTS}
        table.put({"pk": key, "sk": f"TO#{CENTRAL_VAULT}"} | due)
    return table


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=400)], ids=["just now", "400 days ago"])
@pytest.mark.parametrize("overdue", [0, 10])
def test_a_sweep_asks_nine_times_and_reads_what_is_overdue_once_each(
    overdue: int, late: timedelta, open_ledger: CountingTable, night: LateNight
) -> None:
    vaults = [f"{CENTRAL_VAULT}-{number}-{late.days}" for number in range(overdue)]
    running = [a_copy_job(state="RUNNING", destination=vault, destination_recovery_point=None) for vault in vaults]
    night.jobs.jobs = running
    for vault in vaults:
        assert LedgerPromises(open_ledger).open(a_promise(destination=vault, due_at=TOO_LATE - late))
    open_ledger.forget()
    assert sum(night.sweep_over(open_ledger, TOO_LATE).counts.values()) == overdue
    looked_at = {"GetItem": overdue, "UpdateItem": overdue} if overdue else {}
    # One query more is for alerts that somebody did not live to tell.
    assert open_ledger.requests == {"Query due": len(DUE_BUCKETS) + 1} | looked_at
    assert open_ledger.items["Query due"] == overdue
    assert sum(open_ledger.written.values()) == overdue


@pytest.mark.parametrize("family", ["promise", "backup", "group"])
def test_an_item_that_cannot_be_read_keeps_none_of_the_others_waiting(family: str, night: LateNight) -> None:
    table, vaults = MemoryTable(), [f"{CENTRAL_VAULT}-{number}" for number in range(2)]
    night.jobs.jobs = [
        a_copy_job(state="RUNNING", destination=vault, destination_recovery_point=None) for vault in vaults
    ]
    for vault in vaults:
        assert LedgerPromises(table).open(a_promise(destination=vault))
    broken = {
        "promise": Key("COPY#arn:other", f"TO#{CENTRAL_VAULT}"),
        "backup": Key(f"RESOURCE#{RESOURCE}", "BACKUP#daily-prod#rule"),
        "group": Key(f"GROUP#account#{PAYMENTS}", "STATE"),
    }[family]
    since = timedelta(days=2)
    due = {"due_bucket": due_bucket(broken.pk), "due_at": to_text(TOO_LATE - since), "account": PAYMENTS}
    table.put(broken.item | due)
    verdict = night.sweep_over(table, TOO_LATE)
    assert verdict.counts == {"STILL_COPYING": 2, "UNREACHABLE": 1}
    assert verdict.oldest == since
    [left] = [each for each in verdict.verdicts if each.state == "UNREACHABLE"]
    assert f"{broken.pk} / {broken.sk}" in left.reason


@pytest.mark.parametrize(("broken", "well"), [(999, 3), (1_600, 0)], ids=["many", "too many to read"])
def test_an_account_of_which_much_cannot_be_read_has_the_rest_looked_at_and_keeps_nobody_waiting(
    broken: int, well: int, night: LateNight
) -> None:
    table = MemoryTable()
    for number in range(broken):
        key = f"COPY#arn:broken-{number}"
        due = {"due_bucket": due_bucket(key), "due_at": to_text(TOO_LATE - timedelta(days=2)), "account": PAYMENTS}
        table.put({"pk": key, "sk": f"TO#{CENTRAL_VAULT}"} | due)
    vaults = {
        account: [f"{CENTRAL_VAULT}-{account}-{number}" for number in range(3)] for account in (PAYMENTS, REPORTS)
    }
    for account, destinations in vaults.items():
        for vault in destinations:
            assert LedgerPromises(table).open(a_promise(destination=vault, account=account))
    night.jobs.jobs = [
        a_copy_job(state="RUNNING", destination=vault, destination_recovery_point=None)
        for vault in (*vaults[PAYMENTS], *vaults[REPORTS])
    ]
    verdict = night.sweep_over(table, TOO_LATE)
    assert verdict.counts["STILL_COPYING"] == well + 3
    told = [each for each in verdict.verdicts if each.state == "UNREACHABLE"]
    assert len(told) == 200


EACH_KIND = {f"{REPLICA_VAULT}-{number}": refusal for number, refusal in enumerate(IN_VAIN)}


def test_errors_of_every_kind_and_a_crowd_that_is_throttled_keep_nobody_waiting(night: LateNight) -> None:
    night.promises.held.clear()
    for vault, refusal in EACH_KIND.items():
        night.promises.open(a_promise(destination=vault))
        night.truth.refusal[vault] = refusal
    for number in range(1_700):
        night.promises.open(a_promise(recovery_point=f"arn:crowd-{number}", destination=REPLICA_VAULT, account=CROWDED))
    for number in range(10):
        night.promises.open(a_promise(recovery_point=f"arn:well-{number}", account=REPORTS))
    night.truth.refusal[REPLICA_VAULT] = TemporarilyUnavailableError("Rate exceeded")
    assert night.sweep().counts == {"UNREACHABLE": len(EACH_KIND) + 3, "MISSING": 10}


def test_after_six_days_away_all_that_is_wrong_is_told_once_within_the_hour(night: LateNight) -> None:
    night.promises.held.clear()
    for number in range(360):
        nights = timedelta(days=number // 60)
        promise = a_promise(
            recovery_point=f"arn:night-{number}",
            resource=f"{RESOURCE}-{number}",
            created_at=CREATED_AT + nights,
            deadline=DEADLINE + nights,
            due_at=DUE_AT + nights,
        )
        night.promises.open(promise)
        if number % 10:
            copy = a_copy(arn=f"arn:copy-{number}", resource=promise.resource, created_at=promise.created_at)
            night.truth.points.append(copy)
    back = TOO_LATE + timedelta(days=6)
    for tick in range(12):
        night.sweep(back + tick * timedelta(minutes=5))
    an_hour_later = back + timedelta(hours=1)
    held = [*night.promises.held.values()]
    assert Counter(promise.state for promise in held) == {PromiseState.VERIFIED: 324, PromiseState.MISSING: 36}
    assert [each for each in held if each.is_due(an_hour_later - timedelta(minutes=15))] == []
    assert len({alert.fingerprint for alert in night.alerts.told}) == len(night.alerts.told) == 36


def test_a_sweep_measures_how_long_the_oldest_was_due_and_what_no_event_had_told(night: LateNight) -> None:
    assert night.sweep(TOO_LATE - timedelta(days=1)).measures == {Metric.OLDEST_DUE: 0}
    night.truth.points.append(a_copy())
    late = timedelta(minutes=20)
    due_at = night.promise().due_at
    assert due_at is not None
    measures = night.sweep(due_at + late).measures
    assert measures == {Metric.OLDEST_DUE: late.total_seconds(), Metric.FOUND_WITHOUT_EVENT: 1}


def test_a_copy_that_never_began_is_no_lost_event(night: LateNight) -> None:
    verdict = night.sweep()
    assert verdict.counts == {"MISSING": 1}
    assert Metric.FOUND_WITHOUT_EVENT not in verdict.measures


def test_a_silent_forwarder_is_told_by_the_same_sweep(night: LateNight) -> None:
    own = own_forwarder(night.intent)
    night.beats.held = {
        own: a_heartbeat(account=own.account, region=own.region, due_at=TOO_LATE + timedelta(days=1)),
        a_heartbeat().key: a_heartbeat(due_at=TOO_LATE, is_doubted=True),
    }
    assert night.sweep().counts == {"MISSING": 1, "SILENT": 1}
    assert AlertKind.FORWARDER_SILENT in night.told
