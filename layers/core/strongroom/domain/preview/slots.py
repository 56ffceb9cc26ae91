"""How many service control policies each target has room for, beside those that are attached already."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct


class Slots(Struct, frozen=True, kw_only=True):
    """A target's slots: `taken` by policies of others, `needed` by ours, out of `limit`; None where nobody can say."""

    target: str
    taken: tuple[str, ...]
    needed: int
    limit: int | None

    @property
    def is_full(self) -> bool:
        """Whether ours do not fit."""
        return self.limit is not None and len(self.taken) + self.needed > self.limit


def scp_slots(
    wanted: Mapping[str, frozenset[str]], attached: Mapping[str, Iterable[str]], *, limit: int | None
) -> Iterator[Slots]:
    """The slots of each target that is to have policies of ours, by their names and by those of all attached ones."""
    for target, names in wanted.items():
        others = tuple(sorted(set(attached.get(target, ())) - names))
        yield Slots(target=target, taken=others, needed=len(names), limit=limit)
