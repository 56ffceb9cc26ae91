"""How soon nights, or the systematic run, notice each planted fault; the search for one ends where it is noticed."""

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from statistics import median
from typing import Final

from strongroom.domain.errors import StrongroomError
from tests.simulation.judging.oracle import violations
from tests.simulation.nights.history import play
from tests.simulation.trials.nights import say, the_intent
from tests.simulation.trials.planting import Planted, planted
from tests.simulation.trials.plants import PLANTS
from tests.simulation.trials.systematic import LONG, SHORT, interrupt_each

# From which histories on so many nights are played: before the systematic run, and where that notices nothing.
FIRST: Final = ((0, 250),)
AFTER: Final = ((5_000, 250), (9_000, 250))
# Within so many nights half of those that nights notice are noticed, and each.
HALF_WITHIN: Final = 50
ALL_WITHIN: Final = 1_000
# What the product raises where it should not is seen, though not judged.
_RAISED: Final = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError, StrongroomError)


@dataclass(frozen=True, slots=True)
class Noticed:
    """After how many nights from a seed on a fault was noticed, if at all, and by what."""

    nights: int
    how: str


def notice(fault: Planted, seed: int, *, most: int) -> Noticed | None:
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
    """How a fault was noticed: after so many `nights`, or by the systematic run; by neither where `how` is empty."""

    fault: str
    nights: int | None
    how: str
    why_not: str

    @property
    def is_well(self) -> bool:
        """Whether it was noticed, or somebody says why it makes no difference; not both, for then that is not true."""
        return bool(self.how) is not bool(self.why_not)

    def __str__(self) -> str:
        if not self.how:
            return f"{self.fault}: {f'makes no difference: {self.why_not}' if self.why_not else 'not noticed'}"
        after = "" if self.nights is None else f"after {self.nights} nights, "
        in_vain = f"; said to make no difference: {self.why_not}" if self.why_not else ""
        return f"{self.fault}: {after}{self.how}{in_vain}"


def notice_all(faults: tuple[Planted, ...] = PLANTS, *, jobs: int = 1, pairs_for: float = 0.0) -> list[str]:
    """Say of each fault how soon it is noticed; what is wrong: faults by name, and how soon those by nights are."""
    reports: list[Report] = []
    with ProcessPoolExecutor(jobs) as pool:
        for done in as_completed([pool.submit(_report, fault, pairs_for=pairs_for) for fault in faults]):
            say(str(done.result()))
            reports.append(done.result())
    _summarise(reports)
    return [*(report.fault for report in reports if not report.is_well), *too_late(reports)]


def too_late(reports: Iterable[Report]) -> list[str]:
    """What is wrong with how soon nights notice faults: half of them in so many nights, and each in so many."""
    nights = [report.nights for report in reports if report.nights is not None]
    half, last = (median(nights), max(nights)) if nights else (0, 0)
    found = [f"half of them only within {half:g} nights"] if half > HALF_WITHIN else []
    return [*found, *([f"one only after {last} nights"] if last > ALL_WITHIN else [])]


def _summarise(reports: list[Report]) -> None:
    nights = [report.nights for report in reports if report.nights is not None]
    by_stories = sum(report.nights is None and bool(report.how) for report in reports)
    say(
        f"{len(reports)} faults: {len(nights)} noticed by nights, {by_stories} by the systematic run, "
        f"{sum(not report.how for report in reports)} by neither"
    )
    if nights:
        say(f"of those by nights half within {median(nights):.0f} nights, and all within {max(nights)}")
    for report in reports:
        if not report.is_well:
            say(f"not well: {report}")


def _report(fault: Planted, *, pairs_for: float) -> Report:
    found = _by_nights(fault, FIRST)
    how = "" if found else _systematically(fault, pairs_for=pairs_for)
    if not how and not found and not fault.why_not:
        found = _by_nights(fault, AFTER, before=sum(most for _, most in FIRST))
    return Report(
        fault=fault.name,
        nights=found.nights if found else None,
        how=found.how if found else how,
        why_not=fault.why_not,
    )


def _by_nights(fault: Planted, tries: tuple[tuple[int, int], ...], *, before: int = 0) -> Noticed | None:
    """After how many nights it is noticed, with those that were played in vain before."""
    for seed, most in tries:
        if (found := notice(fault, seed, most=most)) is not None:
            return Noticed(before + found.nights, found.how)
        before += most
    return None


def _systematically(fault: Planted, *, pairs_for: float) -> str:
    """How the systematic run notices it; empty where it does not. What is excused is tried in a few stories only."""
    stories = SHORT if fault.why_not else (*SHORT, *LONG)
    with planted(fault):
        try:
            done = interrupt_each(
                the_intent(),
                spoil=fault.spoil,
                stories=stories,
                pairs_for=0.0 if fault.why_not else pairs_for,
                until_wrong=True,
            )
        except _RAISED as error:
            return f"systematic run: raised {type(error).__name__}"
    return next((f"systematic run {done.runs}: {name}: {lines[0]}" for name, lines in done.wrong.items()), "")
