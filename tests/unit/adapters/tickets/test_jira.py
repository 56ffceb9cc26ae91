"""Jira's tickets: exactly the one that was asked for, with the history and the approvals that Jira keeps of it."""

from copy import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.adapters.tickets.jira import JiraTickets
from strongroom.adapters.wire import HttpAnswer
from strongroom.domain.errors import (
    MalformedRequestError,
    NotFoundError,
    TemporarilyUnavailableError,
    TicketRefusedError,
)
from strongroom.domain.intent.ceremony import Tickets
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.tickets.ticket import Ticket, TicketApproval
from tests.builders.restores import DATABASE
from tests.unit.adapters.tickets.site import FakeHttp, an_answer

ISSUE, CHANGELOG = "/rest/api/3/issue/OPS-1", "/rest/api/3/issue/OPS-1/changelog"
APPROVALS = "/rest/servicedeskapi/request/OPS-1/approval"
FIELDS: dict[str, Any] = {
    "status": {"id": "10002", "name": "Approved"},
    "project": {"id": "10000", "key": "OPS"},
    "issuetype": {"id": "10001", "name": "Change"},
    "labels": ["urgent"],
    "summary": "Restore",
    "description": {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "payments-db"}]}],
    },
    "updated": "2026-11-23T14:15:00.000+0000",
    "customfield_10020": DATABASE,
    "customfield_10021": "2026-11-23T14:00:00.000+0100",
    "customfield_10022": None,
}
AT = datetime(2026, 11, 23, 14, 10, tzinfo=UTC)


def entry(number: int, *items: dict[str, Any], author: Any = "chiara", minute: int = 10) -> dict[str, Any]:
    """One entry of an issue's history."""
    created = f"2026-11-23T14:{minute:02}:00.000+0000"
    return {"id": str(number), "author": {"accountId": author}, "created": created, "items": list(items)}


def moved(before: str, after: str, *, to: str = "10002") -> dict[str, Any]:
    """A step of the workflow."""
    return {
        "field": "status",
        "fieldtype": "jira",
        "fieldId": "status",
        "from": "1",
        "fromString": before,
        "to": to,
        "toString": after,
    }


def edited(field: str, *, kind: str = "jira", **more: Any) -> dict[str, Any]:
    """An edit of a field; without `fieldId` as older histories have it."""
    return {"field": field, "fieldtype": kind, "fromString": "a", "toString": "b", **more}


APPROVED = entry(20001, moved("Open", "Approved"))


def page(*values: Any, start: int = 0, is_last: bool = True, **more: Any) -> HttpAnswer:
    """A page of a history."""
    return an_answer({"startAt": start, "maxResults": 100, "isLast": is_last, "values": list(values)} | more)


def jira(*history: Any, key: str = "OPS-1", approvals: list[Any] | None = None, **fields: Any) -> FakeHttp:
    """A Jira with one issue."""
    answers = {ISSUE: [an_answer({"id": "1", "key": key, "fields": FIELDS | fields})], CHANGELOG: [page(*history)]}
    found = {"start": 0, "limit": 100, "isLastPage": True, "values": approvals or []}
    return FakeHttp(answers | {APPROVALS: [an_answer(found)], f"{ISSUE}/comment": [an_answer({"id": "1"}, status=201)]})


@pytest.fixture(scope="module")
def tickets(intent: Intent) -> Tickets:
    """Tickets as the example asks for them."""
    return ceremony_of(intent).tickets


def read(http: FakeHttp, tickets: Tickets) -> Ticket:
    return JiraTickets(tickets, web=http.web).read("OPS-1")


