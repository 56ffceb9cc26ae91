"""Whether an account is protected as its organisational unit demands, and if not, what exactly is missing."""

from collections.abc import Iterator, Mapping
from copy import replace
from typing import Any, Final

from msgspec import Struct, field

from strongroom.domain.accounts.membership import AccountState, AccountVerdict, Placement
from strongroom.domain.accounts.selections import leaves, selects
from strongroom.domain.catalogue.rows import opted_in_types
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Exemption, Intent, Organization, Target
from strongroom.domain.intent.places import own_places, own_regions
from strongroom.domain.intent.tier_names import words_of_tags
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.regions import enabling, is_off, may_be_off

FORWARDER_RULE = "strongroom-forwarder"
_INVALID: Final = "effective backup policy: it is not valid, and AWS keeps to the last one that was"


class RegionInspection(Struct, frozen=True, kw_only=True):
    """What an account has in one Region; empty means that it is not there, or that the Region is off in the account.

    `vaults` are its own by name, each with who manages its key, None where the key is gone. `stacks_behind` are ours
    whose last update did not come about, by the name of their StackSet, each with its status.
    """

    region: Region
    vaults: Mapping[str, str | None] = field(default_factory=dict)
    forwarder_enabled: bool = False
    forwarder_targets: tuple[str, ...] = ()
    types_switched_off: tuple[str, ...] = ()
    types_managed_in_part: tuple[str, ...] = ()
    stacks_behind: Mapping[str, str] = field(default_factory=dict)
    opt_status: str = "ENABLED"


class Inspection(Struct, frozen=True, kw_only=True):
    """What was seen inside an account; `refusal` says why nothing could be seen."""

    refusal: str | None = None
    role_arns: frozenset[str] = frozenset()
    regions: tuple[RegionInspection, ...] = ()


def judge_readiness(
    account: AccountId,
    *,
    placement: Placement,
    effective_policy: Mapping[str, Any],
    inspection: Inspection,
    intent: Intent,
    central_bus: str,
    has_invalid_policy: bool = False,
    exemption: Exemption | None = None,
) -> AccountVerdict:
    """READY when the policy and every piece of the member stack are in place, else NOT_READY naming what is not."""
    target, why_not = placement.target, exemption.sentence if exemption else None
    missing = (
        *([_INVALID] if has_invalid_policy else ()),
        *_missing_plans(effective_policy, target=target, intent=intent),
        *_missing_inside(account, inspection=inspection, intent=intent, central_bus=central_bus),
    )
    return AccountVerdict(
        account=account,
        state=AccountState.NOT_READY if missing else AccountState.READY,
        reason=_reason(missing, target.name, exemption=why_not),
        missing=missing,
        unit=target.name,
        units=placement.units,
        exemption=why_not,
    )


def judge_signs(
    verdict: AccountVerdict, *, unheard: tuple[str, ...], ungone: tuple[str, ...], is_begun: bool
) -> AccountVerdict:
    """The verdict on an account that has every piece: READY once each works, which its first signs show.

    `unheard` are heartbeats that have not come, `ungone` what its first inventory has yet to go through, which somebody
    sees to where that `is_begun`. Neither can come before the pieces, so that only the piece is named where one lacks.
    """
    missing = (*unheard, *ungone)
    if not missing:
        return verdict
    return replace(
        verdict,
        state=AccountState.NOT_READY,
        missing=missing,
        reason=_reason(missing, verdict.unit or "", exemption=verdict.exemption),
        awaits_signs=True,
        is_owed=bool(ungone) and not is_begun,
    )


def _reason(missing: tuple[str, ...], target: str, *, exemption: str | None) -> str:
    reason = f"{len(missing)} missing: {'; '.join(missing)}" if missing else f"all that {target} demands is in place"
    return f"{exemption} ({reason})" if exemption else reason


def _missing_plans(policy: Mapping[str, Any], *, target: Target, intent: Intent) -> Iterator[str]:
    plans = policy.get("plans", {}).values()
    for tier in target.tiers:
        selecting = [plan for plan in plans if selects(plan, tier, intent=intent)]
        regions = {region for plan in selecting for region in leaves(plan.get("regions"))}
        for region in intent.tiers[tier].regions or intent.organization.regions:
            if region not in regions:
                yield f"effective backup policy: no plan for {words_of_tags(intent, tier)} in {region}"


def _missing_inside(account: AccountId, *, inspection: Inspection, intent: Intent, central_bus: str) -> Iterator[str]:
    place = intent.organization
    if inspection.refusal is not None:
        yield f"inspection role: {inspection.refusal}"
        yield from _home_may_be_off(account, place)
        return
    for role in intent.borrowed_roles:
        if intent.member_role_arn(role, account) not in inspection.role_arns:
            yield f"role {role}"
    for seen in inspection.regions:
        if is_off(seen.opt_status):
            how = enabling(seen.region, account, opt_status=seen.opt_status, management=place.management_account)
            yield f"Region {seen.region}, which is {seen.opt_status}: {how}"
            continue
        yield from (f"{piece} in {seen.region}" for piece in _missing_in_region(seen, intent, central_bus))


def _home_may_be_off(account: AccountId, place: Organization) -> Iterator[str]:
    """The role by which that would be read is made there, and nowhere else."""
    home = place.home_region
    if may_be_off(home):
        how = enabling(home, account, opt_status="DISABLED", management=place.management_account)
        yield f"Region {home}, if it is off there: {how}"


def _missing_in_region(seen: RegionInspection, intent: Intent, central_bus: str) -> Iterator[str]:
    for name, status in seen.stacks_behind.items():
        yield f"current stack of {name} (it is {status})"
    for place in own_places(intent):
        if seen.region in own_regions(intent, place):
            yield from _missing_vault(place.vault, seen)
    if seen.region in intent.organization.regions:
        yield from _missing_where_plans_run(seen, central_bus)


def _missing_vault(vault: Vault, seen: RegionInspection) -> Iterator[str]:
    if vault.name not in seen.vaults:
        yield f"vault {vault.name}"
    elif not (vault.existing or vault.is_air_gapped) and seen.vaults[vault.name] != "CUSTOMER":
        yield f"customer-managed key of vault {vault.name}"


def _missing_where_plans_run(seen: RegionInspection, central_bus: str) -> Iterator[str]:
    if not seen.forwarder_enabled:
        yield f"enabled rule {FORWARDER_RULE}"
    elif central_bus not in seen.forwarder_targets:
        yield f"target {central_bus} of rule {FORWARDER_RULE}"
    for name in opted_in_types():
        if name in seen.types_switched_off:
            yield f"AWS Backup opt-in for {name}"
        # Plans of a backup policy leave this choice to the account (Developer Guide, "Advanced DynamoDB backup").
        if name in seen.types_managed_in_part:
            yield f"advanced {name} backup (without it no copy leaves the account)"
