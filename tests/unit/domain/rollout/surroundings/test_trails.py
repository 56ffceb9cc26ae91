"""What nobody would see for want of a trail is told by `plan`, and stops nothing."""

from typing import Any

import pytest

from strongroom.domain.findings import Level
from strongroom.domain.rollout.surroundings.trails import judge_trails
from tests.builders.doctor import a_trail


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({"is_of_organization": False}, "the trail organization is of one account only", id="one account"),
        pytest.param({"is_of_every_region": False}, "is of one Region only", id="one Region"),
        pytest.param({"is_logging": False}, "does not log", id="stopped"),
        pytest.param({"logs_reads_and_writes": False}, "not log all management events", id="reads or writes only"),
        pytest.param({"excluded": frozenset({"kms.amazonaws.com"})}, "nobody sees a key's deletion", id="without keys"),
        pytest.param({"excluded": frozenset({"rdsdata.amazonaws.com"})}, "leaves out the events of rdsdata", id="RDS"),
    ],
)
def test_a_trail_that_sees_less_is_a_warning(changed: dict[str, Any], words: str) -> None:
    [found] = judge_trails([a_trail(**changed)])
    assert (found.code, found.level) == ("trail-blind", Level.WARNING)
    assert words in found.message


def test_every_fault_of_the_nearest_trail_is_in_one_line() -> None:
    worse = a_trail(name="old", is_logging=False, is_of_every_region=False, is_of_organization=False)
    [found] = judge_trails([worse, a_trail(is_logging=False, is_of_every_region=False)])
    assert "organization is of one Region only; the trail organization does not log" in found.message
    assert "the trail old" not in found.message


def test_one_trail_that_sees_everything_is_enough() -> None:
    assert list(judge_trails([a_trail(is_logging=False), a_trail()])) == []


def test_without_a_trail_that_is_said() -> None:
    [found] = judge_trails([])
    assert "there is no trail" in found.message


def test_trails_that_nobody_may_look_at_are_unknown() -> None:
    [found] = judge_trails(None)
    assert (found.code, found.level) == ("trail-unknown", Level.WARNING)
