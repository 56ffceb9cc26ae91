"""What a change of the backup policies would mean, before anything is changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from strongroom.domain.backup_policy.organization import AccountGroup, EffectivePolicies
from strongroom.domain.findings import Finding
from strongroom.domain.identifiers import AccountId
from strongroom.domain.preview.accounts import Accounts, Governance, decide_accounts
from strongroom.domain.preview.locks import Binding, VaultLockDate, bindings
from strongroom.domain.preview.money.bill import Money, Purse
from strongroom.domain.preview.money.prices import PriceTable
from strongroom.domain.preview.money.vaults import RulePoints, points_kept
from strongroom.domain.preview.plans import Plan, read_plans
from strongroom.domain.preview.resources.catches import CatchCounter, Caught, Offer
from strongroom.domain.preview.resources.fates import Judge, judge_of
from strongroom.domain.preview.resources.inventory import Inventory, OptIns, types_of
from strongroom.domain.preview.slots import Slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The effective policies of today and those that are proposed, and what they meet.

    `findings` are what is wrong with other policies that meet ours, `slots` those of each target that gets a guardrail.
    """

    before: EffectivePolicies
    after: EffectivePolicies
    governance: Governance
    inventory: Inventory
    offer: Offer
    prices: PriceTable
    locks: tuple[VaultLockDate, ...] = ()
    slots: tuple[Slots, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansOfAccounts:
    """The plans that run in these accounts afterwards."""

    accounts: tuple[AccountId, ...]
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What changes: accounts, plans, resources and money; what meets it: other policies, slots and locks."""

    accounts: Accounts
    effective: tuple[PlansOfAccounts, ...]
    findings: tuple[Finding, ...]
    slots: tuple[Slots, ...]
    tiers: Mapping[str, str]
    caught: Caught
    points: tuple[RulePoints, ...]
    money: Money
    money_today: Money
    prices_of: date
    locks: tuple[Binding, ...]


def preview_proposal(proposal: Proposal) -> Preview:
    """What the proposal would mean; accounts that inherit the same policies share what is worked out for them."""
    inventory, before, after = proposal.inventory, proposal.before, proposal.after
    stale = _stale(proposal)
    today = _judges(before, inventory.opt_ins)
    then = _judges(after, inventory.opt_ins) | {account: today[account] for account in stale if account in today}
    locked = frozenset(lock.vault for lock in proposal.locks)
    counter, purses = (
        CatchCounter(proposal.offer),
        (Purse(proposal.prices, frozenset()), Purse(proposal.prices, locked)),
    )
    for resource in inventory.resources:
        sides = [side[resource.account] for side in (today, then) if resource.account in side]
        if len(sides) != len(purses):
            continue  # an account that is not of the organisation has no policy of it
        rows = types_of(resource)
        verdicts = [judge.verdict(resource, rows) for judge in sides]
        counter.count(resource, before=verdicts[0], after=verdicts[1])
        for purse, judge, verdict in zip(purses, sides, verdicts, strict=True):
            if verdict.plans:
                known_as = (id(judge), verdict.plans)
                purse.add(resource, rows[0], tuple([judge.plans[name] for name in verdict.plans]), known_as=known_as)
    money, plans = purses[1].money(), tuple(_plans_of(then))
    management = then.get(proposal.governance.management_account)
    return Preview(
        accounts=decide_accounts(
            proposal.governance,
            stale=stale,
            unread=inventory.unread,
            management_plans=() if management is None else tuple(management.plans),
        ),
        effective=tuple(_effective(then)),
        findings=proposal.findings,
        slots=proposal.slots,
        tiers=proposal.offer.tiers,
        caught=counter.result(),
        points=tuple(dict.fromkeys(points_kept(plans))),
        money=money,
        money_today=purses[0].money(),
        prices_of=proposal.prices.day,
        locks=tuple(bindings(proposal.locks, plans, money.committed)),
    )


def _stale(proposal: Proposal) -> frozenset[AccountId]:
    """The accounts whose new effective policy AWS finds invalid: each keeps its last valid one."""
    invalid = [group for group in proposal.after.groups if group.faults]
    return frozenset(AccountId(account) for group in invalid for account in group.accounts)


def _judges(policies: EffectivePolicies, opt_ins: OptIns) -> dict[AccountId, Judge]:
    """The judge of each account; nobody knows what one with an invalid policy runs on, so nothing counts there."""
    judges = [(group, judge_of(_plans(group), opt_ins)) for group in policies.groups]
    return {AccountId(account): judge for group, judge in judges for account in group.accounts}


def _plans(group: AccountGroup) -> tuple[Plan, ...]:
    return () if group.faults else read_plans(group.effective)


def _plans_of(judges: Mapping[AccountId, Judge]) -> Iterator[Plan]:
    yield from dict.fromkeys(plan for judge in _distinct(judges) for plan in judge.plans.values())


def _distinct(judges: Mapping[AccountId, Judge]) -> list[Judge]:
    return list({id(judge): judge for judge in judges.values()}.values())


def _effective(judges: Mapping[AccountId, Judge]) -> Iterator[PlansOfAccounts]:
    accounts: dict[tuple[str, ...], list[AccountId]] = {}
    for account, judge in sorted(judges.items()):
        accounts.setdefault(tuple(judge.plans), []).append(account)
    for plans, sharing in accounts.items():
        yield PlansOfAccounts(accounts=tuple(sharing), plans=plans)
