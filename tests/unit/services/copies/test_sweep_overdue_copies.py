"""The sweep looks for the truth first, complains once, copies again once, and leaves nothing to chance."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.facts import CopyFailed, CopyMissing, CopyRestarted, CopyVerified
from strongroom.domain.copies.promises import Learnt, Promise, PromiseState
from strongroom.domain.copies.transitions import verified
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    ConfigurationMissingError,
    CopyRefusedError,
    MalformedIdentifierError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.look_at_backup import Whereabouts
from strongroom.services.copies.sweep_overdue_copies import OverdueSweepNeeds, SweepVerdict, sweep_overdue_copies
from tests.builders.copies import (
    COPY,
    CREATED_AT,
    DEADLINE,
    IN_TIME,
    SOURCE,
    TOO_LATE,
    a_copy,
    a_copy_job,
    a_promise,
    a_vault,
)
from tests.builders.places import CENTRAL_VAULT, REPLICA_VAULT, REPORTS
from tests.fakes.accounts_and_tags import FakeAccountBook, FakeAlerts
from tests.fakes.copies import (
    FakeBackupJobs,
    FakeCopyJobs,
    FakeExpectedBackups,
    FakePromises,
    FakeProtection,
    FakeResources,
    FakeTruth,
)


@dataclass
class Night:
    intent: Intent
    truth: FakeTruth = field(default_factory=lambda: FakeTruth(vaults={CENTRAL_VAULT: a_vault()}))
    jobs: FakeCopyJobs = field(default_factory=FakeCopyJobs)
    promises: FakePromises = field(default_factory=FakePromises)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)

    def sweep(self, now: datetime = TOO_LATE, *, limit: int = 200) -> SweepVerdict:
        needs = OverdueSweepNeeds(
            intent=self.intent,
            due=self.promises,
            backups=FakeBackupJobs(),
            expected=FakeExpectedBackups(),
            points=self.truth,
            vaults=self.truth,
            jobs=self.jobs,
            whereabouts=Whereabouts(resources=FakeResources(), accounts=FakeAccountBook()),
            starter=self.jobs,
            promises=self.promises,
            protection=FakeProtection(),
            alerts=self.alerts.notifier,
            publisher=self.alerts,
        )
        return sweep_overdue_copies(needs=needs, now=now, limit=limit)

    def sweep_until(self, until: datetime, *, since: datetime = TOO_LATE) -> list[str]:
        """Sweep every five minutes, and say what each look came to, without repetitions."""
        states: list[str] = []
        while since <= until:
            states += [verdict.state for verdict in self.sweep(since).verdicts if states[-1:] != [verdict.state]]
            since += timedelta(minutes=5)
        return states

    def promise(self, recovery_point: str = SOURCE, destination: str = CENTRAL_VAULT) -> Promise:
        promise = self.promises.get(recovery_point, destination)
        assert promise is not None
        return promise

    @property
    def told(self) -> list[AlertKind]:
        return [alert.kind for alert in self.alerts.told]


@pytest.fixture
def night(intent: Intent) -> Night:
    night = Night(intent)
    night.promises.open(a_promise())
    return night


def test_nothing_is_looked_at_before_it_is_due(night: Night) -> None:
    assert night.sweep(IN_TIME).verdicts == ()


def test_a_copy_that_never_started_is_told_once_and_started_again_at_the_third_quiet_look(night: Night) -> None:
    assert night.sweep().counts == {"MISSING": 1}
    assert night.told == [AlertKind.COPY_MISSING]
    reason = night.alerts.told[0].reason
    assert "due 2026-09-01 06:10 UTC, nothing arrived by 2026-09-01 06:25 UTC; no copy job exists" in reason
    assert len(night.alerts.of(CopyMissing)) == 1
    assert night.sweep_until(TOO_LATE + timedelta(minutes=20)) == ["WATCH"]
    assert night.jobs.started == []
    assert night.sweep(TOO_LATE + timedelta(minutes=30)).counts == {"RESTART": 1}
    assert [attempt for _, attempt in night.jobs.started] == [1]
    assert night.alerts.of(CopyRestarted)[0].copy_job == "copy-again-1"
    assert (night.promise().state, night.promise().restarts) == (PromiseState.MISSING, 1)


def test_a_copy_that_stays_missing_is_neither_told_nor_started_a_second_time(night: Night) -> None:
    assert night.sweep_until(TOO_LATE + timedelta(hours=30)) == ["MISSING", "WATCH", "RESTART", "WATCH"]
    assert len(night.told) == 1
    assert len(night.jobs.started) == 1


def test_a_copy_whose_event_was_lost_is_found_and_nobody_is_woken(night: Night) -> None:
    night.truth.points = [a_copy()]
    assert night.sweep().counts == {"VERIFIED": 1}
    assert night.told == []
    assert len(night.alerts.of(CopyVerified)) == 1


def test_a_copy_that_arrives_after_the_complaint_settles_it(night: Night) -> None:
    night.sweep()
    night.truth.points = [a_copy()]
    night.sweep(TOO_LATE + timedelta(hours=2))
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.COPY_MISSING]


def test_yesterdays_copy_of_the_same_resource_does_not_count(night: Night) -> None:
    night.truth.points = [a_copy(created_at=CREATED_AT - timedelta(days=1))]
    assert night.sweep().counts == {"MISSING": 1}


def test_a_copy_that_is_still_running_is_given_time(night: Night) -> None:
    night.jobs.jobs = [a_copy_job(state="RUNNING", destination_recovery_point=None)]
    assert night.sweep().counts == {"STILL_COPYING": 1}
    assert night.told == []
    assert night.jobs.started == []


def test_a_copy_that_runs_twice_its_time_is_told_but_not_started_beside_itself(night: Night) -> None:
    night.jobs.jobs = [a_copy_job(state="CREATED", destination_recovery_point=None)]
    assert night.sweep(DEADLINE + timedelta(hours=4)).counts == {"STUCK": 1}
    assert night.told == [AlertKind.COPY_MISSING]
    assert night.jobs.started == []


def test_a_big_copy_that_runs_for_a_day_is_slow_and_not_missing(night: Night) -> None:
    # EFS is copied at 100 MB/s: https://github.com/2i2c-org/infrastructure/issues/3185.
    night.jobs.jobs = [a_copy_job(state="RUNNING", destination_recovery_point=None)]
    for hours in (0, 8, 30):
        night.sweep(DEADLINE + timedelta(hours=hours))
    assert night.told == [AlertKind.COPY_SLOW]
    assert night.jobs.started == []
    night.truth.points = [a_copy()]
    assert night.sweep(DEADLINE + timedelta(hours=32)).counts == {"VERIFIED": 1}
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.COPY_SLOW]


def test_a_copy_that_waits_for_the_one_to_the_other_vault_is_not_started_beside_it(night: Night) -> None:
    # Developer Guide, "AWS Backup quotas": one concurrent copy for each resource.
    other = a_copy_job(id="replica-1", destination=REPLICA_VAULT, state="RUNNING", destination_recovery_point=None)
    night.jobs.jobs = [other, a_copy_job(state="CREATED", destination_recovery_point=None)]
    assert night.sweep().counts == {"STILL_COPYING": 1}
    night.jobs.jobs = [other]
    ahead = TOO_LATE + timedelta(hours=9)
    assert night.sweep_until(ahead) == ["MISSING", "WATCH"]
    assert night.told == [AlertKind.COPY_MISSING]
    assert "replica-1" in night.alerts.told[0].reason
    assert night.jobs.started == []
    night.truth.points = [a_copy()]
    assert night.sweep_until(ahead + timedelta(days=1), since=ahead) == ["VERIFIED"]
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.COPY_MISSING]


def test_a_copy_that_a_key_refused_is_told_and_not_tried_again(night: Night) -> None:
    night.jobs.jobs = [
        a_copy_job(state="FAILED", message="Given key ID is not accessible", destination_recovery_point=None)
    ]
    for hours in range(0, 12, 2):
        night.sweep(TOO_LATE + timedelta(hours=hours))
    assert night.told == [AlertKind.COPY_FAILED]
    assert "cannot: key policy" in night.alerts.told[0].reason
    assert night.jobs.started == []


def test_a_vault_without_its_lock_is_one_alert_and_its_copies_are_verified_when_it_is_locked(night: Night) -> None:
    night.promises.open(a_promise(recovery_point="arn:second"))
    night.truth.points, night.truth.vaults = [a_copy()], {CENTRAL_VAULT: a_vault(is_locked=False)}
    assert night.sweep().counts == {"WATCH": 2}
    assert night.told == [AlertKind.VAULT_DIFFERS]
    assert night.jobs.started == []
    night.truth.vaults = {CENTRAL_VAULT: a_vault()}
    assert night.sweep(TOO_LATE + timedelta(hours=2)).counts == {"VERIFIED": 2}
    assert AlertKind.VAULT_DIFFERS in [alert.kind for alert in night.alerts.settled]


def test_a_failure_whose_event_was_lost_is_told_with_its_cause(night: Night) -> None:
    night.jobs.jobs = [a_copy_job(state="FAILED", message="key not shared", destination_recovery_point=None)]
    night.sweep()
    assert night.told == [AlertKind.COPY_FAILED]
    assert "key not shared" in night.alerts.told[0].reason
    assert len(night.alerts.of(CopyFailed)) == 1


def test_a_failed_copy_is_tried_again_once_and_told_no_second_time(night: Night) -> None:
    night.jobs.jobs = [a_copy_job(state="FAILED", destination_recovery_point=None)]
    assert night.sweep_until(TOO_LATE + timedelta(hours=30)) == ["FAILED", "WATCH", "RESTART", "WATCH"]
    assert night.told == [AlertKind.COPY_FAILED]
    assert [attempt for _, attempt in night.jobs.started] == [1]


def test_a_wrong_copy_is_told_once_and_a_good_one_beside_it_counts(night: Night) -> None:
    night.truth.points = [a_copy(retention_days=35)]
    night.sweep()
    assert night.told == [AlertKind.COPY_FAILED]
    night.sweep(TOO_LATE + timedelta(hours=2))
    assert len(night.told) == 1
    assert night.jobs.started == []
    night.truth.points.append(a_copy(arn="arn:good"))
    assert night.sweep(TOO_LATE + timedelta(hours=5)).counts == {"VERIFIED": 1}
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.COPY_FAILED]


def test_where_the_account_refuses_its_copy_jobs_it_is_told_and_nothing_is_started(night: Night) -> None:
    night.jobs.refusal = AccessRefusedError("no")
    assert night.sweep_until(TOO_LATE + timedelta(hours=9)) == ["MISSING", "WATCH"]
    assert night.told == [AlertKind.COPY_MISSING]
    assert "could not be asked" in night.alerts.told[0].reason
    assert night.jobs.started == []


def test_an_account_that_refuses_to_copy_does_not_use_up_the_attempt(night: Night) -> None:
    night.jobs.start_refusal = AccessRefusedError("no")
    night.sweep_until(TOO_LATE + timedelta(hours=1))
    assert night.promise().restarts == 0
    night.jobs.start_refusal = None
    night.sweep_until(TOO_LATE + timedelta(hours=4), since=TOO_LATE + timedelta(hours=1))
    assert [attempt for _, attempt in night.jobs.started] == [1]


@pytest.mark.parametrize(
    "refusal",
    [CopyRefusedError("cold storage"), CallRefusedError("never heard"), NotFoundError("no source")],
    ids=repr,
)
def test_a_copy_that_aws_will_not_start_uses_up_the_attempt(refusal: StrongroomError, night: Night) -> None:
    night.jobs.start_refusal = refusal
    night.sweep_until(TOO_LATE + timedelta(hours=1))
    assert night.promise().restarts == 1
    assert night.alerts.of(CopyRestarted) == []


def test_one_promise_that_cannot_be_looked_at_does_not_stop_the_others(night: Night) -> None:
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
    refusal: StrongroomError, night: Night
) -> None:
    night.truth.refusal[CENTRAL_VAULT] = refusal
    told = []
    for hours in range(14):
        night.sweep(TOO_LATE + timedelta(hours=2 * hours))
        told.append(len(night.told))
    assert told == [0] * 5 + [1] * 9
    assert f"6 looks in vain, the last because {refusal}" in night.alerts.told[0].reason


def test_a_look_that_succeeds_forgets_those_in_vain(night: Night) -> None:
    night.truth.refusal[CENTRAL_VAULT] = TemporarilyUnavailableError("busy")
    for hours in (0, 2):
        night.sweep(TOO_LATE + timedelta(hours=hours))
    assert night.promise().unseen == 2
    night.truth.refusal.clear()
    night.jobs.jobs = [a_copy_job(state="RUNNING", destination_recovery_point=None)]
    night.sweep(TOO_LATE + timedelta(hours=3))
    assert night.promise().unseen == 0


def test_what_the_control_plane_itself_lacks_ends_the_sweep(night: Night) -> None:
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
    refusal: StrongroomError, counts: dict[str, int], night: Night
) -> None:
    night.promises.held.clear()
    for number in range(1_700):
        night.promises.open(a_promise(recovery_point=f"arn:crowd-{number}", destination=REPLICA_VAULT))
    for number in range(10):
        night.promises.open(a_promise(recovery_point=f"arn:well-{number}", account=REPORTS))
    night.truth.refusal[REPLICA_VAULT] = refusal
    assert night.sweep().counts == counts


def test_a_promise_that_was_settled_since_it_was_listed_is_left_alone(night: Night) -> None:
    listed = night.promise()
    night.promises.lagging = [listed.key]
    night.promises.held[listed.key] = replace(listed, state=PromiseState.VERIFIED, due_at=None, revision=2)
    assert night.sweep().verdicts == ()


@pytest.mark.parametrize("refusal", [AccessRefusedError("denied"), CallRefusedError("not accepted")], ids=repr)
def test_a_promise_that_aws_refuses_to_be_asked_about_lets_those_behind_it_pass(
    refusal: StrongroomError, night: Night
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


def test_a_sweep_takes_no_more_than_its_limit(night: Night) -> None:
    night.promises.open(a_promise(recovery_point="arn:second"))
    assert len(night.sweep(limit=1).verdicts) == 1


# What was written and not told


def test_what_could_not_be_told_is_told_at_the_next_sweep_and_once(night: Night) -> None:
    night.alerts.is_down = True
    assert night.sweep().counts == {"UNREACHABLE": 1}
    assert (night.promise().state, night.promise().untold) == (PromiseState.MISSING, True)
    night.alerts.is_down = False
    assert night.sweep_until(TOO_LATE + timedelta(minutes=15), since=TOO_LATE + timedelta(minutes=5)) == ["TOLD"]
    assert night.told == [AlertKind.COPY_MISSING]
    assert not night.promise().untold


def test_a_verification_that_was_not_told_is_told_by_the_sweep(night: Night) -> None:
    night.sweep()
    known = night.promise()
    over = verified(
        known, copy=COPY, reason="arrived", learnt=Learnt.EVENT, deadlines=night.intent.deadlines, now=TOO_LATE
    )
    assert over is not None
    night.promises.keep(over, was=known)  # by a function that died then
    assert night.sweep(TOO_LATE + timedelta(minutes=5)).counts == {"TOLD": 1}
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.COPY_MISSING]
