"""Jira's JSON shapes, as versions 2 and 3 of the REST API answer them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.standins.jira.issues import (
    APPROVED_BY_FIELD,
    APPROVERS_FIELD,
    CUSTOM_FIELDS,
    PROJECT,
    STATUSES,
    TYPES,
    Approval,
    Change,
    Comment,
    FieldChange,
    Issue,
    Transition,
    User,
    stamp,
)


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of one site in one version of the API."""

    base_url: str
    version: str

    def address(self, issue: Issue) -> str:
        """The address of an issue."""
        return f"{self.base_url}/rest/api/{self.version}/issue/{issue.id}"

    def fields(self, issue: Issue) -> dict[str, Any]:
        """All fields of an issue."""
        approved_by = self.user(issue.approved_by) if issue.approved_by else None
        return {
            "summary": issue.summary,
            "description": rich(issue.description, self.version) if issue.description else None,
            "status": self.status(issue.status),
            "issuetype": {"id": TYPES[issue.type], "name": issue.type, "subtask": False},
            "project": {"id": "10000", "key": PROJECT, "name": "Operations"},
            "priority": {"id": "2", "name": "High"},
            "assignee": self.user(issue.assignee) if issue.assignee else None,
            "reporter": self.user(issue.reporter),
            "creator": self.user(issue.reporter),
            "labels": issue.labels,
            "created": stamp(issue.created),
            "updated": stamp(issue.updated),
            "comment": self.comments(issue),
            APPROVERS_FIELD: [self.user(user) for user in issue.approvers],
            APPROVED_BY_FIELD: approved_by,
            **{name: issue.custom.get(name) or None for name in CUSTOM_FIELDS},
        }

    def user(self, user: User) -> dict[str, Any]:
        """A user."""
        return {
            "self": f"{self.base_url}/rest/api/{self.version}/user?accountId={user.account_id}",
            "accountId": user.account_id,
            "accountType": "app" if user.is_app else "atlassian",
            "emailAddress": user.email,
            "displayName": user.display_name,
            "active": True,
            "timeZone": "Etc/UTC",
        }

    def status(self, name: str) -> dict[str, Any]:
        """A status with its category."""
        status = STATUSES[name]
        category = {"id": status.category_id, "key": status.category_key, "name": status.category_name}
        address = f"{self.base_url}/rest/api/{self.version}/status/{status.id}"
        return {"self": address, "id": status.id, "name": name, "statusCategory": category}

    def transition(self, transition: Transition) -> dict[str, Any]:
        """A transition and where it leads."""
        target = self.status(transition.target)
        flags = {"hasScreen": False, "isGlobal": False, "isInitial": False, "isAvailable": True, "isConditional": True}
        return {"id": transition.id, "name": transition.name, "to": target} | flags

    def comments(self, issue: Issue) -> dict[str, Any]:
        """The comments of an issue, as one page."""
        shown = [self.comment(issue, comment) for comment in issue.comments]
        return {"comments": shown, "startAt": 0, "maxResults": 5000, "total": len(shown)}

    def comment(self, issue: Issue, comment: Comment) -> dict[str, Any]:
        """A comment."""
        author = self.user(comment.author)
        times = {"created": stamp(comment.created), "updated": stamp(comment.created), "jsdPublic": True}
        content = {"author": author, "updateAuthor": author, "body": rich(comment.text, self.version)}
        return {"self": f"{self.address(issue)}/comment/{comment.id}", "id": comment.id} | content | times

    def changelog(self, issue: Issue) -> dict[str, Any]:
        """The history of an issue, as it comes with the issue."""
        histories = [self.change(change) for change in issue.changes]
        return {"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": histories}

    def changes(self, issue: Issue, *, start: int, size: int) -> dict[str, Any]:
        """A page of the history of an issue, the oldest entry first."""
        total, shown = len(issue.changes), issue.changes[start : start + size]
        address = f"{self.address(issue)}/changelog"
        is_last = start + len(shown) >= total
        more = {} if is_last else {"nextPage": f"{address}?maxResults={size}&startAt={start + size}"}
        return {
            "self": f"{address}?maxResults={size}&startAt={start}",
            "maxResults": size,
            "startAt": start,
            "total": total,
            "isLast": is_last,
            "values": [self.change(change) for change in shown],
        } | more

    def change(self, change: Change) -> dict[str, Any]:
        """One entry of a history."""
        return {
            "id": change.id,
            "author": self.user(change.person),
            "created": stamp(change.at),
            "items": [_field_change(item) for item in change.items],
        }

    def approvals(self, issue: Issue, *, start: int, size: int) -> dict[str, Any]:
        """A page of the approvals of a request, in the words of Jira Service Management."""
        total, shown = len(issue.approvals), issue.approvals[start : start + size]
        context = {"base": f"{self.base_url}/rest/servicedeskapi", "context": ""}
        return {
            "_expands": [],
            "size": len(shown),
            "start": start,
            "limit": size,
            "isLastPage": start + len(shown) >= total,
            "_links": context,
            "values": [self._approval(issue, approval) for approval in shown],
        }

    def _approval(self, issue: Issue, approval: Approval) -> dict[str, Any]:
        address = f"{self.base_url}/rest/servicedeskapi/request/{issue.id}/approval/{approval.id}"
        completed = {"completedDate": _date(approval.completed)} if approval.completed else {}
        return {
            "id": approval.id,
            "name": "Waiting for approval",
            "finalDecision": approval.decision,
            "canAnswerApproval": False,
            "approvers": [
                {
                    "approver": self.user(user),
                    "approverDecision": approval.answers.get(user.account_id, "pending"),
                }
                for user in approval.approvers
            ],
            "createdDate": _date(approval.created),
            **completed,
            "_links": {"self": address},
        }


def _field_change(item: FieldChange) -> dict[str, Any]:
    return {
        "field": item.name,
        "fieldtype": "custom" if item.field in CUSTOM_FIELDS else "jira",
        "fieldId": item.field,
        "from": item.before_id or None,
        "fromString": item.before,
        "to": item.after_id or None,
        "toString": item.after,
    }


def _date(at: datetime) -> dict[str, Any]:
    """A time as Jira Service Management writes it."""
    return {
        "iso8601": f"{at:%Y-%m-%dT%H:%M:%S%z}",
        "jira": stamp(at),
        "friendly": f"{at:%d/%b/%y %H:%M}",
        "epochMillis": int(at.timestamp() * 1000),
    }


def rich(text: str, version: str) -> object:
    """Return a text as this version of the API carries it: v3 has Atlassian documents."""
    if version != "3":
        return text
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []} for line in text.split("\n")
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}
