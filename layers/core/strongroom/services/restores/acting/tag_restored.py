"""Give what was restored the tags of its recovery point: AWS Backup does not, and untagged is unprotected.

AWS Backup could, by CopySourceTagsToRestoredResource: it fails the restores of some types by that, and is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.restores.steps import Restored
from strongroom.services.restores.acting.start_restore import local_recovery_point

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.restores import PointTags, RestoreBook
    from strongroom.ports.tags import RestoredTags
    from strongroom.services.evidence.keep_evidence import EvidenceRecorder


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredTagged:
    """What was tagged, and with which keys."""

    request_id: str
    resource: str
    keys: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredTagNeeds:
    """What tagging what was restored needs of the world."""

    book: RestoreBook
    evidence: EvidenceRecorder
    points: PointTags
    tags: RestoredTags


def tag_restored(request_id: str, *, needs: RestoredTagNeeds, now: datetime) -> RestoredTagged:
    """Put the tags of the recovery point that was restored on what was created; those that it has otherwise survive.

    Whatever is raised leaves the restore as it is: the machine tells it as a finding about the tags.
    """
    request = needs.book.read(request_id).request
    restored = needs.book.recorded(request_id, Restored)
    if restored is None:
        raise ApprovalVoidError("nothing was restored for this request yet")
    created, point = restored.created, local_recovery_point(request, book=needs.book)
    wanted = needs.points.tags(point, account=request.account, region=request.region)
    if wanted:
        needs.tags.add(created, wanted, account=request.account, region=request.region)
    keys = tuple(sorted(wanted))
    needs.evidence.note(request_id, "tagged", at=now, resource=created, keys=", ".join(keys))
    reason = f"carries {', '.join(keys)}" if keys else "the recovery point has no tags"
    return RestoredTagged(request_id=request_id, resource=created, keys=keys, reason=reason)
