"""`python -m tests.simulation --nights 100 --seed 0`: play nights under faults, and say what does not hold."""

import argparse
import resource
import sys
from collections import Counter

from tests.simulation.nights.reached import RARE, interrupted_calls
from tests.simulation.trials.nights import Played, play_nights, say, the_intent
from tests.simulation.trials.planted import notice_all
from tests.simulation.trials.plants import PLANTS
from tests.simulation.trials.shrinking import shrink, told
from tests.simulation.trials.systematic import Systematic, interrupt_all

# From so many nights on every rare path must have been reached.
_MANY = 10_000
_SHRUNK = 3


def main(argv: list[str] | None = None) -> int:
    """Play so many nights from the seed on, and interrupt the scripted ones; 1 where something does not hold."""
    asked = _asked(argv)
    if asked.planted:
        chosen = tuple(fault for fault in PLANTS if asked.planted in {"all", fault.name})
        return 1 if not chosen or notice_all(chosen, jobs=asked.jobs, pairs_for=asked.pairs) else 0
    played = play_nights(asked.nights, seed=asked.seed, jobs=asked.jobs, is_told=True)
    _summarise(played)
    done = interrupt_all(jobs=asked.jobs, pairs_for=asked.pairs)
    _summarise_systematic(done)
    for result in played.wrong[:_SHRUNK]:
        shrunk = shrink(the_intent(), result.seed)
        for line in told(shrunk, the_intent()):
            say(line)
    missed = _unreached(played.reached + done.reached)
    for name in missed:
        say(f"never reached: {name}")
    return 1 if played.wrong or done.wrong or (missed and asked.nights >= _MANY) else 0


def _asked(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("--nights", type=int, default=500, help="how many nights; a history has five or eleven")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first history")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--pairs", type=float, default=0.0, help="how many seconds for pairs of interruptions")
    parser.add_argument("--planted", default="", help="`all`, or the name of one planted fault, instead of the nights")
    return parser.parse_args(argv)


def _summarise(played: Played) -> None:
    results = played.results
    seconds = sum(each.seconds for each in results)
    healed = sum(each.healed for each in results) / max(1, sum(each.verified for each in results))
    say(
        f"{played.nights} nights in {len(results)} histories: {sum(each.promises for each in results)} promises, "
        f"{sum(each.effects for each in results)} effects, {sum(each.restarts for each in results)} copies started "
        f"again, {healed:.0%} of the good copies learnt of without their event"
    )
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    say(f"digest {played.digest}; {played.nights / seconds:.1f} nights a second and core; at most {memory >> 10} MB")
    for name, count in sorted(played.reached.items()):
        say(f"    {count:>8} {name}")
    say(f"{len(played.wrong)} histories with violations")


def _summarise_systematic(done: Systematic) -> None:
    say(f"{done.runs} systematic runs, with {done.effects} effects to interrupt: {len(done.wrong)} with violations")
    say(f"{done.pairs} of them with two interruptions, of {done.every_pair} pairs that there are")
    for name, lines in [*done.wrong.items()][:_SHRUNK]:
        say(f"    {name}: {lines[0][:300]}")


def _unreached(reached: Counter[str]) -> list[str]:
    return [name for name in (*RARE, *interrupted_calls(reached)) if not reached[name]]


if __name__ == "__main__":
    sys.exit(main())
