"""The organisation's intent: the one input from which every policy, role and deadline is rendered.

Each field says what it means in a plain text beside its type, and what it must look like in a `Form`: the checks, the
JSON Schema and `docs/reference/intent.md` take it from there. Names are spelled as AWS Backup spells them.
"""

from collections.abc import Sequence
from copy import replace
from datetime import date, timedelta
from typing import Annotated, Final, Literal

from msgspec import Struct, field

from strongroom.domain import forms
from strongroom.domain.identifiers import BUCKET_NAMES_ROLE, AccountId, Region, role_arn
from strongroom.domain.intent.ceremony import IdentityProvider, Person, Restores, Slack, Tickets
from strongroom.domain.intent.proving.evidence import EvidenceLog
from strongroom.domain.intent.tiers import NO_TIER, Tier
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.partitions import Partition, partition_of

_Account = Annotated[AccountId, forms.ACCOUNT_ID]
_Region = Annotated[Region, forms.REGION]
_RoleArn = Annotated[str, forms.ROLE_ARN]
_RoleName = Annotated[str, forms.ROLE_NAME]
_Days = Annotated[int, forms.RETENTION_DAYS]
_Duration = Annotated[timedelta, forms.DURATION]

# Organizations makes it in each account that it makes (User Guide, "Accessing a member account that has
# OrganizationAccountAccessRole").
ORGANIZATIONS_ROLE: Final = "OrganizationAccountAccessRole"


class Organization(Struct, frozen=True, kw_only=True):
    """Who is who: the organisation, its special accounts, its Regions and its organisational units."""

    id: Annotated[
        str, forms.ORGANIZATION_ID, "The organisation's id; `aws organizations describe-organization` prints it."
    ]
    root_id: Annotated[
        str, forms.ROOT_ID, "The id of its root, under which every unit lies; `aws organizations list-roots` prints it."
    ]
    management_account: Annotated[
        _Account, "The management account, which SCPs never bind: keep workloads and vaults out of it."
    ]
    backup_account: Annotated[
        _Account, "The account of the control plane and the central vault; delegated administrator of AWS Backup."
    ]
    audit_account: Annotated[
        _Account | None,
        "The auditors' account, which gets the reports and the copy of the evidence. Left out, there are no reports.",
    ] = None
    home_region: Annotated[_Region, "The Region of the control plane, and of each vault that names no other."]
    governed_regions: Annotated[
        tuple[_Region, ...],
        "Where plans run and each governed account has a local vault; the home Region is one of them. "
        "Left out, it is the only one.",
    ] = ()
    landing_zone_region: Annotated[
        _Region | None,
        "The home Region of Control Tower, which tells there of the accounts that it makes. Left out, it is the home "
        "Region, where `guardrails.landing_zone` names Control Tower at all.",
    ] = None
    units: Annotated[
        dict[str, Annotated[str, forms.UNIT_ID]],
        "Organisational units: a name for use in this file to the unit's id, which alone decides; "
        "`aws organizations list-organizational-units-for-parent` prints ids. The name of a unit below another is its "
        "path: `Workloads/PCI` lies under `Workloads`.",
    ] = field(default_factory=dict)
    owns_resource_policy: Annotated[
        bool,
        "Whether the organisation's one resource policy is made here; false where there is another one already, into "
        "which `strongroom plan` then says what to merge.",
    ] = True

    @property
    def regions(self) -> tuple[Region, ...]:
        """Where plans run: the governed Regions, or the home Region alone."""
        return self.governed_regions or (self.home_region,)

    @property
    def control_plane_accounts(self) -> tuple[AccountId, ...]:
        """Where Strongroom itself lives: the backup account, and the auditors' where there is one."""
        return (self.backup_account,) if self.audit_account is None else (self.backup_account, self.audit_account)


