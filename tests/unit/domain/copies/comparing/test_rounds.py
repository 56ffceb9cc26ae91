"""Each week all copies of thirty days are gone through, a day at a time, and a round that broke off is gone on with."""

from copy import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from strongroom.domain.copies.comparing.kept import OLDER
from strongroom.domain.copies.comparing.rounds import (
    Left,
    Round,
    after_step,
    before_the_first,
    contents_of,
    is_believed,
    is_late,
    passed_over,
    refused_by,
    round_at,
    step_of,
    too_late_for,
)
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.copies.reconciling import LISTED_FOR, Window
from strongroom.domain.intent.destinations import Lifecycle
from tests.builders.copies import COPY, CREATED_AT, a_copy_job, a_promise
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
NOW = MONDAY + timedelta(hours=5, minutes=7)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OVER = Round(week=MONDAY, until=NOW, reached=NOW, revision=40)
HALF = replace(OVER, reached=NOW - 9 * DAY)


@pytest.mark.parametrize(
    ("known", "now", "begins"),
    [
        pytest.param(before_the_first(NOW - 7 * DAY), MONDAY - timedelta.resolution, False, id="the week we came"),
        pytest.param(before_the_first(NOW - 3 * DAY), MONDAY, True, id="the week after"),
        pytest.param(before_the_first(NOW - DAY), NOW + DAY, True, id="the week after, when nobody was awake before"),
        pytest.param(OVER, NOW + 6 * DAY, False, id="this week's is over"),
        pytest.param(OVER, MONDAY + 7 * DAY, True, id="the next week"),
        pytest.param(OVER, MONDAY + 9 * DAY, True, id="the next week, when nobody was awake on its Monday"),
    ],
)
def test_a_week_has_one_round(known: Round, now: datetime, *, begins: bool) -> None:
    current = round_at(known, now=now)
    assert (current is not None) is begins
    if current is not None:
        assert (current.until, current.revision, current.is_over) == (now, known.revision, False)


@pytest.mark.parametrize("days", [0, 3, 8])
def test_one_that_broke_off_is_gone_on_with_whatever_week_it_is(days: int) -> None:
    assert round_at(HALF, now=NOW + days * DAY) == HALF


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=4), timedelta(days=45)], ids=str)
def test_its_days_follow_one_another_without_a_gap_up_to_its_end(late: timedelta) -> None:
    current = round_at(before_the_first(NOW - DAY), now=NOW)
    assert current is not None
    steps: list[Window] = []
    while not current.is_over:
        steps.append(step_of(current, now=NOW + late))
        current = after_step(current, steps[-1])
    assert len(steps) <= 31
    assert all(one.until == other.since for one, other in pairwise(steps))
    assert all(step.until - step.since <= DAY for step in steps)
    assert steps[0].since == max(NOW - LISTED_FOR + DAY, NOW + late - LISTED_FOR)
    assert steps[-1].until == max(NOW, NOW + late - LISTED_FOR)
    assert current.revision == len(steps)


LEFT = replace(OVER, left=(Left(NOW - 9 * DAY, NOW - 8 * DAY), Left(NOW - 5 * DAY, NOW - 4 * DAY)))


def test_what_is_passed_over_is_tried_again_once_all_else_was() -> None:
    step = step_of(HALF, now=NOW)
    passed = passed_over(HALF, step)
    assert (passed.reached, passed.left, passed.is_over) == (step.until, (Left(step.since, step.until),), False)
    assert step_of(passed, now=NOW).since == step.until
    assert not LEFT.is_over
    first = step_of(LEFT, now=NOW)
    assert Left(first.since, first.until) == LEFT.left[0]
    after = after_step(LEFT, first)
    assert (after.reached, after.left, after.revision) == (NOW, LEFT.left[1:], LEFT.revision + 1)
    again = passed_over(LEFT, first)
    assert (again.left, again.revision) == (LEFT.left[::-1], LEFT.revision + 1)


def test_what_takes_too_long_is_left_in_halves_down_to_an_hour() -> None:
    current, steps = replace(OVER, left=LEFT.left[:1]), set()
    for _ in range(100):
        step = step_of(current, now=NOW)
        steps.add(step.until - step.since)
        current = passed_over(current, step, in_halves=True)
    assert (min(steps), max(steps)) == (timedelta(minutes=90), DAY)
    assert sum((ends - begins for begins, ends, _ in current.left), timedelta()) == DAY


def test_a_vault_that_may_not_be_listed_has_one_span_left_and_the_others_nothing() -> None:
    current, vaults = replace(OVER, reached=NOW - 5 * DAY), [CENTRAL_VAULT, LOCAL_VAULT]
    while not current.has_seen_all:
        current = refused_by(current, step_of(current, now=NOW), vaults=vaults)
    assert current.left == tuple(Left(NOW - 5 * DAY, NOW, vault) for vault in vaults)
    again = refused_by(current, step_of(current, now=NOW), vaults=vaults[:1])
    assert again.left == current.left[::-1]
    days = []
    while not again.is_over:
        days.append((step_of(again, now=NOW), again.turn.vault))
        again = after_step(again, days[-1][0])
    assert [vault for _, vault in days] == [LOCAL_VAULT] * 5 + [CENTRAL_VAULT] * 5
    assert {step.until - step.since for step, _ in days} == {DAY}


