"""Chance by name: each draw is a hash of the seed and of a name, so that leaving one fault out moves no other draw."""

from collections.abc import Collection, Iterable
from hashlib import blake2b
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
        self._hash = blake2b(key=seed.to_bytes(8, "big"), digest_size=_WIDTH)
        self._without = frozenset(without)
        self._forced = frozenset(forced)
        self._forced_kinds = frozenset(fault.partition("|")[0] for fault in forced)
        self._rates: dict[str, float] = {}
        self._may_happen = set(self._forced_kinds)
        self.fired: dict[str, None] = {}

    def rate(self, kind: str, rate: float) -> None:
        """From now on faults of this kind happen so often."""
        self._rates[kind] = rate
        self._may_happen.add(kind)

    def has(self, kind: str) -> bool:
        """Whether faults of this kind may happen now."""
        return kind in self._may_happen

    def calm(self) -> None:
        """From now on nothing happens any more."""
        self._rates.clear()
        self._may_happen = set(self._forced_kinds)

    def draw(self, name: str) -> float:
        """A number from 0 to below 1."""
        named = self._hash.copy()
        named.update(name.encode())
        return int.from_bytes(named.digest(), "big") / _WHOLE

    def between(self, name: str, low: int, high: int) -> int:
        """A whole number from `low` to below `high`."""
        return low + int(self.draw(name) * (high - low))

    def choose[T](self, name: str, *options: T) -> T:
        """One of the options."""
        return options[int(self.draw(name) * len(options))]

    def happens(self, kind: str, name: str) -> bool:
        """Whether a fault of this kind happens to what has this name."""
        if kind not in self._may_happen or not self.is_drawn(kind, name):
            return False
        self.fire(kind, name)
        return True

    def is_drawn(self, kind: str, name: str) -> bool:
        """Whether it would happen, if there was an occasion."""
        fault = f"{kind}|{name}"
        if fault in self._forced:
            return True
        rate = self._rates.get(kind)
        return rate is not None and fault not in self._without and self.draw(fault) < rate

    def first_drawn(self, kinds: Iterable[str], name: str) -> str:
        """The first of these kinds of which a fault would happen to it; empty where none would."""
        for kind in kinds:
            if kind in self._may_happen and self.is_drawn(kind, name):
                return kind
        return ""

    def fire(self, kind: str, name: str) -> None:
        """What was drawn has happened."""
        self.fired[f"{kind}|{name}"] = None
