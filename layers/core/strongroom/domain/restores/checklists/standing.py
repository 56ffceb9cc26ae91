"""A restore's list of steps by hand, and what was stated of each, for people to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.restores.checklists.steps import steps_by_hand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from strongroom.domain.restores.checklists.stated import StatedStep


class StepStanding(Struct, frozen=True, kw_only=True):
    """A step by its number on the list, from 1; it is left to do while `outcome` is empty.

    `by` is the name of who stated it.
    """

    number: int
    step: str
    outcome: str = ""
    by: str = ""
    at: datetime | None = None
    reason: str = ""

    @property
    def told(self) -> str:
        """In words."""
        why = f", because: {self.reason}" if self.reason else ""
        return f"{self.outcome} by {self.by}{why}: {self.step}" if self.outcome else f"left to do by hand: {self.step}"


def checklist(
    sentences: Iterable[str], stated: Mapping[str, StatedStep], *, name_of: Callable[[str], str]
) -> tuple[StepStanding, ...]:
    """The list of a request's sentences; `stated` is what counts of each, and `name_of` what a subject is called."""
    return tuple(
        _standing(number, step, stated.get(step), name_of=name_of)
        for number, step in enumerate(steps_by_hand(sentences), start=1)
    )


def _standing(number: int, step: str, found: StatedStep | None, *, name_of: Callable[[str], str]) -> StepStanding:
    if found is None:
        return StepStanding(number=number, step=step)
    by, outcome = name_of(found.subject), found.outcome
    return StepStanding(number=number, step=step, outcome=outcome, by=by, at=found.at, reason=found.reason)
