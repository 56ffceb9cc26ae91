"""What is asked about recovery points, vaults, copy jobs and promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime, timedelta

    from strongroom.domain.copies.backup_jobs import BackupJob
    from strongroom.domain.copies.comparing.arrivals import Arrivals
    from strongroom.domain.copies.comparing.kept import KeptCopy
    from strongroom.domain.copies.comparing.rounds import PointPage, Round
    from strongroom.domain.copies.expected.backups import BackupKey, ExpectedBackup
    from strongroom.domain.copies.found import CopyJob, PlanFound, RecoveryPointFound, VaultFound
    from strongroom.domain.copies.groups.standing import Group
    from strongroom.domain.copies.obstacles import GroupKey
    from strongroom.domain.copies.promises import Promise, PromiseKey
    from strongroom.domain.copies.reconciling import JobKind, JobPage, Mark, Window
    from strongroom.domain.copies.remediation.circumstances import SourceKey
    from strongroom.domain.copies.turns import DueKey
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.statements import Statements


class RecoveryPointInspection(Protocol):
    """Recovery points, read from AWS Backup in the account that owns the vault."""

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPointFound | None:
        """The recovery point in the vault with this ARN, or None."""

    def of_resource(self, resource: str, *, vault: str) -> tuple[RecoveryPointFound, ...]:
        """Every recovery point of the resource in the vault."""

    def tags(self, recovery_point: str, *, vault: str) -> dict[str, str]:
        """The recovery point's tags, as far as AWS Backup can tell them."""

    def plan(self, arn: str) -> PlanFound | None:
        """The plan with this ARN, or None where AWS Backup does not say."""


class VaultInspection(Protocol):
    """Vaults, read from AWS Backup in the account that owns them."""

    def describe(self, vault: str) -> VaultFound | None:
        """The vault with this ARN, or None."""


class BackupJobs(Protocol):
    """Backup jobs, read from AWS Backup in the account of the resource."""

    def describe(self, backup_job: str, *, account: AccountId, region: Region) -> BackupJob | None:
        """The backup job, or None of one that AWS does not know."""

    def of_resource(
        self, resource: str, *, account: AccountId, region: Region, since: datetime
    ) -> tuple[BackupJob, ...]:
        """The backup jobs of the resource that were created at `since` or later, oldest first."""


class ResourceInspection(Protocol):
    """Resources, read in the account that owns them."""

    def tags(self, resource: str, *, account: AccountId, region: Region) -> dict[str, str] | None:
        """The resource's tags as they are now; None of one that is gone, or never had any."""


class CopyJobs(Protocol):
    """Copy jobs, read from AWS Backup in the account that owns the source vault."""

    def describe(self, copy_job: str, *, account: AccountId, region: Region) -> CopyJob | None:
        """The copy job, or None once AWS has forgotten it."""

    def of_promise(self, promise: Promise) -> tuple[CopyJob, ...]:
        """The copy jobs of the promise's resource since some days before its backup, oldest first."""


class CopyStarter(Protocol):
    """Starts copies in the account that owns the source vault."""

    def start(self, promise: Promise, *, attempt: int) -> str:
        """Start the copy and return its job's id; the same promise and attempt give the same job."""


class OrganizationJobs(Protocol):
    """The jobs of every account of the organisation, as its delegated administrator of AWS Backup lists them."""

    def page(self, kind: JobKind, window: Window, *, region: Region, account: AccountId | None = None) -> JobPage:
        """One page of the jobs of one account, or of all, that ended in the window; of those that run still none."""


class ReconciliationBook(Protocol):
    """Remembers how far each list was read."""

    def find(self, kind: JobKind, region: Region) -> Mark | None:
        """The mark, or None where the list was never read."""

    def keep(self, mark: Mark, *, was: Mark | None) -> bool:
        """Write the mark over the one that was read; False when somebody else has moved it since."""


class VaultContents(Protocol):
    """What vaults hold, as AWS Backup lists it in the accounts that own them."""

    def page(self, vault: str, window: Window) -> PointPage:
        """One page of the recovery points that were created in the window; none where there is no such vault."""


class ArrivalBook(Protocol):
    """Remembers how far what arrives in each vault was read."""

    def find(self, vault: str) -> Arrivals | None:
        """How far the vault was read, or None where it never was."""

    def keep(self, arrivals: Arrivals, *, was: Arrivals | None) -> bool:
        """Write it over what was read; False when somebody else has gone on with it since."""


class RoundBook(Protocol):
    """Remembers how far the weekly comparison with the vaults came."""

    def find(self) -> Round | None:
        """The last round, or None before the first."""

    def keep(self, current: Round, *, was: Round | None) -> bool:
        """Write how far it came over what was read; False when somebody else has gone on with it since."""


