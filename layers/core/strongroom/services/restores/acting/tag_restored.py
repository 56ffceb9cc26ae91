"""Give what was restored the tags of its recovery point, and do what is left: AWS Backup does neither.

Untagged is unprotected. AWS Backup could tag it, by CopySourceTagsToRestoredResource: it fails the restores of some
types by that, and is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import (
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import REQUEST_TAG
from strongroom.domain.restores.kinds.table import kind_of_request
from strongroom.services.restores.acting.finish_restored import finish_restored
from strongroom.services.restores.deciding.executions import demand_own
from strongroom.services.restores.following.find_made import find_made

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.ceremony import Executions
    from strongroom.ports.restores import Finishing, PointTags, ResourceSettings, RestoreJobs, SettingsNotes
    from strongroom.ports.tags import RestoredTags
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony


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
    jobs: RestoreJobs
    points: PointTags
    tags: RestoredTags
    finishing: Finishing
    settings: ResourceSettings
    notes: SettingsNotes


def tag_restored(request_id: str, *, execution: str, needs: RestoredTagNeeds, now: datetime) -> RestoredTagged:
    """Put the tags of the recovery point on what was created, whose others survive, and take the steps that are left.

    What its kind says is not tagged here keeps those that it has.

    Whatever is raised leaves the restore as it is: the machine tells it as a finding. Tags that cannot be set keep no
    step from being taken, nor does one step another. What was created says the job; where the evidence says otherwise,
    nothing is changed, and close_restore tells it.
    """
    demand_own(execution, request_id=request_id, executions=needs.executions)
    kept = needs.keeper.read(request_id)
    if kept.sealed.request.is_after:
        resource = kept.sealed.request.resource
        return RestoredTagged(request_id=request_id, resource=resource, keys=(), reason="nothing was made")
    created, untagged = find_made(kept, jobs=needs.jobs), None
    left_to_others = _why_untagged(kept.sealed.request)
    try:
        wanted = {} if left_to_others else _wanted(kept, points=needs.points)
        kept, keys = _tag(kept, created, wanted, needs=needs, now=now)
    except StrongroomError as error:
        keys, untagged = (), error
    waiting = finish_restored(
        kept,
        created=created,
        finishing=needs.finishing,
        settings=needs.settings,
        notes=needs.notes,
        keeper=needs.keeper,
        now=now,
    )
    if waiting:
        raise TemporarilyUnavailableError(f"{untagged}; {waiting}" if untagged else waiting)
    if untagged:
        raise untagged
    reason = f"carries {', '.join(keys)}" if keys else left_to_others or "the recovery point has no tags"
    return RestoredTagged(request_id=request_id, resource=created, keys=keys, reason=reason)


def _why_untagged(request: RestoreRequest) -> str:
    """Why what was created is not tagged here; empty where it is."""
    if request.goes_into_what_lives:
        return "what was there before keeps its own tags"
    kind = kind_of_request(request)
    return "" if kind is None else kind.untagged


def _wanted(kept: KeptCeremony, *, points: PointTags) -> dict[str, str]:
    request, point = kept.sealed.request, kept.local_recovery_point()
    given = points.tags(point, account=request.account, region=request.region)
    # It says which request a restore is of, and a backup of what was restored before has that of another.
    return {key: value for key, value in given.items() if key != REQUEST_TAG}


def _tag(
    kept: KeptCeremony, created: str, wanted: Mapping[str, str], *, needs: RestoredTagNeeds, now: datetime
) -> tuple[KeptCeremony, tuple[str, ...]]:
    request = kept.sealed.request
    if wanted:
        needs.tags.add(created, wanted, account=request.account, region=request.region)
    keys = tuple(sorted(wanted))
    if not kept.has(EntryKind.TAGGED):
        kept = needs.keeper.record(kept, EntryKind.TAGGED, facts={"resource": created, "keys": list(keys)}, at=now)
    return kept, keys
