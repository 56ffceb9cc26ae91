"""What is wrong with the vaults, their locks and the tiers: names, schedules, windows and promises of years."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from strongroom.domain.backup_policy.grammar import LEAST_WINDOW_MINUTES
from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.forms import COOLING_OFF_DAYS, LONGEST_RETENTION_DAYS, TIER_NAME, VAULT_NAME
from strongroom.domain.intent.model import Intent, Tier, VaultLock
from strongroom.domain.intent.schedules import fault_of_schedule
from strongroom.domain.intent_rules.lifecycles import find_lifecycle_contradictions
from strongroom.domain.intent_rules.selections import find_selection_contradictions

LEAST_WINDOW: Final = timedelta(minutes=LEAST_WINDOW_MINUTES)


def find_tier_contradictions(intent: Intent) -> Iterator[Finding]:
    """Every contradiction in the vaults, their locks and the tiers that fill them."""
    yield from _vaults(intent)
    yield from _tiers(intent)
    yield from _calendar_years(intent)


def _vaults(intent: Intent) -> Iterator[Finding]:
    vaults = {"local": intent.vaults.local, "central": intent.vaults.central, "replica": intent.vaults.replica}
    for place, vault in vaults.items():
        path = f"vaults.{place}"
        if vault.name == "Default":
            yield error("vault-name", f"{path}.name", "the Default vault takes no copies from other accounts")
        elif not VAULT_NAME.fits(vault.name):
            yield error("vault-name", f"{path}.name", f"{vault.name!r} must be 2 to 50 letters, digits, '-' or '_'")
        if vault.lock is not None:
            yield from _lock(vault.lock, path=f"{path}.lock")
        elif place != "local":
            yield error("lock-missing", f"{path}.lock", "is missing: copies are only safe in a vault with a lock")


def _lock(lock: VaultLock, *, path: str) -> Iterator[Finding]:
    if not 1 <= lock.min_retention_days <= lock.max_retention_days <= LONGEST_RETENTION_DAYS:
        numbers = f"{lock.min_retention_days} to {lock.max_retention_days}"
        yield error("lock-range", path, f"{numbers} is no range between 1 and {LONGEST_RETENTION_DAYS}")
    if not COOLING_OFF_DAYS.holds(lock.changeable_for_days):
        why = f"must be 3 to {LONGEST_RETENTION_DAYS} days, not {lock.changeable_for_days}"
        yield error("lock-cooling-off", f"{path}.changeable_for_days", why)


def _tiers(intent: Intent) -> Iterator[Finding]:
    offered = intent.offered_tiers()
    spelled = Counter(name.lower() for name in intent.tiers)
    if not intent.tiers:
        yield error("no-tier", "tiers", "there is no tier, so nothing would be backed up")
    for name, tier in intent.tiers.items():
        path = f"tiers.{name}"
        if not TIER_NAME.fits(name):
            yield error("tier-name", path, "a tier's name is 1 to 39 letters, digits, '.', '-' or '_'")
        if spelled[name.lower()] > 1:
            yield error("tier-twice", path, "another tier differs in letter case only, which AWS does not regard")
        if name not in offered:
            yield error("tier-unreachable", path, "no target offers this tier, so nobody can select it")
        if fault := fault_of_schedule(tier.schedule):
            yield error("schedule", f"{path}.schedule", fault)
        yield from _windows(tier, path=path)
        yield from find_lifecycle_contradictions(intent, tier, path=path)
        yield from find_selection_contradictions(tier, path=path)


def _windows(tier: Tier, *, path: str) -> Iterator[Finding]:
    for name, window in {"start_window": tier.start_window, "complete_window": tier.complete_window}.items():
        if window < LEAST_WINDOW:
            yield error("window", f"{path}.{name}", f"must be 60 minutes (PT1H) or more, not {_minutes(window)}")
        elif window % timedelta(minutes=1):
            yield error("window", f"{path}.{name}", "must be whole minutes")
    if tier.complete_window <= tier.start_window:
        why = f"{_minutes(tier.complete_window)} must be longer than the start window of {_minutes(tier.start_window)}"
        yield error("window", f"{path}.complete_window", why)


def _minutes(window: timedelta) -> str:
    return f"{window.total_seconds() / 60:g} minutes"


def _calendar_years(intent: Intent) -> Iterator[Finding]:
    lock = intent.vaults.central.lock
    kept = sorted({tier.central_retention_days for tier in intent.tiers.values()})
    for days in (days for days in kept if days > 0 and days % 365 == 0):
        years = days // 365
        least, most = days + years // 4, days + -(-years // 4)
        tiers = ", ".join(name for name, tier in intent.tiers.items() if tier.central_retention_days == days)
        span = f"{most}" if least == most else f"{least} or {most}"
        message = f"{tiers}: {days} days are {years} x 365, but {years} calendar years are {span} days"
        if lock is not None and lock.max_retention_days < most:
            message += (
                f", which the lock's maximum of {lock.max_retention_days} refuses; once locked it can never be raised,"
                f" so set it to {most + 3} or more before the lock date"
            )
        yield warning("calendar-years", "vaults.central.lock.max_retention_days", message)
