"""Play histories until so many nights are over, and say what does not hold."""

import gc
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from strongroom.domain.copies.promises import Learnt, PromiseState
from strongroom.domain.intent.model import Intent
from strongroom_cli.intent.file import load_intent_file
from tests.simulation.judging.oracle import violations
from tests.simulation.nights.faults import family_of
from tests.simulation.nights.history import nights_of, play

_ROOT: Final = Path(__file__).parents[3]
_AT_ONCE: Final = 4


@cache
def the_intent() -> Intent:
    """The intent that all histories are played with: the repository's own."""
    intent, _ = load_intent_file(_ROOT / "strongroom.yaml")
    return intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one history came to; `healed` are the good copies that were learnt of without their event."""

    seed: int
    nights: int
    promises: int
    effects: int
    restarts: int
    verified: int
    healed: int
    reached: Counter[str]
    wrong: list[str]
    digest: str
    seconds: float


@dataclass(slots=True)
class Played:
    """What many histories came to, in the order of their numbers; `digest` is over all that happened in them."""

    results: list[Result] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)
    digest: str = ""

    def add(self, result: Result) -> None:
        """One more history."""
        self.results.append(result)
        self.reached.update(result.reached)
        self.digest = blake2b(f"{self.digest}{result.digest}".encode(), digest_size=16).hexdigest()

    @property
    def wrong(self) -> list[Result]:
        """The histories in which something does not hold."""
        return [result for result in self.results if result.wrong]

    @property
    def nights(self) -> int:
        """How many there were."""
        return sum(result.nights for result in self.results)


def play_nights(nights: int, *, seed: int, jobs: int = 1, is_told: bool = False) -> Played:
    """So many nights, in histories with the numbers from the seed on, in so many processes."""
    played = Played()
    for result in _results(nights, seed, jobs):
        played.add(result)
        if result.wrong and is_told:
            say(f"seed {result.seed} ({family_of(result.seed)}): {len(result.wrong)} violations")
            for line in result.wrong[:6]:
                say(f"    {line[:300]}")
    return played


def _results(nights: int, seed: int, jobs: int) -> Iterator[Result]:
    seeds = [*_seeds(nights, seed)]
    if jobs == 1:
        yield from map(play_one, seeds)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(play_one, seeds, chunksize=_AT_ONCE)


def _seeds(nights: int, seed: int) -> Iterator[int]:
    while nights > 0:
        yield seed
        nights -= nights_of(family_of(seed))
        seed += 1


def play_one(seed: int) -> Result:
    """One history, judged."""
    intent, begun = the_intent(), time.process_time()
    if gc.isenabled():
        gc.disable()  # what a history leaves behind goes when the next begins
        gc.freeze()  # and what was there before the first is not looked through each time
    gc.collect()
    history = play(intent, seed)
    wrong = violations(history)
    learnt = [each.learnt for each in history.outcomes.values() if each and each.state is PromiseState.VERIFIED]
    return Result(
        seed=seed,
        nights=history.nights,
        promises=len(history.aws.owed),
        effects=history.functions.effects,
        restarts=len(history.aws.started),
        verified=len(learnt),
        healed=sum(each is not Learnt.EVENT for each in learnt),
        reached=history.functions.reached,
        wrong=wrong,
        digest=history.functions.digest,
        seconds=time.process_time() - begun,
    )


def say(line: str) -> None:
    """A line for whoever waits for it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