class Target(Struct, frozen=True, kw_only=True):
    """A unit, an account or the root that is governed, the tiers to choose from, and the one for what chooses none."""

    unit: Annotated[
        str | None,
        "A name out of `organization.units`, whose accounts are governed. Beside `account` it says where that lies.",
    ] = None
    account: Annotated[_Account | None, "A single account; its target wins over that of its unit."] = None
    root: Annotated[
        bool, "Whether it is the root, under which every account lies; exactly one of `unit`, `account` and `root`."
    ] = False
    excluded: Annotated[
        tuple[str, ...], "Names out of `organization.units` that lie below it and whose accounts are not governed."
    ] = ()
    tiers: Annotated[tuple[str, ...], forms.AT_LEAST_ONE, "The names of the tiers that its resources may choose."]
    default_tier: Annotated[
        str | None,
        "The tier, one of `tiers`, of a resource that chooses none or one not offered; `none` leaves it untagged and "
        "reports it. Left out, it is the only tier.",
    ] = None
    opt_out: Annotated[bool, "Whether its resources may opt out of backups, as the section `opt_out` says."] = False
    contact: Annotated[
        str | None,
        forms.CONTACT,
        "Who owns what is wrong in its accounts, as alerts name them: a team, a channel or an address. The tag `owner` "
        "of an account says it for that one.",
    ] = None
    mode: Annotated[
        Literal["observe", "tag", "correct", "quarantine"],
        "What is done about tags. `observe`: nothing is written, and nobody is alerted. `tag`: missing ones are added, "
        "and wrong ones are an alert. `correct`: both are put right. `quarantine`: nothing is written, and each "
        "resource in no tier is an alert until its owner has tagged it, and a ticket, where `tickets.opened` says.",
    ] = "correct"
    default_tiers: Annotated[
        dict[str, str],
        "The default of some resource types, as AWS Backup names them, where it is not `default_tier`: one of `tiers`, "
        "or `none`.",
    ] = field(default_factory=dict)
    autoscaled: Annotated[
        bool,
        "Whether instances of Auto Scaling groups and of fleets get a tier, too; else they are left as they are, for "
        "they come and go, and their images would stay.",
    ] = False
    attached_volumes: Annotated[
        bool,
        "Whether volumes that are attached to an instance get a tier of their own; else they are in its backups.",
    ] = False

    @property
    def name(self) -> str:
        """The target as people call it: the unit's name, `account 111122223333` or `the root`."""
        if self.root:
            return "the root"
        return f"account {self.account}" if self.account or not self.unit else self.unit

    @property
    def default(self) -> str | None:
        """The tier of what chooses none; None where that stays untagged."""
        if self.default_tier is None:
            return next(iter(self.tiers), None)
        return None if self.default_tier == NO_TIER else self.default_tier

    def default_of(self, resource_type: str) -> str | None:
        """The tier of what chooses none and is of this type, as AWS Backup names it; None where that stays untagged."""
        if resource_type not in self.default_tiers:
            return self.default
        chosen = self.default_tiers[resource_type]
        return None if chosen == NO_TIER else chosen

    def id(self, intent: "Intent") -> str:
        """The id that policies are attached to: the root's (`r-...`), the unit's (`ou-...`) or the account's."""
        if self.root:
            return intent.organization.root_id
        return self.account or intent.organization.units[self.unit or ""]


class OptOut(Struct, frozen=True, kw_only=True):
    """How a resource says that it wants no backups, and why: without the reason it does not count."""

    value: Annotated[str, forms.TAG_VALUE, "The value of `tag_key` that opts out; the name of no tier."]
    reason_key: Annotated[str, forms.TAG_KEY, "The key of the tag that says why."]


