"""Tickets that the product opens in the stand-ins, and finds again where their answer was lost."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from sandbox.example.drivers import JiraDriver
from sandbox.standins.jira import rest_api as jira_stand_in
from sandbox.standins.servicenow import table_api as servicenow_stand_in
from strongroom.adapters.tickets.jira_desk import JiraDesk
from strongroom.adapters.tickets.servicenow_desk import ServiceNowDesk
from strongroom.adapters.tickets.web import WIRE, TicketWeb
from strongroom.adapters.wire import HttpAnswer
from strongroom.domain.alerts.ticketing import NewTicket
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.intent.ceremony import OpenedTickets

MARK = f"strongroom-{'a' * 32}"
TICKET = NewTicket(mark=MARK, summary="Resource not tagged: orders", description="Resource: orders\n\nOwner: #payments")

type Desk = JiraDesk | ServiceNowDesk


class LostAnswers:
    """The wire, on which what creates arrives and its answer does not."""

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        answer = WIRE.request(method, url, headers=headers, body=body)
        if method == "POST":
            raise TemporarilyUnavailableError("the ticket system did not answer in time")
        return answer


def now() -> datetime:
    # ServiceNow tells whole seconds.
    return datetime.now(UTC).replace(microsecond=0)


def jira_desk(http: Any = WIRE, **opened: Any) -> JiraDesk:
    given = jira_stand_in.credentials()
    web = TicketWeb(given.server, user=given.email, token=lambda: given.api_token, http=http)
    return JiraDesk(OpenedTickets(project="OPS", **opened), web=web)


def servicenow_desk(http: Any = WIRE, *, table: str = "incident") -> ServiceNowDesk:
    given = servicenow_stand_in.credentials()
    web = TicketWeb(given.server, user=given.user, token=lambda: given.password, http=http)
    return ServiceNowDesk(OpenedTickets(project=table), user=given.user, web=web)


@pytest.mark.parametrize("desk", [jira_desk, servicenow_desk], ids=["Jira", "ServiceNow"])
def test_a_ticket_is_opened_and_found_again_by_its_mark(endpoint: str, desk: Callable[..., Desk]) -> None:
    began = now()
    assert desk().find(MARK, since=began) is None
    key = desk().open(TICKET)
    assert desk().find(MARK, since=began) == key
    assert desk().find(MARK, since=now() + timedelta(minutes=1)) is None
    assert desk().find(MARK.replace("a", "b"), since=began) is None


@pytest.mark.parametrize("desk", [jira_desk, servicenow_desk], ids=["Jira", "ServiceNow"])
def test_a_ticket_whose_answer_was_lost_is_found(endpoint: str, desk: Callable[..., Desk]) -> None:
    began = now()
    with pytest.raises(TemporarilyUnavailableError):
        desk(LostAnswers()).open(TICKET)
    assert desk().find(MARK, since=began) is not None


def test_jira_keeps_the_text_the_label_and_the_type(endpoint: str) -> None:
    key, given = jira_desk().open(TICKET), jira_stand_in.credentials()
    shown = requests.get(
        f"{given.server}/rest/api/2/issue/{key}", auth=(given.email, given.api_token), timeout=60
    ).json()["fields"]
    assert (shown["summary"], shown["description"]) == (TICKET.summary, TICKET.description)
    assert (shown["labels"], shown["issuetype"]["name"]) == ([MARK], "Task")


def test_an_issue_that_the_index_has_not_yet_is_not_found(endpoint: str) -> None:
    began = now()
    jira_stand_in.app.state.shown_after = timedelta(minutes=1)
    jira_desk().open(TICKET)
    assert jira_desk().find(MARK, since=began) is None


def test_somebody_elses_issue_with_our_label_is_not_found(endpoint: str) -> None:
    began = now()
    JiraDriver(endpoint).create_issue("nothing to see", labels=[MARK])
    assert jira_desk().find(MARK, since=began) is None


@pytest.mark.parametrize(
    "desk", [lambda: jira_desk(type="Epic"), lambda: servicenow_desk(table="sc_req_item")], ids=["Jira", "ServiceNow"]
)
def test_what_the_system_does_not_take_is_refused(endpoint: str, desk: Callable[[], Desk]) -> None:
    with pytest.raises(AccessRefusedError):
        desk().open(TICKET)


def test_an_opened_record_asks_nobody_for_an_approval(endpoint: str) -> None:
    number = servicenow_desk(table="change_request").open(TICKET)
    instance = servicenow_stand_in.app.state
    table, record = instance.numbered(number)
    assert (table, record["short_description"], record["correlation_id"]) == ("change_request", TICKET.summary, MARK)
    assert instance.rows("sysapproval_approver") == []
