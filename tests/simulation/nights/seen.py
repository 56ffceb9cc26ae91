"""AWS Backup as our functions see it: behind calls that take time, with answers that may be old, or none."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.copies.found import CopyJob, PlanFound, RecoveryPointFound, VaultFound
from strongroom.domain.copies.promises import Promise
from strongroom.domain.errors import AccessRefusedError, NotFoundError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Arn, Region
from tests.simulation.nights.aws import SimulatedBackup
from tests.simulation.nights.chance import Chance
from tests.simulation.nights.clock import DAY, HOUR, MINUTE, Clock
from tests.simulation.nights.faults import LAGS
from tests.simulation.nights.functions import Functions
from tests.simulation.nights.truth import Owed, Told

# Only members' roles are refused, and only their accounts are poisoned, while there is trouble.
_CENTRAL: Final = "999999999999"
_POISONED_UNTIL: Final = 3 * DAY
_BLINK: Final = 5 * MINUTE
_NEVER: Final = 1 << 60
_SETTLED_AFTER: Final = 6 * HOUR
# As our adapter asks for them.
_LISTED_SINCE: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Answers:
    """How AWS answers: with what was true a while ago, too many requests, no access, or the truth."""

    chance: Chance
    clock: Clock
    functions: Functions
    _lags: dict[tuple[str, str], int] = field(default_factory=dict)
    _begins: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def ask[T](self, call: str, account: str, answer: Callable[[], T]) -> T:
        """The answer of a call in the account, or the error that it ends with."""

        return self.functions.effect(call, account, self._answered, account, answer)

    def old[T](self, told: Told[T] | None, *, kind: str, thing: str) -> T | None:
        """What is answered about the thing, which may have been true some minutes ago."""
        if told is None:
            return None
        if not self.chance.has(kind):
            return told.now if told.states else None
        return told.as_of(self.clock.ms - self._lag(kind, thing))

    def all_old[T](self, told: Iterable[tuple[str, Told[T]]], *, kind: str) -> list[T | None]:
        """The same about all of these things, each with its name."""
        if not self.chance.has(kind):
            return [each.now for _, each in told]
        return [each.as_of(self.clock.ms - self._lag(kind, thing)) for thing, each in told]

    def _answered[T](self, account: str, answer: Callable[[], T]) -> T:
        self._check(account)
        return answer()

    def _lag(self, kind: str, thing: str) -> int:
        lag = self._lags.get((kind, thing))
        if lag is None:
            is_late = self.chance.happens(kind, thing)
            lag = self.chance.between(f"{kind} by {thing}", MINUTE, LAGS[kind]) if is_late else 0
            self._lags[kind, thing] = lag
        return lag

    def _check(self, account: str) -> None:
        if self._is_in("throttled", account, 20 * MINUTE):
            raise TemporarilyUnavailableError(f"{account}: Rate exceeded")
        if account == _CENTRAL:
            return
        if self._is_in("refused", account, 2 * HOUR):
            raise AccessRefusedError(f"{account}: is not authorized to perform sts:AssumeRole")
        if self._is_poisoned(account):
            raise TemporarilyUnavailableError(f"{account}: InternalFailure")

    def _is_poisoned(self, account: str) -> bool:
        if self.clock.ms >= _POISONED_UNTIL or not self.chance.has("poison"):
            return False
        begins = self._begins.get(("poison", account, 0))
        if begins is None:
            is_ill = self.chance.happens("poison", account)
            begins = self.chance.between(f"poison of {account}", 0, 2 * DAY) if is_ill else _NEVER
            self._begins["poison", account, 0] = begins
        return begins <= self.clock.ms

    def _is_in(self, kind: str, account: str, lasts: int) -> bool:
        if not self.chance.has(kind):
            return False
        day = self.clock.ms // DAY
        begins = self._begins.get((kind, account, day))
        if begins is None:
            begins = _NEVER
            if self.chance.happens(kind, f"{account}/{day}"):
                begins = day * DAY + self.chance.between(f"{kind} from {account}/{day}", 0, DAY - lasts)
            self._begins[kind, account, day] = begins
        return begins <= self.clock.ms < begins + lasts


@dataclass(frozen=True, slots=True)
class SeenPoints:
    """Recovery points."""

    aws: SimulatedBackup
    answers: Answers
    _seen: dict[str, int] = field(default_factory=dict)
    _looked: dict[str, int] = field(default_factory=dict)

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPointFound | None:
        def found() -> RecoveryPointFound | None:
            told = self.aws.points[vault].get(recovery_point)
            point = self.answers.old(told, kind="lag-describe", thing=recovery_point)
            return None if point is None or self._blinks(point) else point

        return self.answers.ask("DescribeRecoveryPoint", account_of(vault), found)

    def _blinks(self, point: RecoveryPointFound) -> bool:
        """Whether the answer is that it is gone, for some minutes from the first look on, long after it was seen."""
        now, answers = self.answers.clock.ms, self.answers
        if account_of(point.vault) != _CENTRAL or not answers.chance.has("blink"):
            return False
        if now - self._seen.setdefault(point.arn, now) < _SETTLED_AFTER:
            return False
        since = self._looked.setdefault(point.arn, now)
        return now - since < _BLINK and answers.chance.happens("blink", point.arn)

    def of_resource(self, resource: str, *, vault: str) -> tuple[RecoveryPointFound, ...]:
        def listed() -> tuple[RecoveryPointFound, ...]:
            held = self.aws.points[vault]
            arns = self.aws.points_of[vault, resource]
            seen = (self.answers.old(held[arn], kind="lag-list-points", thing=arn) for arn in arns)
            return tuple(point for point in seen if point is not None)

        return self.answers.ask("ListRecoveryPointsByBackupVault", account_of(vault), listed)

    def tags(self, recovery_point: str, *, vault: str) -> dict[str, str]:
        return self.answers.ask("ListTags", account_of(vault), dict)

    def plan(self, arn: str) -> PlanFound | None:
        return None


@dataclass(frozen=True, slots=True)
class SeenVaults:
    """Vaults."""

    aws: SimulatedBackup
    answers: Answers

    def describe(self, vault: str) -> VaultFound | None:
        return self.answers.ask("DescribeBackupVault", account_of(vault), lambda: self.aws.vault(vault))


@dataclass(frozen=True, slots=True)
class SeenBackupJobs:
    """Backup jobs."""

    aws: SimulatedBackup
    answers: Answers

    def describe(self, backup_job: str, *, account: AccountId, region: Region) -> BackupJob | None:
        def described() -> BackupJob | None:
            return self.answers.old(self.aws.backups.get(backup_job), kind="lag-describe", thing=backup_job)

        return self.answers.ask("DescribeBackupJob", account, described)

    def of_resource(
        self, resource: str, *, account: AccountId, region: Region, since: datetime
    ) -> tuple[BackupJob, ...]:
        def listed() -> tuple[BackupJob, ...]:
            every = self.aws.backups_of[resource]
            seen = (self.answers.old(told, kind="lag-list-jobs", thing=str(told.now.id)) for told in every)
            return tuple(
                job for job in seen if job is not None and job.created_at is not None and job.created_at >= since
            )

        return self.answers.ask("ListBackupJobs", account, listed)


@dataclass(frozen=True, slots=True)
class SeenResources:
    """What is backed up: its tags, as long as it is there."""

    aws: SimulatedBackup
    answers: Answers

    def tags(self, resource: str, *, account: AccountId, region: Region) -> dict[str, str] | None:
        return self.answers.ask("GetResources", account, lambda: self.aws.tags(resource))


@dataclass(frozen=True, slots=True)
class SeenCopyJobs:
    """Copy jobs, and the starting of them."""

    aws: SimulatedBackup
    answers: Answers

    def describe(self, copy_job: str, *, account: AccountId, region: Region) -> CopyJob | None:
        def described() -> CopyJob | None:
            copying = self.aws.copies.get(copy_job)
            told = None if copying is None else copying.job
            return self.answers.old(told, kind="lag-describe", thing=copy_job)

        return self.answers.ask("DescribeCopyJob", account, described)

    def of_promise(self, promise: Promise) -> tuple[CopyJob, ...]:
        def listed() -> tuple[CopyJob, ...]:
            every = (each.job for each in self.aws.copies_of[promise.resource] if each.job.states)
            seen = (self.answers.old(told, kind="lag-list-jobs", thing=str(told.now.id)) for told in every)
            since = promise.created_at - _LISTED_SINCE
            return tuple(
                job for job in seen if job is not None and job.created_at is not None and job.created_at > since
            )

        return self.answers.ask("ListCopyJobs", promise.account, listed)

    def start(self, promise: Promise, *, attempt: int) -> str:
        def begun() -> str:
            owed = self._owed(promise)
            if owed is None:
                raise NotFoundError(f"nothing like {promise.subject} was ever backed up")
            return self.aws.start(owed, attempt=attempt)

        return self.answers.ask("StartCopyJob", promise.account, begun)

    def _owed(self, promise: Promise) -> Owed | None:
        place = (promise.recovery_point, promise.destination)
        alike = (each for each in self.aws.owed.values() if (each.recovery_point, each.destination) == place)
        return next((each for each in alike if promise.night in {None, each.backup}), None)


@cache
def account_of(vault: str) -> str:
    """In whose account the vault is."""
    return Arn.parse(vault).account or vault
