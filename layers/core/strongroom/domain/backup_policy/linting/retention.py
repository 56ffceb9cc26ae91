"""Whether what is made is kept until the next is made, copies as long as their source, and locked vaults take them.

Sources: AWS Backup Developer Guide, "AWS Backup Vault Lock", "Creating backup copies" and "Plan options and
configuration" (a copy keeps the creation date of its source, from which its retention counts).
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from math import ceil
from typing import Final

from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.copies import copy_target
from strongroom.domain.backup_policy.linting.reading import Place, Subject, VaultRange, schedule_of
from strongroom.domain.forms import LONGEST_RETENTION_DAYS
from strongroom.domain.intent.schedules import longest_interval

_DELETE: Final = "delete_after_days"
_LENIENCE: Final = 1.1  # a month of 30 days is meant to be one, and a year of 365


def find_retention_faults(subject: Subject) -> Iterator[Fault]:
    """Every rule that leaves a gap, every isolated copy that dies first, and what locks refuse or never let go."""
    for plan in subject.plans:
        regions = [region for _, _, region in plan.members("regions")]
        for rule in plan.below("rules"):
            yield from _gap(rule)
            for backup_lock in _locks_of_backup(rule, regions, subject.vault_locks):
                yield from _backup(rule, backup_lock)
            for copy in rule.below("copy_actions"):
                lock = _lock_of_copy(copy, subject)
                refused = list(_copy(copy, rule, lock)) if lock is not None else []
                yield from refused or _dies_first(copy, rule)


def _gap(rule: Place) -> Iterator[Fault]:
    schedule, place = schedule_of(rule), rule.at("lifecycle", _DELETE)
    most = longest_interval(schedule) if schedule is not None else None
    kept = [_days_of(owner) or _days_of(rule) for owner in (rule, *rule.below("copy_actions"))]
    known = [days for days in kept if days is not None]
    if most is None or most == timedelta.max or place is None or len(known) < len(kept):
        return
    longest = timedelta(days=max(known))
    if longest * _LENIENCE >= most:
        return
    apart, without = _in_days(most), _in_days(most - longest)
    found = f"kept for {_in_days(longest)} and made up to {apart} apart, there is no backup of this rule for {without}"
    instead = f"write {ceil(most / timedelta(days=1))} or more, or run it more often"
    yield Fault("kept-too-briefly", place.path, found, instead)


def _days_of(owner: Place) -> int | None:
    days = owner.whole("lifecycle", _DELETE)
    return days if days is not None and 1 <= days <= LONGEST_RETENTION_DAYS else None


def _in_days(span: timedelta) -> str:
    days = round(span / timedelta(days=1), 1)
    return f"{days:g} day{'' if days == 1 else 's'}"


def _dies_first(copy: Place, rule: Place) -> Iterator[Fault]:
    place, days, local, target = copy.at("lifecycle", _DELETE), _days_of(copy), _days_of(rule), copy_target(copy)
    if place is None or days is None or local is None or target is None or not target.is_in_other_account:
        return
    if days < local:
        found = f"the copy is kept for {days} days, and the backup that it is made from for {local}"
        yield Fault("copy-dies-first", place.path, found, f"write {local} or more")


def name_of_vault(arn: str) -> str:
    """The name at the end of a vault's ARN."""
    return arn.rpartition(":")[2]


def _lock_of_copy(copy: Place, subject: Subject) -> VaultRange | None:
    locks = subject.vault_locks
    return locks.get(copy.name) or locks.get(name_of_vault(copy.name)) or subject.vault_lock


def _locks_of_backup(rule: Place, regions: list[str], locks: Mapping[str, VaultRange]) -> Iterator[VaultRange]:
    """Those of the vault in which the backup is made, and of the air-gapped one in which it ends."""
    gapped = rule.text("target_logically_air_gapped_backup_vault_arn")
    for vault in (rule.text("target_backup_vault_name"), name_of_vault(gapped) if gapped else None):
        if vault is not None and (lock := _lock_of_own(vault, regions, locks)) is not None:
            yield lock


def _lock_of_own(vault: str, regions: list[str], locks: Mapping[str, VaultRange]) -> VaultRange | None:
    # An ARN with the number of an account is that account's vault only, and the rule makes its backups in many.
    own = (arn for arn in locks if name_of_vault(arn) == vault and any(f":{each}:$account:" in arn for each in regions))
    return next((locks[arn] for arn in own), None) or locks.get(vault)


def _backup(rule: Place, lock: VaultRange) -> Iterator[Fault]:
    place, days = rule.at("lifecycle", _DELETE), rule.whole("lifecycle", _DELETE)
    if place is None:
        yield Fault("kept-forever-in-lock", rule.path, f"the backup has no {_DELETE}", _right(lock))
    elif days is not None and days > 0 and not lock.least <= days <= lock.most:
        yield Fault("retention-outside-lock", place.path, _outside(days, lock), _right(lock))


def _copy(copy: Place, rule: Place, lock: VaultRange) -> Iterator[Fault]:
    own, inherited = copy.at("lifecycle", _DELETE), rule.at("lifecycle", _DELETE)
    if own is not None:
        days = copy.whole("lifecycle", _DELETE)
        if days is not None and days > 0 and not lock.least <= days <= lock.most:
            yield Fault("retention-outside-lock", own.path, _outside(days, lock), _right(lock))
    elif inherited is not None:
        days = rule.whole("lifecycle", _DELETE)
        if days is not None and days > 0 and not lock.least <= days <= lock.most:
            found = f"the copy has no {_DELETE} and takes that of the backup: {_outside(days, lock)}"
            yield Fault("inherited-retention-outside-lock", copy.path, found, f"{_right(lock)} for the copy itself")
    else:
        found = f"neither the copy nor its backup has {_DELETE}"
        yield Fault("kept-forever-in-lock", copy.path, found, _right(lock))


def _outside(days: int, lock: VaultRange) -> str:
    return f"{days} days lie outside the {lock.least} to {lock.most} days of the vault's lock"


def _right(lock: VaultRange) -> str:
    return f"write {_DELETE} from {lock.least} to {lock.most}"
