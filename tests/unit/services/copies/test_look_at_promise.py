"""A look at a promise looks for the truth first, complains once, copies again once, and leaves nothing to chance."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.facts import CopyFailed, CopyMissing, CopyRestarted, CopyVerified
from strongroom.domain.copies.obstacles import Cause
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    CopyRefusedError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.model import Intent
from tests.builders.copies import (
    CREATED_AT,
    DEADLINE,
    IN_TIME,
    TOO_LATE,
    a_copy,
    a_copy_job,
    a_promise,
    a_vault,
)
from tests.builders.places import CENTRAL_VAULT, REPLICA_VAULT
from tests.fakes.copies import LateNight


@pytest.fixture
def night(intent: Intent) -> LateNight:
    night = LateNight(intent)
    night.promises.open(a_promise())
    return night


def test_nothing_is_looked_at_before_it_is_due(night: LateNight) -> None:
    assert night.sweep(IN_TIME).verdicts == ()


def test_a_copy_that_never_started_is_told_once_and_started_again_at_the_third_quiet_look(night: LateNight) -> None:
    assert night.sweep().counts == {"MISSING": 1}
    assert night.told == [AlertKind.COPY_MISSING]
    reason = night.alerts.told[0].reason
    assert "due 2026-09-01 06:10 UTC, nothing arrived by 2026-09-01 06:25 UTC; no copy job exists" in reason
    assert len(night.alerts.of(CopyMissing)) == 1
    assert night.sweep_until(TOO_LATE + timedelta(minutes=20)) == ["WATCH"]
    assert night.jobs.started == []
    assert night.sweep(TOO_LATE + timedelta(minutes=30)).counts == {"REMEDIATE": 1}
    assert [attempt for _, attempt in night.jobs.started] == [1]
    assert night.alerts.of(CopyRestarted)[0].copy_job == "copy-again-1"
    assert (night.promise().state, night.promise().restarts) == (PromiseState.MISSING, 1)


def test_a_copy_that_stays_missing_is_neither_told_nor_started_a_second_time(night: LateNight) -> None:
    looks = night.sweep_until(TOO_LATE + timedelta(hours=30))
    assert looks == ["MISSING", "WATCH", "REMEDIATE", "WATCH", "REMEDIATE", "WATCH"]  # started, then diagnosed
    assert len(night.told) == 1
    assert len(night.jobs.started) == 1


def test_a_copy_whose_event_was_lost_is_found_and_nobody_is_woken(night: LateNight) -> None:
    night.truth.points = [a_copy()]
    assert night.sweep().counts == {"VERIFIED": 1}
    assert night.told == []
    assert len(night.alerts.of(CopyVerified)) == 1


def test_a_copy_that_arrives_after_the_complaint_settles_it(night: LateNight) -> None:
    night.sweep()
    night.truth.points = [a_copy()]
    night.sweep(TOO_LATE + timedelta(hours=2))
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.COPY_MISSING]


def test_yesterdays_copy_of_the_same_resource_does_not_count(night: LateNight) -> None:
    night.truth.points = [a_copy(created_at=CREATED_AT - timedelta(days=1))]
    assert night.sweep().counts == {"MISSING": 1}


def test_a_copy_that_is_still_running_is_given_time(night: LateNight) -> None:
    night.jobs.jobs = [a_copy_job(state="RUNNING", destination_recovery_point=None)]
    assert night.sweep().counts == {"STILL_COPYING": 1}
    assert night.told == []
    assert night.jobs.started == []


def test_a_copy_that_runs_twice_its_time_is_told_but_not_started_beside_itself(night: LateNight) -> None:
    night.jobs.jobs = [a_copy_job(state="CREATED", destination_recovery_point=None)]
    assert night.sweep(DEADLINE + timedelta(hours=4)).counts == {"STUCK": 1}
    assert night.told == [AlertKind.COPY_MISSING]
    assert night.jobs.started == []


def test_a_big_copy_that_runs_for_a_day_is_slow_and_not_missing(night: LateNight) -> None:
    # EFS is copied at 100 MB/s: https://github.com/2i2c-org/infrastructure/issues/3185.
    night.jobs.jobs = [a_copy_job(state="RUNNING", destination_recovery_point=None)]
    for hours in (0, 8, 30):
        night.sweep(DEADLINE + timedelta(hours=hours))
    assert night.told == [AlertKind.COPY_SLOW]
    assert night.jobs.started == []
    night.truth.points = [a_copy()]
    assert night.sweep(DEADLINE + timedelta(hours=60)).counts == {"VERIFIED": 1}
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.COPY_SLOW]


def test_a_copy_that_waits_for_the_one_to_the_other_vault_is_not_started_beside_it(night: LateNight) -> None:
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


def test_a_copy_that_a_key_refused_is_told_and_not_tried_again(night: LateNight) -> None:
    night.jobs.jobs = [
        a_copy_job(state="FAILED", message="Given key ID is not accessible", destination_recovery_point=None)
    ]
    night.truth.points = night.sources.points
    for hours in range(0, 12, 2):
        night.sweep(TOO_LATE + timedelta(hours=hours))
    assert night.told == [AlertKind.COPIES_STOPPED_BY_KEY]
    assert "cannot: key policy" in night.alerts.told[0].reason
    assert night.jobs.started == []


def test_a_vault_without_its_lock_is_one_alert_and_its_copies_count_when_it_is_locked(
    night: LateNight,
) -> None:
    night.promises.open(a_promise(recovery_point="arn:second"))
    night.truth.points, night.truth.vaults = [a_copy()], {CENTRAL_VAULT: a_vault(is_locked=False)}
    assert night.sweep().counts == {"WATCH": 2}
    assert night.told == [AlertKind.VAULT_DIFFERS]
    assert night.jobs.started == []
    night.truth.vaults = {CENTRAL_VAULT: a_vault()}
    assert night.sweep(TOO_LATE + timedelta(hours=2)).counts == {"VERIFIED": 2}
    assert AlertKind.VAULT_DIFFERS in [alert.kind for alert in night.alerts.settled]


def test_a_vault_whose_lock_has_other_numbers_is_one_alert_for_forty_copies_and_none_is_made_again(
    night: LateNight,
) -> None:
    resources = [a_promise().resource, *(f"{a_promise().resource}-{number}" for number in range(39))]
    for number, resource in enumerate(resources[1:]):
        night.promises.open(a_promise(recovery_point=f"arn:point-{number}", resource=resource))
    night.truth.points = [a_copy(arn=f"arn:copy-{number}", resource=each) for number, each in enumerate(resources)]
    night.truth.vaults = {CENTRAL_VAULT: a_vault(max_retention_days=365)}
    assert night.sweep().counts == {"VERIFIED": 40}
    night.sweep_until(TOO_LATE + timedelta(hours=12))
    assert night.told == [AlertKind.VAULT_DIFFERS]
    assert "30 to 365 days instead of 30 to 2555" in night.alerts.told[0].reason
    assert night.jobs.started == []


def test_a_failure_whose_event_was_lost_is_told_with_its_cause(night: LateNight) -> None:
    night.jobs.jobs = [a_copy_job(state="FAILED", message="key not shared", destination_recovery_point=None)]
    night.sweep()
    assert night.told == [AlertKind.COPY_FAILED]
    assert "key not shared" in night.alerts.told[0].reason
    assert len(night.alerts.of(CopyFailed)) == 1


def test_a_failed_copy_is_tried_again_once_and_told_no_second_time(night: LateNight) -> None:
    night.jobs.jobs = [a_copy_job(state="FAILED", destination_recovery_point=None)]
    looks = night.sweep_until(TOO_LATE + timedelta(hours=30))
    assert looks == ["FAILED", "WATCH", "REMEDIATE", "WATCH", "REMEDIATE", "WATCH"]  # started, then diagnosed
    assert night.told == [AlertKind.COPY_FAILED]
    assert [attempt for _, attempt in night.jobs.started] == [1]


def test_a_wrong_copy_is_told_once_and_a_good_one_beside_it_counts(night: LateNight) -> None:
    night.truth.points = [a_copy(retention_days=35)]
    night.sweep()
    assert night.told == [AlertKind.COPY_FAILED]
    night.sweep(TOO_LATE + timedelta(hours=2))
    assert len(night.told) == 1
    assert night.jobs.started == []
    night.truth.points.append(a_copy(arn="arn:good"))
    assert night.sweep(TOO_LATE + timedelta(hours=5)).counts == {"VERIFIED": 1}
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.COPY_FAILED]


def test_where_the_account_refuses_its_copy_jobs_it_is_told_and_nothing_is_started(night: LateNight) -> None:
    night.jobs.refusal = AccessRefusedError("no")
    assert night.sweep_until(TOO_LATE + timedelta(hours=9)) == ["MISSING", "WATCH", "TOLD", "WATCH"]
    assert night.told == [AlertKind.COPIES_STOPPED_BY_ACCOUNT]
    assert "could not be asked" in night.alerts.told[0].reason
    assert night.jobs.started == []


def test_a_sweep_that_cannot_begin_anything_gives_way_and_counts_no_attempt(night: LateNight) -> None:
    night.remediation.refusal = TemporarilyUnavailableError("Step Functions is away")
    assert night.sweep_until(TOO_LATE + timedelta(hours=1))[-1] == "UNREACHABLE"
    assert (night.promise().remediations, night.jobs.started) == (0, [])
    night.remediation.refusal = None
    night.sweep_until(TOO_LATE + timedelta(hours=4), since=TOO_LATE + timedelta(hours=1))
    assert [attempt for _, attempt in night.remediation.begun][:1] == [1]
    assert [attempt for _, attempt in night.jobs.started] == [1]


def test_an_account_that_refuses_to_copy_is_told_as_that_and_does_not_use_up_the_restart(night: LateNight) -> None:
    night.jobs.start_refusal = AccessRefusedError("strongroom-copying may not")
    night.sweep_until(TOO_LATE + timedelta(hours=1))
    assert (night.promise().restarts, night.promise().diagnosis) == (0, Cause.ROLE)
    assert night.told == [AlertKind.COPY_MISSING, AlertKind.COPIES_STOPPED_BY_ACCOUNT]
    assert "access is refused" in night.alerts.told[1].reason
    night.jobs.start_refusal = None
    night.sweep_until(TOO_LATE + timedelta(hours=9), since=TOO_LATE + timedelta(hours=1))
    assert [attempt for _, attempt in night.remediation.begun][:2] == [1, 2]
    assert [attempt for _, attempt in night.jobs.started] == [1]


@pytest.mark.parametrize(
    ("refusal", "cause"),
    [
        (CopyRefusedError("it is in cold storage"), Cause.COLD),
        (CallRefusedError("never heard"), Cause.UNKNOWN),
        (NotFoundError("recovery point arn:x does not exist"), Cause.SOURCE_GONE),
    ],
    ids=repr,
)
def test_a_copy_that_aws_will_not_start_is_diagnosed_and_never_begun_again(
    refusal: StrongroomError, cause: Cause, night: LateNight
) -> None:
    night.jobs.start_refusal = refusal
    night.sweep_until(TOO_LATE + timedelta(hours=30))
    assert (night.promise().restarts, night.promise().diagnosis) == (0, cause)
    assert len(night.remediation.begun) == 1
    assert night.alerts.of(CopyRestarted) == []


def test_a_copy_that_failed_twice_is_diagnosed_by_its_second_failure(night: LateNight) -> None:
    first = a_copy_job(state="FAILED", message="Internal failure", destination_recovery_point=None)
    night.jobs.jobs = [first]
    night.sweep_until(TOO_LATE + timedelta(minutes=45))
    assert [attempt for _, attempt in night.jobs.started] == [1]
    night.jobs.jobs = [first, replace(first, id="copy-again-1", message="LimitExceededException: too many copies")]
    night.sweep_until(TOO_LATE + timedelta(hours=9), since=TOO_LATE + timedelta(hours=1))
    assert night.promise().diagnosis is Cause.QUOTA
    assert "a quota is used up" in night.alerts.told[-1].reason
    assert len(night.jobs.started) == 1
