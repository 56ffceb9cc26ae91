"""Start the restore that was approved, in the account that it was approved for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import (
    ApprovalVoidError,
    RestoreFailedError,
    RestoreRefusedError,
    TemporarilyUnavailableError,
    ThrottledError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.arriving.landing import demand_name, last_hop
from strongroom.domain.restores.deciding.afresh.landed import why_not_as_approved
from strongroom.domain.restores.drafts import demand_first
from strongroom.domain.restores.facts import RestoreApproved
from strongroom.domain.restores.kinds.turns import demand_turn, goes_one_into, most_of_ours
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.written import moment_text
from strongroom.services.restores.acting.authorise_act import (
    authorise_act,
    demand_approved,
    demand_still_wanted,
    witness_intent,
)
from strongroom.services.restores.acting.copied_through import demand_made, point_to_copy_back
from strongroom.services.restores.acting.find_started import find_started
from strongroom.services.restores.acting.starting.intended_restores import (
    demand_not_begun,
    intent_seen_at,
    may_be_begun,
    unanswered,
)
from strongroom.services.restores.acting.starting.open_vault import VaultOpeningNeeds, open_vault

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.ceremony import OpenRequests
    from strongroom.ports.facts import Publisher
    from strongroom.ports.restores import (
        CopyBackJobs,
        RestoreStarter,
        RestoreTargets,
        RunningRestores,
    )
    from strongroom.services.evidence.keep_ceremony import KeptCeremony

# As long as AWS Backup is believed to know an idempotency token; its documents do not say how long it does.
_TOKEN_LIVES: Final = timedelta(minutes=10)
_CLOCKS_DIFFER: Final = timedelta(seconds=60)
# Each time that nothing comes of it, it waits so much longer: a chain of a thousand entries is slow to read.
_LONGER: Final = timedelta(minutes=1)


class RestoreStarted(Struct, frozen=True, kw_only=True):
    """The restore job."""

    request_id: str
    job: str
    reason: str


class RestoreStartNeeds(VaultOpeningNeeds, frozen=True, kw_only=True):
    """What starting the restore needs of the world."""

    starter: RestoreStarter
    copies: CopyBackJobs
    running: RunningRestores
    targets: RestoreTargets
    open_requests: OpenRequests
    publisher: Publisher


def start_restore(request_id: str, *, execution: str, needs: RestoreStartNeeds, now: datetime) -> RestoreStarted:
    """Look at everything, have the intent witnessed, then start the restore once; errors as of `authorise_act`.

    Of what AWS restores so many of at once it is started in its turn, and out of a vault that a team opens once that
    has done so: TemporarilyUnavailableError before.
    """
    kept = authorise_act(request_id, execution=execution, needs=needs, now=now)
    started = kept.last(EntryKind.RESTORE_STARTED)
    if started is None:
        begin = _begin_behind_team if kept.sealed.request.approval_team else _begin
        started = {"job": begin(kept, needs=needs, now=now)}
        begun = needs.keeper.read(request_id)
        needs.keeper.record(begun, EntryKind.RESTORE_STARTED, facts=started, at=_begun_at(begun, needs=needs))
        _publish(kept, needs=needs, now=now)
    return RestoreStarted(request_id=request_id, job=started["job"], reason="everything still held")


def _begin(kept: KeptCeremony, *, needs: RestoreStartNeeds, now: datetime) -> str:
    """The job that an earlier try has started, or else this one."""
    point = _point_at_hand(kept, needs=needs)
    return _begun_before(kept, point=point, needs=needs, now=now) or _start(kept, point=point, needs=needs, now=now)


def _begin_behind_team(kept: KeptCeremony, *, needs: RestoreStartNeeds, now: datetime) -> str:
    """The same out of a vault that a team opens: it may have let that be revoked since an earlier try has started."""
    request, point = kept.sealed.request, kept.local_recovery_point()
    if job := _begun_before(kept, point=point, needs=needs, now=now):
        return job
    try:
        opened = open_vault(kept, needs=needs, now=now)
    except RestoreFailedError as error:
        if intent_seen_at(kept, unanswered(kept), needs=needs) is None:
            raise
        raise TemporarilyUnavailableError(f"{error}; whether a restore was begun before that is looked for") from error
    _demand_seen(request, point, vault=request.access_vault, how="is seen through the access", needs=needs)
    return _start(opened, point=point, needs=needs, now=now)


def _point_at_hand(kept: KeptCeremony, *, needs: RestoreStartNeeds) -> str:
    """The recovery point to restore, described anew: no record is believed about what a copy back has made."""
    request, point = kept.sealed.request, kept.local_recovery_point()
    if request.plan is RestorePlan.LOCAL:
        return point
    started = kept.last(EntryKind.COPY_BACK_STARTED)
    if started is None:
        raise ApprovalVoidError("no copy back is recorded that could have made the recovery point")
    source = point_to_copy_back(kept, copies=needs.copies, intent=needs.intent)
    hop = last_hop(request, recovery_point=source, intent=needs.intent)
    demand_made(point, hop=hop, by="the copy back", job=started["job"], copies=needs.copies)
    _demand_seen(request, point, vault=hop.destination, how="was copied back", needs=needs)
    return point


def _demand_seen(request: RestoreRequest, point: str, *, vault: str, how: str, needs: RestoreStartNeeds) -> None:
    """What that vault shows by now is what was approved; ApprovalVoidError says why not."""
    found, named = needs.points.find(point, vault=vault), f"the recovery point that {how}"
    if found is None:
        raise ApprovalVoidError(f"{named} is not there any more")
    try:
        why = why_not_as_approved(request, landed=found, restores=needs.ceremony.restores)
    except RestoreRefusedError as error:
        raise ApprovalVoidError(f"{named} may not be restored: {error}") from error
    if why:
        raise ApprovalVoidError(f"{named} {why}")


def _begun_before(kept: KeptCeremony, *, point: str, needs: RestoreStartNeeds, now: datetime) -> str:
    """The job that an earlier try has started without living to say so; empty when there is none.

    RestoreFailedError when that cannot be told any more: nothing is started twice.
    """
    request = kept.sealed.request
    if request.overwrites:
        demand_not_begun(kept, needs=needs)
        return ""
    if request.is_after:
        return _set_before(kept, point=point, needs=needs)
    seen_at = intent_seen_at(kept, kept.chain, needs=needs)
    if seen_at is None:
        return ""
    open_since = intent_seen_at(kept, unanswered(kept), needs=needs)
    is_forgotten = open_since is not None and now - open_since > _TOKEN_LIVES
    is_by_token = request.is_native and not request.goes_into_what_lives
    if is_by_token and not is_forgotten:
        # The service knows the token, and answers with what it made; by a tag somebody could plant another.
        return ""
    jobs = find_started(request, recovery_point=point, since=seen_at - _CLOCKS_DIFFER, jobs=needs.jobs)
    if len(jobs) > 1 or (is_forgotten and (is_by_token or not jobs)):
        raise RestoreFailedError(f"it cannot be told whether the restore was started; jobs since then: {list(jobs)}")
    return next(iter(jobs), "")


def _set_before(kept: KeptCeremony, *, point: str, needs: RestoreStartNeeds) -> str:
    """What is set by now, where AWS may have heard of an earlier try; empty where the call is to be made (again).

    The same call comes to the same, and a try that was refused as one too many has set nothing.
    """
    request, seen_at = kept.sealed.request, intent_seen_at(kept, unanswered(kept), needs=needs)
    if seen_at is None:
        return ""
    return next(iter(needs.jobs.started(request, recovery_point=point, since=seen_at)), "")


def _demand_name(kept: KeptCeremony, *, needs: RestoreStartNeeds, now: datetime) -> None:
    """The name is still free, and no earlier request has it; ApprovalVoidError names what does.

    What was intended before, and not refused, may have taken the name itself; what overwrites takes none.
    """
    request = kept.sealed.request
    if may_be_begun(kept) and not request.overwrites:
        return
    _demand_holder(request, needs=needs)
    _demand_first(request, needs=needs, now=now)


def _demand_holder(request: RestoreRequest, *, needs: RestoreStartNeeds) -> None:
    """What has the name is what was approved, or nothing where it must be free; ApprovalVoidError names what it is."""
    holder = needs.targets.holder(request.metadata, account=request.account, region=request.region)
    try:
        demand_name(holder, request)
    except RestoreRefusedError as error:
        raise ApprovalVoidError(str(error)) from error


def _demand_first(request: RestoreRequest, *, needs: RestoreStartNeeds, now: datetime) -> None:
    """No earlier request comes to the same; ApprovalVoidError names the one that does."""
    try:
        demand_first(request, needs.open_requests.unended(now=now))
    except RestoreRefusedError as error:
        raise ApprovalVoidError(str(error)) from error


def _begun_at(kept: KeptCeremony, *, needs: RestoreStartNeeds) -> datetime:
    """Now, by ours or the witness's clock, whichever is ahead: nothing seems to begin before its intent was seen."""
    seen_at = intent_seen_at(kept, reversed(kept.chain), needs=needs)
    return max(filter(None, (needs.clock(), seen_at)))


