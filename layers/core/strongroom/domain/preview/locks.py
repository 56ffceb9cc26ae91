"""What a locked vault binds: from which day on nobody can undo it, and for how long and for how much."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from strongroom.domain.preview.plans import Plan


class VaultLockDate(Struct, frozen=True, kw_only=True):
    """A vault by its ARN, in compliance mode from that day on; None for a lock in governance mode."""

    vault: str
    name: str
    immutable_from: date | None


class Binding(Struct, frozen=True, kw_only=True):
    """What a lock binds: the longest copy in days, None where one is never deleted, and the dollars until its end.

    `committed` is what the vault would still cost in all, from the day on which backups stopped.
    """

    vault: str
    name: str
    immutable_from: date | None
    longest_days: int | None
    committed: float


def bindings(
    locks: Iterable[VaultLockDate], plans: Iterable[Plan], committed: Mapping[str, float]
) -> Iterator[Binding]:
    """What each of the locks binds, of what these plans copy there; a vault without copies binds nothing."""
    listed = tuple(plans)
    for lock in locks:
        days = [keep.days for plan in listed for rule in plan.rules for keep in rule.keeps if keep.vault == lock.vault]
        if days:
            yield Binding(
                vault=lock.vault,
                name=lock.name,
                immutable_from=lock.immutable_from,
                longest_days=None if None in days else max(each for each in days if each is not None),
                committed=committed.get(lock.vault, 0.0),
            )
