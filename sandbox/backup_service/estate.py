"""What AWS Backup keeps: vaults, recovery points, jobs and settings of every account and Region."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.backup_service.clockwork import Clockwork
from sandbox.backup_service.faults import Faults
from sandbox.backup_service.lifecycles import FOREVER, Lifecycle, VaultLock
from sandbox.backup_service.resources.kind import Capture
from sandbox.backup_service.surroundings import AccountServices, Document, Place, Surroundings

_STATES = {"PENDING": "CREATING", "APPROVED": "AVAILABLE", "FAILED": "FAILED"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an account in a Region, and the principal."""

    place: Place
    principal_arn: str


@dataclass(slots=True)
class Session:
    """What an approval team is asked to let happen: PENDING until it is APPROVED, or FAILED by `code`."""

    arn: str
    action: str
    begun: datetime
    status: str = "PENDING"
    code: str = ""


@dataclass(slots=True)
class ApprovalTeam:
    """People of whom some must approve before AWS Backup acts, and the accounts that it is shared with."""

    arn: str
    accounts: frozenset[str]


@dataclass(slots=True)
class Access:
    """What lets a restore access vault show the recovery points of an air-gapped one, once its team has approved."""

    source: "Vault"
    session: Session
    approved: datetime | None = None
    revocation: Session | None = None


@dataclass(slots=True)
class TeamChange:
    """A team that is to take the place of a vault's team, or none, once that has approved."""

    session: Session
    wanted: str | None


@dataclass(slots=True)
class Vault:
    """A backup vault; a restore access one has its recovery points from another, by its `access`."""

    place: Place
    name: str
    key_arn: str
    created: datetime
    creator_request_id: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    policy: str | None = None
    lock: VaultLock | None = None
    is_air_gapped: bool = False
    approval_team: str | None = None
    team_change: TeamChange | None = None
    access: Access | None = None

    @property
    def arn(self) -> str:
        """The vault's ARN."""
        return vault_arn(self.place, self.name)

    @property
    def state(self) -> str:
        """Its state: that of a restore access vault hangs on what its team says."""
        return "AVAILABLE" if self.access is None else _STATES[self.access.session.status]

    @property
    def keeper(self) -> "Vault":
        """The vault whose recovery points it shows: its own, or once that was approved those of another."""
        return self.access.source if self.access is not None and self.state == "AVAILABLE" else self

    @property
    def type(self) -> str:
        """Its type, as the API names it."""
        if self.access is not None:
            return "RESTORE_ACCESS_BACKUP_VAULT"
        return "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" if self.is_air_gapped else "BACKUP_VAULT"


@dataclass(frozen=True, slots=True)
class CreatedBy:
    """The plan and rule that started a job."""

    plan_id: str
    plan_arn: str
    plan_version: str
    rule_id: str
    rule_name: str = ""
    plan_name: str = ""

    def described(self) -> dict[str, str]:
        """The plan as jobs and recovery points of the API name it."""
        return {
            "BackupPlanId": self.plan_id,
            "BackupPlanArn": self.plan_arn,
            "BackupPlanVersion": self.plan_version,
            "BackupRuleId": self.rule_id,
            **({"BackupPlanName": self.plan_name} if self.plan_name else {}),
            **({"BackupRuleName": self.rule_name} if self.rule_name else {}),
        }

    def nameless(self) -> "CreatedBy":
        """The same plan and rule by their ids alone."""
        return replace(self, plan_name="", rule_name="")


@dataclass(frozen=True, slots=True)
class CopyAction:
    """A copy that follows each completed backup; no lifecycle means the source's."""

    destination_vault_arn: str
    lifecycle: Lifecycle | None = None


@dataclass(slots=True)
class Scan:
    """A scan of a recovery point for malware; without a result before its end, and where it came to none."""

    state: str
    result: str | None
    created: datetime
    ended: datetime | None = None
    role_arn: str = ""
    message: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    job_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(slots=True)
class RecoveryPoint:
    """One recovery point in one vault; as `member` of a stack it lies nested in the composite one of `parent_arn`."""

    arn: str
    vault: Vault
    resource_arn: str
    resource_type: str
    resource_name: str
    capture: Capture
    created: datetime
    completed: datetime | None
    role_arn: str
    lifecycle: Lifecycle
    key_arn: str | None
    backup_job_id: str
    created_by: CreatedBy | None = None
    source_vault_arn: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    last_restored: datetime | None = None
    status: str = "COMPLETED"
    storage_class: str = "WARM"
    is_continuous: bool = False
    is_parent: bool = False
    parent_arn: str | None = None
    member: str | None = None
    appeared: datetime | None = None
    scans: list[Scan] = field(default_factory=list)

    @property
    def is_being_made(self) -> bool:
        """Whether the job that makes it still runs."""
        return self.status == "CREATING"


