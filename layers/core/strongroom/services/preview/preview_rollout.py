"""Say what a rollout would catch, cost and bind, before it is applied; nothing is changed."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.backup_policy.organization import EffectivePolicies, Organization, effective_policies
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.tier_names import plans_of
from strongroom.domain.preview.accounts import Governance
from strongroom.domain.preview.locks import VaultLockDate
from strongroom.domain.preview.plans import read_plans
from strongroom.domain.preview.proposal import Preview, Proposal, preview_proposal
from strongroom.domain.preview.resources.catches import Offer
from strongroom.domain.preview.resources.inventory import Inventory, OptIns, Resource
from strongroom.domain.preview.slots import Slots, scp_slots
from strongroom.domain.rollout.desired import selected_types
from strongroom.domain.rollout.foreign_plans import judge_foreign_plans, parted_policies
from strongroom.domain.stacks.attached_policies import BACKUP_POLICY, SERVICE_CONTROL_POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from strongroom.domain.backup_policy.documents import Document
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.intent.vaults import VaultLock
    from strongroom.domain.preview.money.prices import PriceTable
    from strongroom.domain.preview.tree import LiveTree
    from strongroom.domain.rollout.desired import Desired
    from strongroom.domain.rollout.live import LiveOrganization, LiveVault
    from strongroom.ports.preview import BackupSizes, OrganizationTree, ResourceFinder


class PreviewNeeds(Struct, frozen=True, kw_only=True):
    """What a preview needs of the world, besides the organisation that the rollout has read."""

    tree: OrganizationTree
    finder: ResourceFinder
    sizes: BackupSizes


def preview_rollout(
    desired: Desired, live: LiveOrganization, *, needs: PreviewNeeds, prices: PriceTable, now: datetime
) -> Preview:
    """The preview of what `desired` would make of the organisation; any StrongroomError says what could not be read."""
    tree = needs.tree.read()
    ours, strangers = parted_policies(desired, live)
    theirs = [(policy.id, policy.document or {}, policy.targets) for policy in strangers]
    wanted = [(each.name, each.document, each.targets) for each in desired.policies if each.type == BACKUP_POLICY]
    before = _effective(tree, [*theirs, *((policy.id, policy.document or {}, policy.targets) for policy in ours)])
    after = _effective(tree, [*theirs, *wanted])
    return preview_proposal(
        Proposal(
            before=before,
            after=after,
            governance=_governance(desired, tree, {target for policy in ours for target in policy.targets}),
            inventory=_inventory(desired, live, before, after, needs=needs),
            offer=_offer(desired.intent, tree),
            prices=prices,
            opt_ins=_opted_in(desired.intent, live),
            locks=tuple(_locks(desired.intent, live, now=now)),
            slots=tuple(_slots(desired, live, tree)),
            findings=tuple(judge_foreign_plans(desired, live)),
        )
    )


def _effective(tree: LiveTree, policies: Sequence[tuple[str, Document, tuple[str, ...]]]) -> EffectivePolicies:
    attachments: dict[str, tuple[str, ...]] = {}
    for policy, _, targets in policies:
        for target in targets:
            attachments[target] = (*attachments.get(target, ()), policy)
    return effective_policies(
        Organization(
            units=tree.units,
            accounts={str(account): unit for account, unit in tree.accounts.items()},
            attachments=attachments,
            documents={policy: document for policy, document, _ in policies},
        )
    )


def _governance(desired: Desired, tree: LiveTree, governed_today: set[str]) -> Governance:
    targets = {target.id(desired.intent): target.name for target in desired.intent.targets}
    nearest = {account: tree.nearest(account, targets) for account in tree.accounts}
    today = {account: tree.nearest(account, governed_today) for account in tree.accounts}
    return Governance(
        before={account: tree.name(place) for account, place in today.items() if place is not None},
        after={account: targets[place] for account, place in nearest.items() if place is not None},
        units={account: tree.name(unit) for account, unit in tree.accounts.items()},
        management_account=desired.intent.organization.management_account,
    )


def _offer(intent: Intent, tree: LiveTree) -> Offer:
    tiers = {plan.name: tier for tier in intent.offered_tiers() for plan in plans_of(intent, tier)}
    offered = {
        target.id(intent): frozenset(plan for plan, tier in tiers.items() if tier in target.tiers)
        for target in intent.targets
    }
    nearest = {account: tree.nearest(account, offered) for account in tree.accounts}
    return Offer(
        tiers=tiers,
        offered={account: offered[place] for account, place in nearest.items() if place is not None},
    )


def _inventory(
    desired: Desired, live: LiveOrganization, *policies: EffectivePolicies, needs: PreviewNeeds
) -> Inventory:
    """What is in the accounts that plans reach, now or then, in the Regions where they run."""
    regions = {Region(region) for region in desired.intent.organization.regions}
    accounts: set[AccountId] = set()
    for group in (group for each in policies for group in each.groups):
        plans = read_plans(group.effective)
        regions.update(Region(region) for plan in plans for region in plan.regions)
        accounts.update(AccountId(account) for account in group.accounts if plans)
    places = [(account, region) for account in sorted(accounts) for region in sorted(regions)]
    found = needs.finder.resources(places)
    sizes = {arn: size for region in sorted(regions) for arn, size in needs.sizes.last_sizes(region).items()}
    return Inventory(
        resources=tuple(_sized(resource, sizes) for there in found.values() for resource in there or ()),
        opt_ins={region: opt_ins.served for region, opt_ins in live.opt_ins.items()},
        unread=frozenset(account for (account, _), there in found.items() if there is None),
    )


def _opted_in(intent: Intent, live: LiveOrganization) -> OptIns:
    """The opt-ins after the rollout, which switches on what the tiers select."""
    wanted = selected_types(intent)
    return {
        region: {name: is_on or name in wanted for name, is_on in opt_ins.served.items()}
        for region, opt_ins in live.opt_ins.items()
    }


def _sized(resource: Resource, sizes: Mapping[str, float]) -> Resource:
    return replace(resource, gigabytes=sizes[resource.arn]) if resource.arn in sizes else resource


def _locks(intent: Intent, live: LiveOrganization, *, now: datetime) -> Iterator[VaultLockDate]:
    for vault in destination_vaults(intent):
        if vault.lock is not None:
            day = _immutable_from(vault.lock, live.vaults.get(vault.arn), now=now)
            yield VaultLockDate(vault=vault.arn, name=vault.name, immutable_from=day)


def _immutable_from(lock: VaultLock, found: LiveVault | None, *, now: datetime) -> date | None:
    """The day on which AWS says that the lock becomes immutable, or would; None for one that never does."""
    if found is not None and found.lock_date is not None:
        return found.lock_date.date()
    return (now + lock.cooling_off()).date() if lock.is_final else None


def _slots(desired: Desired, live: LiveOrganization, tree: LiveTree) -> Iterator[Slots]:
    wanted: dict[str, frozenset[str]] = {}
    for policy in desired.policies:
        for target in policy.targets if policy.type == SERVICE_CONTROL_POLICY else ():
            wanted[target] = wanted.get(target, frozenset()) | {policy.name}
    attached = {
        target: [each.name for each in listed if each.type == SERVICE_CONTROL_POLICY]
        for target, listed in live.attached.items()
    }
    for slots in scp_slots(wanted, attached, limit=live.scps_per_target):
        yield replace(slots, target=tree.name(slots.target))
