"""How soon nights, and the systematic run, notice each planted fault."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Final

from strongroom.domain.errors import StrongroomError
from tests.simulation.judging.oracle import violations
from tests.simulation.nights.history import play
from tests.simulation.trials.nights import say, the_intent
from tests.simulation.trials.planting import Planted, planted
from tests.simulation.trials.plants import PLANTS
from tests.simulation.trials.systematic import LONG, SHORT, interrupt_each

SEEDS: Final = (0, 5_000, 9_000)
MOST: Final = 250
# What the product raises where it should not is seen, though not judged.
_RAISED: Final = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError, StrongroomError)


@dataclass(frozen=True, slots=True)
class Noticed:
    """After how many nights from a seed on a fault was noticed, if at all, and by what."""

    nights: int
    how: str


def notice(fault: Planted, seed: int, *, most: int = MOST) -> Noticed | None:
    """Play nights with the fault until something does not hold; None where all holds in so many nights."""
    nights = 0
    with planted(fault):
        while nights < most:
            try:
                history = play(the_intent(), seed, spoil=fault.spoil)
                wrong = violations(history)
            except _RAISED as error:
                return Noticed(nights + 1, f"raised {type(error).__name__}")
            nights += history.nights
            if wrong:
                return Noticed(nights, f"property {wrong[0].partition(' ')[0]}")
            seed += 1
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a fault was noticed from each of the seeds, or by the systematic run; `stays` where by neither."""

    fault: str
    nights: tuple[int | None, ...]
    how: tuple[str, ...]
    why_not: str

    @property
    def stays(self) -> bool:
        """Whether nothing noticed it, and nobody says why."""
        return not any(self.how) and not self.why_not

    def __str__(self) -> str:
        nights = "/".join("-" if each is None else str(each) for each in self.nights)
        return (
            f"{self.fault}: {nights} {', '.join(self.how)}{self.why_not and f' (makes no difference: {self.why_not})'}"
        )


def notice_all(
    faults: tuple[Planted, ...] = PLANTS, *, jobs: int = 1, most: int = MOST, pairs_for: float = 0.0
) -> list[str]:
    """Say of each fault how soon it is noticed; the names of those that stay without a reason."""
    nights: list[int] = []
    stay: list[str] = []
    by_stories = 0
    with ProcessPoolExecutor(jobs) as pool:
        for report in pool.map(partial(_report, most=most, pairs_for=pairs_for), faults):
            say(str(report))
            noticed = [each for each in report.nights if each is not None]
            nights += noticed
            by_stories += not noticed and any(report.how)
            stay += [report.fault] if report.stays else []
    if nights:
        say(
            f"{len(faults)} faults, {by_stories} of them noticed by the systematic run alone; of the others the median "
            f"is {median(nights):.0f} nights, and {max(nights)} at most"
        )
    for name in stay:
        say(f"not noticed: {name}")
    return stay


def _report(fault: Planted, *, most: int, pairs_for: float) -> Report:
    found = [notice(fault, seed, most=most) for seed in SEEDS]
    how = tuple(sorted({each.how for each in found if each is not None}))
    return Report(
        fault=fault.name,
        nights=tuple(None if each is None else each.nights for each in found),
        how=how or (_systematically(fault, pairs_for=pairs_for),),
        why_not=fault.why_not,
    )


def _systematically(fault: Planted, *, pairs_for: float) -> str:
    """How the systematic run notices it; empty where it does not."""
    with planted(fault):
        try:
            done = interrupt_each(the_intent(), spoil=fault.spoil, stories=SHORT, until_wrong=True)
            if not done.wrong:
                done = interrupt_each(
                    the_intent(), spoil=fault.spoil, stories=LONG, pairs_for=pairs_for, until_wrong=True
                )
        except _RAISED as error:
            return f"systematic run: raised {type(error).__name__}"
    return next((f"systematic run {done.runs}: {name}: {lines[0]}" for name, lines in done.wrong.items()), "")