def test_a_part_of_what_a_vault_has_left_is_passed_over_as_that_vaults() -> None:
    current = replace(OVER, left=(Left(NOW - 2 * DAY, NOW, CENTRAL_VAULT),))
    passed = passed_over(current, step_of(current, now=NOW))
    assert passed.left == (Left(NOW - DAY, NOW, CENTRAL_VAULT), Left(NOW - 2 * DAY, NOW - DAY, CENTRAL_VAULT))


def test_what_is_left_for_so_long_that_no_job_is_listed_any_more_is_nothing() -> None:
    step = step_of(LEFT, now=NOW + 40 * DAY)
    assert step.since == step.until


@pytest.mark.parametrize(
    ("known", "now", "span"),
    [
        pytest.param(HALF, NOW, None, id="in time"),
        pytest.param(HALF, NOW + 22 * DAY, (NOW - 9 * DAY, NOW - 8 * DAY), id="what it has not reached"),
        pytest.param(LEFT, NOW + 21 * DAY, None, id="what it has left is listed still"),
        pytest.param(LEFT, NOW + 21 * DAY + HOUR, (NOW - 9 * DAY, NOW - 9 * DAY + HOUR), id="a part of what is left"),
        pytest.param(LEFT, NOW + 40 * DAY, (NOW - 9 * DAY, NOW - 8 * DAY), id="all of it"),
        pytest.param(
            replace(OVER, left=(Left(NOW - 9 * DAY, NOW, CENTRAL_VAULT),)),
            NOW + 40 * DAY,
            None,
            id="of one vault: noted",
        ),
    ],
)
def test_what_no_job_tells_any_more_before_it_was_compared_is_known(
    known: Round, now: datetime, span: tuple[datetime, datetime] | None
) -> None:
    assert too_late_for(known, now=now) == span
    assert too_late_for(known, now=now, of=OLDER) is None


@pytest.mark.parametrize(("days", "lost"), [(7, 0), (14, 0), (15, 0), (20, 5)])
def test_a_gap_between_two_rounds_loses_what_neither_could_note(days: int, lost: int) -> None:
    begun = round_at(OVER, now=NOW + days * DAY)
    assert begun is not None
    span = too_late_for(begun, now=NOW + days * DAY)
    assert span == ((NOW - 15 * DAY, NOW - (15 - lost) * DAY) if lost else None)
    assert step_of(begun, now=NOW + days * DAY).since == NOW + days * DAY - (30 if days >= 15 else 29) * DAY


@pytest.mark.parametrize(
    ("known", "now", "goes_on"),
    [
        pytest.param(LEFT, NOW + HOUR, True, id="an hour later"),
        pytest.param(LEFT, MONDAY + 7 * DAY, False, id="a new week compares it anew"),
        pytest.param(replace(HALF, left=LEFT.left), MONDAY + 7 * DAY, True, id="not before all was tried"),
    ],
)
def test_what_is_left_is_tried_for_a_week(known: Round, now: datetime, *, goes_on: bool) -> None:
    current = round_at(known, now=now)
    assert current is not None
    assert (current == known) is goes_on


@pytest.mark.parametrize(
    ("known", "hours", "is_told"),
    [
        pytest.param(LEFT, 24, False, id="a day"),
        pytest.param(LEFT, 25, True, id="more than a day"),
        pytest.param(HALF, 25, True, id="half of it was never tried"),
        pytest.param(OVER, 100, False, id="it is over"),
    ],
)
def test_a_round_that_is_not_over_after_a_day_is_told(known: Round, hours: int, *, is_told: bool) -> None:
    assert is_late(known, now=NOW + hours * HOUR) is is_told


def test_copies_were_created_before_they_arrived() -> None:
    step = step_of(HALF, now=NOW)
    assert contents_of(step) == replace(step, since=step.since - 6 * HOUR)


KEPT = a_promise(state=PromiseState.VERIFIED, copy=COPY, due_at=None, lifecycle=Lifecycle(retention_days=35))


@pytest.mark.parametrize(
    ("promise", "now", "is_there"),
    [
        pytest.param(KEPT, CREATED_AT + 33 * DAY, True, id="verified, and to be kept"),
        pytest.param(KEPT, CREATED_AT + 34 * DAY, False, id="its last day"),
        pytest.param(replace(KEPT, state=PromiseState.FAILED), NOW, False, id="it was never good"),
        pytest.param(replace(KEPT, state=PromiseState.VANISHED), NOW, False, id="it is known to be gone"),
        pytest.param(replace(KEPT, copy="arn:other"), NOW, False, id="another copy was verified"),
        pytest.param(replace(KEPT, due_at=NOW + DAY), NOW, False, id="it will be looked at again anyway"),
    ],
)
def test_what_was_verified_must_be_there_as_long_as_it_is_kept(
    promise: Promise, now: datetime, *, is_there: bool
) -> None:
    assert is_believed(promise, a_copy_job(destination_recovery_point=COPY), now=now) is is_there


@pytest.mark.parametrize("forged", [replace(OVER, week=MONDAY + 700 * DAY), replace(HALF, until=NOW + DAY)])
def test_a_round_of_a_later_time_than_now_silences_none(forged: Round) -> None:
    """Who may write the ledger could otherwise say that all weeks to come were compared."""
    begun = round_at(forged, now=NOW)
    assert begun is not None
    assert (begun.week, begun.until, begun.is_over, begun.revision) == (MONDAY, NOW, False, forged.revision)
