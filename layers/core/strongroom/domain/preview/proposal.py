"""What a change of the backup policies would mean, before anything is changed."""

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct, field

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


class Proposal(Struct, frozen=True, kw_only=True):
    """The effective policies of today and those that are proposed, and what they meet.

    `opt_ins` are those that are proposed, by Region; elsewhere they stay what the inventory says.
    `findings` are what is wrong with other policies that meet ours, `slots` those of each target that gets a guardrail.
    """

    before: EffectivePolicies
    after: EffectivePolicies
    governance: Governance
    inventory: Inventory
    offer: Offer
    prices: PriceTable
    opt_ins: OptIns = field(default_factory=dict)
    locks: tuple[VaultLockDate, ...] = ()
    slots: tuple[Slots, ...] = ()
    findings: tuple[Finding, ...] = ()


class PlansOfAccounts(Struct, frozen=True, kw_only=True):
    """The plans that run in these accounts afterwards."""

    accounts: tuple[AccountId, ...]
    plans: tuple[str, ...]


class Preview(Struct, frozen=True, kw_only=True):
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
    opt_ins = proposal.inventory.opt_ins
    today = _judges(proposal.before, opt_ins)
    then = _judges(proposal.after, {**opt_ins, **proposal.opt_ins}, last_valid=proposal.before)
    caught, money_today, money = _count(proposal, today, then)
    plans, management = tuple(_plans_of(then)), then.get(proposal.governance.management_account)
    return Preview(
        accounts=decide_accounts(
            proposal.governance,
            stale=_stale(proposal.after),
            unread=proposal.inventory.unread,
            management_plans=() if management is None else tuple(management.plans),
        ),
        effective=tuple(_effective(then)),
        findings=proposal.findings,
        slots=proposal.slots,
        tiers=proposal.offer.tiers,
        caught=caught,
        points=tuple(dict.fromkeys(points_kept(plans))),
        money=money,
        money_today=money_today,
        prices_of=proposal.prices.day,
        locks=tuple(bindings(proposal.locks, plans, money.committed)),
    )


def _count(
    proposal: Proposal, today: Mapping[AccountId, Judge], then: Mapping[AccountId, Judge]
) -> tuple[Caught, Money, Money]:
    """What is caught then, against today, and what today's backups cost and those of then."""
    counter, locked = CatchCounter(proposal.offer), frozenset(lock.vault for lock in proposal.locks)
    purses = (Purse(proposal.prices, frozenset()), Purse(proposal.prices, locked))
    for resource in proposal.inventory.resources:
        if resource.account not in today or resource.account not in then:
            continue  # an account that is not of the organisation has no policy of it
        judges, rows = (today[resource.account], then[resource.account]), types_of(resource)
        before, after = verdicts = [judge.verdict(resource, rows) for judge in judges]
        counter.count(resource, before=before, after=after)
        for purse, judge, verdict in zip(purses, judges, verdicts, strict=True):
            if verdict.plans:
                plans = tuple([judge.plans[name] for name in verdict.plans])
                purse.add(resource, rows[0], plans, known_as=(id(judge), verdict.plans))
    return counter.result(), purses[0].money(), purses[1].money()


def _stale(after: EffectivePolicies) -> frozenset[AccountId]:
    """The accounts whose new effective policy AWS finds invalid: each keeps its last valid one."""
    return frozenset(AccountId(account) for group in after.groups if group.faults for account in group.accounts)


def _judges(
    policies: EffectivePolicies, opt_ins: OptIns, *, last_valid: EffectivePolicies | None = None
) -> dict[AccountId, Judge]:
    """The judge of each account; where nobody knows what an invalid policy left in force, nothing counts."""
    known: dict[int, Judge] = {}
    judges: dict[AccountId, Judge] = {}
    for account, group in policies.by_account.items():
        in_force = last_valid.by_account.get(account, group) if group.faults and last_valid else group
        if id(in_force) not in known:
            known[id(in_force)] = judge_of(_plans(in_force), opt_ins)
        judges[AccountId(account)] = known[id(in_force)]
    return judges


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
