"""One Jira project in memory: users with API tokens, issues, comments, and the change workflow."""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sandbox.people import PEOPLE
from sandbox.standins.jira.issues import (
    CHANGE,
    CHANGE_MANAGER,
    CUSTOM_FIELDS,
    INTEGRATION,
    PROJECT,
    STATUSES,
    WORKFLOW,
    Approval,
    Change,
    Comment,
    FieldChange,
    Issue,
    Transition,
    User,
)


class UnknownIssueError(LookupError):
    """The site has no issue of this key or id."""


class TransitionRefusedError(Exception):
    """The workflow does not let this person take this transition now."""


@dataclass(slots=True)
class JiraSite:
    """Everything that Jira remembers."""

    base_url: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    users: dict[str, User] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    shown_after: timedelta = timedelta()
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
        self,
        summary: str,
        *,
        reporter: User,
        description: str = "",
        labels: list[str],
        approvers: list[User],
        custom: Mapping[str, str] | None = None,
        type: str = CHANGE,  # noqa: A002 - Jira's word
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
                type=type,
                custom=dict(custom or {}),
            )
            self.issues[issue.key] = issue
            self._ask_for_approval(issue)
            return issue

    def search(self, *conditions: Callable[[Issue], bool]) -> list[Issue]:
        """The issues for which all holds, the newest first, once the index has them.

        "Recent updates might not be immediately visible in the returned search results" (Jira Cloud REST API v3,
        "Search for issues using JQL enhanced search").
        """
        shown = (each for each in self.issues.values() if each.created + self.shown_after <= self.now())
        return [each for each in reversed([*shown]) if all(holds(each) for holds in conditions)]

    def comment(self, issue: Issue, *, author: User, text: str) -> Comment:
        """Add a comment."""
        with self._lock:
            comment = Comment(str(30000 + int(issue.id) * 100 + len(issue.comments)), author, text, self.now())
            issue.comments.append(comment)
            issue.updated = comment.created
            return comment

    def edit(self, issue: Issue, values: Mapping[str, str | list[str]], *, person: User) -> None:
        """Change fields, in one entry of the history; what stays as it is leaves no trace."""
        with self._lock:
            items = tuple(item for name, value in values.items() if (item := _put(issue, name, value)) is not None)
            self._write_down(issue, person, items)

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
            ids = STATUSES[issue.status].id, STATUSES[step.target].id
            moved = FieldChange("status", "status", issue.status, step.target, *ids)
            issue.status = step.target
            self._write_down(issue, person, (moved,))
            if step.target in ("Approved", "Open"):
                issue.approved_by = person if step.target == "Approved" else None
            if step.target == "Approved":
                issue.approvals[-1].answers[person.account_id] = "approved"
                issue.approvals[-1].completed = issue.updated
            if step.target == "Open":
                self._ask_for_approval(issue)

    def decline(self, issue: Issue, *, person: User) -> None:
        """Say no to the open approval; the issue stays where it is."""
        with self._lock:
            approval = issue.approvals[-1]
            if approval.decision != "pending" or person not in approval.approvers or person == issue.reporter:
                raise TransitionRefusedError(f"there is nothing for {person.account_id} to answer")
            approval.answers[person.account_id] = "declined"
            approval.completed = self.now()

    def _ask_for_approval(self, issue: Issue) -> None:
        number = sum(len(each.approvals) for each in self.issues.values()) + 1
        issue.approvals.append(Approval(str(number), self.now(), list(issue.approvers)))

    def _write_down(self, issue: Issue, person: User, items: tuple[FieldChange, ...]) -> None:
        if items:
            issue.updated = self.now()
            number = 20001 + sum(len(each.changes) for each in self.issues.values())
            issue.changes.append(Change(str(number), person, issue.updated, items))


def _put(issue: Issue, name: str, value: str | list[str]) -> FieldChange | None:
    """Put a value into a field; what changed, or None."""
    if name == "labels":
        labels = value.split() if isinstance(value, str) else value
        before, after = " ".join(issue.labels), " ".join(labels)
        issue.labels = labels
    elif name in CUSTOM_FIELDS:
        before, after = issue.custom.get(name, ""), str(value)
        issue.custom[name] = after
    elif name in ("summary", "description"):
        before, after = getattr(issue, name), str(value)
        setattr(issue, name, after)
    else:
        raise KeyError(name)
    return None if before == after else FieldChange(name, CUSTOM_FIELDS.get(name, name), before, after)
