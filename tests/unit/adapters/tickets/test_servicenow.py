"""ServiceNow's tickets: one row, of the number that was asked for, with the approvals that lie beside it."""

from copy import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.adapters.tickets.servicenow import ServiceNowTickets
from strongroom.domain.errors import (
    MalformedRequestError,
    NotFoundError,
    TemporarilyUnavailableError,
    TicketRefusedError,
)
from strongroom.domain.intent.ceremony import ChangeWindow, Tickets
from strongroom.domain.restores.tickets.ticket import Ticket, TicketApproval
from tests.builders.restores import DATABASE
from tests.unit.adapters.tickets.site import FakeHttp, an_answer

NUMBER, RECORD, CHIARA = "CHG0030001", "a" * 32, "c" * 32
CHANGES, APPROVALS = "/api/now/table/change_request", "/api/now/table/sysapproval_approver"
TICKETS = Tickets(
    system="servicenow",
    url="https://tickets.example",
    user="strongroom",
    approved_statuses=("Scheduled", "Implement"),
    resource_field="u_resource",
)


def value(raw: str, shown: str | None = None) -> dict[str, str]:
    """A field with `sysparm_display_value=all`."""
    return {"value": raw, "display_value": raw if shown is None else shown}


def row(**changes: Any) -> dict[str, Any]:
    """A change as the table answers it."""
    return {
        "sys_id": value(RECORD),
        "number": value(NUMBER),
        "sys_class_name": value("change_request", "Change Request"),
        "sys_updated_on": value("2026-11-23 14:15:00", "2026-11-23 15:15:00"),
        "state": value("-2", "Scheduled"),
        "approval": value("approved", "Approved"),
        "type": value("normal", "Normal"),
        "short_description": value("Restore"),
        "description": value("payments-db"),
        "start_date": value("2026-11-23 14:00:00", "2026-11-23 15:00:00"),
        "end_date": value("", ""),
        "u_resource": value(DATABASE),
    } | changes


def approval(**changes: Any) -> dict[str, Any]:
    """An approval record, given by Chiara herself."""
    return {
        "sys_id": value("b" * 32),
        "sysapproval": value(RECORD, NUMBER),
        "approver": value(CHIARA, "Chiara Russo"),
        "approver.user_name": value("chiara"),
        "state": value("approved", "Approved"),
        "sys_updated_on": value("2026-11-23 14:10:00"),
        "sys_updated_by": value("chiara"),
    } | changes


def servicenow(*rows: Any, approvals: list[Any] | None = None) -> FakeHttp:
    """An instance that answers with these rows, whatever it is asked."""
    return FakeHttp(
        {
            CHANGES: [an_answer({"result": list(rows or [row()])})],
            APPROVALS: [an_answer({"result": [approval()] if approvals is None else approvals})],
            f"{CHANGES}/{RECORD}": [an_answer({"result": {"number": value(NUMBER)}})],
        }
    )


def read(http: FakeHttp, tickets: Tickets = TICKETS, key: str = NUMBER) -> Ticket:
    return ServiceNowTickets(tickets, web=http.web).read(key)


def test_a_change_is_read_as_it_is() -> None:
    http = servicenow()
    assert read(http) == Ticket(
        system="servicenow",
        key=NUMBER,
        project="change_request",
        type="normal",
        status="Scheduled",
        summary="Restore",
        description="payments-db",
        labels=(),
        resources=(DATABASE,),
        opens_at=datetime(2026, 11, 23, 14, 0, tzinfo=UTC),
        closes_at=None,
        updated_at=datetime(2026, 11, 23, 14, 15, tzinfo=UTC),
        edited_at=None,
        approvals=(
            TicketApproval(
                account=CHIARA, at=datetime(2026, 11, 23, 14, 10, tzinfo=UTC), through=f"approval record {'b' * 32}"
            ),
        ),
    )
    first, second = http.asked
    assert first[2]["sysparm_query"] == f"number={NUMBER}"
    assert (first[2]["sysparm_limit"], first[2]["sysparm_display_value"]) == ("2", "all")
    assert "u_resource" in first[2]["sysparm_fields"].split(",")
    assert second[2]["sysparm_query"] == f"sysapproval={RECORD}^ORDERBYsys_id"


@pytest.mark.parametrize(
    "rows",
    [
        [row(), row(number=value("CHG0030002"))],
        [row(number=value("CHG0030002"))],
        [row(), row()],
        [row(number=value(""))],
        [{}],
    ],
    ids=["every row", "another row", "the row twice", "no number", "nothing in it"],
)
def test_attack_11_a_query_that_was_ignored_answers_with_no_ticket(rows: list[Any]) -> None:
    with pytest.raises(NotFoundError):
        read(servicenow(*rows))


def test_attack_11_no_row_is_no_ticket() -> None:
    http = servicenow()
    http.answers[CHANGES] = [an_answer({"result": []})]
    with pytest.raises(NotFoundError, match="not exactly one ticket CHG0030001"):
        read(http)


