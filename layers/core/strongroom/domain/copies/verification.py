"""Whether the copy that arrived keeps its promise."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.catalogue.model import CopyKey
from strongroom.domain.catalogue.rows import copy_key_of
from strongroom.domain.copies.found import ARRIVED_STATUSES, CopyJob, RecoveryPointFound, VaultFound, cause_of
from strongroom.domain.copies.moments import is_possible, moment
from strongroom.domain.copies.obstacles import obstacle_of
from strongroom.domain.copies.promises import WITH_ITS_KEY, Learnt, Promise, measures_of, verified
from strongroom.domain.copies.remediation.circumstances import of_words
from strongroom.domain.copies.remediation.diagnosis import DIAGNOSED, diagnose
from strongroom.domain.copies.vaults import judge_vault
from strongroom.domain.health.metrics import Metric
from strongroom.domain.intent.model import Intent

# A copy has the date of its source, to the second; so much earlier it is that of another backup.
_BEFORE = timedelta(days=1)
ARRIVING_STATUSES = frozenset({"CREATING"})


class CopyState(StrEnum):
    """What is known of a copy: arrived as promised, wrong, on its way, none of ours, or known already."""

    VERIFIED = "VERIFIED"
    FAILED = "FAILED"
    PENDING = "PENDING"
    NOT_OURS = "NOT_OURS"
    UNCHANGED = "UNCHANGED"


class CopyVerdict(Struct, frozen=True, kw_only=True):
    """What was decided about one copy, and why; `is_unencrypted` where it has no key because its source has none.

    `learnt` says how we came to know, where it is news.
    """

    state: CopyState
    reason: str
    recovery_point: str
    destination: str
    copy: str | None = None
    is_unencrypted: bool = False
    learnt: Learnt | None = None

    @property
    def measures(self) -> dict[Metric, float]:
        """Whether an event told it."""
        return measures_of((self.learnt,))


def judge_copy(
    promise: Promise,
    *,
    found: RecoveryPointFound | None,
    vault: VaultFound | None,
    intent: Intent,
    now: datetime,
) -> CopyVerdict:
    """Compare what is in the destination vault with the promise; every point that is wrong is named.

    What is wrong with the vault is no fault of the copy: in a vault that keeps nothing it waits to be verified. The
    lock is the one that the intent demands today: a promise in the ledger cannot ask for less.
    """
    if found is None:
        return _verdict(promise, CopyState.PENDING, "the destination vault holds no such recovery point")
    if found.status in ARRIVING_STATUSES:
        return _verdict(promise, CopyState.PENDING, f"the copy is still {found.status}", copy=found.arn)
    rule = _copy_key(promise, vault)
    wrong = [
        *_wrong_with_point(promise, found),
        *_wrong_with_date(promise, found, now=now),
        *_wrong_with_key(found, vault, rule),
    ]
    if wrong:
        return _verdict(promise, CopyState.FAILED, "the copy arrived, but " + "; ".join(wrong), copy=found.arn)
    place = judge_vault(promise.destination, found=vault, intent=intent)
    if not place.keeps:
        return _verdict(promise, CopyState.PENDING, f"the copy arrived, but {place.reason}", copy=found.arn)
    late = f", {_duration(now - promise.deadline)} late" if now > promise.deadline else ""
    is_locked = vault is not None and vault.is_locked
    reason = verified(_key_in_words(found, rule), is_locked=is_locked, days=found.retention_days)
    verdict = _verdict(promise, CopyState.VERIFIED, f"{reason}{late}", copy=found.arn)
    return replace(verdict, is_unencrypted=found.encryption_key is None and rule is CopyKey.AS_SOURCE)


def why_not_as_promised(promise: Promise, found: RecoveryPointFound) -> str | None:
    """What is wrong with a copy that was verified before; None where it is as it was."""
    wrong = _wrong_with_point(promise, found)
    return "; ".join(wrong) if wrong else None


def judge_failed_job(promise: Promise, job: CopyJob, *, intent: Intent) -> CopyVerdict:
    """The verdict on a copy job that AWS Backup itself calls failed: its cause, in AWS's words.

    What no other try mends is told with what to do about it, as far as the words alone tell that.
    """
    reason = f"the copy job ended {job.state}: {cause_of(job.message)}"
    if obstacle_of(job) is not None:
        reason += f"{DIAGNOSED}{diagnose(promise, of_words(job.message or ''), intent=intent).told}"
    return _verdict(promise, CopyState.FAILED, reason)


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


def _wrong_with_date(promise: Promise, found: RecoveryPointFound, *, now: datetime) -> list[str]:
    """A copy keeps the date of its source, or that of a continuous backup has its own: it is of no other night."""
    if not is_possible(found.created_at, now=now):
        return [f"it says that it is of {moment(found.created_at)}, when no backup can have been made"]
    if promise.night is None and found.created_at < promise.created_at - _BEFORE:
        return [f"it is a backup of {moment(found.created_at)} instead of {moment(promise.created_at)}"]
    return []


def _copy_key(promise: Promise, vault: VaultFound | None) -> CopyKey:
    return CopyKey.AIR_GAP if vault is not None and vault.is_air_gapped else copy_key_of(promise.resource)


def _wrong_with_key(found: RecoveryPointFound, vault: VaultFound | None, rule: CopyKey) -> list[str]:
    if vault is None or (found.encryption_key is None and rule is not CopyKey.VAULT):
        return []
    if rule is CopyKey.AIR_GAP and vault.encryption_key is None:
        return []
    if found.encryption_key is not None and found.encryption_key == vault.encryption_key:
        return []
    return [f"it is encrypted with {found.encryption_key or 'no key'} instead of the vault's own key"]


def _key_in_words(found: RecoveryPointFound, rule: CopyKey) -> str:
    if found.encryption_key is not None or rule is CopyKey.AIR_GAP:
        return WITH_ITS_KEY
    return "unencrypted as its source" if rule is CopyKey.AS_SOURCE else "without a key of its own"


def _duration(span: timedelta) -> str:
    return str(timedelta(seconds=round(span.total_seconds())))
