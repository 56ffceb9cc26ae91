"""Copy the recovery point from the central vault back into the account's own vault, through one between if need be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreRefusedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.history import COPY_BACK, COPY_THROUGH
from strongroom.domain.restores.arriving.landing import demand_as_rendered, hop_between, last_hop
from strongroom.domain.restores.deciding.afresh.landed import why_not_of_the_backup
from strongroom.domain.restores.plans import RestorePlan
from strongroom.services.restores.acting.authorise_act import AuthorityNeeds, authorise_act, witness_intent
from strongroom.services.restores.acting.copied_through import point_to_copy_back

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.evidence.history import Act
    from strongroom.domain.restores.arriving.landing import Hop
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.restores import CopyBackJobs, CopyBackStarter
    from strongroom.services.evidence.keep_ceremony import KeptCeremony


class CopyBackStarted(Struct, frozen=True, kw_only=True):
    """The copy job that brings the recovery point back, or that brings it on its way."""

    request_id: str
    job: str
    reason: str


class CopyBackStartNeeds(AuthorityNeeds, frozen=True, kw_only=True):
    """What starting the copy needs of the world."""

    starter: CopyBackStarter
    copies: CopyBackJobs


def start_copy_back(request_id: str, *, execution: str, needs: CopyBackStartNeeds, now: datetime) -> CopyBackStarted:
    """Look at everything, have the intent witnessed, then start the copy once; errors as of `authorise_act`.

    Of two copies the second is started once the first has arrived. A copy that was started by a try that died is not
    started twice: the request's id makes the idempotency token.
    """
    kept = authorise_act(request_id, execution=execution, needs=needs, now=now)
    if kept.sealed.request.plan is not RestorePlan.COPY_BACK:
        raise ApprovalVoidError("the approved plan copies nothing back")
    request = kept.sealed.request
    act = COPY_THROUGH if request.through_vault and not kept.has(EntryKind.COPIED_THROUGH) else COPY_BACK
    started = kept.last(act.started)
    if started is None:
        _demand_as_rendered(request, needs=needs)
        hop = _hop(kept, act, needs=needs)
        facts = {"recovery_point": hop.recovery_point, "source": hop.source}
        kept = witness_intent(kept, act.intended, facts=facts, needs=needs, now=now)
        started = {"job": needs.starter.start(request, hop)}
        needs.keeper.record(kept, act.started, facts=started, at=needs.clock())
    return CopyBackStarted(request_id=request_id, job=started["job"], reason="everything still held")


def _hop(kept: KeptCeremony, act: Act, *, needs: CopyBackStartNeeds) -> Hop:
    """The copy that is to be started; what an earlier one has made is looked at first: it is of the approved backup."""
    request = kept.sealed.request
    if act is COPY_THROUGH:
        return hop_between(request, intent=needs.intent)
    point = point_to_copy_back(kept, copies=needs.copies, intent=needs.intent)
    if request.through_vault:
        found = needs.points.find(point, vault=request.through_vault)
        why = "is not there any more" if found is None else why_not_of_the_backup(request, landed=found)
        if why:
            raise ApprovalVoidError(f"the recovery point in the vault between {why}")
    return last_hop(request, recovery_point=point, intent=needs.intent)


def _demand_as_rendered(request: RestoreRequest, *, needs: CopyBackStartNeeds) -> None:
    """The temporary vault still lies under a key of its profile, without a lock; ApprovalVoidError otherwise."""
    if not request.temporary_vault:
        return
    try:
        demand_as_rendered(needs.points.landing(request.account, request.region), intent=needs.intent)
    except (NotFoundError, RestoreRefusedError) as error:
        raise ApprovalVoidError(f"the vault that it is copied back into is not as it was: {error}") from error
