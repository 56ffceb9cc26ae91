"""A request as the one decision makes it: settings, risks, what is left out and what is left to do.

It is made before anybody is asked, and before each act again: from the signed request, the recovery point as it is
then, and the profiles and limits that are in force then. What differs is not what was approved.
"""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.domain.catalogue.model import CopyKey
from strongroom.domain.errors import FaultsFoundError
from strongroom.domain.forms import ELEVATED_RISK
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.approving.stricter import demand_stricter_rule
from strongroom.domain.restores.arriving.landing import WORKING_MARGIN
from strongroom.domain.restores.deciding.case import PointFacts, RestoreCase, Storage, Target, Way
from strongroom.domain.restores.deciding.decide import decide_kind
from strongroom.domain.restores.deciding.decision import ELEVATED, Verdict
from strongroom.domain.restores.deciding.profiles import allowance_of
from strongroom.domain.restores.deciding.saying import folded, settings_of
from strongroom.domain.restores.kinds.restored_here import (
    kind_restored_by_hand,
    kind_restored_here,
    why_not_restored_so,
)
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import UNNAMED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.intent.ceremony import Restores
    from strongroom.domain.restores.deciding.decision import RestoreDecision
    from strongroom.domain.restores.kinds.model import NativeCall, RestoreKind
    from strongroom.domain.restores.plans import RecoveryPoint
    from strongroom.domain.restores.requests import RestoreRequest

_MINUTE: Final = timedelta(minutes=1)
# Of what a hostile backup tells not all is repeated; the risk has the number.
_MOST_TOLD: Final = 10
_WHICH_ONE: Final = "`strongroom restore find` of the resource offers the one to ask for"


def as_decided(request: RestoreRequest, *, point: RecoveryPoint, restores: Restores) -> RestoreRequest:
    """The request with all that the decision says of it; RestoreRefusedError tells all that is wrong at once."""
    find = kind_restored_by_hand if request.kind else kind_restored_here
    kind = find(point.resource_type, resource=point.resource, backup=point.restore_metadata)
    native = kind.call_for(dict(request.wishes)) if request.is_native else None
    decision = decide_kind(kind, _case(request, kind, point=point, restores=restores))
    faults = [refusal.sentence for refusal in decision.refusals]
    if _name_of(request) and native and native.into:
        faults.append(f"the parameters of {native.call} say what becomes of it; leave the name out")
    elif _name_of(request) and not kind.target.shape and not request.is_raw:
        faults.append(f"what is made of {kind.name} has no name to choose: {kind.target.after}; leave the name out")
    if why := why_not_restored_so(kind, is_composite=point.is_composite):
        faults.append(f"{why}: {_WHICH_ONE}")
    if native and Arn.parse(request.recovery_point).service != kind.row.service:
        faults.append(f"the recovery point is none of the service's own, which alone {native.call} takes")
    if native and native.into and native.is_in_arn:
        faults.extend(_elsewhere(request, native))
    if faults:
        raise FaultsFoundError(*faults)
    if decision.verdict is Verdict.ELEVATED:
        demand_stricter_rule(request, why=_why_graver(decision))
    left_out = tuple(f"{each.key}: {each.reason}" for each in decision.left_out[:_MOST_TOLD])
    return replace(
        request,
        call=native.call if native else "",
        metadata=decision.metadata,
        original=settings_of(point.restore_metadata, folded(kind.keys)),
        risks=_words(decision),
        risk_sentences=tuple(risk.sentence for risk in decision.risks),
        left_out=left_out,
        steps=decision.steps,
    )


def _elsewhere(request: RestoreRequest, native: NativeCall) -> Iterator[str]:
    """What is added to something live is added to what was backed up, and to nothing else."""
    own = Arn.parse(request.resource).name
    if dict(request.wishes).get(native.into) != own:
        yield f"{native.into} must be {own}, which was backed up: {native.call} adds to nothing else"


def way_of(
    plan: RestorePlan, *, vault: str, account: str, region: str, through: str = "", approval_team: str = ""
) -> Way:
    """The way out of that vault into that account and Region, as the decision takes it.

    Without a copy it comes out of another account's vault only where that is air-gapped, and shared with this one, or
    opened to it by its `approval_team`. `through` is a vault between, if any.
    """
    if plan is RestorePlan.LOCAL and approval_team:
        return Way.AIR_GAPPED_MPA
    if plan is RestorePlan.LOCAL:
        return Way.LOCAL if Arn.parse(vault).account == account else Way.AIR_GAPPED
    if through:
        return Way.OTHER_REGION_IN_TWO
    return Way.COPY_BACK if Arn.parse(vault).region == region else Way.OTHER_REGION


def way_of_request(request: RestoreRequest) -> Way:
    """The way that a request says, by what of it is signed."""
    return way_of(
        request.plan,
        vault=request.vault,
        account=request.account,
        region=request.region,
        through=request.through_vault,
        approval_team=request.approval_team,
    )


def _case(request: RestoreRequest, kind: RestoreKind, *, point: RecoveryPoint, restores: Restores) -> RestoreCase:
    """The restore as the decision takes it; what depends on the time is of the time at which it was asked for."""
    allowed = allowance_of(restores, account=request.account, region=request.region)
    age = request.requested_at - point.created_at
    return RestoreCase(
        kind=kind.name,
        backup=point.restore_metadata,
        wishes=dict(request.wishes),
        target=Target(account=request.account, region=request.region, name=_name_of(request)),
        point=PointFacts(
            status=point.status,
            storage=Storage.COLD if point.is_cold else Storage.WARM,
            encrypted=_is_encrypted(point, kind),
            scan=point.scan,
            unread_vaults=point.unread_vaults,
            # Not looked up here: the ledger knows it, and decides nothing.
            verified=None,
            region=Arn.parse(point.vault).region,
            age_days=age.days,
            loses_minutes=age // _MINUTE,
        ),
        profile=allowed.profile,
        limits=allowed.limits,
        way=way_of_request(request),
        request=request.id,
        is_raw=request.is_raw,
        is_native=request.is_native,
        copy_days=_whole_days(request.copy_kept_for - age) if request.copy_kept_for else WORKING_MARGIN.days,
        copied_under_own_key=bool(request.temporary_vault),
    )


def _name_of(request: RestoreRequest) -> str:
    return "" if request.target_name == UNNAMED else request.target_name


def _is_encrypted(point: RecoveryPoint, kind: RestoreKind) -> bool | None:
    if point.encryption_key is None and kind.row.copy_key is CopyKey.UNTOLD:
        return None
    return point.encryption_key is not None or kind.row.is_always_encrypted


def _words(decision: RestoreDecision) -> tuple[str, ...]:
    """The risks by the words that approval rules know, each once, in the order in which people read them."""
    elevated = (ELEVATED_RISK,) if decision.verdict is Verdict.ELEVATED else ()
    return (*elevated, *dict.fromkeys(str(risk.danger) for risk in decision.risks))


def _why_graver(decision: RestoreDecision) -> str:
    return " ".join(risk.sentence for risk in decision.risks if risk.danger in ELEVATED)


def _whole_days(span: timedelta) -> int:
    return -(-span // timedelta(days=1))