class RoleNames(Struct, frozen=True, kw_only=True):
    """The roles of the member stack as path and name, under the path that the guardrails protect."""

    backup: Annotated[_RoleName, "Runs backups and copies."] = "strongroom/strongroom-backup"
    tagging: Annotated[_RoleName, "Writes the tags that choose tiers, and no other."] = "strongroom/strongroom-tagging"
    restore_after: Annotated[_RoleName, "Tags and finishes what was restored."] = "strongroom/strongroom-restore-after"
    restore: Annotated[_RoleName, "Restores; assumed by the ceremony only."] = "strongroom/strongroom-restore"
    restore_job: Annotated[_RoleName, "Under it AWS Backup makes what is restored."] = (
        "strongroom/strongroom-restore-job"
    )
    restore_raw: Annotated[_RoleName, "Under it AWS Backup makes what is restored by hand."] = (
        "strongroom/strongroom-restore-raw"
    )
    restore_native: Annotated[
        _RoleName, "Under it the ceremony makes calls of services that restore; no other name."
    ] = "strongroom/strongroom-restore-native"
    restore_asked: Annotated[
        _RoleName, "Under it the ceremony sets again what deletes or calls out after a restore."
    ] = "strongroom/strongroom-restore-asked"
    copying: Annotated[_RoleName, "Repeats copies that are overdue."] = "strongroom/strongroom-copying"
    inspection: Annotated[_RoleName, "Reads what an account has."] = "strongroom/strongroom-inspection"
    forwarder: Annotated[_RoleName, "Sends events to the control plane."] = "strongroom/strongroom-forwarder"


class ForeignPolicies(Struct, frozen=True, kw_only=True):
    """How long backup policies of others may add plans below ours."""

    keep_until: Annotated[date, "The last day, UTC, as 2027-03-31, on which they may."]


class Guardrails(Struct, frozen=True, kw_only=True):
    """What the service control policies add: create actions refused without a valid tag, and who is exempt.

    A create action that is not listed is corrected after the fact instead of being refused.
    """

    tag_required_on: Annotated[
        tuple[Annotated[str, forms.ACTION], ...],
        "Create actions that are refused without a valid tag; the others are corrected afterwards.",
    ] = ()
    exempt_role_arns: Annotated[
        tuple[_RoleArn, ...],
        "Exact ARNs of break-glass roles: exempt from what guards restores, and protected themselves.",
    ] = ()
    deployer_role_arns: Annotated[
        tuple[_RoleArn, ...] | None,
        "Exact ARNs of the roles that deploy in the backup and the audit account, and in others that hold vaults; "
        f"without one for each nothing is applied. Left out, `{ORGANIZATIONS_ROLE}` of each of them.",
    ] = None
    policy_editor_role_arns: Annotated[
        tuple[_RoleArn, ...],
        "Exact ARNs of roles of the backup account that may edit backup policies by delegation; best left empty.",
    ] = ()
    landing_zone_role_arns: Annotated[
        tuple[Annotated[str, forms.OWN_ROLE_ARN], ...],
        "Roles by which a landing zone such as Control Tower works in every account: exempt from what guards trails,"
        " recorder and vaults that are not ours.",
    ] = ()
    landing_zone: Annotated[
        tuple[Literal["control-tower", "landing-zone-accelerator"], ...],
        "The landing zones that work here: each keeps what it made under its own roles, which are known by name.",
    ] = ()
    tag_keys: Annotated[
        tuple[Annotated[str, forms.TAG_KEY], ...],
        "The keys whose values are guarded; left out, `tag_key` alone. Others may be changed by whoever may tag.",
    ] = ()
    vaults: Annotated[
        Literal["all", "ours"], "Which vaults of governed accounts nobody else changes: all, or those made from here."
    ] = "all"
    leave_out: Annotated[
        dict[str, str], "Statements of governed accounts that are not rendered: the Sid, and why it is left out."
    ] = field(default_factory=dict)
    attach: Annotated[
        Literal["unit", "root"],
        "Where the policies of units hang: on them, or on the root, bound to those units; then no unit needs a slot.",
    ] = "unit"
    scp_slots: Annotated[
        int,
        forms.SCP_SLOTS,
        "How many service control policies AWS attaches to a target, `FullAWSAccess` among them.",
    ] = 5
    foreign_policies: Annotated[
        ForeignPolicies | None, "Whether plans of others below ours go on for a while; left out, they stop."
    ] = None
    refuse_unnamed_copies: Annotated[
        bool,
        "Whether a copy is refused whose destination AWS does not name; on only once each type was seen to be copied.",
    ] = False


