"""What a copy has made, the first of two in the vault between among them: no record is believed about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.arriving.landing import hop_between
from strongroom.domain.restores.jobs import judge_copy_back

if TYPE_CHECKING:
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.arriving.landing import Hop
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
    point, hop = str(copied["recovery_point"]), hop_between(request, intent=intent)
    demand_made(point, hop=hop, by="the copy through the vault between", job=started["job"], copies=copies)
    return point


def demand_made(point: str, *, hop: Hop, by: str, job: str, copies: CopyBackJobs) -> None:
    """Pass where the job, described anew, made the point by just this copy; ApprovalVoidError otherwise, of `by`."""
    found = copies.describe(job, region=Arn.parse(hop.source).region)
    if judge_copy_back(found).made != point:
        raise ApprovalVoidError(f"{by} did not make the recovery point that is recorded")
    if (found.source, found.destination) != (hop.recovery_point, hop.destination):
        raise ApprovalVoidError(f"{by} was made of something else, or to somewhere else")
