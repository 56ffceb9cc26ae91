"""What is done about a promise that is overdue."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.copies.deadlines import OverdueState, decide_overdue
from strongroom.domain.copies.found import CopyJob
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.intent.model import Intent
from tests.builders.copies import DEADLINE, TOO_LATE, a_copy_job, a_promise

STUCK_AT = DEADLINE + timedelta(hours=4)


@pytest.mark.parametrize(
    ("changes", "jobs", "now", "state", "reason"),
    [
        pytest.param({}, (), TOO_LATE, OverdueState.RESTART, "no copy job exists", id="never-started"),
        pytest.param({}, None, TOO_LATE, OverdueState.RESTART, "could not be asked", id="account-refuses"),
        pytest.param(
            {}, (a_copy_job(state="RUNNING"),), TOO_LATE, OverdueState.STILL_COPYING, "still RUNNING", id="running"
        ),
        pytest.param(
            {}, (a_copy_job(state="CREATED"),), TOO_LATE, OverdueState.STILL_COPYING, "still CREATED", id="aws-retries"
        ),
        pytest.param({}, (a_copy_job(state="RUNNING"),), STUCK_AT, OverdueState.STUCK, "RUNNING", id="twice-the-time"),
        pytest.param(
            {}, (a_copy_job(),), TOO_LATE, OverdueState.RESTART, "does not hold its copy", id="completed-without-copy"
        ),
        pytest.param(
            {"state": PromiseState.FAILED}, (), TOO_LATE, OverdueState.RESTART, "copy that was made failed", id="failed"
        ),
        pytest.param({"restarts": 1}, (), TOO_LATE, OverdueState.WATCH, "copied again already", id="used-up"),
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
    verdict = decide_overdue(a_promise(**changes), jobs=jobs, deadlines=intent.deadlines, now=now)
    assert verdict.state is state
    assert reason in verdict.reason
    assert verdict.look_again_at >= now + intent.deadlines.copy_retry_after


def test_the_reason_says_when_it_was_due_and_when_it_was_looked_for(intent: Intent) -> None:
    verdict = decide_overdue(a_promise(), jobs=(), deadlines=intent.deadlines, now=TOO_LATE)
    assert verdict.reason == "due 06:10, nothing arrived by 06:15; no copy job exists"


def test_a_promise_that_stays_broken_is_looked_at_ever_more_rarely(intent: Intent) -> None:
    now = DEADLINE + timedelta(days=2)
    verdict = decide_overdue(a_promise(restarts=1), jobs=(), deadlines=intent.deadlines, now=now)
    assert verdict.look_again_at == now + timedelta(days=2)
