"""Read the live organisation and say what the intent would change in it; nothing is changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import replace
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import AccessRefusedError, CallRefusedError, NotFoundError
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.destinations import destination_vaults, opened_vaults
from strongroom.domain.intent.governed import excluded_units
from strongroom.domain.rollout.desired import (
    AUDIT_STACK,
    MANAGEMENT_STACK,
    Desired,
    framework_places,
    governed_targets,
    opt_in_regions,
    report_bucket,
    service_linked_roles,
)
from strongroom.domain.rollout.live import LiveOrganization, LivePolicy, LiveStack
from strongroom.domain.rollout.members import LiveMembers, places_that_may_be_shut
from strongroom.domain.rollout.plan import decide_rollout
from strongroom.domain.rollout.restore_profiles import profiles_of
from strongroom.domain.rollout.slots import attachment_targets
from strongroom.domain.rollout.stacks import is_busy
from strongroom.domain.rollout.surroundings.regions import own_places_that_may_be_shut

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.rollout.steps import RolloutPlan
    from strongroom.domain.rollout.surroundings.keys import FoundKey, SourceFound, Sources
    from strongroom.domain.rollout.surroundings.trails import TrailFound
    from strongroom.domain.rulebook.agreement import RulesEvidence
    from strongroom.ports.rollout import (
        AccountInspector,
        BackupSettings,
        IntentCarriers,
        MemberStacks,
        OrganizationSwitchboard,
        PolicyCabinet,
        QuotaBook,
        RestorePlacesBook,
        RulesArchive,
        SourceReader,
        StackDeployer,
        TrailReader,
        VaultShares,
    )

_AT_ONCE: Final = 16  # there may be thousands of accounts


class RolloutNeeds(Struct, frozen=True, kw_only=True):
    """What a rollout needs of the world; `pause` waits a moment before AWS is asked again."""

    organization: OrganizationSwitchboard
    policies: PolicyCabinet
    quotas: QuotaBook
    backup: BackupSettings
    stacks: StackDeployer
    accounts: AccountInspector
    carriers: IntentCarriers
    members: MemberStacks
    rules: RulesArchive
    places: RestorePlacesBook
    trails: TrailReader
    keys: SourceReader
    shares: VaultShares
    pause: Callable[[], None]


def plan_rollout(
    desired: Desired,
    *,
    needs: RolloutNeeds,
    now: datetime,
    confirmed_days: int | None,
    has_bucket: bool,
    accepts_loosening: bool,
    rules_evidence: RulesEvidence | None = None,
    waits: bool = False,
    live: LiveOrganization | None = None,
) -> RolloutPlan:
    """The steps and findings; any StrongroomError says what could not be read.

    Who `waits` plans once nobody else is changing a stack, of which what it makes could be seen without it. `live` are
    the facts, where somebody has read them already.
    """
    read = read_at_rest if waits else read_organization
    return decide_rollout(
        desired,
        live or read(desired, needs=needs),
        now=now,
        confirmed_days=confirmed_days,
        has_bucket=has_bucket,
        accepts_loosening=accepts_loosening,
        rules_evidence=rules_evidence,
    )


def read_at_rest(desired: Desired, *, needs: RolloutNeeds) -> LiveOrganization:
    """The facts of a moment in which no stack of ours was changed, however long that takes to come."""
    while True:
        before = _stacks(desired, needs.stacks)
        if not any(found is not None and is_busy(found) for found in before.values()):
            live = read_organization(desired, needs=needs)
            if before == _stacks(desired, needs.stacks):
                return live
        needs.pause()


def read_organization(desired: Desired, *, needs: RolloutNeeds) -> LiveOrganization:
    """The facts that the intent is compared with."""
    intent, control_plane = desired.intent, desired.control_plane
    stacks, log = _stacks(desired, needs.stacks), desired.evidence_log
    policies = _policies(desired, stacks.get(MANAGEMENT_STACK), needs.policies)
    members = read_members(desired, needs=needs)
    locked = {vault.arn: needs.backup.vault(vault.arn) for vault in destination_vaults(intent)}
    vaults = {arn: vault for arn, vault in locked.items() if vault is not None}
    return LiveOrganization(
        switches=needs.organization.read(),
        stack_sets_are_active=needs.stacks.stack_sets_are_active(),
        global_settings=needs.backup.global_settings(),
        opt_ins={region: needs.backup.opt_ins(region) for region in opt_in_regions(intent)},
        service_linked_roles=frozenset(
            (account, service)
            for account, service in service_linked_roles(intent)
            if needs.accounts.has_service_linked_role(account, service)
        ),
        policies=policies,
        paths={target: needs.policies.path(target) for target in _targets(desired, policies)},
        stacks={name: stack for name, stack in stacks.items() if stack is not None},
        vaults=vaults,
        carried=() if stacks[control_plane.name] is None else needs.carriers.carried(control_plane),
        watch_carried=() if log is None or stacks[log.name] is None else needs.carriers.carried_by_some(log),
        attached={target: needs.policies.attached(target) for target in attachment_targets(desired)},
        scps_per_target=needs.quotas.scps_per_target(),
        resource_policy=needs.policies.resource_policy(),
        accounts_with_invalid_policy=needs.policies.accounts_with_invalid_policy(),
        has_report_bucket=(has_bucket := _has_report_bucket(intent, needs=needs)),
        kept_rules=needs.rules.kept() if has_bucket and stacks.get(AUDIT_STACK) else {},
        members=members,
        unrecorded=needs.accounts.unrecorded(framework_places(intent, _accounts(members))),
        trails=_trails(intent, needs.trails),
        sources=_sources(intent, _accounts(members), needs.keys),
        gap_keys={arn: _key(arn, vault.key, needs.keys) for arn, vault in vaults.items() if vault.key},
        shares={vault.arn: needs.shares.shares(vault.arn) for vault in opened_vaults(intent)},
        profiles={(each.account, each.region): needs.places.values(each) for each in profiles_of(intent)},
    )


def _has_report_bucket(intent: Intent, *, needs: RolloutNeeds) -> bool:
    place = intent.organization
    if place.audit_account is None:
        return False
    return needs.accounts.has_bucket(report_bucket(intent), account=place.audit_account, region=place.home_region)


def _trails(intent: Intent, reader: TrailReader) -> tuple[TrailFound, ...] | None:
    try:
        return reader.trails(intent.organization.management_account, intent.organization.home_region)
    except AccessRefusedError:
        return None


def _sources(intent: Intent, accounts: tuple[AccountId, ...], reader: SourceReader) -> Sources:
    def read(place: tuple[AccountId, Region]) -> tuple[SourceFound, ...] | None:
        try:
            return reader.sources(*place)
        except AccessRefusedError:
            return None

    places = [(account, region) for account in accounts for region in intent.organization.regions]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return dict(zip(places, pool.map(read, places), strict=True))


def _key(vault: str, key: str, reader: SourceReader) -> FoundKey:
    place = Arn.parse(vault)
    try:
        return reader.key(key, account=place.account, region=place.region)
    except (AccessRefusedError, CallRefusedError, NotFoundError) as error:
        return str(error)


def read_members(desired: Desired, *, needs: RolloutNeeds) -> LiveMembers:
    """The governed accounts, how far their stacks are, and of the Regions that may be off which are."""
    left_out, stack_sets = desired.left_out, desired.rendered.stack_sets
    found = {each.name: needs.members.instances(each.name) for each in stack_sets}
    members = LiveMembers(
        accounts={
            target: tuple(each for each in needs.policies.accounts_below(target) if each not in left_out)
            for target in governed_targets(desired.intent)
        },
        instances={name: instances for name, instances in found.items() if instances is not None},
    )
    places = places_that_may_be_shut(stack_sets, members)
    own = own_places_that_may_be_shut(desired.intent, places)
    return replace(members, opt_statuses=needs.accounts.opt_statuses(tuple(dict.fromkeys((*own, *places)))))


def _stacks(desired: Desired, deployer: StackDeployer) -> dict[str, LiveStack | None]:
    """Our stacks by name, among them those that a person deploys."""
    by_hand = (desired.control_plane, *((desired.evidence_log,) if desired.evidence_log else ()))
    places = (*(stack.place for stack in desired.stacks), *by_hand)
    return {place.name: deployer.find(place) for place in places}


def _policies(desired: Desired, stack: LiveStack | None, cabinet: PolicyCabinet) -> tuple[LivePolicy, ...]:
    """Every policy, with the documents of those, too, that our stack made and that nothing renders any more."""
    found = cabinet.policies(desired.policy_names)
    made = frozenset() if stack is None else stack.policy_ids
    ours = desired.policy_names | {policy.name for policy in found if policy.id in made}
    return found if ours == desired.policy_names else cabinet.policies(ours)


def _accounts(members: LiveMembers) -> tuple[AccountId, ...]:
    return tuple(dict.fromkeys(account for accounts in members.accounts.values() for account in accounts))


def _targets(desired: Desired, policies: tuple[LivePolicy, ...]) -> tuple[str, ...]:
    governed = (*governed_targets(desired.intent), *excluded_units(desired.intent))
    strangers = (policy.targets for policy in policies if policy.name not in desired.policy_names)
    return tuple(dict.fromkeys((*governed, *(target for targets in strangers for target in targets))))
