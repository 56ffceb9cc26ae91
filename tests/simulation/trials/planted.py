"""How soon nights, and the systematic run, notice each planted fault."""

from dataclasses import dataclass
from statistics import median
from typing import Final

from strongroom.domain.errors import StrongroomError
from tests.simulation.judging.oracle import violations
from tests.simulation.nights.history import play
from tests.simulation.trials.nights import say, the_intent
from tests.simulation.trials.planting import Planted, planted
from tests.simulation.trials.plants import PLANTS
from tests.simulation.trials.systematic import SHORT, interrupt_each

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


def notice_all(faults: tuple[Planted, ...] = PLANTS, *, most: int = MOST, pairs_for: float = 60.0) -> list[str]:
    """Say of each fault how soon it is noticed; the names of those that stay without a reason."""
    all_nights: list[int] = []
    stay: list[str] = []
    for fault in faults:
        found = [notice(fault, seed, most=most) for seed in SEEDS]
        nights = [each.nights for each in found if each is not None]
        how = sorted({each.how for each in found if each is not None})
        line = "/".join("-" if each is None else str(each.nights) for each in found)
        all_nights += nights
        if not nights:
            how = [_systematically(fault, pairs_for=pairs_for)]
            if not how[0] and not fault.why_not:
                stay.append(fault.name)
        say(f"{fault.name}: {line} {', '.join(how)}{fault.why_not and f' (makes no difference: {fault.why_not})'}")
    if all_nights:
        say(f"{len(faults)} faults; median {median(all_nights):.0f} nights, {max(all_nights)} at most")
    for name in stay:
        say(f"not noticed: {name}")
    return stay


def _systematically(fault: Planted, *, pairs_for: float) -> str:
    """How the systematic run notices it; empty where it does not."""
    with planted(fault):
        try:
            done = interrupt_each(the_intent(), spoil=fault.spoil, stories=SHORT, until_wrong=True)
            if not done.wrong:
                done = interrupt_each(the_intent(), spoil=fault.spoil, pairs_for=pairs_for, until_wrong=True)
        except _RAISED as error:
            return f"systematic run: raised {type(error).__name__}"
    return next((f"systematic run {done.runs}: {name}: {lines[0]}" for name, lines in done.wrong.items()), "")
