"""How far a restore ceremony has come: what is recorded of it, step by step, each once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, ClassVar

from strongroom.domain.errors import ApprovalVoidError


class RestoreOutcome(StrEnum):
    """How a ceremony can end."""

    RESTORED = "restored"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class RestoreStep(IntEnum):
    """What the ledger records of a ceremony, in its order; each is recorded once."""

    TICKET_READ = 1
    APPROVAL_CLOSED = 2
    COPY_STARTED = 3
    COPIED = 4
    RESTORE_STARTED = 5
    RESTORED = 6
    CLOSED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRead:
    """The ticket entitled to the restore, on its approver's word; the request belongs to this execution."""

    place: ClassVar[RestoreStep] = RestoreStep.TICKET_READ
    ticket: str
    status: str
    approver: str
    reason: str
    digest: str
    execution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalClosed:
    """The approval of the request with this digest was decided, by the people whose names stand here."""

    place: ClassVar[RestoreStep] = RestoreStep.APPROVAL_CLOSED
    decision: str
    reason: str
    people: str
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyJobStarted:
    """The copy back was started."""

    place: ClassVar[RestoreStep] = RestoreStep.COPY_STARTED
    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """The copy back left this recovery point in the local vault."""

    place: ClassVar[RestoreStep] = RestoreStep.COPIED
    recovery_point: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreJobStarted:
    """The restore was started."""

    place: ClassVar[RestoreStep] = RestoreStep.RESTORE_STARTED
    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The restore made this resource."""

    place: ClassVar[RestoreStep] = RestoreStep.RESTORED
    created: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The ceremony is over; `created` is empty where nothing was restored."""

    place: ClassVar[RestoreStep] = RestoreStep.CLOSED
    outcome: RestoreOutcome
    reason: str
    created: str


type CeremonyStep = TicketRead | ApprovalClosed | CopyJobStarted | Copied | RestoreJobStarted | Restored | Closed

_READ: Mapping[Any, Callable[[str], Any]] = {
    str: str,
    datetime: datetime.fromisoformat,
    RestoreOutcome: RestoreOutcome,
}


def facts_of(step: CeremonyStep) -> dict[str, str]:
    """The step in words, as the ledger and the evidence keep it."""
    return {each.name: _said(getattr(step, each.name)) for each in fields(step)}


def step_of[Step: CeremonyStep](kind: type[Step], facts: Mapping[str, str]) -> Step:
    """The step that `facts_of` put into words; ApprovalVoidError for words that it did not."""
    try:
        return kind(**{each.name: _READ[each.type](facts[each.name]) for each in fields(kind)})
    except (KeyError, ValueError) as error:
        raise ApprovalVoidError(f"the recorded step {kind.place.name} is not one that was taken: {error}") from error


def _said(value: str | datetime) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
