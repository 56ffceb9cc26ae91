"""Five thousand creations within a minute, in simulated time; `BURSTS=5` plays as many seeds."""

import os

import pytest

from strongroom.domain.intent.model import Intent
from tests.simulation.bursts.burst import Burst

SEEDS = range(1, 1 + int(os.environ.get("BURSTS", "1")))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_burst_ends_right_and_in_time_and_nothing_is_lost(seed: int, intent: Intent) -> None:
    burst = Burst(intent, seed)
    assert burst.wrong() == []
    assert burst.dead == []
    assert burst.seconds(0.95) <= 180
    assert burst.calls / burst.size <= 4.0


@pytest.mark.parametrize("seed", SEEDS)
def test_instances_and_volumes_take_two_calls_each_at_most(seed: int, intent: Intent) -> None:
    burst = Burst(intent, seed, size=2_250, only="ec2")
    assert burst.wrong() == []
    assert burst.calls / burst.size <= 2.0
