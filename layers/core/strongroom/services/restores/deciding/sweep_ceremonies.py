"""Take up what was interrupted: begin what was never begun, wake who missed the bell, close what was left open."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import (
    ApprovalVoidError,
    MalformedRecordError,
    NotFoundError,
    QuorumUndefinedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.services.restores.deciding.remind_reviewers import remind_reviewers

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.restores.drafts import OpenRequest
    from strongroom.ports.ceremony import Bells, OpenRequests
    from strongroom.ports.restores import Ceremonies, WaitingTasks
    from strongroom.services.alerts.tell_alerts import AlertNotifier
    from strongroom.services.restores.deciding.judge_approval import JudgingNeeds

# Who could not be told of an end by then is not told any more: a channel may be gone for good.
_TOLD_WITHIN: Final = timedelta(days=15)


class CeremonySweepNeeds(Struct, frozen=True, kw_only=True):
    """What taking up ceremonies needs of the world; where nothing is open, nobody asks what judging takes."""

    open_requests: OpenRequests
    judging: Callable[[], JudgingNeeds]
    ceremonies: Ceremonies
    bells: Bells
    tasks: WaitingTasks
    alerts: AlertNotifier


class CeremoniesSwept(Struct, frozen=True, kw_only=True):
    """How many open requests were looked at, and how many judges were woken."""

    open: int
    woken: int
    reason: str


def sweep_ceremonies(*, needs: CeremonySweepNeeds, now: datetime) -> CeremoniesSwept:
    """Look at every open request: it is begun, woken if it waits and is decided, and closed if its execution is over.

    Of urgent restores the last one is looked at after its end, too, until it is reviewed. One that cannot be looked at
    keeps nobody from the others; TemporarilyUnavailableError when all were looked at.
    """
    lines = [
        line
        for line in needs.open_requests.unended(now=now)
        if not line.outcome or now - line.requested_at < _TOLD_WITHIN
    ]
    # There is none after it before it is reviewed.
    ended = needs.open_requests.ended_urgently(now=now)[:1]
    if not lines and not ended:
        return CeremoniesSwept(open=0, woken=0, reason="no request is open")
    judging, woken, missed = needs.judging(), 0, []
    for line in lines:
        try:
            woken += _take_up(line, judging=judging, needs=needs, now=now)
        except TemporarilyUnavailableError as error:
            missed.append(f"{line.id}: {error}")
    for line in ended:
        remind_reviewers(line.id, judging=judging, alerts=needs.alerts, now=now)
    if missed:
        raise TemporarilyUnavailableError(f"{len(missed)} of {len(lines)} could not be looked at, first {missed[0]}")
    return CeremoniesSwept(open=len(lines), woken=woken, reason=f"{woken} of {len(lines)} were decided and waited")


def _take_up(line: OpenRequest, *, judging: JudgingNeeds, needs: CeremonySweepNeeds, now: datetime) -> bool:
    """Whether somebody was woken."""
    if not needs.ceremonies.begin(line.id):
        needs.ceremonies.begin_closing(line.id, now=now)
        return False
    if not _is_decided(line.id, judging=judging, now=now):
        return False
    token = needs.bells.token(line.id)
    return token is not None and needs.tasks.succeed(token, {})


def _is_decided(request_id: str, *, judging: JudgingNeeds, now: datetime) -> bool:
    """Whether the judge would say something else than to wait on."""
    try:
        kept = judging.keeper.read(request_id)
        verdict = judging.judge.decide(kept, now=now)
    except (ApprovalVoidError, MalformedRecordError, NotFoundError, QuorumUndefinedError):
        return True  # to its end, which says why
    return verdict.state is not DecisionState.PENDING and not kept.has(EntryKind.RESTORE_STARTED)
