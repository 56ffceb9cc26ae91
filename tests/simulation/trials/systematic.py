"""Interrupt a short scripted history at each of its effects, and at each pair of them: nights by chance miss races."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from time import monotonic
from typing import Final

from strongroom.domain.intent.model import Intent
from tests.simulation.judging.oracle import violations
from tests.simulation.nights.history import History, Script, play

WAYS: Final = ("crash-before", "crash-after", "lost", "ghost", "pause")

# What happens to one copy, by the names of the faults that make it so, and in how many days it is over.
SCRIPTS: Final[dict[str, tuple[str, ...]]] = {
    "failed, copied again, verified": ("copy-fails|copy-r1/0/1",),
    "never began, copied again, verified": ("copy-never|r1/0/1",),
    "events lost": ("drop-backup|backup-r1/0 COMPLETED", "drop-copy|copy-r1/0/1 COMPLETED"),
    "slow, told, verified": ("copy-slow|copy-r1/0/1",),
    "failed twice": ("copy-fails|copy-r1/0/1", "copy-fails|copy-r1/0/1+1"),
    "wrong, and nobody mends it": ("copy-wrong|arn:aws:backup:eu-west-1:999999999999:recovery-point:copy-r1/0/1",),
}
# What is enough for a quick look.
SHORT: Final = ("slow, told, verified", "failed, copied again, verified")
# Of the numbers of histories one in which the slow copy ends soon after it was stuck.
_SEED: Final = 358

type Spoil = Callable[[History], None]


@dataclass(slots=True)
class Systematic:
    """How many runs there were, at how many effects, which of them went wrong and how, and what they came to."""

    runs: int = 0
    effects: int = 0
    wrong: dict[str, list[str]] = field(default_factory=dict)
    reached: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Runner:
    intent: Intent
    spoil: Spoil | None
    done: Systematic

    def run(self, name: str, planned: Mapping[int, str]) -> History:
        script = Script(
            forced=SCRIPTS[name], planned=planned, resources=("r1",), nights=1, days=1, is_quiet=True, is_logged=True
        )
        history = play(self.intent, _SEED, script, spoil=self.spoil)
        found = violations(history)
        self.done.runs += 1
        self.done.reached.update(history.functions.reached)
        if found:
            self.done.wrong[f"{name}, {dict(planned)}"] = found
        return history


def interrupt_each(
    intent: Intent,
    *,
    scripts: Iterable[str] = tuple(SCRIPTS),
    pairs_for: float = 0.0,
    spoil: Spoil | None = None,
    until_wrong: bool = False,
) -> Systematic:
    """Each way of interruption at each effect of each script; then pairs of them, for so many seconds."""
    runner = _Runner(intent, spoil, Systematic())
    effects = {name: _effects_of(runner.run(name, {})) for name in scripts}
    runner.done.effects = sum(map(len, effects.values()))
    for name, planned in _singles(effects):
        if until_wrong and runner.done.wrong:
            return runner.done
        runner.run(name, planned)
    ends = monotonic() + pairs_for
    for name, planned in _pairs(effects) if pairs_for else ():
        if monotonic() >= ends or (until_wrong and runner.done.wrong):
            break
        runner.run(name, planned)
    return runner.done


def _effects_of(history: History) -> list[int]:
    """The numbers of its effects; but for those that only look at a bucket in which nothing is due."""
    lines = history.functions.log or ()
    return [number for number, line in enumerate(lines, start=1) if " Query due promise#" not in line]


def _singles(effects: Mapping[str, list[int]]) -> Iterator[tuple[str, dict[int, str]]]:
    for name, numbers in effects.items():
        for number, way in product(numbers, WAYS):
            yield name, {number: way}


def _pairs(effects: Mapping[str, list[int]]) -> Iterator[tuple[str, dict[int, str]]]:
    """Every pair of a script's effects in every two ways, near ones first, as races are made of those."""
    apart: list[tuple[int, str, int, int]] = []
    for name, numbers in effects.items():
        apart += [(later - first, name, first, later) for first, later in combinations(numbers, 2)]
    for _, name, first, later in sorted(apart):
        for way, other in product(WAYS, WAYS):
            yield name, {first: way, later: other}
