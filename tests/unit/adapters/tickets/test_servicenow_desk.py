"""Records of our own in ServiceNow: inserted, and found again only where they are what we asked for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.adapters.tickets.servicenow_desk import ServiceNowDesk
from strongroom.domain.alerts.ticketing import NewTicket
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.intent.ceremony import OpenedTickets
from tests.unit.adapters.tickets.site import FakeHttp, an_answer

INCIDENTS = "/api/now/table/incident"
MARK = f"strongroom-{'a' * 32}"
SINCE = datetime(2026, 11, 24, 6, tzinfo=UTC)
TICKET = NewTicket(mark=MARK, summary="Resource not tagged", description="Resource: orders")


def a_row(**fields: str) -> dict[str, Any]:
    kept = {
        "number": "INC0030001",
        "correlation_id": MARK,
        "sys_created_by": "strongroom",
        "sys_created_on": "2026-11-24 06:00:01",
    } | fields
    return {name: {"value": value, "display_value": value} for name, value in kept.items()}


def answering(*rows: Any, status: int = 200) -> FakeHttp:
    return FakeHttp({INCIDENTS: [an_answer({"result": list(rows)}, status=status)]})


def desk(http: FakeHttp) -> ServiceNowDesk:
    return ServiceNowDesk(OpenedTickets(project="incident"), user="strongroom", web=http.web)


def test_a_record_is_inserted_with_its_correlation_id() -> None:
    http = FakeHttp({INCIDENTS: [an_answer({"result": a_row()}, status=201)]})
    assert desk(http).open(TICKET) == "INC0030001"
    assert http.sent == [
        {
            "short_description": "Resource not tagged",
            "description": "Resource: orders",
            "correlation_id": MARK,
            "correlation_display": "Strongroom",
        }
    ]


def test_a_record_of_ours_is_found_by_its_correlation_id() -> None:
    http = answering(a_row())
    assert desk(http).find(MARK, since=SINCE) == "INC0030001"
    [(_, _, query)] = http.asked
    assert query["sysparm_query"] == f"correlation_id={MARK}"


@pytest.mark.parametrize(
    "fields",
    [
        {"correlation_id": ""},
        {"sys_created_by": "mallory"},
        {"sys_created_on": "2026-11-24 05:59:59"},
        {"sys_created_on": ""},
    ],
    ids=["a row that was not asked for", "somebody else's", "older than the alert", "of no time"],
)
def test_a_record_that_is_not_what_we_asked_for_is_not_taken_for_ours(fields: dict[str, str]) -> None:
    assert desk(answering(a_row(**fields))).find(MARK, since=SINCE) is None
    assert desk(answering(a_row(**fields), a_row(number="INC0030002"))).find(MARK, since=SINCE) == "INC0030002"


@pytest.mark.parametrize(
    "http",
    [
        answering(*[a_row(correlation_id="")] * 51),
        answering(a_row(number="sys_user")),
        FakeHttp({INCIDENTS: [an_answer({"records": []})]}),
    ],
    ids=["every row there is", "no number", "no list"],
)
def test_what_cannot_be_understood_is_asked_again_and_opens_nothing(http: FakeHttp) -> None:
    with pytest.raises(TemporarilyUnavailableError):
        desk(http).find(MARK, since=SINCE)


def test_an_insertion_without_a_number_is_not_understood() -> None:
    with pytest.raises(TemporarilyUnavailableError):
        desk(FakeHttp({INCIDENTS: [an_answer({"result": {}}, status=201)]})).open(TICKET)
