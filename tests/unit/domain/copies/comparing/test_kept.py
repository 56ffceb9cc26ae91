"""What is about to leave the lists of jobs is noted before, by the day on which it was backed up."""

from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.copies.comparing.kept import OLDER, day_of, is_to_be_noted, made_on
from strongroom.domain.copies.comparing.rounds import Round, after_step, round_at, step_of
from strongroom.domain.copies.reconciling import LISTED_FOR, Window

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
NOW = MONDAY + timedelta(hours=5, minutes=7)
DAY = timedelta(days=1)


@pytest.mark.parametrize(("days", "is_noted"), [(29, True), (23, True), (22, False), (1, False)])
def test_what_the_next_round_may_not_find_listed_is_noted(days: int, *, is_noted: bool) -> None:
    step = Window(since=NOW - days * DAY, until=NOW - (days - 1) * DAY, token=None)
    assert is_to_be_noted(step, now=NOW) is is_noted


def test_whatever_a_round_sees_last_it_notes_though_the_next_one_is_a_day_late() -> None:
    """Rounds begin on a Monday, at an hour of it or, when nobody was awake, a day later."""
    next_one = NOW + 8 * DAY
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
        pytest.param(MONDAY + DAY + timedelta(hours=20), True, id="a copy with a date of its own"),
        pytest.param(MONDAY - timedelta.resolution, False, id="the day before"),
    ],
)
def test_copies_of_a_day_are_listed_by_when_they_were_made(made: datetime, *, is_listed: bool) -> None:
    window = made_on(day_of(MONDAY + timedelta(hours=12)))
    assert (window.since < made <= window.until) is is_listed
