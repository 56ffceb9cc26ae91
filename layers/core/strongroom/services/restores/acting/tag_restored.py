"""Give what was restored the tags of its recovery point: AWS Backup does not, and untagged is unprotected.

AWS Backup could, by CopySourceTagsToRestoredResource: it fails the restores of some types by that, and is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.services.restores.deciding.executions import demand_own

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.ceremony import Executions
    from strongroom.ports.restores import PointTags
    from strongroom.ports.tags import RestoredTags
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper


class RestoredTagged(Struct, frozen=True, kw_only=True):
    """What was tagged, and with which keys."""

    request_id: str
    resource: str
    keys: tuple[str, ...]
    reason: str


class RestoredTagNeeds(Struct, frozen=True, kw_only=True):
    """What tagging what was restored needs of the world."""

    keeper: EvidenceKeeper
    executions: Executions
    points: PointTags
    tags: RestoredTags


def tag_restored(request_id: str, *, execution: str, needs: RestoredTagNeeds, now: datetime) -> RestoredTagged:
    """Put the tags of the recovery point that was restored on what was created; those that it has otherwise survive.

    Whatever is raised leaves the restore as it is: the machine tells it as a finding about the tags.
    """
    demand_own(execution, request_id=request_id, executions=needs.executions)
    kept = needs.keeper.read(request_id)
    request, restored = kept.sealed.request, kept.last(EntryKind.RESTORED)
    if restored is None:
        raise ApprovalVoidError("nothing was restored for this request yet")
    created, point = restored["created"], kept.local_recovery_point()
    wanted = needs.points.tags(point, account=request.account, region=request.region)
    if wanted:
        needs.tags.add(created, wanted, account=request.account, region=request.region)
    keys = tuple(sorted(wanted))
    if not kept.has(EntryKind.TAGGED):
        needs.keeper.record(kept, EntryKind.TAGGED, facts={"resource": created, "keys": list(keys)}, at=now)
    reason = f"carries {', '.join(keys)}" if keys else "the recovery point has no tags"
    return RestoredTagged(request_id=request_id, resource=created, keys=keys, reason=reason)