def _start(kept: KeptCeremony, *, point: str, needs: RestoreStartNeeds, now: datetime) -> str:
    request = kept.sealed.request
    if request.is_after:
        _demand_first(request, needs=needs, now=now)
        demand_still_wanted(request, needs=needs)
    else:
        _demand_name(kept, needs=needs, now=now)
    _demand_pause(kept, now=now)
    if most_of_ours(request) is not None:
        running = needs.running.running(request, with_metadata=goes_one_into(request))
        demand_turn(request, running=running, now=now)
    is_first = request.overwrites or not may_be_begun(kept)
    facts = {"recovery_point": point}
    intended = witness_intent(kept, EntryKind.RESTORE_INTENDED, facts=facts, needs=needs, now=now)
    try:
        if request.overwrites:
            _demand_holder(request, needs=needs)
        return needs.starter.start_job(intended.sealed.request, recovery_point=point)
    except ThrottledError as error:
        # It says nothing of an earlier try that nobody answered.
        if is_first:
            reason = {"reason": str(error)}
            needs.keeper.record(intended, EntryKind.RESTORE_THROTTLED, facts=reason, at=needs.clock())
        raise


def _demand_pause(kept: KeptCeremony, *, now: datetime) -> None:
    """TemporarilyUnavailableError while it is too early to try again what came to nothing before.

    AWS refused it as one too many; or it overwrites, and each try writes an intent of its own.
    """
    is_over = kept.sealed.request.overwrites
    kind = EntryKind.RESTORE_INTENDED if is_over else EntryKind.RESTORE_THROTTLED
    tried = [entry.at for entry in kept.chain if entry.kind == kind]
    if tried and now < (again := tried[-1] + _LONGER * (len(tried) - 1)):
        why = (
            f"nothing came of its {len(tried)} intents so far, and it is tried again"
            if is_over
            else f"AWS refused it {len(tried)} times as one too many, and is asked again"
        )
        raise TemporarilyUnavailableError(f"it waits for its turn: {why} at {moment_text(again)}")


def _publish(kept: KeptCeremony, *, needs: RestoreStartNeeds, now: datetime) -> None:
    request: RestoreRequest = kept.sealed.request
    verdict = demand_approved(kept, needs=needs, now=now)
    needs.publisher.publish(
        RestoreApproved(
            account=request.account,
            region=request.region,
            resource=request.resource,
            reason=f"{Arn.parse(request.resource).name}: {verdict.reason}",
            request_id=request.id,
            approvers=verdict.people,
        )
    )
