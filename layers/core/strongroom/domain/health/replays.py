"""Handing archived events in again: from when, until when, and to which of the bus's rules."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.errors import MalformedRequestError

# What they lead to is read from AWS each time, so that an event that comes twice changes nothing.
SAFE_RULES: Final = (
    *("AccountMovesRule", "BackupJobsRule", "CopyJobsRule", "MemberStackRule", "ResourceCreationRule"),
    *("ScanJobsRule", "TagChangesRule"),
)
# Each such call is told for itself: an alert that somebody has closed by hand opens again.
CALL_RULES: Final = ("NativeCallsRule", "RefusalsRule", "SharesRule", "TamperingRule")
ARCHIVED_FOR: Final = timedelta(days=90)


class ReplayState(StrEnum):
    """How far a replay is (EventBridge API reference, StartReplay)."""

    STARTING = "STARTING"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self in {ReplayState.COMPLETED, ReplayState.CANCELLED, ReplayState.FAILED}


class Replay(Struct, frozen=True, kw_only=True):
    """One handing in: what happened from `since` until `until`, to these rules by their names in the template."""

    name: str
    since: datetime
    until: datetime
    rules: tuple[str, ...]


class Progress(Struct, frozen=True, kw_only=True):
    """How far a replay is, and why it is there where EventBridge says so."""

    name: str
    state: ReplayState
    reason: str = ""


def plan_replay(*, since: str, until: str | None, with_calls: bool, now: datetime) -> Replay:
    """The replay that was asked for; MalformedRequestError where the archive can have nothing of it."""
    begins, ends = _moment(since, of="--since"), now if until is None else _moment(until, of="--until")
    if begins >= ends:
        raise MalformedRequestError(f"--since {since} is not before {until or 'now'}")
    if begins < now - ARCHIVED_FOR:
        raise MalformedRequestError(f"--since {since} is more than {ARCHIVED_FOR.days} days ago, which are archived")
    return Replay(
        name=f"strongroom-{now:%Y%m%dT%H%M%S}",
        since=begins,
        until=min(ends, now),
        rules=SAFE_RULES + CALL_RULES if with_calls else SAFE_RULES,
    )


def _moment(text: str, *, of: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedRequestError(f"{of} {text} is no moment like 2026-11-23T00:00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
