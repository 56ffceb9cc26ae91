"""Interrupt a short scripted history at each of its effects, and at each pair of them: nights by chance miss races."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, product
from math import comb
from time import monotonic
from typing import Final
from zlib import crc32

from strongroom.domain.intent.model import Intent
from tests.simulation.judging.oracle import violations
from tests.simulation.nights.clock import HOUR, MINUTE, SECOND
from tests.simulation.nights.faults import AT_A_CALL
from tests.simulation.nights.history import History, Script, play
from tests.simulation.trials.nights import the_intent

# Those that strike a call in the nights, and one that lets every other function do all its work meanwhile.
WAYS: Final = (*AT_A_CALL, "pause")


# Of the numbers of histories one in which the slow copy ends soon after it was stuck, one in which a sweep looks right
# after a copy that waited for its turn has begun, one in which a copy ends before AWS says that there is its job, one
# in which a copy fails a little before it is looked for, one in which a sweep comes between a write and the index, one
# in which a stuck backup ends after the next one, one in which a backup and its copy end a little before lists are
# read, and one in which a stuck backup ends a little before the look that waits for it no more.
SEED: Final = 358
_LOOKED_AT: Final = 46
_ENDS_UNSEEN: Final = 788
_LOOKED_FOR: Final = 4
_LISTED_LATE: Final = 4
_ENDS_LAST: Final = 155
_ENDS_AT_ONCE: Final = 88
_ENDS_BESIDE: Final = 937


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to one resource, by the names of the faults that make it so, and for how many nights.

    From and to the moments of `away` nothing of ours runs, and in `quiet_hours` people hear of what is critical only.
    `seed` is the number of its history.
    """

    faults: tuple[str, ...]
    resource: str = "r1"
    nights: int = 1
    days: int = 1
    away: tuple[tuple[int, int], ...] = ()
    quiet_hours: str | None = None
    seed: int = SEED

    def script(self, planned: Mapping[int, str] | None = None) -> Script:
        """The history that it is, with what strikes at the effects of those numbers."""
        return Script(
            forced=self.faults,
            planned=planned or {},
            resources=(self.resource,),
            nights=self.nights,
            days=self.days,
            away=self.away,
            quiet_hours=self.quiet_hours,
            is_quiet=True,
            is_logged=not planned,
        )