@dataclass(slots=True, kw_only=True)
class Job:
    """What backup, copy and restore jobs have in common; as `member` of a stack it is nested in `parent_id`."""

    place: Place
    resource_arn: str
    resource_type: str
    role_arn: str
    created: datetime
    id: str = field(default_factory=lambda: str(uuid.uuid4()).upper())
    state: str = "CREATED"
    message: str | None = None
    category: str = "SUCCESS"
    completed: datetime | None = None
    size: int = 0
    is_parent: bool = False
    parent_id: str | None = None
    member: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the job may still change."""
        return self.completed is None


@dataclass(slots=True, kw_only=True)
class BackupJob(Job):
    """A backup of one resource into one vault, and from there perhaps into an air-gapped one."""

    vault_name: str
    recovery_point_arn: str
    lifecycle: Lifecycle = FOREVER
    created_by: CreatedBy | None = None
    recovery_point_tags: dict[str, str] = field(default_factory=dict)
    start_window: timedelta = timedelta(hours=8)
    started: bool = False
    is_continuous: bool = False
    air_gapped_vault_arn: str | None = None

    @property
    def has_made_a_point(self) -> bool:
        """Whether the job left a recovery point, of a stack perhaps without some of what belongs to it."""
        return self.state in ("COMPLETED", "PARTIAL")


@dataclass(slots=True, kw_only=True)
class CopyJob(Job):
    """A copy of one recovery point into another vault; it belongs to the source's account and Region."""

    source_vault_arn: str
    source_recovery_point_arn: str
    destination_vault_arn: str
    lifecycle: Lifecycle
    created_by_backup_job_id: str
    created_by: CreatedBy | None = None
    destination_recovery_point_arn: str | None = None
    destination_key_arn: str | None = None
    is_destination_locked: bool = False


@dataclass(slots=True, kw_only=True)
class RestoreJob(Job):
    """A restore of one recovery point into the account that owns its vault.

    `used_metadata` is what was asked for and what AWS Backup filled in.
    """

    recovery_point_arn: str
    vault_arn: str
    recovery_point_created: datetime
    metadata: dict[str, str]
    used_metadata: dict[str, str]
    copies_source_tags: bool = False
    created_resource_arn: str | None = None


@dataclass(frozen=True, slots=True)
class TokenUse:
    """What an idempotency token was first used for."""

    request: Mapping[str, Any]
    job_id: str


@dataclass(slots=True)
class RegionSettings:
    """Which resource types AWS Backup serves in an account and Region, and which it manages fully."""

    opt_in: dict[str, bool]
    management: dict[str, bool]


@dataclass(slots=True)
class Estate:
    """Everything AWS Backup keeps, with what it needs to work on it."""

    surroundings: Surroundings
    clockwork: Clockwork
    faults: Faults = field(default_factory=Faults)
    vaults: dict[tuple[Place, str], Vault] = field(default_factory=dict)
    approval_teams: dict[str, ApprovalTeam] = field(default_factory=dict)
    recovery_points: dict[str, RecoveryPoint] = field(default_factory=dict)
    backup_jobs: dict[str, BackupJob] = field(default_factory=dict)
    copy_jobs: dict[str, CopyJob] = field(default_factory=dict)
    restore_jobs: dict[str, RestoreJob] = field(default_factory=dict)
    tokens: dict[tuple[str, Place, str], TokenUse] = field(default_factory=dict)
    plans: dict[tuple[Place, str], Document] = field(default_factory=dict)
    frameworks: dict[tuple[Place, str], Document] = field(default_factory=dict)
    report_plans: dict[tuple[Place, str], Document] = field(default_factory=dict)
    region_settings: dict[Place, RegionSettings] = field(default_factory=dict)
    global_settings: dict[str, str] = field(default_factory=dict)
    global_settings_updated: datetime | None = None
    turns: dict[tuple[str, str], asyncio.Lock] = field(default_factory=dict)

    def now(self) -> datetime:
        """The present moment."""
        return self.surroundings.now()

    def shows(self, appeared: datetime | None) -> bool:
        """Whether what appeared then is shown by now, however late lists and descriptions are."""
        return appeared is None or appeared + self.surroundings.lag() <= self.now()

    def services(self, place: Place, role_arn: str | None = None) -> AccountServices:
        """The other services of an account and Region, under the role of a job if it acts there."""
        return AccountServices(place, self.surroundings, role_arn)

    def vault_by_arn(self, arn: str) -> Vault | None:
        """The vault of that ARN, wherever it is."""
        parts = arn.split(":", 6)
        if len(parts) != 7 or parts[5] != "backup-vault":
            return None
        return self.vaults.get((Place(parts[4], parts[3]), parts[6]))

    def shows_vault(self, vault: Vault, place: Place) -> bool:
        """Whether an account sees what lies in a vault: its own, and one that is shared with it, in the Region."""
        is_shared = vault.place.region == place.region and place.account in self.surroundings.shared_with(vault.arn)
        return vault.place == place or is_shared

    def turn(self, resource_arn: str, purpose: str) -> asyncio.Lock:
        """Whose turn it is: one job for each resource and purpose at a time."""
        return self.turns.setdefault((resource_arn, purpose), asyncio.Lock())

    def continuous_point(self, place: Place, vault_name: str, resource_arn: str) -> RecoveryPoint | None:
        """The one continuous recovery point of a resource in a vault that is still extended."""
        vault = self.vaults.get((place, vault_name))
        mine = [each for each in self.points_in(vault) if each.resource_arn == resource_arn] if vault else []
        return next((each for each in mine if each.is_continuous and each.status != "STOPPED"), None)

    def points_in(self, vault: Vault) -> list[RecoveryPoint]:
        """The recovery points of a vault."""
        return [point for point in self.recovery_points.values() if point.vault is vault]

    def nested_in(self, composite: RecoveryPoint) -> list[RecoveryPoint]:
        """The recovery points that lie in a composite one."""
        return [point for point in self.recovery_points.values() if point.parent_arn == composite.arn]


type Operation = Callable[[Estate, Caller, Document], Document | Awaitable[Document]]


def vault_arn(place: Place, name: str) -> str:
    """The ARN of a vault of that name."""
    return f"arn:aws:backup:{place.region}:{place.account}:backup-vault:{name}"
