"""Vault locks: what may never happen to them, what must be confirmed, and what drifted.

Source: AWS Backup Developer Guide, "AWS Backup Vault Lock": in compliance mode it is immutable from its lock date on.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from strongroom.domain.findings import Finding, error
from strongroom.domain.intent.destinations import DestinationVault, destination_vaults, longest_retention, retentions_in
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import VaultPlace, member_air_gaps
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.rollout.desired import MEMBERS_STACK, Desired, vault_stack
from strongroom.domain.rollout.live import LiveOrganization, LiveVault
from strongroom.domain.rollout.stacks import existing, pending_stack
from strongroom.domain.rollout.steps import LockVault, Step, StepKind
from strongroom.domain.stacks.parameters import lock_parameters
from strongroom.domain.stacks.stack_sets import AIR_GAP_STACK_SET

NEAR: Final = timedelta(days=7)
LEAST_DAYS_TO_CHANGE: Final = 3

# Clocks differ, and AWS may round; what was moved by hand was moved by more.
_LEEWAY: Final = timedelta(days=1)


def judge_locks(
    desired: Desired, live: LiveOrganization, *, now: datetime, confirmed_days: int | None
) -> Iterator[Finding]:
    """Every way in which a lock would become less than what is promised or in force, and what nobody confirmed."""
    for vault in destination_vaults(desired.intent):
        found = live.vaults.get(vault.arn)
        yield from _without_its_other_half(vault, desired, live)
        if found is not None and found.is_locked:
            yield from _loosened(vault, found, now=now)
        yield from _refused_retentions(vault, desired.intent)
    yield from _unconfirmed(desired, live, now=now, confirmed_days=confirmed_days)


def judge_lock_dates(desired: Desired, live: LiveOrganization, *, now: datetime) -> Iterator[Finding]:
    """An error for each lock that would become immutable later than it does now, or that somebody put off."""
    for vault in destination_vaults(desired.intent):
        found, lock = live.vaults.get(vault.arn), vault.lock
        if lock is None or found is None or not found.is_locked or found.lock_date is None or found.lock_date <= now:
            continue
        if _is_put_anew(vault, lock, live):
            why = _postponed(lock, found.lock_date, now=now)
        elif _is_moved(lock, found, now=now):
            why = f"later than {lock.changeable_for_days} days from now: somebody moved that date"
        else:
            why = None
        if why:
            message = f"the lock of {vault.arn} becomes immutable on {found.lock_date:%Y-%m-%d}, {why}"
            yield error("lock-postponed", f"{vault.path}.lock", message)


def drifted_locks(desired: Desired, live: LiveOrganization, *, now: datetime) -> Iterator[Step]:
    """A step for each lock that is not as its stack left it, unless that stack is deployed anyway."""
    for vault in destination_vaults(desired.intent):
        found = live.vaults.get(vault.arn)
        if found is None or vault.lock is None or pending_stack(desired, vault_stack(vault), live) is not None:
            continue
        if _is_in_force(vault.lock, found) and not _is_moved(vault.lock, found, now=now):
            continue
        yield Step(
            id=f"lock-{vault.label}",
            kind=StepKind.REPAIR,
            account=vault.account,
            region=vault.region,
            what=f"the lock of {vault.arn}",
            before=_told(found),
            after=_wanted(vault.lock),
            act=LockVault(vault.arn, vault.lock),
        )


def _is_in_force(lock: VaultLock, found: LiveVault) -> bool:
    return found.is_locked and (found.lock_date is not None) == lock.is_final and not _differs(lock, found)


def _postponed(lock: VaultLock, lock_date: datetime, *, now: datetime) -> str | None:
    if not lock.is_final or now + lock.cooling_off() <= lock_date:
        return None
    left = max((lock_date - now).days, LEAST_DAYS_TO_CHANGE)
    return f"and would do so {lock.changeable_for_days} days from now only: write changeable_for_days: {left}"


def _is_moved(lock: VaultLock, found: LiveVault, *, now: datetime) -> bool:
    latest = now + lock.cooling_off() + _LEEWAY
    return lock.is_final and found.lock_date is not None and found.lock_date > latest


def _is_put_anew(vault: DestinationVault, lock: VaultLock, live: LiveOrganization) -> bool:
    # CloudFormation puts the lock on again when one of its numbers changes, and its cooling-off time begins anew.
    stack = live.stacks.get(vault_stack(vault))
    deployed = {} if stack is None else stack.parameters
    return any(deployed.get(name, days) != days for name, days in lock_parameters(lock).items())


def _differs(lock: VaultLock, found: LiveVault) -> bool:
    return (found.min_retention_days, found.max_retention_days) != (lock.min_retention_days, lock.max_retention_days)


def _without_its_other_half(vault: DestinationVault, desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    # CloudFormation stops at a name that is taken, and does not look whether what it made is still there.
    stack = vault_stack(vault)
    if vault.arn in live.vaults and existing(live, stack) is None:
        why = f"{vault.arn} exists, the stack {stack} does not: import the vault and its key into it"
        yield error("vault-without-stack", vault.path, f"{why} or, if the vault is empty, delete it")
    if vault.arn not in live.vaults and pending_stack(desired, stack, live) is None:
        why = f"the stack {stack} exists, its vault {vault.arn} does not: somebody deleted it"
        yield error("stack-without-vault", vault.path, f"{why}; delete the stack, then begin again")


def _loosened(vault: DestinationVault, found: LiveVault, *, now: datetime) -> Iterator[Finding]:
    path, lock = f"{vault.path}.lock", vault.lock
    if lock is None:
        yield error("lock-removed", path, f"the lock of {vault.arn} ({_told(found)}) would be removed")
    elif found.lock_date is not None and found.lock_date <= now and _differs(lock, found):
        yield error(
            "lock-immutable",
            path,
            f"the lock of {vault.arn} is immutable since {found.lock_date:%Y-%m-%d}: it stays at {_told(found)}; "
            "write these numbers",
        )
    elif lock.min_retention_days < (found.min_retention_days or 0):
        yield error(
            "lock-shorter",
            f"{path}.min_retention_days",
            f"the lock of {vault.arn} demands {found.min_retention_days} days and would demand "
            f"{lock.min_retention_days} only",
        )


def _refused_retentions(vault: DestinationVault, intent: Intent) -> Iterator[Finding]:
    for days in sorted(set(retentions_in(vault, intent=intent))):
        if vault.lock is not None and not vault.lock.min_retention_days <= days <= vault.lock.max_retention_days:
            yield error(
                "lock-refuses-retention",
                f"{vault.path}.lock",
                f"copies that are kept {days} days would fail: the lock takes {vault.lock.min_retention_days} to "
                f"{vault.lock.max_retention_days}",
            )


def _unconfirmed(
    desired: Desired, live: LiveOrganization, *, now: datetime, confirmed_days: int | None
) -> Iterator[Finding]:
    longest = longest_retention(desired.intent)
    if confirmed_days == longest:
        return
    reasons = [
        f"{vault.path}: {reason}"
        for vault in destination_vaults(desired.intent)
        if (reason := _reason_to_confirm(vault, live, now=now))
    ]
    reasons += [
        f"vaults.{place.key}: an air-gapped vault begins in each governed account, immutable from then on"
        for place in member_air_gaps(desired.intent)
        if not _is_brought_already(place, live)
    ]
    if reasons:
        said = "" if confirmed_days is None else f", not {confirmed_days}"
        yield error(
            "retention-not-confirmed",
            "tiers",
            f"{'; '.join(reasons)}. Then copies of up to {longest} days can be deleted by nobody before they end: "
            f"confirm with --confirm-retention {longest}{said}",
        )


def _is_brought_already(place: VaultPlace, live: LiveOrganization) -> bool:
    stack = live.stacks.get(MEMBERS_STACK)
    return stack is not None and f'"{AIR_GAP_STACK_SET}-{place.key}' in stack.template


def _reason_to_confirm(vault: DestinationVault, live: LiveOrganization, *, now: datetime) -> str | None:
    found, lock = live.vaults.get(vault.arn), vault.lock
    lock_date = None if found is None else found.lock_date
    if lock is None or not lock.is_final or (lock_date is not None and lock_date <= now):
        return None
    begins = found is None or not _is_in_force(lock, found) or _is_moved(lock, found, now=now)
    if begins or _is_put_anew(vault, lock, live):
        after = f"after {lock.changeable_for_days} days" if lock.changeable_for_days else "from then on"
        return f"a lock in compliance mode begins, immutable {after}"
    if lock_date is not None and lock_date <= now + NEAR:
        return f"the lock becomes immutable on {lock_date:%Y-%m-%d}"
    return None


def _wanted(lock: VaultLock) -> str:
    numbers = f"{lock.min_retention_days} to {lock.max_retention_days} days"
    if not lock.is_final:
        return f"{numbers}, governance mode"
    return f"{numbers}, compliance mode, changeable for {lock.changeable_for_days} days"


def _told(found: LiveVault) -> str:
    if not found.is_locked:
        return "no lock"
    mode = "governance mode" if found.lock_date is None else f"compliance mode, lock date {found.lock_date:%Y-%m-%d}"
    return f"{found.min_retention_days or 1} to {found.max_retention_days or 'any number of'} days, {mode}"
