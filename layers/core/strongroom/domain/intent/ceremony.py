"""What the intent says of the restore ceremony: its rules, its people, and the systems in which they meet."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Literal

from strongroom.domain import forms
from strongroom.domain.identifiers import AccountId

_Account = Annotated[AccountId, forms.ACCOUNT_ID]
_Duration = Annotated[timedelta, forms.DURATION]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may ask or approve: `subject` is the identity provider's stable id and the only identity."""

    subject: Annotated[str, "The identity provider's stable `sub`: the only identity that counts."]
    name: Annotated[str, "The full name."]
    email: Annotated[str, "The mail address; two people must not share one."]
    slack_user: Annotated[str, "The Slack user id, as `U0...`; the profile's menu has it. Where there is `slack`."] = ""
    ticket_account: Annotated[str, "The account id in the ticket system. Where there are `tickets`."] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedGroup:
    """A group that the identity provider keeps: who is in it, the login tells by `identity_provider.groups_claim`."""

    claim: Annotated[str, "The group's name, as the claim spells it."]

    def __str__(self) -> str:
        """The group as messages call it."""
        return self.claim


# Of the people in the file, or of those whom the identity provider counts among it.
Group = str | ClaimedGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """How many different people out of a group must approve a restore into a unit or account, besides the asker."""

    unit: Annotated[str | None, "The unit that is restored into, by its name; or give `account`."] = None
    account: Annotated[
        _Account | None, "The account that is restored into; its rules replace those of its unit. Exactly one of both."
    ] = None
    group: Annotated[Group, "The group that approves."]
    needed: Annotated[int, forms.AT_LEAST_ONE, "How many different people of the group; whoever asks never counts."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restores:
    """The rules of the restore ceremony: two clocks, the approvers, and how fresh a proof of presence must be."""

    approval_expires_after: Annotated[_Duration, "How long a request can be approved."] = timedelta(hours=4)
    execution_expires_after: Annotated[
        _Duration, "How long after the approval, or after a copy back has arrived, the restore may still start."
    ] = timedelta(hours=1)
    presence_max_age: Annotated[_Duration, "How old the login behind a vote may be."] = timedelta(minutes=5)
    accepted_methods: Annotated[
        tuple[str, ...],
        forms.AT_LEAST_ONE,
        "What the identity provider's `amr` must name, at least one (RFC 8176); passwords and the like are refused.",
    ] = ("mfa", "otp", "hwk")
    requesters: Annotated[Group, "The group that may ask."]
    groups: Annotated[dict[str, tuple[str, ...]], "Groups: a name to a list of people."] = field(default_factory=dict)
    rules: Annotated[
        tuple[ApprovalRule, ...], "Who approves: one rule for each unit or account; every target needs one."
    ]

    def members(self, group: Group) -> tuple[str, ...]:
        """The people of the file who are in the group; of one that the identity provider keeps, nobody."""
        return self.groups.get(group, ()) if isinstance(group, str) else ()


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

    system: Annotated[
        Literal["jira", "servicenow"], "The ticket system; Jira is the only one that the ceremony speaks to so far."
    ]
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
    groups_claim: Annotated[str | None, "The claim of a login that lists the person's groups; not read yet."] = None
    slack_claim: Annotated[str | None, "The claim that holds the person's Slack user id; not read yet."] = None
    ticket_claim: Annotated[str | None, "The claim that holds the account in the ticket system; not read yet."] = None
