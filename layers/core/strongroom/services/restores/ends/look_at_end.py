"""Look whether an open end is over: it is closed by what was found, never by what should be."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from strongroom.domain.copies.found import ACTIVE_JOB_STATES
from strongroom.domain.errors import (
    ApprovalVoidError,
    FailedError,
    MalformedError,
    MalformedRecordError,
    NotFoundError,
    RefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import end_closed_key, end_key
from strongroom.domain.restores.arriving.access import VOTED_WITHIN, VaultState
from strongroom.domain.restores.ends.records import closed_text, opened_text
from strongroom.domain.restores.ends.standing import (
    SETTLED_AFTER,
    EndState,
    arrived,
    closed,
    evidenced,
    on_its_way,
    opened,
    still_unread,
    there,
    unproven,
    unsure,
)
from strongroom.services.restores.ends.revoke_access import revoke_access

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.ends.standing import OpenEnd
    from strongroom.services.evidence.keep_ceremony import KeptCeremony
    from strongroom.services.restores.ends.begin_end import EndNeeds


def look_at_end(end: OpenEnd, *, needs: EndNeeds, now: datetime) -> OpenEnd:
    """What the look found, written down as evidence, told where it is overdue or was, and remembered, in this order.

    One that cannot be looked at stays open, and is told as any other once it is overdue.
    """
    try:
        found = _looked_at(end, needs=needs, now=now)
    except (FailedError, NotFoundError, RefusedError, TemporarilyUnavailableError) as error:
        found = unsure(end, reason=f"it cannot be looked at: {error}", now=now)
    if found.is_told(now):
        needs.alerts.complain(found.alert, now=now)
    elif not found.is_open or end.state is EndState.UNREAD:
        needs.alerts.settle(found.alert.fingerprint, reason=found.reason, now=now)
    # Where somebody else has written it meanwhile, theirs stands.
    needs.ends.keep_end(found, was=end)
    return found


def _looked_at(end: OpenEnd, *, needs: EndNeeds, now: datetime) -> OpenEnd:
    if end.is_access:
        return _evidenced_access(end, needs=needs, now=now)
    if end.state is EndState.UNREAD:
        return still_unread(end, now=now)
    if end.state is EndState.ARRIVING:
        return _arriving(end, needs=needs, now=now)
    needs.shelf().put_new(end_key(end.request_id, end.number), opened_text(end))
    status = needs.points.status(end.recovery_point, vault=end.vault)
    if status is not None:
        return there(end, reason=f"it is there, {status}", now=now)
    if not end.is_missing:
        return unsure(end, reason="it does not show itself in its vault", now=now, is_missing=True)
    return _gone(end, reason="it was looked for in its vault, and is not there", needs=needs, now=now)


def _gone(end: OpenEnd, *, reason: str, needs: EndNeeds, now: datetime) -> OpenEnd:
    gone = closed(end, EndState.GONE, reason=reason)
    needs.shelf().put_new(end_closed_key(end.request_id, end.number), closed_text(gone, at=now))
    return gone


def _evidenced_access(end: OpenEnd, *, needs: EndNeeds, now: datetime) -> OpenEnd:
    """What became of the access of which the evidence tells; a row without any names nothing to people but itself."""
    try:
        kept = needs.kept(end.request_id)
    except (ApprovalVoidError, MalformedRecordError, NotFoundError):
        return unproven(end, home=needs.intent.organization, reason="its evidence cannot be read", now=now)
    intended = kept.last_at(EntryKind.ACCESS_INTENDED)
    if intended is None:
        return unproven(end, home=needs.intent.organization, reason="its evidence tells of none", now=now)
    known = evidenced(end, kept.sealed.request, since=intended)
    try:
        return _access(known, kept, needs=needs, now=now)
    except (FailedError, MalformedError, NotFoundError, RefusedError, TemporarilyUnavailableError) as error:
        return unsure(known, reason=f"it cannot be looked at: {error}", now=now)


def _access(end: OpenEnd, kept: KeptCeremony, *, needs: EndNeeds, now: datetime) -> OpenEnd:
    """What became of an access: its team has opened it, or not, or has let it be revoked since.

    Until it was open it is awaited as long as a try may ask for it, and its team may vote then.
    """
    found, is_awaited = needs.access.find(end.vault), end.state is EndState.ARRIVING
    if found is not None and not found.source:
        found = None  # somebody's own vault under the name shows nothing of another account
    if found is not None and found.state == VaultState.FAILED and is_awaited:
        return closed(end, EndState.NOTHING, reason="the team of the vault has not opened it")
    if found is not None and found.state == VaultState.FAILED:
        return _gone(end, reason="it was open, and is FAILED by now", needs=needs, now=now)
    if found is not None and found.state == VaultState.AVAILABLE:
        needs.shelf().put_new(end_key(end.request_id, end.number), opened_text(end))
        stands = revoke_access(end, found, kept=kept, needs=needs, now=now)
        return opened(end, reason=f"it is open: {stands}", now=now)
    if found is not None or (is_awaited and now < end.expires_at + VOTED_WITHIN + SETTLED_AFTER):
        return unsure(end, reason="the team of the vault has not decided", now=now)
    if not end.is_missing:
        return unsure(end, reason="it does not show itself in its account", now=now, is_missing=True)
    if is_awaited:
        return closed(end, EndState.NOTHING, reason="a team was to be asked, and nothing came of it")
    return _gone(end, reason="it was looked for in its account, and is not there", needs=needs, now=now)


def _arriving(end: OpenEnd, *, needs: EndNeeds, now: datetime) -> OpenEnd:
    """What became of its job; of several the last, because one request starts one copy."""
    job_id = end.job or next(reversed(needs.begun.jobs_of(end)), "")
    if not job_id and now - end.since < SETTLED_AFTER:
        return unsure(end, reason="whether a copy was started is not known yet", now=now)
    if not job_id and not end.is_missing:
        # One list may be a slow one: another look, a while later, must not find it either.
        return unsure(end, reason="AWS Backup lists no copy of it", now=now, is_missing=True)
    if not job_id:
        return closed(end, EndState.NOTHING, reason="a copy was to be taken back, and AWS Backup knows of none")
    job, known = needs.jobs.describe(job_id, region=end.source_region), replace(end, job=job_id)
    said = f"copy job {job_id} is {job.state}{f': {job.message}' if job.message else ''}"
    if job.state in ACTIVE_JOB_STATES:
        return on_its_way(known, reason=said, now=now)
    if job.recovery_point:
        # By the job, because the intent may name another vault by now than when it was started.
        return arrived(known, recovery_point=job.recovery_point, vault=job.destination, reason=said, now=now)
    return closed(known, EndState.NOTHING, reason=f"{said}; it names no recovery point")
