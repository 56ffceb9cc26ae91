"""One Jira project in memory: users with API tokens, issues, comments, and the change workflow."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sandbox.people import PEOPLE

PROJECT = "OPS"
APPROVERS_FIELD = "customfield_10010"
APPROVED_BY_FIELD = "customfield_10011"
CHANGE_MANAGER = "chiara"
INTEGRATION = "strongroom"


class UnknownIssueError(LookupError):
    """The site has no issue of this key or id."""


class TransitionRefusedError(Exception):
    """The workflow does not let this person take this transition now."""


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
class Change:
    """One line of an issue's history."""

    person: User
    before: str
    after: str
    at: datetime


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
    status: str = "Open"
    assignee: User | None = None
    approved_by: User | None = None
    comments: list[Comment] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class JiraSite:
    """Everything that Jira remembers."""

    base_url: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    users: dict[str, User] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        """Seed the people and the integration's account."""
        for person in PEOPLE:
            self.users[person.jira_account] = User(person.jira_account, person.email, person.display_name)
        self.users[INTEGRATION] = User(INTEGRATION, "strongroom@strongroom.example", "Strongroom", is_app=True)

    @property
    def integration(self) -> User:
        """The account that the control plane uses."""
        return self.users[INTEGRATION]

    def user_with_token(self, email: str, token: str) -> User | None:
        """Return the user whom this mail address and API token identify."""
        matching = (user for user in self.users.values() if user.email == email.lower())
        return next(
            (user for user in matching if secrets.compare_digest(user.api_token.encode(), token.encode())), None
        )

    def issue(self, key: str) -> Issue:
        """Return an issue by key, in any letter case, or by id."""
        for issue in self.issues.values():
            if key.upper() == issue.key or key == issue.id:
                return issue
        raise UnknownIssueError(key)

    def create(
        self, summary: str, *, reporter: User, description: str = "", labels: list[str], approvers: list[User]
    ) -> Issue:
        """Open a ticket; without named approvers the change manager approves it."""
        with self._lock:
            number, now = len(self.issues) + 1, self.now()
            issue = Issue(
                id=str(10100 + number),
                key=f"{PROJECT}-{number}",
                summary=summary,
                description=description,
                reporter=reporter,
                labels=labels,
                approvers=approvers or [self.users[CHANGE_MANAGER]],
                created=now,
                updated=now,
            )
            self.issues[issue.key] = issue
            return issue

    def comment(self, issue: Issue, *, author: User, text: str) -> Comment:
        """Add a comment."""
        with self._lock:
            comment = Comment(str(30000 + int(issue.id) * 100 + len(issue.comments)), author, text, self.now())
            issue.comments.append(comment)
            issue.updated = comment.created
            return comment

    def transitions_for(self, issue: Issue, person: User) -> list[Transition]:
        """Return the steps that this person may take now; only an approver other than the reporter approves."""
        may_approve = person in issue.approvers and person != issue.reporter
        return [
            transition
            for transition in WORKFLOW
            if issue.status in transition.sources and (may_approve or not transition.is_for_approvers)
        ]

    def transition(self, issue: Issue, name: str, *, person: User) -> None:
        """Take a step of the workflow, named by itself or by its target status, and remember who took it."""
        with self._lock:
            steps = self.transitions_for(issue, person)
            step = next((step for step in steps if name in (step.name, step.target)), None)
            if step is None:
                raise TransitionRefusedError(
                    f"It seems that you have tried to perform a workflow operation ({name}) that is not valid for the "
                    f"current state of this issue ({issue.key})."
                )
            now = self.now()
            issue.changes.append(Change(person, issue.status, step.target, now))
            issue.status, issue.updated = step.target, now
            if step.target in ("Approved", "Open"):
                issue.approved_by = person if step.target == "Approved" else None


def stamp(at: datetime) -> str:
    """Return a time as Jira writes it, such as `2026-11-23T14:05:09.120+0000`."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}{at:%z}"
