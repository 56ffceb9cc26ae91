"""Start the restore that was approved, in the account that it was approved for."""

from dataclasses import dataclass
from datetime import datetime

from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.restore_steps import Copied, RestoreJobStarted
from strongroom.domain.restores import RestorePlan, RestoreRequest
from strongroom.ports import RestoreBook, RestoreStarter
from strongroom.services.recheck_restore import ActDesk, recheck_restore


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreStarted:
    """The restore job."""

    request_id: str
    job: str
    reason: str


def start_restore(
    request_id: str, *, execution: str, desk: ActDesk, starter: RestoreStarter, now: datetime
) -> RestoreStarted:
    """Look at everything again, then start the restore once; ApprovalVoidError or TicketWithdrawnError otherwise."""
    book, evidence = desk.approvals.book, desk.approvals.evidence
    sealed = recheck_restore(request_id, execution=execution, desk=desk, now=now)
    started = book.recorded(request_id, RestoreJobStarted)
    if started is None:
        point = local_recovery_point(sealed.request, book=book)
        evidence.note(request_id, "restore-intended", at=now, digest=sealed.digest, recovery_point=point)
        started = RestoreJobStarted(job=starter.start(sealed.request, recovery_point=point))
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