def test_a_ticket_is_read_as_it_is(tickets: Tickets) -> None:
    http = jira(APPROVED)
    assert read(http, tickets) == Ticket(
        system="jira",
        key="OPS-1",
        project="OPS",
        type="Change",
        status="Approved",
        summary="Restore",
        description="payments-db",
        labels=("urgent",),
        resources=(DATABASE,),
        opens_at=datetime(2026, 11, 23, 13, 0, tzinfo=UTC),
        closes_at=None,
        updated_at=datetime(2026, 11, 23, 14, 15, tzinfo=UTC),
        edited_at=None,
        approvals=(TicketApproval(account="chiara", at=AT, through="changelog 20001"),),
    )
    asked = {path: query for _, path, query in http.asked}
    assert asked.keys() == {ISSUE, CHANGELOG}
    assert {"status", "project", "issuetype", "customfield_10020", "customfield_10022"} <= set(
        asked[ISSUE]["fields"].split(",")
    )


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (None, ()),
        ("", ()),
        (DATABASE, (DATABASE,)),
        ([DATABASE, "x"], (DATABASE, "x")),
        ({"value": DATABASE, "id": "1"}, (DATABASE,)),
        ([{"value": DATABASE}, {"id": "1"}], (DATABASE,)),
        (FIELDS["description"], ("payments-db",)),
        (5, ()),
        ([[DATABASE]], ()),
    ],
    ids=["none", "empty", "a text", "texts", "an option", "options", "a document", "a number", "a list in a list"],
)
def test_the_resource_is_read_from_every_kind_of_text_field(
    written: Any, found: tuple[str, ...], tickets: Tickets
) -> None:
    assert read(jira(APPROVED, customfield_10020=written), tickets).resources == found


def test_without_a_field_there_are_no_entries_and_an_edit_of_the_labels_counts(tickets: Tickets) -> None:
    free = replace(tickets, resource_field=None)
    ticket = read(jira(APPROVED, entry(20002, edited("labels", fieldId="labels"), minute=12)), free)
    assert ticket.resources is None
    assert ticket.edited_at == AT.replace(minute=12)


@pytest.mark.parametrize(
    ("items", "is_edit"),
    [
        ([edited("summary", fieldId="summary")], True),
        ([edited("description")], True),
        ([edited("Key")], True),
        ([edited("project")], True),
        ([edited("issuetype", fieldId="issuetype")], True),
        ([edited("Resource", kind="custom", fieldId="customfield_10020")], True),
        ([edited("Planned end", kind="custom", fieldId="customfield_10022")], True),
        ([edited("Resource", kind="custom")], True),
        ([edited("Team", kind="custom", fieldId="customfield_1")], False),
        ([edited("labels", fieldId="labels")], False),
        ([edited("assignee", fieldId="assignee")], False),
        ([edited("assignee"), edited("summary")], True),
        ([], False),
    ],
)
def test_attack_10_an_edit_of_what_is_judged_is_seen(
    items: list[dict[str, Any]],
    is_edit: bool,  # noqa: FBT001
    tickets: Tickets,
) -> None:
    ticket = read(jira(APPROVED, entry(20002, *items, minute=12)), tickets)
    assert ticket.edited_at == (AT.replace(minute=12) if is_edit else None)


OPEN, PROGRESS = moved("Approved", "Open", to="1"), moved("Approved", "In Progress", to="3")


@pytest.mark.parametrize(
    ("history", "status", "through"),
    [
        ([], "10002", ""),
        ([APPROVED], "10002", "changelog 20001"),
        ([APPROVED, entry(20002, PROGRESS, author="omar", minute=11)], "3", "changelog 20001"),
        ([APPROVED, entry(20002, OPEN, author="omar", minute=11)], "1", ""),
        (
            [APPROVED, entry(20002, OPEN, minute=11), entry(20003, moved("Open", "Approved"), minute=12)],
            "10002",
            "changelog 20003",
        ),
        ([entry(20002, OPEN, minute=11), APPROVED], "1", ""),
        ([entry(20001, moved("In Progress", "Approved"))], "10002", ""),
    ],
    ids=[
        "made in that status",
        "moved",
        "begun by somebody else",
        "taken back",
        "approved again",
        "in another order",
        "never from outside",
    ],
)
def test_attack_12_the_approver_is_whoever_moved_it_into_an_approved_status(
    history: list[Any], status: str, through: str, tickets: Tickets
) -> None:
    names = {"10002": "Approved", "3": "In Progress", "1": "Open"}
    ticket = read(jira(*history, status={"id": status, "name": names[status]}), tickets)
    assert [each.through for each in ticket.approvals] == ([through] if through else [])