class Keys(Struct, frozen=True, kw_only=True):
    """The customer-managed keys of the vaults: who may administer them, and how long a deletion can be called back."""

    administrator_role_arns: Annotated[
        tuple[_RoleArn, ...], "Exact ARNs of the roles that may administer the keys."
    ] = ()
    deletion_window_days: Annotated[
        int, forms.DELETION_WINDOW_DAYS, "Days in which the deletion of a key can be called back."
    ] = 30
    rotation_period_days: Annotated[
        int, forms.ROTATION_PERIOD_DAYS, "Days after which AWS KMS makes new key material."
    ] = 365


class Audit(Struct, frozen=True, kw_only=True):
    """What the auditor gets: the Audit Manager framework, and how long reports are locked."""

    framework: Annotated[bool, "Whether to deploy the Audit Manager framework, for which AWS Config must record."] = (
        True
    )
    report_retention_days: Annotated[_Days, "Days for which Object Lock, in compliance mode, keeps each report."] = 2557
    restore_testing_plan_arns: Annotated[
        tuple[Annotated[str, forms.RESOURCE_ARN], ...],
        "Restore testing plans, by ARN: what they restore needs no request. Any other restore without one is told.",
    ] = ()


class Exemption(Struct, frozen=True, kw_only=True):
    """A resource, or an account, that is left as it is until a date, and who answers for that."""

    resource: Annotated[
        str | None, forms.RESOURCE_ARN, "The exact ARN of the resource that is not tagged; or give `account`."
    ] = None
    account: Annotated[
        _Account | None, "The account that is not complained about, nor anything in it tagged; or give `resource`."
    ] = None
    until: Annotated[date, "The last day of the exemption, UTC, as 2027-01-31; 366 days ahead at most."]
    reason: Annotated[str, "Why; it stands in every verdict that the exemption changes."]
    granted_by: Annotated[str, "Who answers for it: a name out of `people` where there are any."]

    @property
    def sentence(self) -> str:
        """What a verdict says about it."""
        return f"exempt until {self.until.isoformat()} by {self.granted_by}: {self.reason}"


class Deadlines(Struct, frozen=True, kw_only=True):
    """How long a promise may stay open. AWS itself retries a copy for two hours, hence more than that in production."""

    copy_verified_within: Annotated[
        _Duration,
        "How long after its backup a copy must be verified, where there are several each after the one before; PT2H "
        "or more.",
    ] = timedelta(hours=4)
    copy_verified_at_most: Annotated[
        _Duration | None,
        "How long that may become, P1D at most: all of it for the first copy of a resource to a destination, then half "
        "as long again as the longest of its last ten took. Without it nothing is learnt.",
    ] = None
    copy_retry_after: Annotated[
        _Duration,
        "How long until a copy that stays missing or failed is looked at again, from the fifth look on; the later it "
        "is, the longer.",
    ] = timedelta(hours=1)
    copy_stuck_after: Annotated[
        _Duration | None,
        "How long after its deadline a copy that still runs is told; without it as long as `copy_verified_within`.",
    ] = None
    grace: Annotated[
        _Duration, "How long after a deadline it is first looked at: what AWS lists may be as old as that."
    ] = timedelta(minutes=10)
    look_every: Annotated[_Duration, "How long until an overdue copy is looked at again, for the first five times."] = (
        timedelta(minutes=15)
    )
    second_look: Annotated[
        _Duration, "How long after it was verified a copy of the sample is read once more: one in twenty is."
    ] = timedelta(days=1)
    forwarder_silent_after: Annotated[
        _Duration,
        "How long nothing may be heard of a forwarder, which sends a heartbeat every quarter of an hour, until it is "
        "told.",
    ] = timedelta(hours=2)

    @property
    def verified_at_most(self) -> timedelta:
        """The longest that a copy may take, whatever those before it took."""
        return self.copy_verified_at_most or self.copy_verified_within

    @property
    def is_learnt(self) -> bool:
        """Whether a copy may take longer because those before it did."""
        return self.verified_at_most > self.copy_verified_within

    @property
    def stuck_after(self) -> timedelta:
        """How long after its deadline a copy that still runs is told."""
        return self.copy_stuck_after or self.copy_verified_within


