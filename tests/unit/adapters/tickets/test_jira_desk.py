"""Issues of our own in Jira: created in full, and found again only where they are what we asked for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.adapters.tickets.jira_desk import JiraDesk
from strongroom.domain.alerts.ticketing import NewTicket
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.intent.ceremony import OpenedTickets
from tests.unit.adapters.tickets.site import FakeHttp, an_answer

SEARCH, CREATE = "/rest/api/3/search/jql", "/rest/api/3/issue"
MARK = f"strongroom-{'a' * 32}"
SINCE = datetime(2026, 11, 24, 6, tzinfo=UTC)
TICKET = NewTicket(mark=MARK, summary="Resource not tagged", description="Resource: orders\nOwner: #payments")


def an_issue(key: str = "OPS-7", **fields: Any) -> dict[str, Any]:
    return {"id": "1", "key": key, "fields": {"labels": [MARK], "created": "2026-11-24T06:00:01.000+0000"} | fields}


def found(*issues: Any, **more: Any) -> FakeHttp:
    return FakeHttp({SEARCH: [an_answer({"issues": list(issues), "isLast": not more} | more)]})


def desk(http: FakeHttp, **opened: Any) -> JiraDesk:
    return JiraDesk(OpenedTickets(project="OPS", **opened), web=http.web)


@pytest.mark.parametrize(("opened", "type_"), [({}, "Task"), ({"type": "Bug"}, "Bug")], ids=["as usual", "as said"])
def test_an_issue_is_created_with_its_label_and_its_text_as_a_document(opened: dict[str, str], type_: str) -> None:
    http = FakeHttp({CREATE: [an_answer({"id": "10101", "key": "OPS-7", "self": "x"}, status=201)]})
    assert desk(http, **opened).open(TICKET) == "OPS-7"
    [sent] = http.sent
    assert sent["fields"] == {
        "project": {"key": "OPS"},
        "issuetype": {"name": type_},
        "summary": "Resource not tagged",
        "labels": [MARK],
        "description": {
            "type": "doc",
            "version": 1,
            "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": text}]}
                for text in ("Resource: orders", "Owner: #payments")
            ],
        },
    }


def test_an_issue_of_ours_is_found_by_its_label() -> None:
    http = found(an_issue())
    assert desk(http).find(MARK, since=SINCE) == "OPS-7"
    [(_, _, query)] = http.asked
    assert query["jql"] == f'labels = "{MARK}" AND creator = currentUser()'


@pytest.mark.parametrize(
    "issue",
    [
        an_issue(labels=["urgent"]),
        an_issue(labels=MARK),
        an_issue(created="2026-11-24T05:59:59.000+0000"),
        an_issue(created="yesterday"),
        {"id": "1", "key": "OPS-7"},
    ],
    ids=["of another label", "of a text for labels", "older than the alert", "of no time", "without fields"],
)
def test_an_issue_that_was_given_our_label_later_is_not_taken_for_ours(issue: dict[str, Any]) -> None:
    assert desk(found(issue)).find(MARK, since=SINCE) is None
    assert desk(found(issue, an_issue("OPS-8"))).find(MARK, since=SINCE) == "OPS-8"


def test_where_nothing_is_found_there_is_none() -> None:
    assert desk(found()).find(MARK, since=SINCE) is None


@pytest.mark.parametrize(
    "http",
    [
        found(an_issue("../../x")),
        found(an_issue(), nextPageToken="more"),
        FakeHttp({SEARCH: [an_answer({"total": 0})]}),
        FakeHttp({SEARCH: [an_answer("<html>", content_type="text/html")]}),
    ],
    ids=["no key", "more than there can be", "no list", "a page for people"],
)
def test_what_cannot_be_understood_is_asked_again_and_opens_nothing(http: FakeHttp) -> None:
    with pytest.raises(TemporarilyUnavailableError):
        desk(http).find(MARK, since=SINCE)


@pytest.mark.parametrize(
    ("status", "error"), [(400, AccessRefusedError), (403, AccessRefusedError), (503, TemporarilyUnavailableError)]
)
def test_a_creation_that_is_refused_is_an_error_that_repeats_nothing(status: int, error: type[Exception]) -> None:
    http = FakeHttp({CREATE: [an_answer({"errors": {"labels": "hush"}}, status=status)]})
    with pytest.raises(error) as raised:
        desk(http).open(TICKET)
    assert "hush" not in str(raised.value)


def test_a_creation_without_a_key_is_not_understood() -> None:
    with pytest.raises(TemporarilyUnavailableError):
        desk(FakeHttp({CREATE: [an_answer({"id": "10101"}, status=201)]})).open(TICKET)
