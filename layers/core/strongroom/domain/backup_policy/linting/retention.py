"""Whether a locked vault takes the backups and the copies that a policy puts into it.

Source: AWS Backup Developer Guide, "AWS Backup Vault Lock" and "Creating backup copies".
"""

from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.reading import Place, Subject, VaultRange

_DELETE: Final = "delete_after_days"


def find_retention_faults(subject: Subject) -> Iterator[Fault]:
    """Every backup and copy that the lock of its vault would refuse or keep forever, where that lock is known."""
    for plan in subject.plans:
        regions = [region for _, _, region in plan.members("regions")]
        for rule in plan.below("rules"):
            if (lock := _lock_of_backup(rule, regions, subject.vault_locks)) is not None:
                yield from _backup(rule, lock)
            for copy in rule.below("copy_actions"):
                if (lock := _lock_of_copy(copy, subject)) is not None:
                    yield from _copy(copy, rule, lock)


def name_of_vault(arn: str) -> str:
    """The name at the end of a vault's ARN."""
    return arn.rpartition(":")[2]


def _lock_of_copy(copy: Place, subject: Subject) -> VaultRange | None:
    locks = subject.vault_locks
    return locks.get(copy.name) or locks.get(name_of_vault(copy.name)) or subject.vault_lock


def _lock_of_backup(rule: Place, regions: list[str], locks: Mapping[str, VaultRange]) -> VaultRange | None:
    vault = rule.text("target_backup_vault_name")
    if vault is None:
        return None
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
