"""What a Jira project has: users, the change workflow, and issues with their history, comments and approvals."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

PROJECT = "OPS"
APPROVERS_FIELD = "customfield_10010"
APPROVED_BY_FIELD = "customfield_10011"
RESOURCE_FIELD = "customfield_10020"
START_FIELD = "customfield_10021"
END_FIELD = "customfield_10022"
# What people may fill, with the name that they see; times as Jira writes them.
CUSTOM_FIELDS = {RESOURCE_FIELD: "Resource", START_FIELD: "Planned start", END_FIELD: "Planned end"}
CHANGE, TASK = "Change", "Task"
# What Jira calls the types; the workflow is the same.
TYPES = {CHANGE: "10001", TASK: "10002"}
CHANGE_MANAGER = "chiara"
INTEGRATION = "strongroom"


@dataclass(frozen=True, slots=True)
class User:
    """One Jira account."""

    account_id: str
    email: str
    display_name: str
    is_app: bool = False
    api_token: str = field(default_factory=lambda: f"ATATT3x{secrets.token_urlsafe(24)}", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Status:
    """A status and the category by which Jira colours it."""

    id: str
    category_id: int
    category_key: str
    category_name: str


STATUSES = {
    "Open": Status("1", 2, "new", "To Do"),
    "Approved": Status("10002", 4, "indeterminate", "In Progress"),
    "In Progress": Status("3", 4, "indeterminate", "In Progress"),
    "Done": Status("10003", 3, "done", "Done"),
    "Withdrawn": Status("10004", 3, "done", "Done"),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """A step of the workflow."""

    id: str
    name: str
    sources: tuple[str, ...]
    target: str
    is_for_approvers: bool = False


WORKFLOW = (
    Transition("11", "Approve", ("Open",), "Approved", is_for_approvers=True),
    Transition("21", "Start", ("Approved",), "In Progress"),
    Transition("31", "Finish", ("In Progress",), "Done"),
    Transition("41", "Withdraw", ("Open", "Approved", "In Progress"), "Withdrawn"),
    Transition("51", "Reopen", ("Approved", "Withdrawn", "Done"), "Open"),
)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment."""

    id: str
    author: User
    text: str
    created: datetime


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that was changed; a status has ids beside its names."""

    field: str
    name: str
    before: str
    after: str
    before_id: str = ""
    after_id: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of an issue's history."""

    id: str
    person: User
    at: datetime
    items: tuple[FieldChange, ...]


@dataclass(slots=True)
class Approval:
    """One question of Jira Service Management to the approvers of a request: "may this go on?"."""

    id: str
    created: datetime
    approvers: list[User]
    answers: dict[str, str] = field(default_factory=dict)
    completed: datetime | None = None

    @property
    def decision(self) -> str:
        """Approved by the first who does, declined by the first who does."""
        return next(iter(self.answers.values()), "pending")


@dataclass(slots=True)
class Issue:
    """One change ticket."""

    id: str
    key: str
    summary: str
    description: str
    reporter: User
    labels: list[str]
    approvers: list[User]
    created: datetime
    updated: datetime
    type: str = CHANGE
    status: str = "Open"
    assignee: User | None = None
    approved_by: User | None = None
    comments: list[Comment] = field(default_factory=list)
    custom: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)


def stamp(at: datetime) -> str:
    """Return a time as Jira writes it, such as `2026-11-23T14:05:09.120+0000`."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}{at:%z}"
