"""Show the dead letters with their reasons, and send back those whose queue is known."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import NotFoundError
from strongroom.domain.health.letters import LetterKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from strongroom.domain.health.letters import Letter
    from strongroom.ports.health import FailureLog, LetterBox


class LetterNeeds(Struct, frozen=True, kw_only=True):
    """What looking after dead letters needs of the world."""

    box: LetterBox
    log: FailureLog


class Redriven(Struct, frozen=True, kw_only=True):
    """What became of the letters that were asked for: sent back, or left because nobody knows where to."""

    sent: tuple[Letter, ...]
    left: tuple[Letter, ...]


def read_letters(*, needs: LetterNeeds) -> tuple[Letter, ...]:
    """Every dead letter, the oldest first; none is removed, and others may take them up at once."""
    letters = [*needs.box.letters()]
    needs.box.put_down(letters)
    return tuple(_explained(letter, needs=needs) for letter in _in_order(letters))


def redrive_letters(ids: Collection[str], *, needs: LetterNeeds) -> Redriven:
    """Send the letters of these ids, or all of them, back to the queues that they came from.

    NotFoundError, and nothing is sent, where an id is none of a letter.
    """
    letters = [*needs.box.letters()]
    unknown = sorted(set(ids) - {letter.id for letter in letters})
    if unknown:
        needs.box.put_down(letters)
        raise NotFoundError(f"there is no dead letter {', '.join(unknown)}")
    chosen = [letter for letter in _in_order(letters) if not ids or letter.id in ids]
    sent = [letter for letter in chosen if _send_back(letter, needs=needs)]
    needs.box.put_down(letter for letter in letters if letter not in sent)
    return Redriven(sent=tuple(sent), left=tuple(letter for letter in chosen if letter not in sent))


def _send_back(letter: Letter, *, needs: LetterNeeds) -> bool:
    if letter.goes_to is None or not needs.box.is_ours(letter.goes_to):
        return False
    needs.box.send_back(letter, to=letter.goes_to)
    return True


def _explained(letter: Letter, *, needs: LetterNeeds) -> Letter:
    """The letter with what the function's log says of it, as SQS keeps no reason."""
    if letter.kind is not LetterKind.FAILED or letter.goes_to is None:
        return letter
    said = needs.log.why_failed(letter.id, queue=letter.goes_to)
    return letter if said is None else replace(letter, reason=f"{letter.reason}, the last time because {said}")


def _in_order(letters: Collection[Letter]) -> list[Letter]:
    return sorted(letters, key=lambda letter: (str(letter.sent_at or ""), letter.id))
