"""What the intent says of the restore ceremony: its rules, its people, and the systems in which they meet."""

from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Struct, field

from strongroom.domain import forms
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.proving.break_glass import BreakGlass
from strongroom.domain.intent.proving.logins import Assurance, Authorize
from strongroom.domain.intent.proving.passkeys import Page, Passkey
from strongroom.domain.intent.restoring.profiles import AccountProfile, RestoreLimits

_Account = Annotated[AccountId, forms.ACCOUNT_ID]
_Duration = Annotated[timedelta, forms.DURATION]


class Person(Struct, frozen=True, kw_only=True):
    """Somebody who may ask or approve: `subject` is the identity provider's stable id and the only identity."""

    subject: Annotated[str, "The identity provider's stable `sub`: the only identity that counts."]
    name: Annotated[str, "The full name."]
    email: Annotated[str, "The mail address; two people must not share one."]
    slack_user: Annotated[str, "The Slack user id, as `U0...`; the profile's menu has it. Where there is `slack`."] = ""
    ticket_account: Annotated[str, "The account id in the ticket system. Where there are `tickets`."] = ""
    passkeys: Annotated[tuple[Passkey, ...], "The keys by which the person signs on `restores.page`; best two."] = ()


class ClaimedGroup(Struct, frozen=True, kw_only=True):
    """A group that the identity provider keeps: who is in it, the login tells by `identity_provider.groups_claim`."""

    claim: Annotated[str, "The group's name, as the claim spells it."]

    def __str__(self) -> str:
        """The group as messages call it."""
        return self.claim


# Of the people in the file, or of those whom the identity provider counts among it.
Group = str | ClaimedGroup


class ApprovalRule(Struct, frozen=True, kw_only=True):
    """How many different people out of a group must approve a restore into a unit or account, besides the asker.

    All rules of a place that count for a restore must be satisfied, each seat by a different person.
    """

    unit: Annotated[str | None, "The unit that is restored into, by its name; or give `account`."] = None
    account: Annotated[
        _Account | None, "The account that is restored into; its rules replace those of its unit. Exactly one of both."
    ] = None
    group: Annotated[Group, "The group that approves."]
    needed: Annotated[int, forms.APPROVALS, "How many different people of the group; whoever asks never counts."]
    tiers: Annotated[
        tuple[str, ...],
        "The tiers of backups for which the rule counts; it counts, too, for what AWS Backup does not say to be of a "
        "tier's plan, as what was backed up by hand. Left out, it counts for each of them.",
    ] = ()
    risks: Annotated[
        tuple[Annotated[str, forms.RISK], ...],
        "The risks of which one must be there for the rule to count. Left out, it counts without any.",
    ] = ()
    delay: Annotated[
        _Duration | None,
        "How long a restore into the place waits after its last needed approval. The longest of a place counts for "
        "every restore into it; left out, it is `restores.delay`.",
    ] = None

    @property
    def place(self) -> str:
        """The place as people call it: the unit's name or `account 111122223333`."""
        return self.unit or f"account {self.account}"


