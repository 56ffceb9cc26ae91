"""What becomes of a promise: ranks only rise, and what people must be told is part of the same write."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.promises import Learnt, Promise, PromiseState
from strongroom.domain.copies.transitions import (
    failed,
    is_sampled,
    looked,
    missed,
    next_look,
    told,
    vanished,
    verified,
)
from strongroom.domain.intent.model import Deadlines
from tests.builders.copies import COPY, DEADLINE, TOO_LATE, a_promise

DEADLINES = Deadlines()
NOW = TOO_LATE
SOON = NOW + timedelta(minutes=5)
OPEN = a_promise()


def verify(promise: Promise) -> Promise | None:
    return verified(promise, copy=COPY, reason="arrived", learnt=Learnt.EVENT, deadlines=DEADLINES, now=NOW)


def fail(promise: Promise, cause: str = "copy-1") -> Promise | None:
    return failed(promise, cause=cause, reason="refused", learnt=Learnt.EVENT, deadlines=DEADLINES, now=NOW)


def miss(promise: Promise, kind: AlertKind = AlertKind.COPY_MISSING) -> Promise | None:
    return missed(promise, kind=kind, reason="nothing", deadlines=DEADLINES, now=NOW)


def vanish(promise: Promise) -> Promise | None:
    return vanished(promise, reason="gone", deadlines=DEADLINES, now=NOW)


STEPS = {
    PromiseState.VERIFIED: verify,
    PromiseState.FAILED: fail,
    PromiseState.MISSING: miss,
    PromiseState.VANISHED: vanish,
}
FOLLOWING = {
    PromiseState.OPEN: {"MISSING", "FAILED", "VERIFIED"},
    PromiseState.MISSING: {"FAILED", "VERIFIED"},
    PromiseState.FAILED: {"FAILED", "VERIFIED"},
    PromiseState.VERIFIED: {"VANISHED"},
    PromiseState.VANISHED: set[str](),
}


@pytest.mark.parametrize("state", PromiseState)
@pytest.mark.parametrize("step", STEPS)
def test_only_what_may_follow_follows_and_counts(state: PromiseState, step: PromiseState) -> None:
    alert = AlertKind.COPY_MISSING if state in {PromiseState.MISSING, PromiseState.FAILED} else None
    promise = a_promise(state=state, alert=alert, version=3, revision=7)
    moved = STEPS[step](promise)
    if step not in FOLLOWING[state]:
        assert moved is None
        return
    assert moved is not None
    assert (moved.state, moved.version, moved.revision) == (step, 4, 8)
    assert moved.state.rank >= state.rank


@pytest.mark.parametrize(
    ("before", "step", "alert", "untold"),
    [
        pytest.param({}, miss, AlertKind.COPY_MISSING, True, id="missing"),
        pytest.param({}, fail, AlertKind.COPY_FAILED, True, id="failed"),
        pytest.param({}, verify, None, False, id="in-time"),
        pytest.param({"alert": AlertKind.COPY_MISSING}, fail, AlertKind.COPY_MISSING, False, id="told-already"),
        pytest.param(
            {"alert": AlertKind.COPY_MISSING, "untold": True}, fail, AlertKind.COPY_MISSING, True, id="not-told-yet"
        ),
        pytest.param({"alert": AlertKind.COPY_SLOW}, fail, AlertKind.COPY_FAILED, True, id="worse-than-told"),
        pytest.param({"alert": AlertKind.COPY_SLOW}, miss, AlertKind.COPY_MISSING, True, id="slow-then-missing"),
        pytest.param({"alert": AlertKind.COPY_FAILED}, verify, AlertKind.COPY_FAILED, True, id="over"),
        pytest.param({"state": PromiseState.VERIFIED}, vanish, AlertKind.COPY_VANISHED, True, id="vanished"),
    ],
)
def test_people_hear_of_it_where_it_is_news(
    *, before: dict[str, Any], step: Any, alert: AlertKind | None, untold: bool
) -> None:
    moved = step(a_promise(**before))
    assert (moved.alert, moved.untold) == (alert, untold)
    if untold:
        assert moved.due_at == SOON


def test_the_same_failure_counts_once_and_another_one_once_more() -> None:
    first = fail(OPEN)
    assert first is not None
    assert fail(first) is None
    second = fail(first, "copy-2")
    assert second is not None
    assert second.failed_jobs == ("copy-1", "copy-2")


def test_once_told_it_is_due_for_its_next_look() -> None:
    missing = miss(OPEN)
    assert missing is not None
    known = told(missing, deadlines=DEADLINES, now=NOW)
    assert (known.untold, known.alert, known.due_at) == (False, AlertKind.COPY_MISSING, NOW + DEADLINES.look_every)
    assert (known.version, known.revision) == (missing.version, missing.revision + 1)
    over = verify(known)
    assert over is not None
    end = told(over, deadlines=DEADLINES, now=NOW)
    assert (end.untold, end.alert) == (False, None)


@pytest.mark.parametrize(
    ("changes", "late", "wait"),
    [
        pytest.param({"looks": 4}, timedelta(hours=1), timedelta(minutes=15), id="often-at-first"),
        pytest.param({"looks": 5}, timedelta(minutes=30), timedelta(hours=1), id="then-each-hour"),
        pytest.param({"looks": 9}, timedelta(hours=7), timedelta(hours=7), id="then-ever-more-rarely"),
        pytest.param({}, timedelta(hours=7), timedelta(hours=7), id="whatever-was-seen"),
    ],
)
def test_what_stays_broken_is_looked_at_ever_more_rarely(
    changes: dict[str, Any], late: timedelta, wait: timedelta
) -> None:
    now = DEADLINE + late
    broken = a_promise(state=PromiseState.MISSING, **changes)
    assert next_look(broken, deadlines=DEADLINES, now=now) == now + wait


def test_one_in_twenty_copies_is_read_again_after_a_day_and_always_the_same_ones() -> None:
    promises = [a_promise(recovery_point=f"arn:{number}") for number in range(2000)]
    sample = [promise for promise in promises if is_sampled(promise)]
    assert 70 < len(sample) < 130
    assert sample == [promise for promise in promises if is_sampled(replace(promise, state=PromiseState.VERIFIED))]
    for promise in promises[:200]:
        over = verify(promise)
        assert over is not None
        assert over.due_at == (NOW + timedelta(days=1) if is_sampled(promise) else None)


def test_a_look_without_news_is_a_write_and_no_new_state() -> None:
    seen = looked(OPEN, again=SOON, looks=2, restarts=1, unseen=0)
    assert (seen.due_at, seen.looks, seen.restarts, seen.version, seen.revision) == (SOON, 2, 1, 1, 2)
    assert looked(seen, again=SOON, looks=0).restarts == 1
