"""What is done about a promise that is overdue."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.deadlines import OverdueState, OverdueVerdict, decide_overdue
from strongroom.domain.copies.found import CopyJob
from strongroom.domain.copies.obstacles import Cause
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.intent.model import Intent
from tests.builders.copies import DEADLINE, SOURCE, TOO_LATE, a_copy_job, a_promise
from tests.builders.places import REPLICA_VAULT

STUCK_AT = DEADLINE + timedelta(hours=4)
A_DAY_LATE = DEADLINE + timedelta(days=1)
KEY_REFUSED = a_copy_job(state="FAILED", message="Given key ID is not accessible")
MISSED: dict[str, Any] = {"state": PromiseState.MISSING}
TOLD_AS_SLOW: dict[str, Any] = MISSED | {"alert": AlertKind.COPY_SLOW}
FAILED_ONCE: dict[str, Any] = {"state": PromiseState.FAILED, "failed_jobs": ("copy-1",)}


def decide(
    intent: Intent,
    jobs: tuple[CopyJob, ...] | None = (),
    *,
    now: datetime = TOO_LATE,
    has_arrived: bool = False,
    **changes: Any,
) -> OverdueVerdict:
    promise = a_promise(**changes)
    return decide_overdue(promise, jobs=jobs, has_arrived=has_arrived, deadlines=intent.deadlines, now=now)


def to_the_replica(**changes: Any) -> CopyJob:
    """The copy of the same backup to the other vault."""
    return a_copy_job(**{"id": "replica-1", "destination": REPLICA_VAULT} | changes)


@pytest.mark.parametrize(
    ("changes", "jobs", "now", "state", "reason"),
    [
        pytest.param({}, (), TOO_LATE, OverdueState.MISSING, "no copy job exists", id="never-started"),
        pytest.param(MISSED | {"looks": 1}, (), TOO_LATE, OverdueState.WATCH, "no copy job", id="quiet-twice"),
        pytest.param(MISSED | {"looks": 2}, (), TOO_LATE, OverdueState.REMEDIATE, "no copy job", id="quiet"),
        pytest.param({"looks": 2}, None, TOO_LATE, OverdueState.MISSING, "could not be asked", id="account-refuses"),
        pytest.param(
            {}, (a_copy_job(state="RUNNING"),), TOO_LATE, OverdueState.STILL_COPYING, "still RUNNING", id="running"
        ),
        pytest.param(
            {}, (a_copy_job(state="CREATED"),), TOO_LATE, OverdueState.STILL_COPYING, "still CREATED", id="aws-retries"
        ),
        pytest.param({}, (a_copy_job(state="RUNNING"),), A_DAY_LATE, OverdueState.SLOW, "RUNNING", id="a-big-one"),
        pytest.param({}, (a_copy_job(state="CREATED"),), STUCK_AT, OverdueState.STUCK, "CREATED", id="twice-the-time"),
        pytest.param(
            {}, (a_copy_job(),), TOO_LATE, OverdueState.MISSING, "does not hold its copy", id="completed-without-copy"
        ),
        pytest.param(
            TOLD_AS_SLOW, (a_copy_job(),), A_DAY_LATE, OverdueState.MISSING, "does not hold its copy", id="slow-in-vain"
        ),
        pytest.param(
            TOLD_AS_SLOW, (a_copy_job(state="RUNNING"),), A_DAY_LATE, OverdueState.SLOW, "RUNNING", id="slow-still"
        ),
        pytest.param(
            MISSED | {"looks": 2},
            (a_copy_job(),),
            TOO_LATE,
            OverdueState.WATCH,
            "could not be deleted",
            id="no-second-one-beside-a-completed-one",
        ),
        pytest.param(
            FAILED_ONCE | {"looks": 2}, (), TOO_LATE, OverdueState.REMEDIATE, "copy that was made failed", id="failed"
        ),
        pytest.param(
            FAILED_ONCE | {"looks": 2}, (KEY_REFUSED,), TOO_LATE, OverdueState.REMEDIATE, "cannot: key policy", id="key"
        ),
        pytest.param(
            MISSED | {"restarts": 1, "looks": 7},
            (),
            TOO_LATE,
            OverdueState.REMEDIATE,
            "copied again already",
            id="used-up-and-nobody-knows-why",
        ),
        pytest.param(
            MISSED | {"diagnosis": Cause.VAULT_POLICY, "looks": 7},
            (),
            TOO_LATE,
            OverdueState.WATCH,
            "no copy job",
            id="known-why",
        ),
        pytest.param(
            MISSED | {"diagnosis": Cause.QUOTA, "looks": 7},
            (),
            TOO_LATE,
            OverdueState.REMEDIATE,
            "no copy job",
            id="what-may-pass",
        ),
        pytest.param(
            MISSED | {"remediations": 3, "looks": 7}, (), TOO_LATE, OverdueState.WATCH, "no copy job", id="often-enough"
        ),
        pytest.param({"night": "backup-1"}, (), TOO_LATE, OverdueState.MISSING, "not copy continuous", id="continuous"),
        pytest.param(
            MISSED | {"night": "backup-1", "looks": 2},
            (),
            A_DAY_LATE,
            OverdueState.REMEDIATE,
            "not copy continuous",
            id="continuous-and-told",
        ),
    ],
)
def test_an_overdue_promise_is_decided(
    intent: Intent,
    changes: dict[str, Any],
    jobs: tuple[CopyJob, ...] | None,
    now: datetime,
    state: OverdueState,
    reason: str,
) -> None:
    verdict = decide(intent, jobs, now=now, **changes)
    assert verdict.state is state
    assert reason in verdict.reason
    assert verdict.look_again_at >= now + intent.deadlines.look_every


@pytest.mark.parametrize(
    ("jobs", "looks"),
    [
        pytest.param((), 3, id="nothing"),
        pytest.param((a_copy_job(state="RUNNING"),), 0, id="its own runs"),
        pytest.param((to_the_replica(state="RUNNING"),), 0, id="another runs"),
        pytest.param(None, 0, id="not known"),
    ],
)
def test_only_looks_at_which_nothing_runs_count_and_they_count_in_a_row(
    intent: Intent, jobs: tuple[CopyJob, ...] | None, looks: int
) -> None:
    assert decide(intent, jobs, looks=2).looks == looks


@pytest.mark.parametrize("state", [PromiseState.OPEN, PromiseState.FAILED])
def test_what_arrived_is_not_copied_again_whatever_is_wrong_with_it(intent: Intent, state: PromiseState) -> None:
    verdict = decide(intent, (a_copy_job(),), has_arrived=True, state=state)
    assert verdict.state is OverdueState.WATCH
    assert "what arrived is not as promised" in verdict.reason


# Developer Guide, "AWS Backup quotas": one concurrent copy for each resource.
@pytest.mark.parametrize(
    ("ahead", "own", "now", "state"),
    [
        pytest.param(to_the_replica(state="RUNNING"), None, TOO_LATE, OverdueState.MISSING, id="not-begun"),
        pytest.param(
            to_the_replica(state="RUNNING"), "CREATED", TOO_LATE, OverdueState.STILL_COPYING, id="waits-its-turn"
        ),
        pytest.param(to_the_replica(state="RUNNING"), "CREATED", A_DAY_LATE, OverdueState.SLOW, id="waits-for-long"),
        pytest.param(
            to_the_replica(state="RUNNING", recovery_point="arn:next-hour", created_at=TOO_LATE),
            None,
            A_DAY_LATE,
            OverdueState.MISSING,
            id="nor-beside-a-later-one",
        ),
        pytest.param(
            to_the_replica(completed_at=DEADLINE - timedelta(hours=1)),
            None,
            TOO_LATE,
            OverdueState.REMEDIATE,
            id="what-is-over-holds-nothing-up",
        ),
    ],
)
def test_a_second_copy_of_a_resource_is_never_started_beside_another_one(
    intent: Intent, ahead: CopyJob, own: str | None, now: datetime, state: OverdueState
) -> None:
    jobs = (ahead,) if own is None else (ahead, a_copy_job(state=own))
    told = {} if state is OverdueState.MISSING else MISSED
    verdict = decide(intent, jobs, now=now, looks=2, **told)
    assert verdict.state is state
    assert ((ahead.id or "") in verdict.reason) == ahead.is_active


def test_only_the_last_tries_cause_stands_in_the_way(intent: Intent) -> None:
    jobs = (KEY_REFUSED, a_copy_job(id="copy-2", state="FAILED", message="Internal failure"))
    assert decide(intent, jobs, looks=2, **FAILED_ONCE).state is OverdueState.REMEDIATE


@pytest.mark.parametrize(
    ("changes", "jobs", "reason"),
    [
        pytest.param(
            {},
            (),
            "due 2026-09-01 06:10 UTC, nothing arrived by 2026-09-01 06:25 UTC; no copy job exists",
            id="missing",
        ),
        pytest.param(
            FAILED_ONCE | {"looks": 2},
            (a_copy_job(state="FAILED", message="Internal failure"),),
            "due 2026-09-01 06:10 UTC, copy job copy-1 ended FAILED: Internal failure",
            id="failed",
        ),
    ],
)
def test_the_reason_says_what_happened_and_on_which_day(
    intent: Intent, changes: dict[str, Any], jobs: tuple[CopyJob, ...], reason: str
) -> None:
    assert decide(intent, jobs, **changes).reason == reason


def test_a_promise_that_stays_broken_is_looked_at_ever_more_rarely(intent: Intent) -> None:
    now = DEADLINE + timedelta(days=2)
    verdict = decide(intent, now=now, restarts=1, looks=9, state=PromiseState.MISSING)
    assert verdict.look_again_at == now + timedelta(days=2)
    assert verdict.recovery_point == SOURCE


@pytest.mark.parametrize(
    ("late", "wait"), [(timedelta(hours=4), timedelta(minutes=15)), (timedelta(days=2), timedelta(days=2))]
)
def test_a_copy_that_runs_for_days_is_looked_at_ever_more_rarely(
    intent: Intent, late: timedelta, wait: timedelta
) -> None:
    now = DEADLINE + late
    verdict = decide(intent, (a_copy_job(state="RUNNING"),), now=now, **TOLD_AS_SLOW)
    assert (verdict.state, verdict.look_again_at) == (OverdueState.SLOW, now + wait)