class Restores(Struct, frozen=True, kw_only=True):
    """The rules of the restore ceremony: its clocks, who asks and who approves, and how they prove that it is them."""

    approval_expires_after: Annotated[_Duration, "How long a request can be approved."] = timedelta(hours=4)
    execution_expires_after: Annotated[
        _Duration, "How long after the approval, or after a copy back has arrived, the restore may still start."
    ] = timedelta(hours=1)
    presence_max_age: Annotated[_Duration, "How old the login behind a vote may be."] = timedelta(minutes=5)
    accepted_methods: Annotated[
        tuple[str, ...],
        forms.AT_LEAST_ONE,
        "What the identity provider's `amr` must name, at least one (RFC 8176); passwords and the like are refused. "
        "`identity_provider.assurance` says it of another claim.",
    ] = ("mfa", "hwk")
    requesters: Annotated[Group, "The group that may ask."]
    groups: Annotated[dict[str, tuple[str, ...]], "Groups: a name to a list of people."] = field(default_factory=dict)
    rules: Annotated[
        tuple[ApprovalRule, ...],
        "Who approves: rules for each unit or account; every target needs one that counts for every restore into it.",
    ]
    page: Annotated[Page | None, "The page on which passkeys sign. Left out, people prove themselves by logins."] = None
    device_bound: Annotated[bool, "Whether passkeys count only if no copy of them can be made."] = False
    disjoint: Annotated[
        tuple[Literal["ticket_approver", "requester", "voters"], ...],
        "Those of whom nobody may be two at once in one ceremony. Whoever asks never approves, whatever stands here.",
    ] = ("ticket_approver", "requester", "voters")
    delay: Annotated[
        _Duration, "How long every restore waits after its last needed approval, so that somebody can still stop it."
    ] = timedelta()
    governors: Annotated[
        Group | None,
        "The group of which two must sign what makes these rules looser. Left out, it is the largest of `groups`.",
    ] = None
    copy_back_within: Annotated[
        _Duration, "How much longer a restore may take that must be copied back first; P14D at most."
    ] = timedelta(days=2)
    break_glass: Annotated[
        BreakGlass | None, "Restores while approvers, tickets or the control plane are away. Left out, there are none."
    ] = None
    limits: Annotated[
        RestoreLimits, "What is let through; what is let through more takes the signatures of two governors."
    ] = field(default_factory=RestoreLimits)
    profiles: Annotated[
        tuple[AccountProfile, ...],
        "What accounts have for restores, one profile for each account and Region: `plan` proves that it is there, and "
        "restores lie there and nowhere else. What is added to one takes the signatures of two governors.",
    ] = ()

    @property
    def is_by_hand(self) -> bool:
        """Whether anywhere a type that no machine restores is restored by metadata that a person writes."""
        return any(profile.raw for profile in self.profiles)

    @property
    def is_native(self) -> bool:
        """Whether anywhere what AWS Backup cannot restore is restored by a service's own call."""
        return any(profile.native for profile in self.profiles)

    def rules_for(self, account: AccountId, unit: str) -> tuple[ApprovalRule, ...]:
        """The approval rules of an account, or else those of its unit."""
        own = tuple(rule for rule in self.rules if rule.account == account)
        return own or tuple(rule for rule in self.rules if rule.unit == unit)

    def members(self, group: Group) -> tuple[str, ...]:
        """The people of the file who are in the group; of one that the identity provider keeps, nobody."""
        return self.groups.get(group, ()) if isinstance(group, str) else ()


class Slack(Struct, frozen=True, kw_only=True):
    """Where Slack is, which workspace and app are ours, and the two channels."""

    team_id: Annotated[str, "The workspace's id, as `T0...`; clicks from any other are refused."]
    app_id: Annotated[str, "Our app's id, as `A0...`; clicks on any other's buttons are refused."]
    alerts_channel: Annotated[str, "The channel's id, as `C0...`, for alerts."]
    restores_channel: Annotated[str, "The channel's id, as `C0...`, where restores are approved."]
    api_url: Annotated[str, forms.ADDRESS, "The base of Slack's Web API."] = "https://slack.com/api/"


class ChangeWindow(Struct, frozen=True, kw_only=True):
    """The fields of a ticket that say when its change may be made."""

    start_field: Annotated[str, forms.TICKET_FIELD, "The field with the planned start: a time, or a day in UTC."]
    end_field: Annotated[str, forms.TICKET_FIELD, "The field with the planned end: a time, or a whole day in UTC."]
    required: Annotated[
        bool, "Whether a ticket must have both; one that has a window is held to it in either case."
    ] = False


class OpenedTickets(Struct, frozen=True, kw_only=True):
    """Where tickets are opened about what people have to put right, and as whom."""

    project: Annotated[
        str, forms.TICKET_PROJECT, "Jira's project key, or ServiceNow's table: `incident` or `change_request`."
    ]
    type: Annotated[
        str | None,
        "The issue type of Jira, which must ask for no more than summary, description and labels. Left out: `Task`.",
    ] = None
    user: Annotated[
        str | None, "The user that `ticket_writer_token` belongs to, who may create there. Left out: `tickets.user`."
    ] = None

    @property
    def issue_type(self) -> str:
        """The issue type of Jira."""
        return self.type or "Task"