def test_attack_12_a_field_that_says_who_approved_says_nothing(tickets: Tickets) -> None:
    ticket = read(jira(customfield_10011={"accountId": "chiara"}), tickets)
    assert ticket.approvals == ()


@pytest.mark.parametrize("author", [None, 5, ["chiara"]])
def test_whoever_is_not_named_is_nobody(author: Any, tickets: Tickets) -> None:
    ticket = read(jira(entry(20001, moved("Open", "Approved"), author=author)), tickets)
    assert [each.account for each in ticket.approvals] == [""]


def test_a_history_is_read_page_by_page(tickets: Tickets) -> None:
    http = jira()
    first, second = entry(1, edited("assignee"), minute=1), entry(2, edited("assignee"), minute=2)
    http.answers[CHANGELOG] = [page(first, second, is_last=False), page(APPROVED, start=2)]
    assert read(http, tickets).approvals[0].account == "chiara"
    assert [query.get("startAt") for _, path, query in http.asked if path == CHANGELOG] == ["0", "2"]


@pytest.mark.parametrize(
    "answer",
    [
        page(is_last=False),
        page(APPROVED, isLast="yes"),
        page(APPROVED, start=7),
        page("APPROVED"),
        page(entry(20001) | {"created": "yesterday"}),
        page(entry(20001) | {"id": "x"}),
        page(entry(20001) | {"id": "9" * 5000}),
        page(entry(20001) | {"items": None}),
        an_answer({}),
        an_answer([]),
    ],
    ids=[
        "ends nowhere",
        "ends perhaps",
        "other page",
        "text",
        "no time",
        "no id",
        "huge id",
        "no items",
        "empty",
        "list",
    ],
)
def test_attack_12_a_history_that_cannot_be_understood_is_none(answer: HttpAnswer, tickets: Tickets) -> None:
    http = jira()
    http.answers[CHANGELOG] = [answer]
    with pytest.raises(TemporarilyUnavailableError, match="cannot be understood"):
        read(http, tickets)


def test_a_history_without_end_is_given_up(tickets: Tickets) -> None:
    http = jira()
    http.answers[CHANGELOG] = [page(APPROVED, start=number, is_last=False) for number in range(60)]
    with pytest.raises(TicketRefusedError, match="longer history"):
        read(http, tickets)
    assert len(http.asked) < 60


def test_attack_10_a_ticket_that_is_moved_while_it_is_read_is_read_again(tickets: Tickets) -> None:
    with pytest.raises(TemporarilyUnavailableError, match="moved while"):
        read(jira(APPROVED, entry(20002, OPEN, minute=11)), tickets)


def approval(decision: str = "approved", number: int = 1, **approvers: str) -> dict[str, Any]:
    """An approval as Jira Service Management shows it."""
    return {
        "id": str(number),
        "name": "Change approval",
        "finalDecision": decision,
        "canAnswerApproval": False,
        "approvers": [{"approver": {"accountId": name}, "approverDecision": said} for name, said in approvers.items()],
        "createdDate": {"epochMillis": 1795443000000 + number},
        "completedDate": {"epochMillis": 1795443000000 + 60_000 * number},
    }


