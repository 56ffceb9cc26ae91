"""A restore's list of steps by hand, and what was stated of each, for people to read."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.restores.checklists.stated import StatedOutcome
from strongroom.domain.restores.checklists.steps import steps_by_hand
from strongroom.domain.restores.left_off.steps import asked_step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from strongroom.domain.restores.checklists.stated import StatedStep
    from strongroom.domain.restores.left_off.steps import AskedStep


class StepStanding(Struct, frozen=True, kw_only=True):
    """A step by its number on the list, from 1; it is left to do while `outcome` is empty.

    `by` is the name of who stated it. One that is `asked` for by itself has that name, and in `request` the id of the
    request that was asked for it last, which has done it where there is an outcome and nobody has stated it; `by` is
    then who asked.
    """

    number: int
    step: str
    outcome: str = ""
    by: str = ""
    at: datetime | None = None
    reason: str = ""
    asked: str = ""
    request: str = ""

    @property
    def told(self) -> str:
        """In words."""
        why = f", because: {self.reason}" if self.reason else ""
        return f"{self.outcome} by {self.by}{why}: {self.step}" if self.outcome else f"left to do by hand: {self.step}"


class StepAsked(Struct, frozen=True, kw_only=True):
    """A request for a step by itself, by its evidence: who asked, and when it was done; None before that."""

    request: str
    subject: str
    done_at: datetime | None


def checklist(
    sentences: Iterable[str],
    stated: Mapping[str, StatedStep],
    *,
    name_of: Callable[[str], str],
    asked: Mapping[AskedStep, StepAsked] | None = None,
) -> tuple[StepStanding, ...]:
    """The list of a request's sentences; `stated` is what counts of each, and `name_of` what a subject is called.

    `asked` are the requests that were made for those that are asked for by themselves.
    """
    known = asked or {}
    return tuple(
        _with_request(_standing(number, step, stated.get(step), name_of=name_of), known, name_of=name_of)
        for number, step in enumerate(steps_by_hand(sentences), start=1)
    )


def _with_request(
    standing: StepStanding, asked: Mapping[AskedStep, StepAsked], *, name_of: Callable[[str], str]
) -> StepStanding:
    """What somebody has stated of a step stands, whatever was asked for."""
    step = asked_step(standing.step)
    if step is None:
        return standing
    found = asked.get(step)
    if found is None:
        return replace(standing, asked=str(step))
    shown = replace(standing, asked=str(step), request=found.request)
    if standing.outcome or found.done_at is None:
        return shown
    return replace(shown, outcome=str(StatedOutcome.DONE), by=name_of(found.subject), at=found.done_at)


def _standing(number: int, step: str, found: StatedStep | None, *, name_of: Callable[[str], str]) -> StepStanding:
    if found is None:
        return StepStanding(number=number, step=step)
    by, outcome = name_of(found.subject), found.outcome
    return StepStanding(number=number, step=step, outcome=outcome, by=by, at=found.at, reason=found.reason)
