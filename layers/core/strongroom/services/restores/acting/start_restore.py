"""Start the restore that was approved, in the account that it was approved for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.steps import Copied, RestoreJobStarted
from strongroom.services.restores.acting.recheck_restore import RestoreRecheckNeeds, recheck_restore

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.restores import RestoreBook, RestoreStarter


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreStarted:
    """The restore job."""

    request_id: str
    job: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreStartNeeds(RestoreRecheckNeeds):
    """What starting the restore needs of the world."""

    starter: RestoreStarter


def start_restore(request_id: str, *, execution: str, needs: RestoreStartNeeds, now: datetime) -> RestoreStarted:
    """Look at everything again, then start the restore once; ApprovalVoidError or TicketWithdrawnError otherwise."""
    book, evidence = needs.approvals.book, needs.approvals.evidence
    sealed = recheck_restore(request_id, execution=execution, needs=needs, now=now)
    started = book.recorded(request_id, RestoreJobStarted)
    if started is None:
        point = local_recovery_point(sealed.request, book=book)
        evidence.note(request_id, "restore-intended", at=now, digest=sealed.digest, recovery_point=point)
        started = RestoreJobStarted(job=needs.starter.start(sealed.request, recovery_point=point))
        if book.record(request_id, started):
            evidence.note(request_id, "restore-started", at=now, digest=sealed.digest, job=started.job)
    return RestoreStarted(request_id=request_id, job=started.job, reason="everything still held")


def local_recovery_point(request: RestoreRequest, *, book: RestoreBook) -> str:
    """The recovery point in the local vault: the requested one, or what the copy back left there."""
    if request.plan is RestorePlan.LOCAL:
        return request.recovery_point
    copied = book.recorded(request.id, Copied)
    if copied is None:
        raise ApprovalVoidError("the recovery point has not been copied back yet")
    return copied.recovery_point