@pytest.mark.parametrize(
    ("approvals", "accounts"),
    [
        ([], []),
        ([approval(chiara="approved")], ["chiara"]),
        ([approval(chiara="approved", ada="pending")], ["chiara"]),
        ([approval(chiara="approved", ada="approved")], ["chiara", "ada"]),
        ([approval("pending", chiara="approved", ada="pending")], []),
        ([approval("declined", chiara="approved", ada="declined")], []),
        ([approval(chiara="approved"), approval("pending", 2, ada="pending")], []),
        ([approval(chiara="approved"), approval("declined", 2, ada="declined")], []),
        ([approval("perhaps", ada="approved")], []),
        ([approval("declined", 1, ada="declined"), approval("approved", 2, chiara="approved")], ["chiara"]),
        ([approval("approved", 2, chiara="approved"), approval("declined", 1, ada="declined")], ["chiara"]),
    ],
    ids=[
        "none",
        "one",
        "one of two",
        "both",
        "still open",
        "declined",
        "another one is open",
        "declined later",
        "decided somehow",
        "declined before",
        "in another order",
    ],
)
def test_x_06_of_service_management_its_approvals_count_and_not_who_moved_it(
    approvals: list[Any], accounts: list[str], tickets: Tickets
) -> None:
    entry_of_omar = entry(20001, moved("Open", "Approved"), author="omar")
    ticket = read(jira(entry_of_omar, approvals=approvals), replace(tickets, approval="jsm"))
    assert [each.account for each in ticket.approvals] == accounts


@pytest.mark.parametrize(
    "changes",
    [
        {"completedDate": None},
        {"completedDate": {"epochMillis": True}},
        {"completedDate": {"epochMillis": 1e20}},
        {"completedDate": {"epochMillis": 10**20}},
        {"createdDate": {}},
        {"approvers": None},
    ],
)
def test_an_approval_that_cannot_be_understood_is_none(changes: dict[str, Any], tickets: Tickets) -> None:
    with pytest.raises(TemporarilyUnavailableError, match="cannot be understood"):
        read(jira(APPROVED, approvals=[approval(chiara="approved") | changes]), replace(tickets, approval="jsm"))


@pytest.mark.parametrize(
    ("end", "closes"),
    [
        ("2026-11-23T16:00:00.000+0000", datetime(2026, 11, 23, 16, 0, tzinfo=UTC)),
        ("2026-11-23", datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_window_ends_at_its_time_or_with_its_day(end: Any, closes: datetime | None, tickets: Tickets) -> None:
    assert read(jira(APPROVED, customfield_10022=end), tickets).closes_at == closes


@pytest.mark.parametrize("end", ["soon", "", 5, {"value": "2026-11-23"}, "9999-12-31"])
def test_a_window_that_cannot_be_read_is_refused(end: Any, tickets: Tickets) -> None:
    with pytest.raises(TicketRefusedError, match="something else than a time in its field customfield_10022"):
        read(jira(APPROVED, customfield_10022=end), tickets)


def test_attack_10_a_ticket_that_moved_is_not_the_one_that_was_asked_for(tickets: Tickets) -> None:
    with pytest.raises(NotFoundError, match="there is no ticket OPS-1"):
        read(jira(APPROVED, key="SAFE-9"), tickets)


@pytest.mark.parametrize("answer", [{}, {"key": "OPS-1"}, {"key": "OPS-1", "fields": []}, {"errorMessages": ["no"]}])
def test_an_answer_that_is_no_issue_is_not_understood(answer: Any, tickets: Tickets) -> None:
    http = jira()
    http.answers[ISSUE] = [an_answer(answer)]
    with pytest.raises(TemporarilyUnavailableError, match="cannot be understood"):
        read(http, tickets)


@given(st.text(max_size=30))
def test_attack_11_nothing_but_a_key_is_ever_sent(tickets: Tickets, text: str) -> None:
    http = jira(APPROVED)
    for act in (
        JiraTickets(tickets, web=http.web).read,
        lambda key: JiraTickets(tickets, web=http.web).comment(key, "x"),
    ):
        with pytest.raises(MalformedRequestError):
            act(f"OPS-1/../{text}")
    assert http.asked == []


def test_a_comment_is_a_document(tickets: Tickets) -> None:
    http = jira()
    JiraTickets(tickets, web=http.web).comment("OPS-1", "restored\n\nas x")
    assert [(method, path) for method, path, _ in http.asked] == [("POST", f"{ISSUE}/comment")]
    [sent] = http.sent
    assert [block["content"] for block in sent["body"]["content"]] == [
        [{"type": "text", "text": "restored"}],
        [],
        [{"type": "text", "text": "as x"}],
    ]
