"""Start the copy of a recovery point from the central vault back into the account's own vault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.steps import CopyJobStarted
from strongroom.services.restores.acting.recheck_restore import RestoreRecheckNeeds, recheck_restore

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.restores import CopyBackJobs


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyBackStarted:
    """The copy job that brings the recovery point back."""

    request_id: str
    job: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyBackStartNeeds(RestoreRecheckNeeds):
    """What starting the copy needs of the world."""

    jobs: CopyBackJobs


def start_copy_back(request_id: str, *, execution: str, needs: CopyBackStartNeeds, now: datetime) -> CopyBackStarted:
    """Look at everything again, then start the copy once; ApprovalVoidError or TicketWithdrawnError otherwise."""
    book, evidence = needs.approvals.book, needs.approvals.evidence
    sealed = recheck_restore(request_id, execution=execution, needs=needs, now=now)
    if sealed.request.plan is not RestorePlan.COPY_BACK:
        raise ApprovalVoidError("the approved plan copies nothing back")
    started = book.recorded(request_id, CopyJobStarted)
    if started is None:
        evidence.note(request_id, "copy-back-intended", at=now, digest=sealed.digest, source=sealed.request.vault)
        started = CopyJobStarted(job=needs.jobs.start(sealed.request))
        if book.record(request_id, started):
            evidence.note(request_id, "copy-back-started", at=now, digest=sealed.digest, job=started.job)
    return CopyBackStarted(request_id=request_id, job=started.job, reason="everything still held")
