"""Hold what was verified long ago against what vaults list of it: of that AWS lists no job any more."""

from __future__ import annotations

from collections import defaultdict
from itertools import batched
from typing import TYPE_CHECKING, Final

from strongroom.domain.copies.comparing.kept import KeptCopy, day_of
from strongroom.domain.copies.comparing.rounds import is_to_be_there, there_until

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from strongroom.domain.copies.promises import Promise
    from strongroom.ports.copies import KeptCopies, PromiseBook, Standings

# So many promises are in memory at once, however many copies a vault does not list.
_AT_ONCE: Final = 1_000


def note_kept(promises: Iterable[Promise], *, kept: KeptCopies) -> None:
    """Note which copies their vaults must go on keeping."""
    noted: defaultdict[tuple[str, datetime], list[KeptCopy]] = defaultdict(list)
    for promise in promises:
        if promise.copy is not None:
            noted[promise.destination, day_of(promise.created_at)].append(
                KeptCopy(promise.key, promise.copy, there_until(promise))
            )
    for (vault, day), copies in noted.items():
        kept.note(vault, day, copies)


def unseen_of(
    missed: Iterable[KeptCopy], *, standings: Standings, promises: PromiseBook, now: datetime
) -> Iterator[Promise]:
    """The promises of those of the missed copies that must be there; what has ended costs no question.

    A promise that a busy table has left out is asked for by itself: no copy is taken to be there for that.
    """
    standing = dict.fromkeys(each for each in missed if now < each.until)
    for some in batched(standing, _AT_ONCE, strict=False):
        found = standings.promises(each.key for each in some)
        for each in some:
            promise = found.get(each.key) or promises.current(each.key)
            if promise is not None and promise.copy == each.copy and is_to_be_there(promise, now=now):
                yield promise
