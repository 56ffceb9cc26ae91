"""Whether there is still time to act on an approval."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from strongroom.domain.restores.requests import RestoreRequest


class ClockState(StrEnum):
    """Whether there is still time to act."""

    IN_TIME = "in-time"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockVerdict:
    """What the two clocks say."""

    state: ClockState
    reason: str
    approved_at: datetime
    act_before: datetime


def judge_clocks(
    request: RestoreRequest, *, approved_at: datetime, copied_at: datetime | None, now: datetime
) -> ClockVerdict:
    """Approved before the approval expired, and acted upon before the execution clock has run out.

    A copy back may take hours, so the execution clock starts anew when the copy has arrived.
    """
    act_before = max(approved_at, copied_at or approved_at) + request.execution_expires_after
    if approved_at >= request.approval_expires_at:
        state, reason = ClockState.EXPIRED, f"approved at {_clock(approved_at)}, after the request had expired"
    elif now >= act_before:
        state, reason = ClockState.EXPIRED, f"it had to be carried out before {_clock(act_before)}"
    else:
        state, reason = ClockState.IN_TIME, f"to be carried out before {_clock(act_before)}"
    return ClockVerdict(state=state, reason=reason, approved_at=approved_at, act_before=act_before)


def _clock(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