_PROMISE_OF_R19: Final = (
    "COPY#arn:aws:backup:eu-west-1:555555555555:recovery-point:r19-0 "
    "TO#arn:aws:backup:eu-west-1:999999999999:backup-vault:central-backup-vault"
)
_COPY_OF: Final = "arn:aws:backup:eu-west-1:999999999999:recovery-point:copy-"
STORIES: Final[dict[str, Story]] = {
    "failed, copied again, verified": Story(("copy-fails|copy-r1/0/1",)),
    "never began, copied again, verified": Story(("copy-never|r1/0/1",)),
    "events lost": Story(("drop-backup|backup-r1/0 COMPLETED", "drop-copy|copy-r1/0/1 COMPLETED")),
    "slow, told, verified": Story(("copy-slow|copy-r1/0/1",)),
    "slow in quiet hours, told when they are over, verified": Story(
        ("copy-slow|copy-r1/0/1",), quiet_hours="10:30-11:30"
    ),
    "slow in quiet hours, and verified before they are over": Story(
        ("copy-slow|copy-r1/0/1",), quiet_hours="10:30-12:30"
    ),
    "failed in time, and neither its event nor a list says so before it is looked for": Story(
        ("copy-near|copy-r1/0/1", "copy-fails|copy-r1/0/1", "drop-copy|copy-r1/0/1 FAILED"), seed=_LOOKED_FOR
    ),
    "came, and the index still has it as due; then it vanishes": Story(
        ("copy-near|copy-r19/0/1", f"index-lag|{_PROMISE_OF_R19} 2", f"sample-vanishes|{_COPY_OF}r19/0/1"),
        resource="r19",
        days=4,
        seed=_LISTED_LATE,
    ),
    "came in time, and neither an event nor the vault's list says so at once": Story(
        ("copy-near|copy-r16/0/1", "drop-copy|copy-r16/0/1 COMPLETED", f"lag-list-points|{_COPY_OF}r16/0/1"),
        resource="r16",
    ),
    "waits its turn for hours, and is not listed at once when it begins": Story(
        ("copy-slow|copy-r3/0/1", "copy-unlisted|history", "lag-list-jobs|copy-r3/0/2"),
        resource="r3",
        days=2,
        seed=_LOOKED_AT,
    ),
    "came, and somebody else says that it failed before AWS shows its job": Story(
        ("forged|copy-r1/0/1 COMPLETED", "lag-describe|copy-r1/0/1"), seed=_ENDS_UNSEEN
    ),
    "came, and neither an event nor a job tells, but the list of its vault": Story(
        tuple(
            f"{fault}|copy-r3/{night}/2{state}"
            for night in (0, 1)
            for fault, state in (("copy-off-list", ""), ("drop-copy", " COMPLETED"))
        ),
        resource="r3",
        nights=2,
    ),
    "failed twice": Story(("copy-fails|copy-r1/0/1", "copy-fails|copy-r1/0/1+1")),
    "failed for what no other try mends": Story(("copy-hopeless|copy-r2/0/1",), resource="r2"),
    "wrong, and nobody mends it": Story((f"copy-wrong|{_COPY_OF}r1/0/1",)),
    "verified, vanished": Story((f"sample-vanishes|{_COPY_OF}r19/0/1",), resource="r19", days=2),
    "verified, and vanished outside of the sample": Story((f"copy-vanishes|{_COPY_OF}r1/0/1",), days=6),
    # Its event opens what the backup promised, of which nobody has heard.
    "failed, and neither its backup's event nor a list tells when lists are read next": Story(
        ("drop-backup|backup-r1/0 COMPLETED", "copy-fails|copy-r1/0/1", "lag-list-jobs|copy-r1/0/1"), seed=_ENDS_AT_ONCE
    ),
    "never backed up": Story(("backup-never|r1/0",)),
    "never backed up, then it is": Story(("backup-never|r1/0",), nights=2),
    "ends when the next one was missed": Story(("backup-stuck|r1/0", "backup-never|r1/1"), nights=2, seed=_ENDS_LAST),
    "ends after the next one, which had issues, and only a list tells of it": Story(
        ("backup-stuck|r1/0", "drop-backup|backup-r1/0 COMPLETED", "copy-never|r1/0/1", "backup-issues|r1/1"),
        nights=2,
        seed=_ENDS_LAST,
    ),
    # It is over before the next run, which nobody is owed any more: that would end what was told in vain.
    "ends after half a day, and its event comes beside the sweep that calls it missing": Story(
        ("backup-stuck|r1/0", "lag-list-jobs|backup-r1/0", "align|backup-r1/0 COMPLETED/0"), days=0, seed=_ENDS_BESIDE
    ),
    "backup failed, and its event was lost, then it is made": Story(
        ("backup-fails|r1/0", "drop-backup|backup-r1/0 FAILED"), nights=2
    ),
    "failed after a day, when no backup was expected any more": Story(
        ("backup-stuck|r17/0", "backup-fails|r17/0", "resource-gone|r17/1"), resource="r17", nights=2, days=2
    ),
    "a backup that nobody expected, with issues": Story(("unknown|r1", "backup-issues|r1/0"), nights=2),
    # They are told at 03:07, and the event of the next backup is the first thing that is heard after that.
    "issues that a list tells, and the next backup is good while nobody is awake": Story(
        ("backup-issues|r1/0", "drop-backup|backup-r1/0 COMPLETED"),
        nights=2,
        away=((3 * HOUR + 10 * MINUTE, 26 * HOUR + 47 * MINUTE + 30 * SECOND),),
    ),
}
# What is enough for a quick look.
SHORT: Final = (
    "slow, told, verified",
    "failed, copied again, verified",
    "never backed up, then it is",
    "backup failed, and its event was lost, then it is made",
)
LONG: Final = tuple(name for name in STORIES if name not in SHORT)
# How many runs there are until what they left is cleared away.
_CLEARED_EACH: Final = 64

type Spoil = Callable[[History], None]


