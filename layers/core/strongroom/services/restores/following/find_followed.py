"""The restore that a request follows, by its evidence and by its job as it is described now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreRefusedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.asked.deciding import (
    Followed,
    as_asked,
    is_said_by,
    why_not_following,
    why_not_lent,
    why_not_set,
    why_without_ticket,
)
from strongroom.domain.restores.planning import restoring_role
from strongroom.services.restores.following.find_made import find_made

if TYPE_CHECKING:
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.asked.deciding import SettingFound
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.restores import AskedSettings, RestoreJobs
    from strongroom.services.evidence.keep_ceremony import EvidenceReading

# What people decided on, and what they were told of it.
_DECIDED = ("metadata", "risks", "risk_sentences")


def find_followed(request_id: str, *, keeper: EvidenceReading, jobs: RestoreJobs) -> Followed:
    """The restore; NotFoundError for an unknown one. Nothing is asked of AWS before it has ended as restored."""
    kept = keeper.read(request_id)
    closed = kept.last(EntryKind.CLOSED) or {}
    is_restored = closed.get("outcome") == "restored" and not kept.sealed.request.is_after
    return Followed(
        request=kept.sealed.request,
        outcome=str(closed.get("outcome", "")),
        closed=digest_of(kept.chain[-1].text) if closed else "",
        restored_at=kept.last_at(EntryKind.RESTORED),
        made=find_made(kept, jobs=jobs) if is_restored else "",
    )


def demand_followed(
    request: RestoreRequest,
    *,
    keeper: EvidenceReading,
    jobs: RestoreJobs,
    settings: AskedSettings,
    intent: Intent,
) -> tuple[Followed, SettingFound]:
    """The restore, and what its call would set as it is now, where that is on what the restore made, and may be set.

    ApprovalVoidError says why it may not.
    """
    try:
        followed = find_followed(request.of, keeper=keeper, jobs=jobs)
    except NotFoundError as error:
        raise ApprovalVoidError(f"the restore that it follows cannot be shown any more: {error}") from error
    if why := why_not_following(request, followed) or why_without_ticket(request, followed):
        raise ApprovalVoidError(why)
    if request.role != restoring_role(intent, account=request.account, kind=request.kind):
        raise ApprovalVoidError("the role that was approved is not the one under which this is done")
    _demand_as_read(request)
    if request.wishes and not is_said_by(request, request.wishes):
        raise ApprovalVoidError("its metadata are not what its asker wrote")
    found = settings.setting(request)
    if why := why_not_lent(request, intent) or why_not_set(request, found):
        raise ApprovalVoidError(why)
    return followed, found


def original_setting(call: str, followed: Followed, *, settings: AskedSettings) -> SettingFound:
    """What that call sets, as the original has it by now; NotFoundError where that is gone."""
    restore = followed.request
    home = Arn.parse(restore.resource).region or restore.region
    return settings.original(call, resource=restore.resource, account=restore.account, region=home)


def demand_as_original(request: RestoreRequest, followed: Followed, *, settings: AskedSettings) -> None:
    """The parameters are those that its asker wrote, or else those that the original still has; ApprovalVoidError."""
    if request.wishes:
        return
    try:
        found = original_setting(request.call, followed, settings=settings)
    except NotFoundError as error:
        raise ApprovalVoidError(f"the original, whose setting was approved, cannot say it any more: {error}") from error
    if not is_said_by(request, found.parameters):
        raise ApprovalVoidError(
            f"{followed.request.resource} has another setting by now than the one that was approved: "
            f"{dict(found.parameters)}; ask anew"
        )


def _demand_as_read(request: RestoreRequest) -> None:
    """The parameters are still ones that may be asked for, and approvers read what they say."""
    try:
        decided = as_asked(request)
    except RestoreRefusedError as error:
        raise ApprovalVoidError(f"what was approved may not be asked for any more: {error}") from error
    for name in _DECIDED:
        if getattr(request, name) != getattr(decided, name):
            raise ApprovalVoidError(f"its {name} are not what approvers are told of such parameters")