class Tickets(Struct, frozen=True, kw_only=True):
    """Where tickets live, and what one must say, and on whose word, to entitle to a restore."""

    system: Annotated[Literal["jira", "servicenow"], "The ticket system: Jira Cloud, or ServiceNow's table API."]
    url: Annotated[str, forms.ADDRESS, "Its base URL."]
    user: Annotated[str, "The user that the API token or password belongs to."]
    approved_statuses: Annotated[
        tuple[str, ...], "The statuses in which a ticket entitles to a restore, as the system shows them."
    ]
    projects: Annotated[
        tuple[Annotated[str, forms.TICKET_PROJECT], ...],
        "Jira's project keys, or ServiceNow's tables, in which a ticket counts. Left out: every project of Jira, of "
        "ServiceNow `change_request`.",
    ] = ()
    types: Annotated[
        tuple[str, ...], "The issue types of Jira, or values of `type` of ServiceNow, that count. Left out: every one."
    ] = ()
    approval: Annotated[
        Literal["jsm", "changelog", "servicenow"] | None,
        "Where the approval is read: the approvals of Jira Service Management, whoever moved a Jira issue into an "
        "approved status, or the approval records of ServiceNow. Left out: `changelog` for Jira.",
    ] = None
    approver_group: Annotated[
        Group | None, "The group whose people approve tickets. Left out: those who may approve the restore."
    ] = None
    resource_field: Annotated[
        str | None,
        forms.TICKET_FIELD,
        "The field, as `customfield_10020`, that names the resource or the recovery point. Left out: summary, "
        "description and labels are searched for it.",
    ] = None
    window: Annotated[
        ChangeWindow | None, "The change window. Left out: that of a ServiceNow change, none of a Jira issue."
    ] = None
    opened: Annotated[
        OpenedTickets | None,
        "Where a ticket is opened about each resource that breaks the rule of a target whose `mode` is `quarantine`. "
        "Left out, none is.",
    ] = None

    @property
    def places(self) -> tuple[str, ...]:
        """The projects or tables in which a ticket counts; none where all of them do."""
        return self.projects or (("change_request",) if self.system == "servicenow" else ())

    @property
    def approval_source(self) -> str:
        """Where the approval is read."""
        return self.approval or ("servicenow" if self.system == "servicenow" else "changelog")

    @property
    def change_window(self) -> ChangeWindow | None:
        """The fields that hold the change window, if there are any."""
        of_changes = ChangeWindow(start_field="start_date", end_field="end_date")
        return self.window or (of_changes if self.system == "servicenow" else None)


class IdentityProvider(Struct, frozen=True, kw_only=True):
    """The OpenID Connect issuer: one client of the control plane, one of the command line."""

    issuer: Annotated[str, forms.ADDRESS, "The issuer's URL, exactly as its tokens spell it."]
    client_id: Annotated[str, "The confidential client that proves an approver's presence."]
    cli_client_id: Annotated[str, "The public client of `strongroom login`."]
    subject_claim: Annotated[
        str, "The claim that is the person's stable id: `sub`, or `oid` of Entra ID, whose `sub` differs by client."
    ] = "sub"
    tenant: Annotated[str | None, "What the claim `tid` must be, where one issuer has many tenants."] = None
    assurance: Annotated[
        Assurance | None,
        "How a token must say that its login was strong. Left out, its `amr` names one of `restores.accepted_methods`.",
    ] = None
    authorize: Annotated[Authorize | None, "What the issuer is asked for, where a strong login is not its habit."] = (
        None
    )
    groups_claim: Annotated[
        str | None, "The claim of a login that lists the person's groups; where a group of `restores` is a claim."
    ] = None
    slack_claim: Annotated[str | None, "The claim that holds the person's Slack user id; not read yet."] = None
    ticket_claim: Annotated[str | None, "The claim that holds the account in the ticket system; not read yet."] = None
