"""What is about to leave the lists of jobs is noted before, by the day on which it was backed up."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.copies.comparing.kept import OLDER, KeptCopy, day_after, day_of, is_to_be_noted, made_on
from strongroom.domain.copies.comparing.rounds import Round, after_step, passed_over, round_at, step_of
from strongroom.domain.copies.promises import PromiseKey
from strongroom.domain.copies.reconciling import LISTED_FOR, Window
from tests.builders.copies import SOURCE
from tests.builders.places import CENTRAL_VAULT, PAYMENTS

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
NOW = MONDAY + timedelta(hours=5, minutes=7)
DAY = timedelta(days=1)
NIGHT = PromiseKey(SOURCE, CENTRAL_VAULT, "backup-1", PAYMENTS)


@pytest.mark.parametrize(("days", "is_noted"), [(29, True), (16, True), (15, False), (1, False)])
def test_what_the_next_round_may_not_find_listed_is_noted(days: int, *, is_noted: bool) -> None:
    step = Window(since=NOW - days * DAY, until=NOW - (days - 1) * DAY, token=None)
    assert is_to_be_noted(step, now=NOW) is is_noted


@pytest.mark.parametrize("gap", [7, 8, 14, 15])
def test_whatever_a_round_sees_last_it_notes_though_the_next_one_is_a_week_late(gap: int) -> None:
    next_one = NOW + gap * DAY
    last_listed = next_one - LISTED_FOR
    known = round_at(Round(week=MONDAY - 7 * DAY, until=MONDAY, reached=MONDAY), now=NOW)
    assert known is not None
    noted = []
    while not known.is_over:
        step = step_of(known, now=NOW)
        noted += [step.until] if is_to_be_noted(step, now=NOW) else []
        known = after_step(known, step)
    assert max(noted) >= last_listed


def test_every_day_of_a_year_and_more_is_compared_once() -> None:
    known = round_at(Round(week=MONDAY - 7 * DAY, until=MONDAY, reached=MONDAY), now=NOW, of=OLDER)
    assert known is not None
    days = []
    while not known.is_over:
        step = step_of(known, now=NOW, of=OLDER)
        days.append(day_of(step.since))
        known = after_step(known, step)
    assert days == [MONDAY - (400 - number) * DAY for number in range(400)]


@pytest.mark.parametrize(
    ("made", "is_listed"),
    [
        pytest.param(MONDAY, True, id="as the day begins"),
        pytest.param(MONDAY + DAY - timedelta.resolution, True, id="as it ends"),
        pytest.param(MONDAY + DAY, False, id="the day after, which is listed as itself"),
        pytest.param(MONDAY - timedelta.resolution, False, id="the day before"),
    ],
)
def test_copies_of_a_day_are_listed_by_when_they_were_made(made: datetime, *, is_listed: bool) -> None:
    window = made_on(day_of(MONDAY + timedelta(hours=12)))
    assert (window.since < made <= window.until) is is_listed


@pytest.mark.parametrize(("number", "is_listed"), [(100, False), (101, True)], ids=["a few", "many"])
def test_the_day_after_is_listed_for_many_copies_with_a_date_of_their_own(number: int, *, is_listed: bool) -> None:
    missed = [KeptCopy(replace(NIGHT, recovery_point=f"arn:{each}"), f"arn:copy-{each}", NOW) for each in range(number)]
    others = [KeptCopy(replace(each.key, night=None), each.copy, NOW) for each in missed]
    window = day_after(MONDAY, missed=missed + others)
    assert window == (made_on(MONDAY + DAY) if is_listed else None)


def test_a_round_of_which_nothing_can_be_compared_is_a_small_item_and_whole_days() -> None:
    known = round_at(Round(week=MONDAY - 7 * DAY, until=MONDAY, reached=MONDAY), now=NOW, of=OLDER)
    assert known is not None
    for _ in range(1_500):
        known = passed_over(known, step_of(known, now=NOW, of=OLDER), in_halves=OLDER.in_halves)
    assert len(known.left) == 400
    assert {ends - begins for begins, ends, _ in known.left} == {DAY}
