"""The organisation's intent: the one input from which every policy, role and deadline is rendered.

Durations are ISO 8601 (`PT4H`), retentions whole days, names as AWS Backup spells them.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from strongroom.domain.identifiers import AccountId, Region, role_arn, vault_arn


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Who is who: the organisation, its special accounts, its Regions and its organisational units (name to id)."""

    id: str
    root_id: str
    management_account: AccountId
    backup_account: AccountId
    audit_account: AccountId
    home_region: Region
    replica_region: Region
    governed_regions: tuple[Region, ...]
    units: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultLock:
    """Vault Lock in compliance mode; the numbers can never be loosened after `changeable_for_days`."""

    min_retention_days: int
    max_retention_days: int
    changeable_for_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """A backup vault by name, with its lock where it has one."""

    name: str
    lock: VaultLock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vaults:
    """The local vault of every governed account, the central vault, and the replica of the critical tiers."""

    local: Vault
    central: Vault
    replica: Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One level of protection, selected by the value of the backup tag; `critical` adds the copy to the replica."""

    schedule: str
    start_window: timedelta
    complete_window: timedelta
    local_retention_days: int
    central_retention_days: int
    critical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An organisational unit, the tiers that its accounts may choose, and the one they get when they choose none."""

    unit: str
    tiers: tuple[str, ...]
    default_tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleNames:
    """The roles of the member stack, as path and name; none begins with a slash."""

    backup: str = "strongroom/strongroom-backup"
    tagging: str = "strongroom/strongroom-tagging"
    restore: str = "strongroom/strongroom-restore"
    copying: str = "strongroom/strongroom-copying"
    inspection: str = "strongroom/strongroom-inspection"
    forwarder: str = "strongroom/strongroom-forwarder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrails:
    """What the service control policies add: create actions refused without a valid tag, and who is exempt.

    A create action that is not listed is corrected after the fact instead of being refused.
    """

    tag_required_on: tuple[str, ...] = ()
    exempt_role_arns: tuple[str, ...] = ()
    deployer_role_arns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The customer-managed keys of the vaults: who may administer them, and how long a deletion can be called back."""

    administrator_role_arns: tuple[str, ...] = ()
    deletion_window_days: int = 30
    rotation_period_days: int = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the auditor gets: the Audit Manager framework (it needs AWS Config) and how long reports are locked."""

    framework: bool = True
    report_retention_days: int = 2557


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long a promise may stay open. AWS itself retries a copy for two hours, hence more than that in production."""

    copy_verified_within: timedelta
    copy_retry_after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may ask or approve: `subject` is the identity provider's stable id and the only identity."""

    subject: str
    name: str
    email: str
    slack_user: str
    ticket_account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """How many different people out of a group must approve a restore into the unit; the asker never counts."""

    unit: str
    group: str
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restores:
    """The rules of the restore ceremony: two clocks, the approvers, and how fresh a proof of presence must be."""

    approval_expires_after: timedelta
    execution_expires_after: timedelta
    presence_max_age: timedelta
    accepted_methods: tuple[str, ...]
    requesters: str
    groups: dict[str, tuple[str, ...]]
    rules: tuple[ApprovalRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """Where Slack is, which workspace and app are ours, and the two channels."""

    team_id: str
    app_id: str
    alerts_channel: str
    restores_channel: str
    api_url: str = "https://slack.com/api/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tickets:
    """Where tickets live and when one entitles to a restore: its status, and the field that names its approver."""

    system: Literal["jira"]
    url: str
    user: str
    approved_statuses: tuple[str, ...]
    approver_field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """The OpenID Connect issuer: one client of the control plane, one of the command line."""

    issuer: str
    client_id: str
    cli_client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """Everything that names an account, unit, vault, tier or retention, stated once."""

    organization: Organization
    tag_key: str
    vaults: Vaults
    tiers: dict[str, Tier]
    targets: tuple[Target, ...]
    deadlines: Deadlines
    guardrails: Guardrails
    restores: Restores
    people: dict[str, Person]
    slack: Slack
    tickets: Tickets
    identity_provider: IdentityProvider
    roles: RoleNames = field(default_factory=RoleNames)
    keys: Keys = field(default_factory=Keys)
    audit: Audit = field(default_factory=Audit)

    def target_of_unit(self, unit_id: str) -> Target | None:
        """The target of the organisational unit with this id, or None where nothing is governed."""
        names = {identifier: name for name, identifier in self.organization.units.items()}
        return next((target for target in self.targets if target.unit == names.get(unit_id)), None)

    def central_vault_arn(self) -> str:
        """The ARN of the central vault: backup account, home Region."""
        place = self.organization
        return vault_arn(self.vaults.central.name, account=place.backup_account, region=place.home_region)

    def replica_vault_arn(self) -> str:
        """The ARN of the replica vault: backup account, replica Region."""
        place = self.organization
        return vault_arn(self.vaults.replica.name, account=place.backup_account, region=place.replica_region)

    def local_vault_arn(self, account: AccountId, region: Region) -> str:
        """The ARN of an account's own vault."""
        return vault_arn(self.vaults.local.name, account=account, region=region)

    def member_role_arn(self, role: str, account: AccountId) -> str:
        """The ARN of one of `roles` in a member account."""
        return role_arn(role, account=account)
