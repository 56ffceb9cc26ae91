"""Whether a locked vault takes the copies that a policy puts into it.

Source: AWS Backup Developer Guide, "AWS Backup Vault Lock" and "Creating backup copies".
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.reading import Place, Subject, VaultRange

_DELETE: Final = "delete_after_days"


def find_retention_faults(subject: Subject) -> Iterator[Fault]:
    """Every copy that the lock of its vault would refuse or keep forever; nothing without a lock to compare with."""
    if subject.vault_lock is None:
        return
    for rule in subject.rules:
        for copy in rule.below("copy_actions"):
            yield from _copy(copy, rule, subject.vault_lock)


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
