"""What becomes of a promise: ranks only rise, and what people must be told is part of the same write."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.obstacles import Cause
from strongroom.domain.copies.promises import Learnt, Promise, PromiseState
from strongroom.domain.copies.remediation.diagnosis import Finding
from strongroom.domain.copies.transitions import (
    diagnosed,
    failed,
    is_sampled,
    looked,
    missed,
    next_look,
    remediated,
    restarted,
    told,
    vanished,
    verified,
)
from strongroom.domain.intent.model import Deadlines
from tests.builders.copies import COPY, DEADLINE, TOO_LATE, a_promise
from tests.builders.places import BACKUP_ACCOUNT

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


@pytest.mark.parametrize(("untold", "version"), [(True, 3), (False, 4)])
def test_a_failure_that_is_no_news_beside_an_alert_still_to_be_told_is_told_as_that_alert(
    *, untold: bool, version: int
) -> None:
    """Else whoever tells the one and whoever tells the other would each tell people that it opened."""
    missing = a_promise(state=PromiseState.MISSING, alert=AlertKind.COPY_MISSING, untold=untold, version=3)
    moved = fail(missing)
    assert moved is not None
    assert (moved.state, moved.version, moved.untold) == (PromiseState.FAILED, version, untold)


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
    seen = looked(OPEN, again=SOON, looks=2, unseen=0)
    assert (seen.due_at, seen.looks, seen.version, seen.revision) == (SOON, 2, 1, 2)


def test_seeing_to_a_copy_is_counted_apart_from_starting_it_and_lets_the_quiet_looks_begin_anew() -> None:
    begun = remediated(replace(OPEN, looks=3), again=SOON)
    assert (begun.remediations, begun.restarts, begun.looks, begun.due_at) == (1, 0, 0, SOON)
    started = restarted(begun)
    assert started is not None
    assert (started.remediations, started.restarts, started.revision) == (1, 1, 3)
    settled = replace(begun, state=PromiseState.VERIFIED)
    assert restarted(settled) is None


FAILED = replace(
    OPEN, state=PromiseState.FAILED, reason="it ended FAILED: no", alert=AlertKind.COPY_FAILED, version=2, revision=3
)


def a_finding(cause: Cause = Cause.VAULT_POLICY) -> Finding:
    return Finding(cause=cause, meaning="it lets nobody in", change="let it", where="there", account=BACKUP_ACCOUNT)


def diagnose(promise: Promise, cause: Cause = Cause.VAULT_POLICY) -> Promise | None:
    return diagnosed(promise, a_finding(cause), deadlines=DEADLINES, now=NOW)


def test_a_diagnosis_is_news_that_people_are_told_with_what_to_do_and_where() -> None:
    known = diagnose(FAILED)
    assert known is not None
    assert (known.diagnosis, known.untold, known.version, known.state) == (Cause.VAULT_POLICY, True, 3, FAILED.state)
    assert known.reason == (
        "it ended FAILED: no; diagnosed as cannot: vault policy: it lets nobody in; to do in account 999999999999 "
        "(there): let it"
    )
    assert diagnose(known) is None


def test_a_diagnosis_takes_the_place_of_the_one_before() -> None:
    first = diagnose(FAILED, Cause.QUOTA)
    assert first is not None
    second = diagnose(told(first, deadlines=DEADLINES, now=NOW))
    assert second is not None
    assert second.reason.count("diagnosed as") == 1
    assert "quota" not in second.reason


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("it ended FAILED: no; diagnosed as cannot: vault policy: …", Cause.VAULT_POLICY),
        ("it ended FAILED: no", Cause.UNKNOWN),
        ("it ended FAILED: no", Cause.CONTINUOUS),
    ],
)
def test_what_the_alert_says_already_is_noted_and_not_told_again(reason: str, cause: Cause) -> None:
    known = diagnose(replace(FAILED, reason=reason), cause)
    assert known is not None
    assert (known.diagnosis, known.untold, known.version, known.revision) == (cause, False, 2, 4)


@pytest.mark.parametrize("state", [PromiseState.VERIFIED, PromiseState.VANISHED])
def test_of_what_is_settled_nothing_is_diagnosed(state: PromiseState) -> None:
    assert diagnose(replace(FAILED, state=state)) is None


@pytest.mark.parametrize(
    ("before", "reason", "is_told"),
    [
        pytest.param("it ended FAILED: no", "no; diagnosed as cannot: opt-in", True, id="what stops it is known now"),
        pytest.param(
            "no; diagnosed as a quota is used up", "no; diagnosed as cannot: opt-in", True, id="another cause"
        ),
        pytest.param("it ended; diagnosed as cannot: opt-in", "no; diagnosed as cannot: opt-in", False, id="the same"),
        pytest.param("no; diagnosed as cannot: opt-in", "it ended FAILED: no", False, id="it says nothing"),
    ],
)
@pytest.mark.parametrize("stands", [AlertKind.COPY_FAILED, AlertKind.COPY_MISSING])
def test_a_later_failure_is_told_beside_an_alert_where_it_says_first_what_stops_the_copy(
    *, before: str, reason: str, is_told: bool, stands: AlertKind
) -> None:
    known = replace(FAILED, reason=before, alert=stands)
    again = failed(known, cause="copy-2", reason=reason, learnt=Learnt.EVENT, deadlines=DEADLINES, now=NOW)
    assert again is not None
    assert (again.untold, again.version) == (is_told, 3)
    assert again.alert is (AlertKind.COPY_FAILED if is_told else stands)


def test_a_later_failure_is_to_be_diagnosed_anew() -> None:
    known = diagnose(FAILED)
    assert known is not None
    again = fail(known, "copy-2")
    assert again is not None
    assert again.diagnosis is None
