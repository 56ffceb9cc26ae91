"""The organisation's intent: the one input from which every policy, role and deadline is rendered.

Each field says what it means in a plain text beside its type, and what it must look like in a `Form`: the checks, the
JSON Schema and `docs/reference/intent.md` take it from there. Names are spelled as AWS Backup spells them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Annotated, Literal, Self

from strongroom.domain import forms
from strongroom.domain.identifiers import AccountId, Region, role_arn
from strongroom.domain.intent.tiers import NO_TIER, Tier
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.partitions import Partition, partition_of

_Account = Annotated[AccountId, forms.ACCOUNT_ID]
_Region = Annotated[Region, forms.REGION]
_RoleArn = Annotated[str, forms.ROLE_ARN]
_RoleName = Annotated[str, forms.ROLE_NAME]
_Days = Annotated[int, forms.RETENTION_DAYS]
_Duration = Annotated[timedelta, forms.DURATION]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
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
    audit_account: Annotated[_Account, "The auditors' account, which gets the reports and the copy of the evidence."]
    home_region: Annotated[_Region, "The Region of the control plane, and of each vault that names no other."]
    governed_regions: Annotated[
        tuple[_Region, ...],
        "Where plans run and each governed account has a local vault; the home Region is one of them. "
        "Left out, it is the only one.",
    ] = ()
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
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

    def id(self, intent: "Intent") -> str:
        """The id that policies are attached to: the root's (`r-...`), the unit's (`ou-...`) or the account's."""
        if self.root:
            return intent.organization.root_id
        return self.account or intent.organization.units[self.unit or ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """How a resource says that it wants no backups, and why: without the reason it does not count."""

    value: Annotated[str, forms.TAG_VALUE, "The value of `tag_key` that opts out; the name of no tier."]
    reason_key: Annotated[str, forms.TAG_KEY, "The key of the tag that says why."]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleNames:
    """The roles of the member stack as path and name, under the path that the guardrails protect."""

    backup: Annotated[_RoleName, "Runs backups and copies."] = "strongroom/strongroom-backup"
    tagging: Annotated[_RoleName, "Writes the backup tag."] = "strongroom/strongroom-tagging"
    restore: Annotated[_RoleName, "Restores; assumed by the ceremony only."] = "strongroom/strongroom-restore"
    copying: Annotated[_RoleName, "Repeats copies that are overdue."] = "strongroom/strongroom-copying"
    inspection: Annotated[_RoleName, "Reads what an account has."] = "strongroom/strongroom-inspection"
    forwarder: Annotated[_RoleName, "Sends events to the control plane."] = "strongroom/strongroom-forwarder"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignPolicies:
    """How long backup policies of others may add plans below ours."""

    keep_until: Annotated[date, "The last day, UTC, as 2027-03-31, on which they may."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrails:
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
        tuple[_RoleArn, ...],
        "Exact ARNs of the roles that deploy in the backup and the audit account; without one for each nothing is"
        " applied.",
    ] = ()
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
        "How many service control policies AWS attaches to a target, `FullAWSAccess` among them; where the documents "
        "are too many, statements are merged.",
    ] = 5
    foreign_policies: Annotated[
        ForeignPolicies | None, "Whether plans of others below ours go on for a while; left out, they stop."
    ] = None
    refuse_unnamed_copies: Annotated[
        bool,
        "Whether a copy is refused whose destination AWS does not name; on only once each type was seen to be copied.",
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the auditor gets: the Audit Manager framework, and how long reports are locked."""

    framework: Annotated[bool, "Whether to deploy the Audit Manager framework, for which AWS Config must record."] = (
        True
    )
    report_retention_days: Annotated[_Days, "Days for which Object Lock, in compliance mode, keeps each report."] = 2557


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A resource, or an account, that is left as it is until a date, and who answers for that."""

    resource: Annotated[
        str | None, forms.RESOURCE_ARN, "The exact ARN of the resource that is not tagged; or give `account`."
    ] = None
    account: Annotated[
        _Account | None, "The account that is not complained about, nor anything in it tagged; or give `resource`."
    ] = None
    until: Annotated[date, "The last day of the exemption, UTC, as 2027-01-31; 366 days ahead at most."]
    reason: Annotated[str, "Why; it stands in every verdict that the exemption changes."]
    granted_by: Annotated[str, "Who answers for it: a name out of `people`."]

    @property
    def sentence(self) -> str:
        """What a verdict says about it."""
        return f"exempt until {self.until.isoformat()} by {self.granted_by}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long a promise may stay open. AWS itself retries a copy for two hours, hence more than that in production."""

    copy_verified_within: Annotated[
        _Duration,
        "How long after its backup a copy must be verified, where there are several each after the one before; PT2H "
        "or more.",
    ]
    copy_retry_after: Annotated[_Duration, "How long until a missing or failed copy is looked at again."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may ask or approve: `subject` is the identity provider's stable id and the only identity."""

    subject: Annotated[str, "The identity provider's stable `sub`: the only identity that counts."]
    name: Annotated[str, "The full name."]
    email: Annotated[str, "The mail address; two people must not share one."]
    slack_user: Annotated[str, "The Slack user id, as `U0...`; the profile's menu has it."]
    ticket_account: Annotated[str, "The account id in the ticket system."]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """How many different people out of a group must approve a restore into a unit or account, besides the asker."""

    unit: Annotated[str | None, "The unit that is restored into, by its name; or give `account`."] = None
    account: Annotated[
        _Account | None, "The account that is restored into; its rules replace those of its unit. Exactly one of both."
    ] = None
    group: Annotated[str, "The group that approves."]
    needed: Annotated[int, forms.AT_LEAST_ONE, "How many different people of the group; whoever asks never counts."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restores:
    """The rules of the restore ceremony: two clocks, the approvers, and how fresh a proof of presence must be."""

    approval_expires_after: Annotated[_Duration, "How long a request can be approved."]
    execution_expires_after: Annotated[
        _Duration, "How long after the approval, or after a copy back has arrived, the restore may still start."
    ]
    presence_max_age: Annotated[_Duration, "How old the login behind a vote may be."]
    accepted_methods: Annotated[
        tuple[str, ...],
        forms.AT_LEAST_ONE,
        "What the identity provider's `amr` must name, at least one (RFC 8176); passwords and the like are refused.",
    ]
    requesters: Annotated[str, "The group that may ask."]
    groups: Annotated[dict[str, tuple[str, ...]], "Groups: a name to a list of people."]
    rules: Annotated[
        tuple[ApprovalRule, ...], "Who approves: one rule for each unit or account; every target needs one."
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """Where Slack is, which workspace and app are ours, and the two channels."""

    team_id: Annotated[str, "The workspace's id, as `T0...`; clicks from any other are refused."]
    app_id: Annotated[str, "Our app's id, as `A0...`; clicks on any other's buttons are refused."]
    alerts_channel: Annotated[str, "The channel's id, as `C0...`, for alerts."]
    restores_channel: Annotated[str, "The channel's id, as `C0...`, where restores are approved."]
    api_url: Annotated[str, forms.ADDRESS, "The base of Slack's Web API."] = "https://slack.com/api/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tickets:
    """Where tickets live and when one entitles to a restore: its status, and the field that names its approver."""

    system: Annotated[Literal["jira"], "The ticket system; Jira is the only one so far."]
    url: Annotated[str, forms.ADDRESS, "Its base URL."]
    user: Annotated[str, "The user that the API token belongs to."]
    approved_statuses: Annotated[tuple[str, ...], "The statuses in which a ticket entitles to a restore."]
    approver_field: Annotated[
        str, "The user field, as `customfield_10011`, that names who approved; a known person other than the requester."
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """The OpenID Connect issuer: one client of the control plane, one of the command line."""

    issuer: Annotated[str, forms.ADDRESS, "The issuer's URL, exactly as its tokens spell it."]
    client_id: Annotated[str, "The confidential client that proves an approver's presence."]
    cli_client_id: Annotated[str, "The public client of `strongroom login`."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
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
    deadlines: Annotated[Deadlines, "How long a promise may stay open."]
    guardrails: Annotated[Guardrails, "What the service control policies add."]
    restores: Annotated[Restores, "The restore ceremony."]
    people: Annotated[
        dict[str, Person], "Who may ask and approve; the name is what groups, evidence and messages call them."
    ]
    slack: Annotated[Slack, "Where people are told and asked."]
    tickets: Annotated[Tickets, "Where a restore is asked for in writing."]
    identity_provider: Annotated[IdentityProvider, "Where people log in."]
    opt_out: Annotated[OptOut | None, "How resources opt out of backups where their target lets them."] = None
    exceptions: Annotated[tuple[Exemption, ...], "What is left as it is for a while."] = ()
    roles: Annotated[RoleNames, "The roles of the member stack; leave them out unless their names are taken."] = field(
        default_factory=RoleNames
    )
    keys: Annotated[Keys, "The customer-managed keys of the vaults."] = field(default_factory=Keys)
    audit: Annotated[Audit, "What the auditor gets."] = field(default_factory=Audit)

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

    def as_of(self, today: date) -> Self:
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
        return tuple(dict.fromkeys((place.management_account, place.backup_account, place.audit_account, *of_vaults)))

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

    def member_role_arn(self, role: str, account: AccountId) -> str:
        """The ARN of one of `roles` in a member account."""
        return role_arn(role, account=account, partition=self.partition.name)
