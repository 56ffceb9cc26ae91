"""What a restore leaves off because it deletes: each waits until a person asks for it by name, or leaves it off.

A request keeps what the original had when it was asked for; an empty value says that nobody could read it.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.errors import NotFoundError
from strongroom.domain.restores.kinds.finishing import StepOutcome, StepTaken

# From the end of a restore; what is asked for later is a change like any other, and no part of the restore.
ASKED_WITHIN: Final = timedelta(days=7)
# A name that is shown, and typed nowhere else: DynamoDB takes others, which are left to people.
_ATTRIBUTE: Final = re.compile(r"[A-Za-z0-9_.-]{1,255}")


class AskedStep(StrEnum):
    """A step that deletes what was restored."""

    TIME_TO_LIVE = "time-to-live"


class AskedState(StrEnum):
    """Nobody has asked yet, somebody has and the answer is not known, it is over, too late, or nobody knows of what."""

    OPEN = "open"
    ASKED = "asked"
    DONE = "done"
    DECLINED = "declined"
    FAILED = "failed"
    LATE = "late"
    UNKNOWN = "unknown"


class AskedStanding(Struct, frozen=True, kw_only=True):
    """Where a step stands; `by` is who spoke last on it, `until` when it can no longer be asked for here."""

    step: str
    state: AskedState
    sentence: str
    until: datetime
    by: str = ""
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has taken it, or left it off, by name."""
        return self.state not in {AskedState.DONE, AskedState.DECLINED}

    @property
    def can_be_asked(self) -> bool:
        """Whether the machine takes it when it is asked to."""
        return self.state in {AskedState.OPEN, AskedState.ASKED, AskedState.FAILED}


_SPOKEN: Final[Mapping[str, AskedState]] = {
    StepOutcome.ASKED: AskedState.ASKED,
    StepOutcome.DONE: AskedState.DONE,
    StepOutcome.DECLINED: AskedState.DECLINED,
    StepOutcome.FAILED: AskedState.FAILED,
}


def read_attribute(name: str) -> str:
    """The attribute as it can be kept and shown; empty where it cannot."""
    return name if _ATTRIBUTE.fullmatch(name) else ""


def said_before(left_off: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What is left off, a sentence each, for whoever approves the restore."""
    return tuple(_before(value) for step, value in left_off if step == AskedStep.TIME_TO_LIVE)


def standings(
    left_off: Iterable[tuple[str, str]], *, spoken: Iterable[StepTaken], ended_at: datetime, now: datetime
) -> tuple[AskedStanding, ...]:
    """Where each step stands that was left off; `spoken` is what was said of it since the restore ended, in order."""
    last = {each.step: each for each in spoken}
    return tuple(
        _standing(step, value, last=last, until=ended_at + ASKED_WITHIN, now=now)
        for step, value in left_off
        if step in set(AskedStep)
    )


def standing_named(name: str, *, found: Iterable[AskedStanding]) -> AskedStanding:
    """The one of that name; NotFoundError tells which there are."""
    known = {each.step: each for each in found}
    if name not in known:
        there = ", ".join(known) or "none"
        raise NotFoundError(
            f"the restore has left off no step {name[:40]!r} that waits to be asked for; it has: {there}"
        )
    return known[name]


def _standing(step: str, value: str, *, last: Mapping[str, StepTaken], until: datetime, now: datetime) -> AskedStanding:
    spoken = last.get(step)
    state = _SPOKEN.get(spoken.outcome, AskedState.OPEN) if spoken else AskedState.OPEN
    if state not in {AskedState.DONE, AskedState.DECLINED}:
        state = AskedState.UNKNOWN if not value else AskedState.LATE if now >= until else state
    return AskedStanding(
        step=step,
        state=state,
        sentence=_afterwards(value, state=state),
        until=until,
        by=spoken.by if spoken else "",
        reason=spoken.reason if spoken else "",
    )


def _before(attribute: str) -> str:
    if not attribute:
        return "Whether the original has a time to live could not be read: what is restored has none."
    return f"Time to live on `{attribute}` is on at the original: it stays off until somebody asks for it by name."


def _afterwards(attribute: str, *, state: AskedState) -> str:
    if not attribute:
        return "Whether the original had a time to live nobody could read; it is off now. Set it by hand, if it had."
    if state is AskedState.DONE:
        return f"Time to live on `{attribute}` is on again, as at the original."
    if state is AskedState.DECLINED:
        return f"Time to live on `{attribute}` was on at the original, and was left off by name."
    was = f"Time to live on `{attribute}` was on at the original when this was asked for"
    if state is AskedState.ASKED:
        return f"{was}; somebody has asked for it, and whether it came on is not known: ask again."
    return (
        f"{was}; it is off now. Once it is on, DynamoDB deletes every item whose `{attribute}` lies in the past, "
        "within some days; how many those are AWS does not tell."
    )


def told_asked(standing: AskedStanding, *, request_id: str) -> str:
    """Where it stands, and what to type about it, in a line."""
    if not standing.is_open:
        return standing.sentence
    finish = f"strongroom restore finish {request_id} {standing.step}"
    leave = f"`{finish} --leave-off`"
    if standing.state is AskedState.LATE:
        return f"{standing.sentence} It can no longer be asked for here: set it by hand, then {leave}."
    if not standing.can_be_asked:
        return f"{standing.sentence} Then {leave}."
    failed = f" It was tried, and failed: {standing.reason}." if standing.state is AskedState.FAILED else ""
    return f"{standing.sentence}{failed} Until {standing.until:%Y-%m-%d %H:%M} UTC: `{finish}`, or {leave}."
