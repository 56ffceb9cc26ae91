"""What follows from an intent alone is worked out once: a function has one and the same for as long as it lives."""

from collections.abc import Callable
from functools import wraps

from strongroom.domain.intent.model import Intent


def once_of_intent[Derived](work: Callable[[Intent], Derived]) -> Callable[[Intent], Derived]:
    """The same, which remembers what it made of the intent that it was last asked about; nobody may change that."""
    last: list[tuple[Intent, Derived]] = []

    @wraps(work)
    def remembered(intent: Intent) -> Derived:
        for known, derived in last:
            if known is intent:
                return derived
        derived = work(intent)
        last[:] = [(intent, derived)]
        return derived

    return remembered