class KeptCopies(Protocol):
    """Remembers which copies vaults must go on keeping, once no job tells of them any more."""

    def note(self, vault: str, day: datetime, copies: Iterable[KeptCopy]) -> None:
        """Remember these copies of what was backed up on that day; the same ones once."""

    def of_day(self, vault: str, day: datetime) -> Iterator[KeptCopy]:
        """Every copy of what was backed up on that day that the vault must keep; some of them twice."""


class KnownPoints(Protocol):
    """Knows recovery points."""

    def knows(self, recovery_point: str) -> bool:
        """Whether any promise was ever opened for the recovery point."""


class PromiseBook(Protocol):
    """Remembers what is owed."""

    def open(self, promise: Promise) -> bool:
        """Open the promise; False when it was known already."""

    def get(self, recovery_point: str, destination: str) -> Promise | None:
        """The promise as it stands, or None; for a continuous backup see `nights`."""

    def nights(self, recovery_point: str, destination: str) -> tuple[Promise, ...]:
        """The promises of a continuous backup to that vault, one for each night."""

    def current(self, key: PromiseKey) -> Promise | None:
        """The promise as it stands, or None."""

    def knows(self, recovery_point: str) -> bool:
        """Whether any promise was ever opened for the recovery point."""

    def keep(self, promise: Promise, *, was: Promise) -> bool:
        """Write what became of the promise over what was read; False when somebody else has written it since."""


class GroupBook(Protocol):
    """Remembers what stops many copies at once."""

    def find(self, key: GroupKey) -> Group | None:
        """The group as it stands, or None where there never was one."""

    def keep(self, group: Group, *, was: Group | None) -> bool:
        """Write what became of it over what was read; False when somebody else has written it since."""


class ExpectedBackups(Protocol):
    """Remembers which backups must be made."""

    def find(self, key: BackupKey) -> ExpectedBackup | None:
        """The backup as it is expected, or None where none was yet."""

    def keep(self, expected: ExpectedBackup, *, was: ExpectedBackup) -> bool:
        """Write what became of it over what was read; False when somebody else has written it since."""


class Standings(Protocol):
    """Reads many promises and expected backups at once, as they stood a moment ago."""

    def promises(self, keys: Iterable[PromiseKey]) -> Mapping[PromiseKey, Promise]:
        """The promises; what is missing is not there, or was not told."""

    def backups(self, keys: Iterable[BackupKey]) -> Mapping[BackupKey, ExpectedBackup]:
        """The expected backups; what is missing is not there, or was not told."""


class DueList(Protocol):
    """What is due to be looked at."""

    def due(self, now: datetime) -> Iterator[DueKey]:
        """Every promise, expected backup, heartbeat and group whose `due_at` has passed, the longest due first.

        What is told may lag behind the books: read it there before acting on it.
        """


class ProtectionBook(Protocol):
    """Remembers of each resource when it was last backed up, and where deadlines are learnt how long copies took.

    When it was copied, its promises say.
    """

    def tier(self, resource: str) -> str | None:
        """The tier that the resource is known to have."""

    def last_backup(self, resource: str) -> datetime | None:
        """When the resource was last backed up."""

    def record_backup(self, resource: str, *, recovery_point: str, at: datetime) -> None:
        """Remember a backup that answers no rule, unless a later one is known; one that does its rule remembers."""

    def copies_took(self, resource: str, *, destination: str) -> tuple[timedelta, ...]:
        """How long its latest copies to the vault with this ARN took, the last one last."""

    def record_copy(self, resource: str, *, destination: str, copy: str, took: timedelta, now: datetime) -> None:
        """Remember how long the copy took; once, however often it is told."""


class RemediationStarter(Protocol):
    """Begins to see to a copy that did not come about; whoever that is starts it again, or finds out what stops it."""

    def begin(self, promise: Promise, *, attempt: int) -> None:
        """Begin; the same promise and attempt begin once, however often they are asked for."""


class SourceKeys(Protocol):
    """Keys of sources, read from KMS in the accounts that own them."""

    def find(self, key: str, *, account: AccountId, region: Region) -> SourceKey | None:
        """The key with this ARN, or with this id in that account; None where it does not exist."""


class VaultPolicies(Protocol):
    """Access policies of vaults, read in the accounts that own them."""

    def statements(self, vault: str) -> Statements:
        """The statements of the policy of the vault with this ARN, none where it has none."""


class BackupSwitches(Protocol):
    """What is switched on in AWS Backup."""

    def opt_ins(self, account: AccountId, region: Region) -> Mapping[str, bool]:
        """Which types AWS Backup serves in that account and Region, by its names of them."""

    def is_cross_account(self) -> bool | None:
        """Whether the organisation lets copies go from one account to another; None where AWS does not say."""
