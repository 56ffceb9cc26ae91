"""What the first of two copies has made in the vault between, described anew: no record is believed about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.jobs import judge_copy_back
from strongroom.domain.restores.landing import hop_between

if TYPE_CHECKING:
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.restores import CopyBackJobs
    from strongroom.services.evidence.keep_ceremony import KeptCeremony


def point_to_copy_back(kept: KeptCeremony, *, copies: CopyBackJobs, intent: Intent) -> str:
    """The recovery point that is copied into the account's own vault: what was asked for, or its copy between.

    ApprovalVoidError where the vault between does not have by the job what was written down.
    """
    request = kept.sealed.request
    if not request.through_vault:
        return request.recovery_point
    started, copied = kept.last(EntryKind.COPY_THROUGH_STARTED), kept.last(EntryKind.COPIED_THROUGH)
    if started is None or copied is None:
        raise ApprovalVoidError("no copy through the vault between is recorded that could be copied back")
    job, hop = copies.describe(started["job"], region=request.source_region), hop_between(request, intent=intent)
    point = str(copied["recovery_point"])
    if judge_copy_back(job).made != point:
        raise ApprovalVoidError("the copy through the vault between did not make the recovery point that is recorded")
    if (job.source, job.destination) != (hop.recovery_point, hop.destination):
        raise ApprovalVoidError("the copy through the vault between was made of something else, or to somewhere else")
    return point
