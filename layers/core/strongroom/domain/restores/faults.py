"""Everything that is wrong with a wish, told at once, so that nobody learns of the second fault after the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import (
    FaultsFoundError,
    MalformedError,
    NotFoundError,
    QuorumUndefinedError,
    RestoreRefusedError,
    StrongroomError,
    TicketRefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# What whoever asks can mend; that something does not answer, or refuses us, is told alone.
_MENDED_BY_ASKING_OTHERWISE: Final = (
    MalformedError,
    NotFoundError,
    QuorumUndefinedError,
    RestoreRefusedError,
    TicketRefusedError,
)


class Faults:
    """What was found so far, in the order in which it was looked for."""

    def __init__(self) -> None:
        """Nothing is wrong yet."""
        self._found: list[StrongroomError] = []

    def of[T](self, look: Callable[[], T]) -> T | None:
        """What the look finds; None, and a fault more, where it is refused."""
        try:
            return look()
        except _MENDED_BY_ASKING_OTHERWISE as error:
            self._found.append(error)
            return None

    def demand[T](self, made: T | None) -> T:
        """What was made, if nothing was wrong; else the one fault as it is, or FaultsFoundError with all of them."""
        if made is not None and not self._found:
            return made
        if len(self._found) == 1:
            raise self._found[0]
        raise FaultsFoundError(*(said for error in self._found for said in _said(error)))


def _said(error: StrongroomError) -> tuple[str, ...]:
    return error.faults if isinstance(error, FaultsFoundError) else (str(error),)