@dataclass(slots=True)
class Systematic:
    """How many runs there were, at how many effects, which of them went wrong and how, and what they came to.

    `pairs` of them were with two interruptions, of `every_pair` that there are.
    """

    runs: int = 0
    effects: int = 0
    pairs: int = 0
    every_pair: int = 0
    wrong: dict[str, list[str]] = field(default_factory=dict)
    reached: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Runner:
    intent: Intent
    spoil: Spoil | None
    done: Systematic

    def run(self, name: str, planned: Mapping[int, str]) -> History:
        gc.disable()  # what a story leaves behind is little, and goes after many of them
        story = STORIES[name]
        history = play(self.intent, story.seed, story.script(planned), spoil=self.spoil)
        found = violations(history)
        self.done.runs += 1
        if self.done.runs % _CLEARED_EACH == 0:
            gc.collect()
        self.done.reached.update(history.functions.reached)
        if found:
            self.done.wrong[f"{name}, {dict(planned)}"] = found
        return history


def interrupt_each(
    intent: Intent,
    *,
    stories: Iterable[str] = tuple(STORIES),
    pairs_for: float = 0.0,
    spoil: Spoil | None = None,
    until_wrong: bool = False,
) -> Systematic:
    """Each way of interruption at each effect of each script; then pairs of them, for so many seconds."""
    runner = _Runner(intent, spoil, Systematic())
    effects = {name: _effects_of(runner.run(name, {})) for name in stories}
    runner.done.effects = sum(map(len, effects.values()))
    runner.done.every_pair = sum(map(_pairs_in, effects.values()))
    singles = [*_singles(effects)]
    if until_wrong:  # the soonest for most faults, as each shows in some stories, and at some of their effects
        singles.sort(key=_anyhow)
    for name, planned in singles:
        if until_wrong and runner.done.wrong:
            return runner.done
        runner.run(name, planned)
    ends = monotonic() + pairs_for
    for name, planned in _pairs(effects) if pairs_for else ():
        if monotonic() >= ends or (until_wrong and runner.done.wrong):
            break
        runner.run(name, planned)
        runner.done.pairs += 1
    return runner.done


def _effects_of(history: History) -> list[int]:
    """The numbers of its effects; but for those that only look at a bucket in which nothing is due."""
    lines = history.functions.log or ()
    return [number for number, line in enumerate(lines, start=1) if " Query due promise#" not in line]


def _singles(effects: Mapping[str, list[int]]) -> Iterator[tuple[str, dict[int, str]]]:
    for name, numbers in effects.items():
        for number, way in product(numbers, WAYS):
            yield name, {number: way}


def _anyhow(single: tuple[str, dict[int, str]]) -> int:
    return crc32(str(single).encode())


def _pairs(effects: Mapping[str, list[int]]) -> Iterator[tuple[str, dict[int, str]]]:
    """Every pair of a script's effects in every two ways, near ones first, as races are made of those."""
    apart: list[tuple[int, str, int, int]] = []
    for name, numbers in effects.items():
        apart += [(later - first, name, first, later) for first, later in combinations(numbers, 2)]
    for _, name, first, later in sorted(apart):
        for way, other in product(WAYS, WAYS):
            yield name, {first: way, later: other}


def _pairs_in(numbers: list[int]) -> int:
    return comb(len(numbers), 2) * len(WAYS) ** 2


def interrupt_all(*, jobs: int, pairs_for: float = 0.0) -> Systematic:
    """Each way of interruption at each effect of all stories, in so many processes; then pairs of them."""
    whole = Systematic()
    # The longest has a quarter of all the work: where it begins last, the others wait for it.
    longest_first = sorted(STORIES, key=lambda name: STORIES[name].days, reverse=True)
    with ProcessPoolExecutor(jobs) as pool:
        for done in pool.map(partial(_interrupt_story, pairs_for=pairs_for), longest_first):
            whole.runs += done.runs
            whole.effects += done.effects
            whole.pairs += done.pairs
            whole.every_pair += done.every_pair
            whole.wrong |= done.wrong
            whole.reached.update(done.reached)
    return whole


def _interrupt_story(name: str, *, pairs_for: float) -> Systematic:
    return interrupt_each(the_intent(), stories=(name,), pairs_for=pairs_for)