class Alerts(Struct, frozen=True, kw_only=True):
    """When people are told, and who complains when nobody is."""

    quiet_hours: Annotated[
        str | None,
        forms.HOURS,
        "Hours of the day, UTC, in which only what is critical is told; the rest is told when they end.",
    ] = None
    digest_at: Annotated[
        str | None,
        forms.TIME_OF_DAY,
        "When, UTC, each day's digest is told, which says so, too, when all is well, and with it each owner whose "
        "resources were tagged. Left out, there is none.",
    ] = None
    dead_man_url: Annotated[
        str | None,
        forms.ADDRESS,
        "An address outside that is called while the control plane works, and complains by itself when it is not "
        "called: the one way to hear of a control plane that is silent altogether.",
    ] = None
    runbook_url: Annotated[
        str | None, forms.ADDRESS, "Where your people read the runbook: alerts link to the section that they need."
    ] = None
    api_url: Annotated[
        str | None,
        forms.ADDRESS,
        "Where the API is, which is the stack's output `ApiUrl`, or your own host that leads to it: what the topic "
        "tells of an alert has a link there, by which whoever reads it can look after it. Left out, there is none.",
    ] = None


class Intent(Struct, frozen=True, kw_only=True):
    """Everything that names an account, unit, vault, tier or retention, stated once."""

    version: Annotated[Literal[2], "The version of the file's form; without it the file is of version 1."] = 2
    organization: Annotated[Organization, "Who is who."]
    tag_key: Annotated[
        str, forms.TAG_KEY, "The key of the tag by which a resource chooses its tier; its letter case counts."
    ]
    vaults: Annotated[dict[str, Vault], forms.VAULT_NAMES, "Where backups lie, by the names that `keep` uses."]
    tiers: Annotated[
        dict[str, Tier],
        forms.TIER_NAMES,
        "Levels of protection, by name: each becomes a backup plan that no child can change, and a value of the tag.",
    ]
    targets: Annotated[tuple[Target, ...], forms.AT_LEAST_ONE, "Who is governed."]
    deadlines: Annotated[Deadlines, "How long a promise may stay open."] = field(default_factory=Deadlines)
    alerts: Annotated[Alerts, "When people are told, and who complains when nobody is."] = field(default_factory=Alerts)
    guardrails: Annotated[Guardrails, "What the service control policies add."] = field(default_factory=Guardrails)
    restores: Annotated[
        Restores | None,
        "The restore ceremony; it takes `people`, `slack`, `tickets`, `identity_provider` and an audit account. "
        "Left out, there is none, and nothing stops a restore that IAM lets pass.",
    ] = None
    people: Annotated[
        dict[str, Person], "Who may ask and approve; the name is what groups, evidence and messages call them."
    ] = field(default_factory=dict)
    slack: Annotated[Slack | None, "Where people are told and asked; left out, alerts go to the topic alone."] = None
    tickets: Annotated[Tickets | None, "Where a restore is asked for in writing."] = None
    identity_provider: Annotated[IdentityProvider | None, "Where people log in."] = None
    opt_out: Annotated[OptOut | None, "How resources opt out of backups where their target lets them."] = None
    exceptions: Annotated[tuple[Exemption, ...], "What is left as it is for a while."] = ()
    roles: Annotated[RoleNames, "The roles of the member stack; leave them out unless their names are taken."] = field(
        default_factory=RoleNames
    )
    keys: Annotated[Keys, "The customer-managed keys of the vaults."] = field(default_factory=Keys)
    audit: Annotated[Audit, "What the auditor gets."] = field(default_factory=Audit)
    evidence: Annotated[
        EvidenceLog | None, "The log of the evidence; its keys are known once the audit account has made them."
    ] = None

    @property
    def opens_tickets(self) -> bool:
        """Whether it says where tickets are opened."""
        return self.tickets is not None and self.tickets.opened is not None

    @property
    def outage_users(self) -> tuple[str, ...]:
        """Who may restore while the control plane is away; where nobody restores, nobody."""
        glass = None if self.restores is None else self.restores.break_glass
        return () if glass is None else glass.users

    def target_of(self, account: AccountId, units: Sequence[str]) -> Target | None:
        """The target of an account below these units, given by id and the nearest first; None if it is not governed.

        An account's own target wins over that of any unit, what is said of a nearer unit over what is said of a farther
        one, and each over the root's, which governs none of the accounts that Strongroom itself lies in.
        """
        own = next((target for target in self.targets if target.account == account), None)
        if own is not None:
            return own
        known = self.organization.units
        said: dict[str, Target | None] = {known[name]: None for target in self.targets for name in target.excluded}
        said |= {target.id(self): target for target in self.targets if target.unit is not None and not target.account}
        nearest = next((unit for unit in units if unit in said), None)
        if nearest is not None:
            return said[nearest]
        return next((target for target in self.targets if target.root and account not in self.own_accounts), None)

    def as_of(self, today: date) -> "Intent":
        """The intent as it is rendered on a day, UTC: without what has ended."""
        kept = self.guardrails.foreign_policies
        if kept is None or today <= kept.keep_until:
            return self
        return replace(self, guardrails=replace(self.guardrails, foreign_policies=None))

    @property
    def own_accounts(self) -> tuple[AccountId, ...]:
        """The accounts that Strongroom itself lies in: of the control plane, of the audit and of the vaults."""
        place = self.organization
        named = (AccountId(vault.account or "") for vault in self.vaults.values())
        of_vaults = (account for account in named if forms.ACCOUNT_ID.fits(account))
        return tuple(dict.fromkeys((place.management_account, *place.control_plane_accounts, *of_vaults)))

    @property
    def guarded_accounts(self) -> tuple[AccountId, ...]:
        """Those of them that guardrails close to all but their deployers: no guardrail binds the management account."""
        return tuple(each for each in self.own_accounts if each != self.organization.management_account)

    def offered_tiers(self) -> dict[str, Tier]:
        """The tiers that a target offers, by name, in the order of the intent."""
        offered = {name for target in self.targets for name in target.tiers}
        return {name: tier for name, tier in self.tiers.items() if name in offered}

    def exemption_of(self, account: AccountId, *, resource: str | None = None, today: date) -> Exemption | None:
        """The exemption that is in force today for a resource, or for its account as a whole."""
        concerned = (
            each
            for each in self.exceptions
            if today <= each.until and (each.account == account or (resource is not None and each.resource == resource))
        )
        return next(concerned, None)

    @property
    def partition(self) -> Partition:
        """The partition of AWS that the organisation lies in: that of its home Region."""
        return partition_of(self.organization.home_region)

    @property
    def global_region(self) -> Region:
        """Where IAM and Organizations tell what is called anywhere, and where Organizations' own stacks lie."""
        return Region(self.partition.global_region)

    @property
    def deployer_role_arns(self) -> tuple[str, ...]:
        """The roles that deploy in the guarded accounts: those named, or Organizations' own in each."""
        named = self.guardrails.deployer_role_arns
        accounts = self.guarded_accounts
        return tuple(self.member_role_arn(ORGANIZATIONS_ROLE, each) for each in accounts) if named is None else named

    @property
    def borrowed_roles(self) -> tuple[str, ...]:
        """The roles without which a governed account is not ready: those for restores where there is a ceremony."""
        roles = self.roles
        around = (roles.restore_after, BUCKET_NAMES_ROLE)
        restoring = () if self.restores is None else (roles.restore, roles.restore_job, *around)
        by_hand = (roles.restore_raw,) if self.restores and self.restores.is_by_hand else ()
        native = (roles.restore_native,) if self.restores and self.restores.is_native else ()
        return (roles.backup, roles.tagging, *restoring, *by_hand, *native, roles.copying)

    def member_role_arn(self, role: str, account: AccountId) -> str:
        """The ARN of one of `roles` in a member account."""
        return role_arn(role, account=account, partition=self.partition.name)
