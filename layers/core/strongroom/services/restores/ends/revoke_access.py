"""Ask the team of an air-gapped vault to end an access, once its time is over and nothing may read through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import (
    ApprovalVoidError,
    FailedError,
    MalformedRecordError,
    NotFoundError,
    RefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import end_asked_key, end_revoking_key
from strongroom.domain.intent.destinations import approval_team_of
from strongroom.domain.restores.ends.records import asked_text, revoking_text
from strongroom.domain.restores.ends.revoking import RevokingState, judge_revoking, revoking_by_hand, why_needed

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.arriving.access import AccessVault
    from strongroom.domain.restores.ends.standing import OpenEnd
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.services.evidence.keep_ceremony import KeptCeremony
    from strongroom.services.restores.ends.begin_end import EndNeeds

_IN_VAIN: Final = (
    ApprovalVoidError,
    FailedError,
    MalformedRecordError,
    NotFoundError,
    RefusedError,
    TemporarilyUnavailableError,
)


def revoke_access(end: OpenEnd, found: AccessVault, *, kept: KeptCeremony, needs: EndNeeds, now: datetime) -> str:
    """How the end of the access stands, for people; its team was asked for it where that was due.

    Whose end it is, which vault it opens, and that its ceremony is over says the evidence `kept`, never the ledger.
    What its team refuses, or cannot be asked, is said with what a person types: that is made of the evidence alone.
    """
    request, is_closed = kept.sealed.request, kept.has(EntryKind.CLOSED)
    if now < end.expires_at:
        return f"its team is asked to let it be revoked after {end.expires_at:%Y-%m-%d %H:%M} UTC"
    if why := why_needed(request, found=found, is_closed=is_closed, now=now):
        return why
    try:
        return _revoke(end, request, needs=needs, now=now)
    except _IN_VAIN as error:
        return f"its team could not be asked to let it be revoked: {error}; {revoking_by_hand(request)}"


def _revoke(end: OpenEnd, request: RestoreRequest, *, needs: EndNeeds, now: datetime) -> str:
    # The vault may have another team by now, which is the one that votes.
    team = approval_team_of(needs.intent, request.vault) or request.approval_team
    verdict = judge_revoking(needs.revoker.asked(request, team=team), uses=needs.uses.of(request), now=now)
    if verdict.state is RevokingState.DUE and not _ask(end, request, team=team, needs=needs, now=now):
        return f"its team was to be asked to let it be revoked today, once; {revoking_by_hand(request)}"
    if verdict.state is RevokingState.REFUSED:
        return f"{verdict.reason}; {revoking_by_hand(request)}"
    return verdict.reason


def _ask(end: OpenEnd, request: RestoreRequest, *, team: str, needs: EndNeeds, now: datetime) -> bool:
    """Ask, once a day, with the evidence first; False where somebody has begun to today. What came of it is evidence.

    What AWS Backup refuses it does not list, and what it took it may list late.
    """
    text = revoking_text(end, source=request.vault, team=team, at=now)
    if not needs.shelf().put_new(end_revoking_key(end.request_id, end.number, at=now), text):
        return False
    came = end_asked_key(end.request_id, end.number, at=now)
    try:
        needs.revoker.revoke(request, team=team)
    except _IN_VAIN as error:
        needs.shelf().put_new(came, asked_text(end, refused=str(error), at=now))
        raise
    needs.shelf().put_new(came, asked_text(end, refused="", at=now))
    return True
