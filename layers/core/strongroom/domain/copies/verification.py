"""Whether the copy that arrived keeps its promise."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from strongroom.domain.copies.found import ARRIVED_STATUSES, CopyJob, RecoveryPointFound, VaultFound, cause_of
from strongroom.domain.copies.promises import Promise
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.model import Intent, VaultLock

ARRIVING_STATUSES = frozenset({"CREATING"})


class CopyState(StrEnum):
    """What is known of a copy: arrived as promised, wrong, on its way, none of ours, or known already."""

    VERIFIED = "VERIFIED"
    FAILED = "FAILED"
    PENDING = "PENDING"
    NOT_OURS = "NOT_OURS"
    UNCHANGED = "UNCHANGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyVerdict:
    """What was decided about one copy, and why."""

    state: CopyState
    reason: str
    recovery_point: str
    destination: str
    copy: str | None = None


def judge_copy(
    promise: Promise,
    *,
    found: RecoveryPointFound | None,
    vault: VaultFound | None,
    intent: Intent,
    now: datetime,
) -> CopyVerdict:
    """Compare what is in the destination vault with the promise; every point that is wrong is named.

    The lock is the one that the intent demands today: a promise in the ledger cannot ask for less.
    """
    if found is None:
        return _verdict(promise, CopyState.PENDING, "the destination vault holds no such recovery point")
    if found.status in ARRIVING_STATUSES:
        return _verdict(promise, CopyState.PENDING, f"the copy is still {found.status}", copy=found.arn)
    lock = next((each.lock for each in destination_vaults(intent) if each.arn == promise.destination), None)
    wrong = [*_wrong_with_point(promise, found), *_wrong_with_vault(found, vault, lock)]
    if wrong:
        return _verdict(promise, CopyState.FAILED, "the copy arrived, but " + "; ".join(wrong), copy=found.arn)
    late = f", {_duration(now - promise.deadline)} late" if now > promise.deadline else ""
    kept = "for ever" if found.retention_days is None else f"{found.retention_days} days"
    reason = f"the copy is in the vault, encrypted with its key, locked, and kept {kept}{late}"
    return _verdict(promise, CopyState.VERIFIED, reason, copy=found.arn)


def judge_failed_job(promise: Promise, job: CopyJob) -> CopyVerdict:
    """The verdict on a copy job that AWS Backup itself calls failed: its cause, in AWS's words."""
    return _verdict(promise, CopyState.FAILED, f"the copy job ended {job.state}: {cause_of(job.message)}")


def _verdict(promise: Promise, state: CopyState, reason: str, *, copy: str | None = None) -> CopyVerdict:
    return CopyVerdict(
        state=state,
        reason=reason,
        recovery_point=promise.recovery_point,
        destination=promise.destination,
        copy=copy,
    )


def _wrong_with_point(promise: Promise, found: RecoveryPointFound) -> list[str]:
    wrong = []
    if found.vault != promise.destination:
        wrong.append(f"it is in {found.vault}")
    if found.resource != promise.resource:
        wrong.append(f"it is a backup of {found.resource}")
    if found.status not in ARRIVED_STATUSES:
        wrong.append(f"its status is {found.status}")
    if found.retention_days is not None and found.retention_days < promise.lifecycle.retention_days:
        wrong.append(f"it is kept {found.retention_days} days instead of {promise.lifecycle.retention_days}")
    return wrong


def _wrong_with_vault(found: RecoveryPointFound, vault: VaultFound | None, lock: VaultLock | None) -> list[str]:
    if vault is None:
        return ["its vault cannot be described"]
    wrong = []
    if found.encryption_key is None or found.encryption_key != vault.encryption_key:
        wrong.append(f"it is encrypted with {found.encryption_key or 'no key'} instead of the vault's own key")
    if lock is None:
        return wrong
    if not vault.is_locked:
        wrong.append("the vault is not locked")
    if (vault.min_retention_days, vault.max_retention_days) != (lock.min_retention_days, lock.max_retention_days):
        wrong.append(
            f"the vault lock is {vault.min_retention_days} to {vault.max_retention_days} days "
            f"instead of {lock.min_retention_days} to {lock.max_retention_days}"
        )
    return wrong


def _duration(span: timedelta) -> str:
    return str(timedelta(seconds=round(span.total_seconds())))
