"""How long to wait until AWS is asked again: soon at first, seldom in the end."""

from collections.abc import Iterator
from typing import Final

# A small stack takes a second, a rollout to many accounts hours: a pause is a quarter of the wait so far.
_FIRST_SECONDS: Final = 0.1
_LONGEST_SECONDS: Final = 30.0
_GROWTH: Final = 1.25


def growing_pauses() -> Iterator[float]:
    """The seconds of each pause, without end."""
    pause = _FIRST_SECONDS
    while True:
        yield pause
        pause = min(pause * _GROWTH, _LONGEST_SECONDS)
