"""How long a copy may take: between the intent's bounds, and as the resource's latest copies have taught."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.copies.times.learning import time_allowed
from strongroom.domain.intent.model import Deadlines

HOUR = timedelta(hours=1)
LEARNING = Deadlines(copy_verified_within=4 * HOUR, copy_verified_at_most=24 * HOUR)
TIMES = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9))
HISTORIES = st.lists(TIMES, max_size=10).map(tuple)
TURNS = st.integers(1, 5)

ALLOWED = {
    "nothing is learnt unless the intent says so": (Deadlines(), (9 * HOUR,), 1, 4),
    "and a first copy has no more time": (Deadlines(), (), 1, 4),
    "a first copy is a full one": (LEARNING, (), 1, 24),
    "the first to a second destination has its time after that": (LEARNING, (), 2, 48),
    "quick copies gain nothing": (LEARNING, (HOUR, HOUR), 1, 4),
    "half as long again as the longest": (LEARNING, (HOUR, 6 * HOUR, 2 * HOUR), 1, 9),
    "no longer than the intent allows": (LEARNING, (20 * HOUR,), 1, 24),
    "a second destination has twice the time at least": (LEARNING, (5 * HOUR,), 2, 8),
    "and what it took counts from the backup, too": (LEARNING, (6 * HOUR,), 2, 9),
}


@pytest.mark.parametrize(("deadlines", "took", "turn", "hours"), ALLOWED.values(), ids=ALLOWED)
def test_a_copy_has_the_time_that_the_intent_and_those_before_it_give(
    deadlines: Deadlines, took: tuple[timedelta, ...], turn: int, hours: int
) -> None:
    assert time_allowed(took, turn=turn, deadlines=deadlines) == hours * HOUR


@given(HISTORIES, TURNS)
def test_a_copy_never_has_less_time_than_the_floor_nor_more_than_the_ceiling(
    took: tuple[timedelta, ...], turn: int
) -> None:
    assert turn * 4 * HOUR <= time_allowed(took, turn=turn, deadlines=LEARNING) <= turn * 24 * HOUR


@given(HISTORIES.filter(bool), TIMES, TURNS)
def test_a_copy_that_took_longer_never_leaves_less_time_to_the_next(
    took: tuple[timedelta, ...], more: timedelta, turn: int
) -> None:
    before = time_allowed(took, turn=turn, deadlines=LEARNING)
    longer = (*took[:-1], took[-1] + more)
    assert before <= time_allowed((*took, more), turn=turn, deadlines=LEARNING)
    assert before <= time_allowed(longer, turn=turn, deadlines=LEARNING)


def test_later_destinations_never_have_less_time_than_those_before_them() -> None:
    for took, turn in product(((), (HOUR,), (9 * HOUR,)), range(1, 5)):
        times = [time_allowed(took, turn=each, deadlines=LEARNING) for each in (turn, turn + 1)]
        assert times == sorted(times)
