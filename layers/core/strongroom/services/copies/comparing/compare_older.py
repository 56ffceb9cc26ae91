"""Hold what was verified long ago against what vaults list of it: of that AWS lists no job any more."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from strongroom.domain.copies.comparing.kept import KeptCopy, day_of
from strongroom.domain.copies.comparing.rounds import is_to_be_there

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from datetime import datetime

    from strongroom.domain.copies.promises import Promise
    from strongroom.ports.copies import KeptCopies, Standings


def note_kept(promises: Iterable[Promise], *, kept: KeptCopies) -> None:
    """Note which copies their vaults must go on keeping."""
    noted: defaultdict[tuple[str, datetime], list[KeptCopy]] = defaultdict(list)
    for promise in promises:
        if promise.copy is not None:
            noted[promise.destination, day_of(promise.created_at)].append(KeptCopy(promise.key, promise.copy))
    for (vault, day), copies in noted.items():
        kept.note(vault, day, copies)


def unseen_of(
    noted: Iterable[KeptCopy], *, held: Container[str], standings: Standings, now: datetime
) -> tuple[Promise, ...]:
    """The promises of those that the vault does not list, and that must be there."""
    unseen = {each.key: each for each in noted if each.copy not in held}
    promises = standings.promises(unseen)
    found = ((promises.get(key), each.copy) for key, each in unseen.items())
    return tuple(
        promise
        for promise, copy in found
        if promise is not None and promise.copy == copy and is_to_be_there(promise, now=now)
    )
