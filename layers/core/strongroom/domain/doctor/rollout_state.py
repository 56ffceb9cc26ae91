"""What the rollout made: switches, opt-ins, stacks of members, recorders, locks, shares.

Sources: AWS Backup Developer Guide, "Getting started 1: Service opt-in", "Turning on resource tracking" and "AWS Backup
Vault Lock"; CloudFormation API reference, StackInstanceSummary.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from strongroom.domain.doctor.checks import INSTANCES, LOCKS, OPT_INS, RECORDERS, REGIONS, SHARES, SWITCHES
from strongroom.domain.doctor.diagnosis import Diagnosis, listed
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.regions import enabling, is_off
from strongroom.domain.rollout.desired import BACKUP, POLICY_TYPES
from strongroom.domain.rollout.live import LiveOptIns, LiveShare, LiveSwitches, LiveVault
from strongroom.domain.rollout.members import LiveInstance, Place
from strongroom.domain.rollout.switches import GLOBAL_SETTINGS

_CURRENT = "CURRENT"


def judge_switches(
    switches: LiveSwitches,
    *,
    stack_sets_are_active: bool,
    settings: Mapping[str, str],
    administrators: Iterable[str],
    where: str,
) -> Diagnosis:
    """Whether everything is on that fails silently when it is off."""
    off = [
        *(f"the policy type {each} is not enabled" for each in POLICY_TYPES if each not in switches.policy_types),
        *(() if BACKUP in switches.trusted_services else ("AWS Backup is not trusted",)),
        *(() if stack_sets_are_active else ("StackSets are not trusted",)),
        *(f"{each} is no administrator" for each in administrators if each not in switches.administrators),
        *(f"{name} is off" for name in GLOBAL_SETTINGS if settings.get(name) != "true"),
    ]
    return SWITCHES.judged(where, f"administrators: {listed(sorted(switches.administrators))}", wrong=off)


def judge_opt_ins(found: LiveOptIns, *, wanted: frozenset[str], where: str) -> Diagnosis:
    """Whether the wanted types are served, and DynamoDB is managed fully where it is wanted."""
    off = sorted(name for name, is_on in found.served.items() if name in wanted and not is_on)
    partly = sorted(name for name, is_on in found.fully_managed.items() if name in wanted and not is_on)
    wrong = [
        *((f"not served: {listed(off)}",) if off else ()),
        *((f"not managed fully: {listed(partly)}",) if partly else ()),
    ]
    unnamed = sorted(wanted - found.served.keys())
    aside = f"; AWS Backup does not name here: {listed(unnamed)}" if unnamed else ""
    return OPT_INS.judged(where, f"{len(wanted) - len(unnamed)} types are served{aside}", wrong=wrong)


def judge_instances(stack_set: str, instances: Iterable[LiveInstance] | None) -> Iterator[Diagnosis]:
    """A line for each stack that is not current, and one for those that are."""
    if instances is None:
        yield INSTANCES.fails(stack_set, "there is no such StackSet")
        return
    current = 0
    for each in instances:
        if each.status == _CURRENT:
            current += 1
        else:
            why = each.reason or "no reason given"
            yield INSTANCES.fails(f"{stack_set} in {each.account} {each.region}", f"{each.status}: {why}")
    if current:
        yield INSTANCES.holds(stack_set, f"{current} stacks are current")
    else:
        yield INSTANCES.unseen(stack_set, "no stack is current", remedy="look at the accounts of the governed units")


def judge_region(status: str | None, *, place: Place, management: AccountId) -> Diagnosis:
    """Whether the Region is on in the account; None where nobody could look."""
    account, region = place
    where = f"{account} {region}"
    if status is None:
        return REGIONS.unseen(where, "the account cannot be entered", remedy=REGIONS.least_policy)
    if is_off(status):
        how = enabling(region, account, opt_status=status, management=management)
        return REGIONS.fails(where, f"the Region is {status} there", remedy=how)
    return REGIONS.holds(where, status)


def judge_recorder(unrecorded: frozenset[str] | None, *, where: str) -> Diagnosis:
    """Whether the recorder covers the types of AWS Backup; None where nobody could look."""
    if unrecorded is None:
        return RECORDERS.unseen(where, "the account cannot be entered", remedy=RECORDERS.least_policy)
    wrong = [f"not recorded: {listed(sorted(unrecorded))}"] if unrecorded else []
    return RECORDERS.judged(where, "all four are recorded", wrong=wrong)


def judge_lock(found: LiveVault | None, *, promised: VaultLock | None, vault: str, now: datetime) -> Diagnosis:
    """Whether the vault's lock is the one that the intent promises."""
    if found is None:
        return LOCKS.fails(vault, "there is no such vault")
    if promised is None:
        return LOCKS.holds(vault, "the intent promises no lock")
    wrong = list(_wrong_with_lock(found, promised))
    since = "" if found.lock_date is None else f"{found.lock_date:%Y-%m-%d}"
    state = f"immutable since {since}" if found.lock_date and found.lock_date <= now else f"immutable from {since} on"
    return LOCKS.judged(vault, f"{found.min_retention_days} to {found.max_retention_days} days, {state}", wrong=wrong)


def judge_share(found: Iterable[LiveShare], *, ours: str, restorers: tuple[AccountId, ...], vault: str) -> Diagnosis:
    """Whether the vault is shared with those who restore out of it, by the share that is called `ours` alone."""
    shares = tuple(found)
    own = [share for share in shares if share.name == ours]
    there = frozenset(account for share in own for account in share.principals)
    others = [
        f"{share.name} shares it with {listed(sorted(share.principals))}" for share in shares if share.name != ours
    ]
    missing = sorted(frozenset(restorers) - there)
    more = sorted(there - frozenset(restorers))
    wrong = [
        *([f"not shared with {listed(missing)}"] if missing else []),
        *([f"shared with {listed(more)}, which is not to restore out of it"] if more else []),
        *([f"{len(own)} shares are called {ours}"] if len(own) > 1 else []),
        *others,
    ]
    return SHARES.judged(vault, f"shared with {listed(sorted(restorers))}", wrong=wrong)


def _wrong_with_lock(found: LiveVault, promised: VaultLock) -> Iterator[str]:
    if not found.is_locked:
        yield "it is not locked"
        return
    if found.lock_date is None:
        yield "it is locked in governance mode, which an administrator takes off"
    there = (found.min_retention_days, found.max_retention_days)
    if there != (promised.min_retention_days, promised.max_retention_days):
        wanted = f"{promised.min_retention_days} to {promised.max_retention_days} days"
        yield f"it demands {there[0]} to {there[1]} days and not {wanted}"
