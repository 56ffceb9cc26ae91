"""Seats are taken by different people, as many as can be, whoever comes first."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.proofs.seats import seat

PEOPLE = "abcde"
SEATS = st.lists(st.sets(st.sampled_from(PEOPLE)), max_size=5)
COMING = st.lists(st.sampled_from(PEOPLE), unique=True)


@pytest.mark.parametrize(
    ("seats", "people", "taken"),
    [
        ([], "ab", {}),
        (["a"], "", {}),
        (["a"], "b", {}),
        (["a"], "a", {0: "a"}),
        (["a", "a"], "a", {0: "a"}),
        (["ab", "a"], "ab", {0: "b", 1: "a"}),
        (["abc", "ab", "a"], "abc", {0: "c", 1: "b", 2: "a"}),
    ],
    ids=str,
)
def test_whoever_sits_moves_for_somebody_who_can_sit_nowhere_else(
    seats: list[str], people: str, taken: dict[int, str]
) -> None:
    assert seat(seats, people) == taken


@given(SEATS, COMING)
def test_nobody_sits_twice_or_where_they_may_not(seats: list[set[str]], people: list[str]) -> None:
    taken = seat(seats, people)
    assert len(set(taken.values())) == len(taken)
    assert all(person in people and person in seats[place] for place, person in taken.items())


@given(SEATS, COMING)
def test_all_seats_are_taken_exactly_when_some_order_of_people_fits(seats: list[set[str]], people: list[str]) -> None:
    fits = any(
        all(person in members for person, members in zip(order, seats, strict=True))
        for order in permutations(people, len(seats))
    )
    assert (len(seat(seats, people)) == len(seats)) is fits


@given(SEATS, COMING.flatmap(lambda people: st.tuples(st.just(people), st.permutations(people))))
def test_no_order_of_people_fills_more_seats(seats: list[set[str]], orders: tuple[list[str], list[str]]) -> None:
    people, other = orders
    assert len(seat(seats, people)) == len(seat(seats, other))
