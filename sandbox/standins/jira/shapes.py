"""Jira's JSON shapes, as versions 2 and 3 of the REST API answer them."""

from dataclasses import dataclass
from typing import Any

from sandbox.standins.jira.site import (
    APPROVED_BY_FIELD,
    APPROVERS_FIELD,
    PROJECT,
    STATUSES,
    Comment,
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
            "issuetype": {"id": "10001", "name": "Change", "subtask": False},
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
        """The history of an issue."""
        histories = [
            {
                "id": str(number),
                "author": self.user(change.person),
                "created": stamp(change.at),
                "items": [{"field": "status", "fromString": change.before, "toString": change.after}],
            }
            for number, change in enumerate(issue.changes, start=20001)
        ]
        return {"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": histories}


def rich(text: str, version: str) -> object:
    """Return a text as this version of the API carries it: v3 has Atlassian documents."""
    if version != "3":
        return text
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []} for line in text.split("\n")
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}
