"""A night of a whole organisation, of which nothing is kept: all of it follows from numbers."""

from collections import Counter
from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass, field
from datetime import timedelta

from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.copies.comparing.rounds import PointPage
from strongroom.domain.copies.found import CopyJob, CopyNotice, MadeBy, PlanFound, RecoveryPointFound, VaultFound
from strongroom.domain.copies.promises import Promise
from strongroom.domain.copies.reconciling import JobKind, JobPage, Window
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.destinations import Destination, destinations_of
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.rules import ONLY_RULE, rules_of
from strongroom.domain.intent.tier_names import plan_name
from tests.builders.copies import COMPLETED_AT, CREATED_AT, PLAN, a_vault
from tests.builders.places import HOME, LOCAL_NAME, a_vault_arn

TIER = "compliance-7y"
COPIED_AT = COMPLETED_AT + timedelta(minutes=20)
AFTERWARDS = COPIED_AT + timedelta(minutes=40)
# Of so many, one has each kind of trouble; of the copies it is the first.
_ROUND = 40
_FAILED_BACKUP, _FAILED_COPY, _SHORT_LIVED, _UNSEEN, _WITH_ISSUES, _ON_DEMAND = 3, 7, 11, 13, 17, 19


@dataclass
class OrganizationNight:
    """AWS Backup in so many accounts, after a night with so many backups of two copies each.

    `asked` counts the calls that an account would have to answer for each job. All went well where there is no
    `trouble`.
    """

    intent: Intent
    backups: int
    accounts: int = 50
    page_size: int = 1_000
    trouble: bool = True
    asked: Counter[str] = field(default_factory=Counter)
    _destinations: dict[AccountId, tuple[Destination, ...]] = field(default_factory=dict)

    def page(self, kind: JobKind, window: Window, *, region: Region, account: AccountId | None = None) -> JobPage:
        """One page of the jobs of the night; those of other Regions, and of other hours, are none."""
        self.asked["List"] += 1
        begins, total = int(window.token or "0"), self.backups * (1 if kind is JobKind.BACKUPS else 2)
        ends = begins + self.page_size
        is_asked = window.since <= (COMPLETED_AT if kind is JobKind.BACKUPS else COPIED_AT) <= window.until
        numbers = range(begins, min(ends, total)) if region == HOME and is_asked else range(0)
        token = str(ends) if ends < total and numbers else None
        if kind is JobKind.BACKUPS:
            return JobPage(backups=tuple(map(self.backup, numbers)), token=token)
        copies = (self.copy(number // 2, number % 2) for number in numbers)
        return JobPage(copies=tuple(filter(None, copies)), token=token)

    def backup(self, number: int) -> BackupJob:
        """The job that made backup `number`."""
        account, kind = self._account(number), self._kind(number)
        return BackupJob(
            id=f"backup-{number:029d}",
            state="EXPIRED" if kind == _FAILED_BACKUP else "COMPLETED",
            account=account,
            region=HOME,
            vault=a_vault_arn(LOCAL_NAME, account=account),
            resource=self._resource(number),
            recovery_point=None if kind == _FAILED_BACKUP else self._point(number, account=account),
            created_at=CREATED_AT,
            message="some files could not be read" if kind == _WITH_ISSUES else None,
            made_by=self._maker(number),
            completed_at=COMPLETED_AT,
        )

    def copy(self, number: int, turn: int) -> CopyNotice | None:
        """The copy of backup `number` into its first or second vault; None of a backup that failed, or owes nothing."""
        account, kind = self._account(number), self._kind(number)
        if kind in {_FAILED_BACKUP, _ON_DEMAND}:
            return None
        has_failed = turn == 0 and kind == _FAILED_COPY
        destination = self._vaults(account)[turn].vault.arn
        job = CopyJob(
            id=f"copy-{number}-{turn}",
            state="FAILED" if has_failed else "COMPLETED",
            recovery_point=self._point(number, account=account),
            source_vault=a_vault_arn(LOCAL_NAME, account=account),
            destination=destination,
            destination_recovery_point=None if has_failed else self.copied_point(number, destination),
            created_at=COMPLETED_AT,
            message="the key's policy refuses it" if has_failed else None,
            made_by=self._maker(number),
            completed_at=COPIED_AT,
        )
        return CopyNotice(account=account, region=HOME, job=job)

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPointFound | None:
        """The recovery point as its vault's account describes it."""
        self.asked["DescribeRecoveryPoint"] += 1
        number, place = int(recovery_point.rpartition("-")[2]), Arn.parse(vault)
        account = self._account(number)
        point = RecoveryPointFound(
            arn=recovery_point,
            vault=vault,
            resource=self._resource(number),
            status="COMPLETED",
            encryption_key=a_vault().encryption_key,
            retention_days=35,
            created_at=CREATED_AT,
            completed_at=COMPLETED_AT,
            made_by=self._maker(number),
        )
        if place.account == account:
            return point
        kind, is_first = self._kind(number), vault == self._vaults(account)[0].vault.arn
        if kind == _UNSEEN and is_first:
            return None
        days = 35 if kind == _SHORT_LIVED and is_first else 2555
        return replace(point, retention_days=days)

    def of_resource(self, resource: str, *, vault: str) -> tuple[RecoveryPointFound, ...]:
        """The one recovery point of the resource in the vault."""
        number = int(resource.rpartition("-")[2])
        place = Arn.parse(vault)
        arn = self._point(number, account=place.account) if place.name == LOCAL_NAME else None
        found = self.find(arn or self.copied_point(number, vault), vault=vault)
        return () if found is None else (found,)

    def tags(self, recovery_point: str, *, vault: str) -> dict[str, str]:
        self.asked["ListTags"] += 1
        return {}

    def plan(self, arn: str) -> PlanFound | None:
        self.asked["GetBackupPlan"] += 1
        return None

    def describe(self, vault: str) -> VaultFound | None:
        """A vault, as it should be."""
        self.asked["DescribeBackupVault"] += 1
        return replace(a_vault(), arn=vault)

    def everything(self) -> Iterator[BackupJob | CopyNotice]:
        """Every job, each backup before its copies."""
        for number in range(self.backups):
            yield self.backup(number)
            yield from filter(None, (self.copy(number, turn) for turn in (0, 1)))

    def of_promise(self, promise: Promise) -> tuple[CopyJob, ...]:
        raise NotImplementedError("the lists alone are read")

    def _kind(self, number: int) -> int:
        return number % _ROUND if self.trouble else 0

    def _account(self, number: int) -> AccountId:
        return AccountId(f"2222{number % self.accounts:08d}")

    def _resource(self, number: int) -> str:
        return f"arn:aws:elasticfilesystem:{HOME}:{self._account(number)}:file-system/fs-{number:017d}"

    def _maker(self, number: int) -> MadeBy | None:
        if self._kind(number) == _ON_DEMAND:
            return None
        return MadeBy(
            plan=PLAN.replace("222222222222", self._account(number)), plan_name=plan_name(TIER), rule_name=ONLY_RULE
        )

    def _point(self, number: int, *, account: str) -> str:
        return f"arn:aws:backup:{HOME}:{account}:recovery-point:00000000-0000-4000-8000-{number:012d}"

    def copied_point(self, number: int, vault: str) -> str:
        place = Arn.parse(vault)
        return f"arn:aws:backup:{place.region}:{place.account}:recovery-point:00000000-0000-4000-8001-{number:012d}"

    def _vaults(self, account: AccountId) -> tuple[Destination, ...]:
        if account not in self._destinations:
            (rule,) = rules_of(self.intent.tiers[TIER])
            owed = destinations_of(self.intent, rule, account=account, region=HOME)
            self._destinations[account] = owed
        return self._destinations[account]


@dataclass(frozen=True)
class OrganizationVaults:
    """What the vaults hold after the night, page by page."""

    night: OrganizationNight

    def page(self, vault: str, window: Window) -> PointPage:
        night = self.night
        night.asked["ListVault"] += 1
        if not window.since < CREATED_AT <= window.until:
            return PointPage()
        begins = int(window.token or "0")
        ends = min(begins + night.page_size, night.backups)
        points = tuple(self._listed(number, vault) for number in range(begins, ends))
        return PointPage(points=points, token=str(ends) if ends < night.backups else None)

    def _listed(self, number: int, vault: str) -> RecoveryPointFound:
        return RecoveryPointFound(
            arn=self.night.copied_point(number, vault),
            vault=vault,
            resource=f"arn:aws:elasticfilesystem:{HOME}:file-system/fs-{number:017d}",
            status="COMPLETED",
            encryption_key=None,
            retention_days=2555,
            created_at=CREATED_AT,
            completed_at=COPIED_AT,
        )
