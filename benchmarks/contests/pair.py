"""Two contenders at the same work, event by event in turns, on one AWS: what one costs as a multiple of the other.

Whatever else the machine does bears on both events of a pair, which follow each other within milliseconds; of all
pairs the median counts, so that a ratio holds also where others use the machine.
"""

import os
import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from benchmarks.contests.contest import Contender, Ground, Scene, Size, Turn, check_done, playing
from benchmarks.measurement import NotMeasuredError
from benchmarks.workloads.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCost:
    """CPU milliseconds of one event of either, once warm, and what the first costs as a multiple of the second."""

    first: float
    second: float
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    """A contender that waits for its turns: `begin` lets it take an event, `ended` hears that it has."""

    turn: Turn
    begin: int
    ended: int

    def take(self) -> None:
        """Have it take one event."""
        os.write(self.begin, b".")
        if not os.read(self.ended, 1):
            self.turn.told()
            raise NotMeasuredError("a contender ended before its last event")


def compete_in_pairs(first: Contender, second: Contender, workload: Workload, *, size: Size, on: Ground) -> PairCost:
    """The median of all pairs of events; in every other pair the second begins."""
    warming, counting = (events // workload.batch for events in (size.warming, size.counting))
    pairs: list[tuple[float, float]] = []
    for _ in range(size.runs):
        whole = on.set_up(workload, 2 * (1 + warming + counting))
        scenes = tuple(Scene(whole.parts, whole.batches[side::2]) for side in (0, 1))
        with ExitStack() as stack:
            lanes = [
                stack.enter_context(_lane(each, scene, warming=warming))
                for each, scene in zip((first, second), scenes, strict=True)
            ]
            for number in range(1 + warming + counting):
                for lane in lanes if number % 2 else lanes[::-1]:
                    lane.take()
            ours, theirs = (lane.turn.told()["warm"] for lane in lanes)
        for contender, scene in zip((first, second), scenes, strict=True):
            check_done(workload, on.stage, scene, by=contender.name)
        pairs += zip(ours, theirs, strict=True)
    per_event = 1000 / workload.batch
    return PairCost(
        first=round(statistics.median(each for each, _ in pairs) * per_event, 3),
        second=round(statistics.median(each for _, each in pairs) * per_event, 3),
        ratio=round(statistics.median(each / other for each, other in pairs), 4),
    )


@contextmanager
def _lane(contender: Contender, scene: Scene, *, warming: int) -> Iterator[_Lane]:
    theirs_to_read, begin = os.pipe()
    ended, theirs_to_write = os.pipe()
    try:
        with playing(contender, scene, warming=warming, pipes=(theirs_to_read, theirs_to_write)) as turn:
            # Only the contender holds its ends, so that its end is heard.
            os.close(theirs_to_read)
            os.close(theirs_to_write)
            yield _Lane(turn=turn, begin=begin, ended=ended)
    finally:
        os.close(begin)
        os.close(ended)
