"""Plan what a requester wishes: where the recovery point lies, which way it comes back, whether AWS would take it."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from strongroom.domain.errors import (
    MalformedRequestError,
    NotFoundError,
    QuorumUndefinedError,
    RestoreRefusedError,
)
from strongroom.domain.identifiers import AccountId, Arn, Region, parse_account_id
from strongroom.domain.intent.destinations import approval_team_of, copy_back_vaults, vaults_to_restore_from
from strongroom.domain.intent.places import temporary_vault_arn
from strongroom.domain.proofs.risks import NATIVE, RAW
from strongroom.domain.restores.approving.urgency import break_glass_of, clocks_of, parse_incident
from strongroom.domain.restores.arriving.landing import (
    check_places,
    decide_keeping,
    demand_as_rendered,
    demand_name,
    keep_between,
    key_of_restored,
)
from strongroom.domain.restores.backup_tier import tier_of_point
from strongroom.domain.restores.deciding.decided import as_decided
from strongroom.domain.restores.faults import Faults
from strongroom.domain.restores.planning import choose_through, decide_plan, demand_seen, restoring_role, target_region
from strongroom.domain.restores.plans import RecoveryPoint, RestorePlan
from strongroom.domain.restores.requests import (
    UNNAMED,
    RestoreRequest,
    RestoreWish,
    make_request_id,
    parse_reason,
    parse_recovery_point,
)
from strongroom.domain.restores.tickets.keys import parse_ticket_key
from strongroom.services.restores.asking.know_scans import know_scans
from strongroom.services.restores.asking.listed_points import always

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.ports.accounts import UnitDirectory
    from strongroom.ports.restores import PointLists, RecoveryPoints, RestorePlaces, RestoreTargets

_NONE: Final = timedelta(0)


def no_urgent_policy() -> str:
    """The rules for what cannot wait, where nobody has said them: QuorumUndefinedError."""
    raise QuorumUndefinedError("no rule says who approves urgent restores, so nobody can")


class RestorePlanNeeds(Struct, frozen=True, kw_only=True):
    """What planning needs of the world; `intent_digest` is the SHA-256 of the deployed intent.

    `policy_of` gives the rules' text for an account in a unit, `urgent_policy` that for what cannot wait;
    QuorumUndefinedError where there are none. Vaults that are not listed `in_time` are not waited for.
    """

    intent: Intent
    ceremony: Ceremony
    intent_digest: str
    points: RecoveryPoints
    lists: PointLists
    in_time: Callable[[], bool] = always
    places: RestorePlaces
    targets: RestoreTargets
    units: UnitDirectory
    policy_of: Callable[[AccountId, str], str]
    urgent_policy: Callable[[], str] = no_urgent_policy
    random: Callable[[int], bytes]


def plan_restore(wish: RestoreWish, *, requester: str, needs: RestorePlanNeeds, now: datetime) -> RestoreRequest:
    """The request that the wish comes to, or what is wrong with it: as much as can be known before anybody is asked."""
    faults = Faults()
    return faults.demand(sketch_restore(wish, requester=requester, needs=needs, now=now, faults=faults))


def sketch_restore(
    wish: RestoreWish, *, requester: str, needs: RestorePlanNeeds, now: datetime, faults: Faults
) -> RestoreRequest | None:
    """What the wish comes to as far as that can be told; `faults` are told all that is wrong with it."""
    account = faults.of(lambda: parse_account_id(wish.account))
    entitled = faults.of(lambda: _entitlement(wish, ceremony=needs.ceremony))
    reason = faults.of(lambda: parse_reason(wish.reason))
    lies_in = faults.of(lambda: _lies_in(wish.recovery_point, intent=needs.intent))
    if account is None or lies_in is None:
        return None
    unit = faults.of(lambda: governed_unit(account, intent=needs.intent, units=needs.units))
    found = faults.of(lambda: _found(wish, account=account, region=lies_in, needs=needs))
    region = None if found is None else faults.of(lambda: target_region(found, wished=wish.region, intent=needs.intent))
    point = (
        found and know_scans(found, account=account, intent=needs.intent, lists=needs.lists, in_time=needs.in_time)[0]
    )
    course = None
    if point is not None and region is not None:
        course = faults.of(lambda: _course(point, wish, account=account, region=region, intent=needs.intent))
    is_ruled = unit is not None and (entitled is not None or not wish.incident)
    policy = faults.of(lambda: _policy(wish, account=account, unit=unit or "", needs=needs)) if is_ruled else None
    if entitled is None or unit is None or point is None or region is None or course is None or policy is None:
        return None
    plan, through = course
    team = approval_team_of(needs.intent, point.vault)
    clocks = clocks_of(needs.ceremony.restores, plan=plan, is_urgent=bool(wish.incident), is_opened_by_team=bool(team))
    approve_before = now.replace(microsecond=0) + clocks.approve_within
    act_before = approve_before + clocks.act_within
    is_copied = plan is not RestorePlan.LOCAL
    vault = faults.of(lambda: needs.points.landing(account, region)) if is_copied else None
    if vault is not None:
        faults.of(lambda: demand_as_rendered(vault, intent=needs.intent))
    kept_for = vault and faults.of(lambda: decide_keeping(point, vault=vault, act_before=act_before, now=now))
    between_for = None
    if through:
        between_for = faults.of(
            lambda: keep_between(point, through=through, act_before=act_before, now=now, intent=needs.intent)
        )
    request = RestoreRequest(
        id=make_request_id(needs.random(8)),
        requester=requester,
        account=account,
        region=region,
        unit=unit,
        tier=tier_of_point(point, account=account, intent=needs.intent),
        risks=(),
        resource=point.resource,
        resource_type=point.resource_type,
        recovery_point=point.arn,
        recovery_point_created_at=point.created_at,
        vault=point.vault,
        plan=plan,
        target_name=wish.target_name or UNNAMED,
        metadata=(),
        original=(),
        role=restoring_role(needs.intent, account=account, kind=_kind(wish)),
        key="",
        ticket=entitled.ticket,
        reason=reason or "",
        policy=policy,
        intent_digest=needs.intent_digest,
        requested_at=now,
        approve_before=approve_before,
        act_before=act_before,
        copy_kept_for=kept_for or _NONE,
        incident=entitled.incident,
        temporary_vault=temporary_vault_arn(needs.intent, account=account, region=region) if is_copied else "",
        through_vault=through,
        through_kept_for=between_for or _NONE,
        approval_team=team,
        wishes=tuple(sorted(wish.metadata.items())),
        kind=_kind(wish),
    )
    faults.of(lambda: demand_shown(request, points=needs.points))
    decided = faults.of(lambda: _decided(request, point=point, needs=needs))
    if decided is None:
        return request
    if decided.is_raw or decided.goes_into_what_lives:
        return decided
    return replace(decided, key=key_of_restored(point, metadata=decided.metadata, vault=vault))


def demand_shown(request: RestoreRequest, *, points: RecoveryPoints) -> None:
    """Pass where the account sees the vault, whosever that is; RestoreRefusedError where nobody shares it with it."""
    if request.shared_by is not None:
        demand_seen(request, is_seen=points.sees(request.account, request.vault))


class _Course(NamedTuple):
    """The way back, and the vault that it is copied through, if any."""

    plan: RestorePlan
    through: str


def _course(point: RecoveryPoint, wish: RestoreWish, *, account: AccountId, region: Region, intent: Intent) -> _Course:
    through = choose_through(point, region=region, in_two=wish.in_two_copies, intent=intent)
    return _Course(decide_plan(point, account=account, region=region, intent=intent, through=through), through)


def _kind(wish: RestoreWish) -> str:
    if wish.is_native:
        return NATIVE
    return RAW if wish.is_raw else ""


class _Entitlement(NamedTuple):
    """What entitles to the restore: a ticket, or an incident in place of it; the other is empty."""

    ticket: str
    incident: str


def _entitlement(wish: RestoreWish, *, ceremony: Ceremony) -> _Entitlement:
    if not wish.incident:
        return _Entitlement(parse_ticket_key(wish.ticket, system=ceremony.tickets.system), "")
    if wish.ticket:
        raise MalformedRequestError("a restore takes a ticket, or where it cannot wait an incident, and not both")
    return _Entitlement("", parse_incident(wish.incident, form=break_glass_of(ceremony.restores).incident))


def _policy(wish: RestoreWish, *, account: AccountId, unit: str, needs: RestorePlanNeeds) -> str:
    return needs.urgent_policy() if wish.incident else needs.policy_of(account, unit)


def _decided(request: RestoreRequest, *, point: RecoveryPoint, needs: RestorePlanNeeds) -> RestoreRequest:
    """The request with its settings, of which everything is where they say, and whose name is free."""
    decided = as_decided(request, point=point, restores=needs.ceremony.restores)
    metadata, account, region = decided.metadata, request.account, request.region
    faults = Faults()
    faults.of(lambda: check_places(needs.places.find(metadata, account=account, region=region)))
    faults.of(lambda: demand_name(needs.targets.holder(metadata, account=account, region=region), decided))
    return faults.demand(decided)


def _lies_in(recovery_point: str, *, intent: Intent) -> Region:
    """The Region of the recovery point; MalformedRequestError where no vault of ours can be."""
    region = parse_recovery_point(recovery_point).region or intent.organization.home_region
    copied = {Arn.parse(vault).region for vault in copy_back_vaults(intent)}
    if region not in {*intent.organization.regions, *copied}:
        raise MalformedRequestError(f"{region} is not one of the governed Regions, and has no vault of copies")
    return region


def governed_unit(account: AccountId, *, intent: Intent, units: UnitDirectory) -> str:
    """The name of the target that governs the account; NotFoundError for an account that none governs."""
    try:
        target = intent.target_of(account, units.units_of(account))
    except NotFoundError as error:
        raise NotFoundError(f"there is no account {account} in the organisation") from error
    if target is None:
        raise NotFoundError(
            f"account {account} is in no governed organisational unit; nothing is restored into it here"
        )
    return target.name


def _found(wish: RestoreWish, *, account: AccountId, region: Region, needs: RestorePlanNeeds) -> RecoveryPoint:
    ours = vaults_to_restore_from(needs.intent, account=account, region=region)
    if wish.vault and wish.vault not in ours:
        raise RestoreRefusedError(f"restores come from {' or '.join(ours)}, not from {wish.vault[:200]}")
    vaults = (wish.vault,) if wish.vault else ours
    found = (needs.points.find(wish.recovery_point, vault=vault) for vault in vaults)
    point = next((point for point in found if point is not None), None)
    if point is None:
        names = " nor ".join(Arn.parse(vault).name for vault in vaults)
        raise NotFoundError(f"no recovery point {wish.recovery_point} lies in {names} of account {account}")
    return point
