"""Contenders that take turns event by event, by a clock of their own: what counts is the median of the pairs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks.contests.contest import Contender, Scene, Size
from benchmarks.contests.pair import PairCost, compete_in_pairs
from benchmarks.measurement import NotMeasuredError
from benchmarks.workloads.workload import Workload

SIZE = Size(runs=2, warming=1, counting=5)
# Its clock advances by what an event says that it costs, and by nothing else.
SCRIPT = """
import time

def start():
    clock = [0.0]
    time.process_time = lambda: clock[0]

    def take(event):
        print("x" * 40_000)
        if event["cost"] is None:
            raise SystemExit("it cannot go on")
        clock[0] += event["cost"]
        with open(event["log"], "a") as log:
            log.write(event["name"])

    return take
"""


class Ground:
    """Where there is nothing to set up."""

    stage: Any = None

    def set_up(self, workload: Workload, batches: int) -> Scene:
        """So many batches of one."""
        assert workload.batch == 1
        return Scene({}, tuple((f"{number:03d}",) for number in range(batches)))


def a_contender(name: str, costs: Sequence[float | None], folder: Path) -> Contender:
    (folder / "paced.py").write_text(SCRIPT, encoding="utf-8")
    log = str(folder / "log")
    return Contender(
        name=name,
        script="paced",
        paths=[str(folder)],
        variables=lambda _: {},
        events=lambda scene: [
            {"cost": cost, "name": name, "log": log} for cost, _ in zip(costs, scene.tokens, strict=True)
        ],
    )


def a_workload(undone: Sequence[str] = ()) -> Workload:
    return Workload(
        name="paced",
        function="paced",
        batch=1,
        make=lambda _stage, _count: (),
        event=lambda _stage, _token: {},
        left_undone=lambda _stage, tokens: [token for token in tokens if token in undone],
    )


def test_the_median_of_all_pairs_counts_and_either_begins_in_turn(tmp_path: Path) -> None:
    ours = a_contender("a", [9, 9, 0.3, 0.2, 7, 0.5, 0.3], tmp_path)
    theirs = a_contender("b", [9, 9, 0.1, 0.2, 0.1, 0.1, 0.1], tmp_path)
    cost = compete_in_pairs(ours, theirs, a_workload(), size=SIZE, on=Ground())
    assert cost == PairCost(first=300, second=100, ratio=3)
    assert (tmp_path / "log").read_text() == "baabbaabbaabba" * 2


def test_who_gives_up_within_a_pair_is_named_with_what_it_said(tmp_path: Path) -> None:
    ours, theirs = (a_contender(name, [1, 1, None, 1, 1, 1, 1], tmp_path) for name in ("ours", "theirs"))
    with pytest.raises(NotMeasuredError, match=r"(?s)theirs gave up:\nx.*\nit cannot go on"):
        compete_in_pairs(ours, theirs, a_workload(), size=SIZE, on=Ground())


def test_who_leaves_a_subject_of_its_own_undone_is_named(tmp_path: Path) -> None:
    ours, theirs = (a_contender(name, [1] * 7, tmp_path) for name in ("ours", "theirs"))
    with pytest.raises(NotMeasuredError, match="theirs left 1 of 7 of paced undone: 003"):
        compete_in_pairs(ours, theirs, a_workload(undone=["003"]), size=SIZE, on=Ground())
