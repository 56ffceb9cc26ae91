"""Copy the recovery point from the central vault back into the account's own vault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreRefusedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.landing import demand_as_rendered
from strongroom.domain.restores.plans import RestorePlan
from strongroom.services.restores.acting.authorise_act import AuthorityNeeds, authorise_act, witness_intent

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.restores import CopyBackStarter


class CopyBackStarted(Struct, frozen=True, kw_only=True):
    """The copy job that brings the recovery point back."""

    request_id: str
    job: str
    reason: str


class CopyBackStartNeeds(AuthorityNeeds, frozen=True, kw_only=True):
    """What starting the copy needs of the world."""

    starter: CopyBackStarter


def start_copy_back(request_id: str, *, execution: str, needs: CopyBackStartNeeds, now: datetime) -> CopyBackStarted:
    """Look at everything, have the intent witnessed, then start the copy once; errors as of `authorise_act`.

    A copy that was started by a try that died is not started twice: the request's id is the idempotency token.
    """
    kept = authorise_act(request_id, execution=execution, needs=needs, now=now)
    if kept.sealed.request.plan is not RestorePlan.COPY_BACK:
        raise ApprovalVoidError("the approved plan copies nothing back")
    started = kept.last(EntryKind.COPY_BACK_STARTED)
    if started is None:
        _demand_as_rendered(kept.sealed.request, needs=needs)
        facts = {"recovery_point": kept.sealed.request.recovery_point, "source": kept.sealed.request.vault}
        kept = witness_intent(kept, EntryKind.COPY_BACK_INTENDED, facts=facts, needs=needs, now=now)
        started = {"job": needs.starter.start(kept.sealed.request)}
        needs.keeper.record(kept, EntryKind.COPY_BACK_STARTED, facts=started, at=needs.clock())
    return CopyBackStarted(request_id=request_id, job=started["job"], reason="everything still held")


def _demand_as_rendered(request: RestoreRequest, *, needs: CopyBackStartNeeds) -> None:
    """The temporary vault still lies under a key of its profile, without a lock; ApprovalVoidError otherwise."""
    if not request.temporary_vault:
        return
    try:
        demand_as_rendered(needs.points.landing(request.account, request.region), intent=needs.intent)
    except (NotFoundError, RestoreRefusedError) as error:
        raise ApprovalVoidError(f"the vault that it is copied back into is not as it was: {error}") from error