def test_attack_11_approvals_of_other_tickets_are_never_taken_for_ours() -> None:
    foreign = approval(sysapproval=value("f" * 32, "CHG0039999"))
    with pytest.raises(TicketRefusedError, match="approvals of other tickets"):
        read(servicenow(approvals=[foreign, approval()]))


def test_more_approvals_than_a_change_has_are_not_believed() -> None:
    with pytest.raises(NotFoundError, match="more rows"):
        read(servicenow(approvals=[approval() for _ in range(201)]))


@pytest.mark.parametrize(
    ("change", "approvals", "accounts"),
    [
        ({}, [], []),
        ({}, [approval(), approval(state=value("not_required"))], [CHIARA]),
        ({}, [approval(state=value("requested"))], []),
        ({}, [approval(), approval(state=value("rejected"))], []),
        ({"approval": value("requested")}, [approval()], []),
        ({"approval": value("rejected")}, [approval()], []),
        ({"approval": value("")}, [approval()], []),
        ({}, [approval(sys_updated_by=value("admin"))], [""]),
        ({}, [approval(sys_updated_by=value(""), **{"approver.user_name": value("")})], [""]),
        ({}, [approval(approver=value(""))], [""]),
        ({}, [approval(approver="chiara")], [""]),
    ],
    ids=[
        "none",
        "one of two that were asked",
        "asked only",
        "rejected by another",
        "not decided",
        "rejected",
        "without approval",
        "entered by an administrator",
        "entered by nobody",
        "of nobody",
        "of another form",
    ],
)
def test_attack_12_only_what_an_approver_entered_counts(
    change: dict[str, Any], approvals: list[Any], accounts: list[str]
) -> None:
    ticket = read(servicenow(row(**change), approvals=approvals))
    assert [each.account for each in ticket.approvals] == accounts


@pytest.mark.parametrize(
    ("found", "error"),
    [
        ({"result": {}}, TemporarilyUnavailableError),
        ({"result": None}, TemporarilyUnavailableError),
        ({"result": ["x"]}, TemporarilyUnavailableError),
        ({"error": {"message": "Transaction cancelled"}, "status": "failure"}, TemporarilyUnavailableError),
        ({"result": [row(sys_id=value("../sys_user"))]}, TemporarilyUnavailableError),
        ({"result": [row(end_date=value("soon"))]}, TicketRefusedError),
    ],
    ids=["one object", "nothing", "a text", "an error with status 200", "no id", "no time"],
)
def test_attack_11_an_answer_that_is_no_list_of_changes_is_not_understood(found: Any, error: type[Exception]) -> None:
    http = servicenow()
    http.answers[CHANGES] = [an_answer(found)]
    with pytest.raises(error):
        read(http)


def test_an_approval_without_a_time_is_not_understood() -> None:
    with pytest.raises(TemporarilyUnavailableError, match="does not say when"):
        read(servicenow(approvals=[approval(sys_updated_on=value("today"))]))


@pytest.mark.parametrize(
    ("field", "found"),
    [
        (value(DATABASE), (DATABASE,)),
        (value("d" * 32, "payments-db"), ("payments-db", "d" * 32)),
        (value("", ""), ()),
        (None, ()),
        ("text", ()),
    ],
    ids=["a text", "a reference", "empty", "not shown to us", "of another form"],
)
def test_the_resource_is_what_is_shown_and_what_is_kept(field: Any, found: tuple[str, ...]) -> None:
    assert read(servicenow(row(u_resource=field))).resources == found


def test_an_incident_is_looked_for_among_incidents_with_the_fields_that_the_intent_names() -> None:
    http = servicenow()
    incident = row(number=value("INC0010001"), sys_class_name=value("incident"), u_until=value("2026-11-23"))
    http.answers["/api/now/table/incident"] = [an_answer({"result": [incident]})]
    window = ChangeWindow(start_field="u_from", end_field="u_until")
    ticket = read(http, replace(TICKETS, window=window, resource_field=None), key="INC0010001")
    assert (ticket.project, ticket.resources) == ("incident", None)
    assert (ticket.opens_at, ticket.closes_at) == (None, datetime(2026, 11, 24, tzinfo=UTC))


@given(st.text(alphabet="^NQORapproval=ed0123456789CHG/.\n", max_size=30))
def test_attack_11_nothing_but_a_number_is_ever_sent(text: str) -> None:
    http = servicenow()
    system = ServiceNowTickets(TICKETS, web=http.web)
    for act in (system.read, lambda key: system.comment(key, "x")):
        with pytest.raises(MalformedRequestError):
            act(f"{NUMBER}^NQ{text}")
    assert http.asked == []


def test_a_comment_becomes_a_work_note_of_the_record() -> None:
    http = servicenow()
    ServiceNowTickets(TICKETS, web=http.web).comment(NUMBER, "restored")
    assert [(method, path) for method, path, _ in http.asked] == [("GET", CHANGES), ("PATCH", f"{CHANGES}/{RECORD}")]
    assert http.sent == [{"work_notes": "restored"}]
