"""Take up what was interrupted: begin what was signed and never begun, and wake a judge who missed the bell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import ApprovalVoidError, MalformedRecordError, NotFoundError, QuorumUndefinedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.decisions import DecisionState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.ports.ceremony import Bells, OpenRequests
    from strongroom.ports.restores import Ceremonies, WaitingTasks
    from strongroom.services.restores.deciding.judge_approval import JudgingNeeds

_LOOKED_AT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremonySweepNeeds:
    """What taking up ceremonies needs of the world; where nothing is open, nobody asks what judging takes."""

    open_requests: OpenRequests
    judging: Callable[[], JudgingNeeds]
    ceremonies: Ceremonies
    bells: Bells
    tasks: WaitingTasks


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremoniesSwept:
    """How many open requests were looked at, and how many judges were woken."""

    open: int
    woken: int
    reason: str


def sweep_ceremonies(*, needs: CeremonySweepNeeds, now: datetime) -> CeremoniesSwept:
    """Look at every open request: its execution is begun if it was not, and woken if it waits and is decided."""
    lines = [line for line in needs.open_requests.latest(limit=_LOOKED_AT) if not line.outcome]
    if not lines:
        return CeremoniesSwept(open=0, woken=0, reason="no request is open")
    judging = needs.judging()
    woken = sum(_take_up(line.id, judging=judging, needs=needs, now=now) for line in lines)
    return CeremoniesSwept(open=len(lines), woken=woken, reason=f"{woken} of {len(lines)} were decided and waited")


def _take_up(request_id: str, *, judging: JudgingNeeds, needs: CeremonySweepNeeds, now: datetime) -> bool:
    try:
        kept = judging.keeper.read(request_id)
        verdict = judging.judge.decide(kept, now=now)
    except (ApprovalVoidError, MalformedRecordError, NotFoundError, QuorumUndefinedError):
        return False  # the execution ends by itself, with an alert that says why
    needs.ceremonies.begin(request_id)
    if verdict.state is DecisionState.PENDING or kept.has(EntryKind.RESTORE_STARTED):
        return False
    token = needs.bells.token(request_id)
    return token is not None and needs.tasks.succeed(token, {})
