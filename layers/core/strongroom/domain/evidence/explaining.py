"""Whether a restore, or a copy out of the central vault, is one that people approved: for every job there must be one.

AWS Backup says of a job neither who started it nor with which token, so what explains it is evidence: a ceremony that
was approved up to its intent, names this very job, and asked for just this.
"""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.copies.found import ACTIVE_JOB_STATES
from strongroom.domain.evidence.acts import why_not_made_then
from strongroom.domain.restores.jobs import is_the_approved, unapproved_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from strongroom.domain.evidence.entries import ChainEntry
    from strongroom.domain.evidence.replay import ApprovedAct
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.restores.arriving.landing import Hop
    from strongroom.domain.restores.jobs import RestoreJob
    from strongroom.domain.restores.requests import RestoreRequest

# Between a job and the entry that names it lie seconds, and tries of a function that died: after this nobody waits.
PATIENCE: Final = timedelta(minutes=10)


class Standing(StrEnum):
    """Explained by what people approved; not yet, and perhaps soon; not to be judged now; or nobody's."""

    EXPLAINED = "explained"
    AWAITED = "awaited"
    UNJUDGED = "unjudged"
    UNEXPLAINED = "unexplained"


class Explanation(Struct, frozen=True, kw_only=True):
    """What is thought of a job, in words; `request_id` names the request that explains it, if one does."""

    state: Standing
    reason: str
    request_id: str = ""


class RestoreHint(Struct, frozen=True, kw_only=True):
    """A restore job that an event tells of: a hint, so the job is looked at."""

    job: str
    account: AccountId
    region: Region


class WatchedRestore(Struct, frozen=True, kw_only=True):
    """A restore job, and where it runs; `parent` is the job that it is a part of, `tested_by` a testing plan's ARN."""

    job: RestoreJob
    account: AccountId
    region: Region
    parent: str = ""
    tested_by: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether AWS Backup changes nothing of it any more."""
        return self.job.status not in ACTIVE_JOB_STATES


class WatchedCopy(Struct, frozen=True, kw_only=True):
    """A copy job out of a vault of ours: `source` is the recovery point, `destination` the ARN of the other vault.

    `made` is the recovery point in there, empty before there is one.
    """

    id: str
    account: AccountId
    region: Region
    source: str
    source_vault: str
    destination: str
    role: str
    created_at: datetime
    made: str


class Claim(Struct, frozen=True, kw_only=True):
    """What a request's evidence says of one of its acts: the job that it names, empty before there is one.

    `act` is the approved act; without one, `broken` says what is wrong with the evidence, or `unread` what keeps
    anybody from judging it now.
    """

    request: RestoreRequest
    job: str
    act: ApprovedAct | None = None
    broken: str = ""
    unread: str = ""


def explain_restore(
    found: WatchedRestore,
    *,
    claims: Sequence[Claim],
    testing_plans: Collection[str] = (),
    parent: Explanation | None = None,
    now: datetime,
) -> Explanation:
    """Why there is this restore; `parent` is what is thought of the job that it is a part of."""
    if found.tested_by:
        if found.tested_by in testing_plans:
            return Explanation(state=Standing.EXPLAINED, reason=f"the restore testing plan {found.tested_by} made it")
        reason = f"the restore testing plan {found.tested_by} made it, which the intent does not name"
        return Explanation(state=Standing.UNEXPLAINED, reason=reason)
    if parent is not None:
        return Explanation(
            state=parent.state, reason=f"it is a part of {found.parent}: {parent.reason}", request_id=parent.request_id
        )
    return _explain(
        found.job.id,
        created_at=found.job.created_at,
        claims=claims,
        why_not=lambda claim, act: _why_not_restored_so(found, claim, act),
        now=now,
    )


def explain_copy(
    found: WatchedCopy,
    *,
    claims: Sequence[Claim],
    hop_of: Callable[[RestoreRequest, ChainEntry], Hop],
    role: str,
    now: datetime,
) -> Explanation:
    """Why there is this copy; it may go where the request says only, under the one role.

    `hop_of` is the copy that a request asks for by an intent of its.
    """

    def why_not(claim: Claim, act: ApprovedAct) -> str:
        hop = hop_of(claim.request, act.intent)
        asked = (hop.recovery_point, hop.source, hop.destination, role)
        if (found.source, found.source_vault, found.destination, found.role) != asked:
            return "its recovery point, vault, destination or role is not what was approved"
        return why_not_made_then(act.asked, found.created_at, intended_at=act.seen_at)

    return _explain(found.id, created_at=found.created_at, claims=claims, why_not=why_not, now=now)


def claim_on_copied(claim: Claim, *, copy: str, by: Claim | None, made: Collection[str]) -> Claim:
    """The claim on a job about what was copied before, which stands with the request's on the copy and falls with it.

    `copy` is what that one is called, and `made` what AWS Backup says that it has made, if it is explained: entries
    that say so are neither signed nor tied to a job.
    """
    if claim.act is None:
        return claim
    if by is None:
        return replace(claim, act=None, broken=f"its evidence announces no {copy}")
    if by.act is None:
        return replace(claim, act=None, broken=by.broken, unread=by.unread)
    if claim.act.intent.facts["recovery_point"] in made:
        return claim
    return replace(claim, act=None, broken=f"the {copy} that it names, {by.job}, did not make what it is about")


def _why_not_restored_so(found: WatchedRestore, claim: Claim, act: ApprovedAct) -> str:
    """Why the job is not what was approved; empty if it is."""
    point = str(act.intent.facts.get("recovery_point"))
    if not is_the_approved(found.job, request=claim.request, recovery_point=point):
        return "its account, recovery point or role is not what was approved"
    if early := why_not_made_then(act.asked, found.job.created_at, intended_at=act.seen_at):
        return early
    # AWS promises no echo of the settings: before the end, one that is not told may still be.
    told = {key.lower() for key in found.job.metadata}
    untold = {key: value for key, value in claim.request.metadata if key.lower() not in told}
    job = found.job if found.has_ended else replace(found.job, metadata={**found.job.metadata, **untold})
    wrong = unapproved_settings(job, request=claim.request)
    return f"these settings are not what was approved: {', '.join(wrong)}" if wrong else ""


def _explain(
    job: str,
    *,
    created_at: datetime,
    claims: Sequence[Claim],
    why_not: Callable[[Claim, ApprovedAct], str],
    now: datetime,
) -> Explanation:
    naming = [claim for claim in claims if claim.job == job]
    refusals = {}
    for claim in naming:
        refusal = (claim.broken or claim.unread) if claim.act is None else why_not(claim, claim.act)
        if not refusal:
            return Explanation(
                state=Standing.EXPLAINED, reason=f"{claim.request.id} asked for it", request_id=claim.request.id
            )
        refusals[claim.request.id] = refusal
    if unread := [claim for claim in naming if claim.unread]:
        reason = f"{unread[0].request.id} names it, and cannot be judged now: {unread[0].unread}"
        return Explanation(state=Standing.UNJUDGED, reason=reason)
    if refusals:
        told = "; ".join(f"{request} names it, but {refusal}" for request, refusal in refusals.items())
        return Explanation(state=Standing.UNEXPLAINED, reason=told)
    for claim in claims:
        if claim.job or claim.act is None or why_not(claim, claim.act) or now - created_at >= PATIENCE:
            continue
        reason = f"{claim.request.id} was about to begin such a job, and has not said yet that this is it"
        return Explanation(state=Standing.AWAITED, reason=reason, request_id=claim.request.id)
    return Explanation(state=Standing.UNEXPLAINED, reason="no request names it")
