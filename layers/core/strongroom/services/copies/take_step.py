"""Write what a step makes of something that others may write as well, once it is announced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from strongroom.domain.errors import TemporarilyUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

# So often somebody else may come between a look and the write that follows from it.
_TRIES: Final = 4


class Keep[Known](Protocol):
    """Writes what became of something over what was read; False when somebody else has written it since."""

    def __call__(self, known: Known, /, *, was: Known) -> bool: ...


def take_step[Known](
    known: Known,
    step: Callable[[Known], Known | None],
    *,
    announce: Callable[[Known, Known], None],
    keep: Keep[Known],
    read: Callable[[], Known | None],
    of: str,
) -> Known | None:
    """What the step made of it, written; None where it makes nothing of it, as it stands by then.

    `announce` is called with what it becomes and what it was, before that is written: twice does no harm, and never
    would. `read` gives it as it stands, and `of` says what it is. TemporarilyUnavailableError where others write it all
    the time.
    """
    for _ in range(_TRIES):
        moved = step(known)
        if moved is None:
            return None
        announce(moved, known)
        if keep(moved, was=known):
            return moved
        current = read()
        if current is None:
            return None
        known = current
    raise TemporarilyUnavailableError(f"others change {of} all the time")
