"""Chance by name: each draw is a hash of the seed and of a name, so that leaving one fault out moves no other draw."""

import hashlib
from collections.abc import Collection
from typing import Final

_WIDTH: Final = 8
_WHOLE: Final = float(1 << (8 * _WIDTH))


class Chance:
    """The draws of one history; `fired` are the faults that happened, by name, which are the history.

    `without` are faults that are kept from happening, by which a history is made shorter; `forced` are those that
    happen in any case, by which one is written.
    """

    def __init__(self, seed: int, *, without: Collection[str] = (), forced: Collection[str] = ()) -> None:
        """`seed` is the history's number."""
        self._key = seed.to_bytes(8, "big")
        self._without = frozenset(without)
        self._forced = frozenset(forced)
        self._forced_kinds = frozenset(fault.partition("|")[0] for fault in forced)
        self._rates: dict[str, float] = {}
        self.fired: dict[str, None] = {}

    def rate(self, kind: str, rate: float) -> None:
        """From now on faults of this kind happen so often."""
        self._rates[kind] = rate

    def has(self, kind: str) -> bool:
        """Whether faults of this kind may happen now."""
        return kind in self._rates or kind in self._forced_kinds

    def calm(self) -> None:
        """From now on nothing happens any more."""
        self._rates.clear()

    def draw(self, name: str) -> float:
        """A number from 0 to below 1."""
        digest = hashlib.blake2b(name.encode(), digest_size=_WIDTH, key=self._key).digest()
        return int.from_bytes(digest, "big") / _WHOLE

    def between(self, name: str, low: int, high: int) -> int:
        """A whole number from `low` to below `high`."""
        return low + int(self.draw(name) * (high - low))

    def choose[T](self, name: str, *options: T) -> T:
        """One of the options."""
        return options[int(self.draw(name) * len(options))]

    def happens(self, kind: str, name: str) -> bool:
        """Whether a fault of this kind happens to what has this name."""
        if not self.is_drawn(kind, name):
            return False
        self.fire(kind, name)
        return True

    def is_drawn(self, kind: str, name: str) -> bool:
        """Whether it would happen, if there was an occasion."""
        rate = self._rates.get(kind)
        if rate is None and kind not in self._forced_kinds:
            return False
        fault = f"{kind}|{name}"
        if rate is None or fault in self._forced:
            return fault in self._forced
        return fault not in self._without and self.draw(fault) < rate

    def fire(self, kind: str, name: str) -> None:
        """What was drawn has happened."""
        self.fired[f"{kind}|{name}"] = None
