"""Vault locks: what may never happen to them, what must be confirmed, and what drifted.

Source: AWS Backup Developer Guide, "AWS Backup Vault Lock": in compliance mode it is immutable from its lock date on.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from strongroom.domain.findings import Finding, error
from strongroom.domain.intent.destinations import DestinationVault, longest_retention, made_vaults, retentions_in
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.rollout.desired import Desired, vault_stack
from strongroom.domain.rollout.live import LiveOrganization, LiveVault
from strongroom.domain.rollout.stacks import existing, pending_stack
from strongroom.domain.rollout.steps import LockVault, Step, StepKind
from strongroom.domain.rollout.vaults.own_locks import immutable_from, reasons_to_confirm
from strongroom.domain.stacks.parameters import lock_parameters

NEAR: Final = timedelta(days=7)
LEAST_DAYS_TO_CHANGE: Final = 3

# Clocks differ, and AWS may round; what was moved by hand was moved by more.
_LEEWAY: Final = timedelta(days=1)


def judge_locks(
    desired: Desired, live: LiveOrganization, *, now: datetime, confirmed_days: int | None
) -> Iterator[Finding]:
    """Every way in which a lock would become less than what is promised or in force, and what nobody confirmed."""
    for vault in made_vaults(desired.intent):
        found = live.vaults.get(vault.arn)
        yield from _without_its_other_half(vault, desired, live)
        if found is not None and found.is_locked:
            yield from _loosened(vault, found, now=now)
        yield from _refused_retentions(vault, desired.intent)
    yield from _unconfirmed(desired, live, now=now, confirmed_days=confirmed_days)


def judge_lock_dates(desired: Desired, live: LiveOrganization, *, now: datetime) -> Iterator[Finding]:
    """An error for each lock that would become immutable later than it does now, or that somebody put off."""
    for vault in made_vaults(desired.intent):
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
    for vault in made_vaults(desired.intent):
        found = live.vaults.get(vault.arn)
        if found is None or vault.lock is None or pending_stack(desired, vault_stack(vault), live) is not None:
            continue
        if vault.is_air_gapped or (is_in_force(vault, vault.lock, found) and not _is_moved(vault.lock, found, now=now)):
            continue
        yield Step(
            id=f"lock-{vault.label}",
            kind=StepKind.REPAIR,
            account=vault.account,
            region=vault.region,
            what=f"the lock of {vault.arn}",
            before=told(found),
            after=wanted(vault.lock),
            act=LockVault(vault.arn, vault.lock),
        )


def is_in_force(vault: DestinationVault, lock: VaultLock, found: LiveVault) -> bool:
    """Whether a vault has this lock, in this mode and with these numbers."""
    # The lock of an air-gapped vault has no date that would tell its mode.
    has_mode = vault.is_air_gapped or (found.lock_date is not None) == lock.is_final
    return found.is_locked and has_mode and not _differs(lock, found)


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
        yield error("lock-removed", path, f"the lock of {vault.arn} ({told(found)}) would be removed")
    elif _is_immutable(vault, found, now=now) and not is_in_force(vault, lock, found):
        why = f"the lock of {vault.arn} is immutable: it stays at {told(found)}; write these numbers"
        yield error("lock-immutable", path, why)
    elif found.lock_date is not None and not lock.is_final:
        yield error(
            "lock-governance",
            path,
            f"the lock of {vault.arn} becomes immutable on {found.lock_date:%Y-%m-%d} and would be in governance mode, "
            "which whoever may can take off: keep mode: compliance",
        )
    elif lock.min_retention_days < (found.min_retention_days or 0):
        yield error(
            "lock-shorter",
            f"{path}.min_retention_days",
            f"the lock of {vault.arn} demands {found.min_retention_days} days and would demand "
            f"{lock.min_retention_days} only",
        )


def _is_immutable(vault: DestinationVault, found: LiveVault, *, now: datetime) -> bool:
    return vault.is_air_gapped or (found.lock_date is not None and found.lock_date <= now)


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
        *(
            f"{vault.path}: {reason}"
            for vault in made_vaults(desired.intent)
            if (reason := _reason_to_confirm(vault, live, now=now))
        ),
        *dict.fromkeys(reasons_to_confirm(desired, live)),
    ]
    if reasons:
        said = "" if confirmed_days is None else f", not {confirmed_days}"
        yield error(
            "retention-not-confirmed",
            "tiers",
            f"{'; '.join(reasons)}. Then copies of up to {longest} days can be deleted by nobody before they end: "
            f"confirm with --confirm-retention {longest}{said}",
        )


def _reason_to_confirm(vault: DestinationVault, live: LiveOrganization, *, now: datetime) -> str | None:
    found, lock = live.vaults.get(vault.arn), vault.lock
    lock_date = None if found is None else found.lock_date
    if lock is None or not lock.is_final or (found is not None and _is_immutable(vault, found, now=now)):
        return None
    begins = found is None or not is_in_force(vault, lock, found) or _is_moved(lock, found, now=now)
    if begins or _is_put_anew(vault, lock, live):
        return f"a lock in compliance mode begins, immutable {immutable_from(lock)}"
    if lock_date is not None and lock_date <= now + NEAR:
        return f"the lock becomes immutable on {lock_date:%Y-%m-%d}"
    return None


def wanted(lock: VaultLock) -> str:
    """A lock of the intent in words."""
    numbers = f"{lock.min_retention_days} to {lock.max_retention_days} days"
    if not lock.is_final:
        return f"{numbers}, governance mode"
    return f"{numbers}, compliance mode, immutable {immutable_from(lock)}"


def told(found: LiveVault) -> str:
    """The lock of a vault in words."""
    if not found.is_locked:
        return "no lock"
    mode = "governance mode" if found.lock_date is None else f"compliance mode, lock date {found.lock_date:%Y-%m-%d}"
    return f"{found.min_retention_days or 1} to {found.max_retention_days or 'any number of'} days, {mode}"
