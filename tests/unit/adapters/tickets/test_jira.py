"""Jira's tickets: exactly the one that was asked for, and no credentials in any error."""

from types import SimpleNamespace
from typing import Any

import pytest
from jira import JIRAError

from strongroom.adapters.tickets.jira import JiraTickets
from strongroom.domain.errors import (
    AccessRefusedError,
    MalformedRequestError,
    NotFoundError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of

FIELDS: dict[str, Any] = {
    "status": {"name": "Approved"},
    "labels": ["222222222222"],
    "summary": "Restore",
    "description": "payments-db",
    "customfield_10011": {"accountId": "chiara"},
}


class FakeJira:
    def __init__(self, key: str = "OPS-1", status: int = 200, **fields: Any) -> None:
        self.answer, self.status = SimpleNamespace(key=key, raw={"fields": FIELDS | fields}), status
        self.asked: list[str] = []

    def issue(self, key: str, fields: str) -> Any:
        self.asked.append(key)
        if self.status != 200:
            raise JIRAError("secret-token in headers", status_code=self.status, url="https://x", headers={"a": "b"})
        return self.answer

    def add_comment(self, key: str, text: str) -> None:
        self.asked.append(f"{key}: {text}")


def _tickets(intent: Intent, jira: FakeJira) -> JiraTickets:
    tickets = JiraTickets(ceremony_of(intent).tickets, token=lambda: "secret-token")
    tickets.__dict__["_jira"] = jira
    return tickets


def test_a_ticket_is_read_as_it_is(intent: Intent) -> None:
    ticket = _tickets(intent, FakeJira()).read("OPS-1")
    assert (ticket.key, ticket.status, ticket.approver, ticket.labels) == (
        "OPS-1",
        "Approved",
        "chiara",
        ("222222222222",),
    )
    assert ticket.text == "Restore\npayments-db"


@pytest.mark.parametrize(
    ("approver", "found"),
    [
        ([{"accountId": "chiara"}], "chiara"),
        ([{"accountId": "chiara"}, {"accountId": "piet"}], ""),
        ([], ""),
        (None, ""),
        ("chiara", ""),
    ],
    ids=["one in a list", "two", "none in a list", "none", "a text"],
)
def test_the_approver_is_exactly_one_account(approver: Any, found: str, intent: Intent) -> None:
    assert _tickets(intent, FakeJira(customfield_10011=approver)).read("OPS-1").approver == found


def test_a_ticket_that_moved_is_not_the_one_that_was_asked_for(intent: Intent) -> None:
    with pytest.raises(NotFoundError):
        _tickets(intent, FakeJira(key="SAFE-9")).read("OPS-1")


def test_a_key_with_a_path_in_it_is_never_sent(intent: Intent) -> None:
    jira = FakeJira()
    for act in (_tickets(intent, jira).read, lambda key: _tickets(intent, jira).comment(key, "x")):
        with pytest.raises(MalformedRequestError):
            act("OPS-1/../SAFE-9")
    assert jira.asked == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, NotFoundError),
        (401, AccessRefusedError),
        (403, AccessRefusedError),
        (429, TemporarilyUnavailableError),
        (503, TemporarilyUnavailableError),
    ],
)
def test_refusals_say_what_they_mean_and_no_secret(status: int, error: type[Exception], intent: Intent) -> None:
    with pytest.raises(error) as caught:
        _tickets(intent, FakeJira(status=status)).read("OPS-1")
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__
