"""The steps by hand are those of what was signed that no machine takes."""

from typing import Any

import pytest

from strongroom.domain.restores.checklists.steps import is_before, signed_steps, steps_by_hand, told_to_do
from strongroom.domain.restores.kinds.finishing import BEFORE, SENTENCES

MACHINES = tuple(SENTENCES.values())


def test_what_a_machine_does_is_no_step_and_what_is_said_twice_is_one() -> None:
    assert steps_by_hand(("b", MACHINES[0], "a", "b", *MACHINES)) == ("b", "a")


@pytest.mark.parametrize(
    ("content", "steps"),
    [
        ({"steps": ["a", MACHINES[0], "b"]}, ("a", "b")),
        ({}, ()),
        ({"steps": "abc"}, ()),
        ({"steps": {"a": "b"}}, ()),
        ({"steps": None}, ()),
        ({"steps": ["a", 7, None, ["b"]]}, ("a",)),
    ],
    ids=str,
)
def test_steps_are_read_from_whatever_was_signed(content: dict[str, Any], steps: tuple[str, ...]) -> None:
    assert signed_steps(content) == steps


def test_people_read_what_comes_before_and_what_comes_afterwards() -> None:
    before = f"{BEFORE}stop it."
    assert (is_before(before), is_before("Name it.")) == (True, False)
    assert (told_to_do(before), told_to_do("Name it.")) == (before, "Afterwards: Name it.")
