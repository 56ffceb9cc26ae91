"""What follows from a thing that never changes is worked out once: a function has one intent as long as it lives."""

from collections.abc import Callable
from functools import wraps


def once_of[Thing, Derived](work: Callable[[Thing], Derived]) -> Callable[[Thing], Derived]:
    """The same, which remembers what it made of the very thing that it was last asked about; nobody may change that."""
    last: list[tuple[Thing, Derived]] = []

    @wraps(work)
    def remembered(thing: Thing) -> Derived:
        for known, derived in last:
            if known is thing:
                return derived
        derived = work(thing)
        last[:] = [(thing, derived)]
        return derived

    return remembered
