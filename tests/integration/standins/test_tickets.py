"""Tickets of the stand-ins as the product reads them, judged from their opening to their end."""

from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from sandbox.example.drivers import DriverError, JiraDriver, ServiceNowDriver
from sandbox.people import PEOPLE
from sandbox.standins.jira import rest_api as jira_stand_in
from sandbox.standins.servicenow import table_api as servicenow_stand_in
from sandbox.standins.servicenow.instance import user_id
from strongroom.adapters.tickets.jira import JiraTickets
from strongroom.adapters.tickets.servicenow import ServiceNowTickets
from strongroom.adapters.tickets.web import WIRE, TicketWeb
from strongroom.domain.errors import AccessRefusedError, NotFoundError
from strongroom.domain.intent.ceremony import Tickets
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import Ceremony, ceremony_of
from strongroom.domain.restores.tickets.judging import TicketPin, TicketVerdict, judge_ticket
from tests.builders.restores import DATABASE, a_request

# What the stand-ins' people do takes real time.
SOON = timedelta(minutes=5)
HEADERS = {"Accept": "application/json"}


class Desk:
    """A ticket system with a person before it, and the product behind it."""

    def __init__(self, ceremony: Ceremony, system: JiraTickets | ServiceNowTickets) -> None:
        self.ceremony, self.system = ceremony, system

    def judged(self, key: str, **more: Any) -> TicketVerdict:
        """The ticket as it is now, and what it entitles to."""
        request = a_request(ticket=key)
        now = datetime.now(UTC)
        return judge_ticket(self.system.read(key), request=request, ceremony=self.ceremony, now=now, **more)


def _web(tickets: Tickets, token: str) -> TicketWeb:
    return TicketWeb(tickets.url, user=tickets.user, token=lambda: token, http=WIRE)


@pytest.fixture
def jira_desk(endpoint: str, intent: Intent) -> Callable[..., Desk]:
    """Jira, with what is asked of tickets changed."""

    def at(**changes: Any) -> Desk:
        ceremony, given = ceremony_of(intent), jira_stand_in.credentials()
        tickets = replace(ceremony.tickets, url=given.server, user=given.email, **changes)
        return Desk(replace(ceremony, tickets=tickets), JiraTickets(tickets, web=_web(tickets, given.api_token)))

    return at


@pytest.fixture
def servicenow_desk(endpoint: str, intent: Intent) -> Callable[..., Desk]:
    """ServiceNow, where people are known by their sys_id."""

    def at(**changes: Any) -> Desk:
        ceremony, given = ceremony_of(intent), servicenow_stand_in.credentials()
        known: dict[str, Any] = {
            "system": "servicenow",
            "url": given.server,
            "user": given.user,
            "approved_statuses": ("Scheduled", "Implement"),
            "approver_group": "change-managers",
            "resource_field": "u_resource",
        }
        tickets = Tickets(**(known | changes))
        people = {each.name: replace(ceremony.people[each.name], ticket_account=user_id(each.name)) for each in PEOPLE}
        ceremony = replace(ceremony, tickets=tickets, people=people)
        return Desk(ceremony, ServiceNowTickets(tickets, web=_web(tickets, given.password)))

    return at


# Jira


def test_a_jira_ticket_entitles_once_a_change_manager_has_moved_it(
    endpoint: str, jira_desk: Callable[..., Desk]
) -> None:
    driver, desk = JiraDriver(endpoint), jira_desk()
    key = driver.create_issue("Restore payments-db", resource=DATABASE, description="as of 02:00")
    assert "its status is 'Open'" in desk.judged(key).reason
    driver.transition(key, "Approve")
    verdict = desk.judged(key)
    assert (verdict.state, verdict.approver) == ("entitles", "chiara")
    desk.system.comment(key, "Restore r-abc awaits approval.")
    driver.transition(key, "Start", person="omar")
    pin = TicketPin(approver=verdict.approver, snapshot=verdict.snapshot)
    assert desk.judged(key, pinned=pin, voters=("maria",)).reason == f"{key}: In Progress, approved by chiara"
    assert driver.comments(key)[-1]["text"] == "Restore r-abc awaits approval."


@pytest.mark.parametrize("field", ["customfield_10020", "summary", "description", "customfield_10022"])
def test_attack_10_a_jira_ticket_that_is_edited_after_its_approval_entitles_no_more(
    field: str, endpoint: str, jira_desk: Callable[..., Desk]
) -> None:
    driver, desk = JiraDriver(endpoint), jira_desk()
    key = driver.create_issue("Rotate certificates", resource=DATABASE)
    driver.transition(key, "Approve")
    driver.edit(key, **{field: f"{datetime.now(UTC) + SOON:%Y-%m-%dT%H:%M:%S.000+0000}"})
    if field == "customfield_10020":
        driver.edit(key, customfield_10020=DATABASE)
    assert "edited at" in desk.judged(key).reason


def test_attack_10_a_jira_ticket_that_was_taken_back_and_approved_again_is_another_one(
    endpoint: str, jira_desk: Callable[..., Desk]
) -> None:
    driver, desk = JiraDriver(endpoint), jira_desk()
    key = driver.create_issue("Restore", resource=DATABASE)
    driver.transition(key, "Approve")
    first = desk.judged(key)
    driver.transition(key, "Reopen", person="omar")
    assert "its status is 'Open'" in desk.judged(key).reason
    driver.transition(key, "Approve")
    assert desk.judged(key).state == "entitles"
    pin = TicketPin(approver=first.approver, snapshot=first.snapshot)
    assert "changed since it was first read: approvals" in desk.judged(key, pinned=pin).reason


def test_a_jira_ticket_in_which_labels_name_the_resource(endpoint: str, jira_desk: Callable[..., Desk]) -> None:
    driver, desk = JiraDriver(endpoint), jira_desk(resource_field=None)
    key = driver.create_issue("Restore", labels=["urgent", DATABASE])
    driver.transition(key, "Approve")
    assert desk.judged(key).state == "entitles"
    driver.edit(key, labels="urgent")
    assert "names neither" in desk.judged(key).reason


def test_a_history_of_several_pages_is_read_whole(endpoint: str, jira_desk: Callable[..., Desk]) -> None:
    driver, desk = JiraDriver(endpoint), jira_desk()
    key = driver.create_issue("Restore", resource=DATABASE)
    for number in range(120):
        driver.edit(key, summary=f"Restore, draft {number}")
    driver.transition(key, "Approve")
    assert desk.judged(key).state == "entitles"


@pytest.mark.parametrize("approvers", [["chiara"], ["ada", "chiara"]], ids=["one", "two"])
def test_x_06_of_service_management_the_approval_record_counts(
    approvers: list[str], endpoint: str, jira_desk: Callable[..., Desk]
) -> None:
    driver, desk = JiraDriver(endpoint), jira_desk(approval="jsm")
    key = driver.create_issue("Restore", resource=DATABASE, approvers=approvers)
    driver.transition(key, "Approve")
    verdict = desk.judged(key)
    assert (verdict.state, verdict.approver) == ("entitles", "chiara")
    assert '"through":"approval 1"' in verdict.snapshot


def test_an_approval_that_was_declined_entitles_to_nothing(endpoint: str, jira_desk: Callable[..., Desk]) -> None:
    driver, desk = JiraDriver(endpoint), jira_desk(approval="jsm", approved_statuses=("Open",))
    key = driver.create_issue("Restore", resource=DATABASE)
    assert "nobody has approved it" in desk.judged(key).reason
    driver.decline(key)
    assert "nobody has approved it" in desk.judged(key).reason
    with pytest.raises(DriverError, match="nothing for chiara"):
        driver.decline(key)


def test_the_window_of_a_jira_ticket_is_kept(endpoint: str, jira_desk: Callable[..., Desk]) -> None:
    driver, desk = JiraDriver(endpoint), jira_desk()
    key = driver.create_issue("Restore", resource=DATABASE)
    driver.edit(key, customfield_10021=f"{datetime.now(UTC) + SOON:%Y-%m-%dT%H:%M:%S.000+0000}")
    driver.transition(key, "Approve")
    assert "its change window opens at" in desk.judged(key).reason


def test_an_unknown_jira_ticket_is_not_there(jira_desk: Callable[..., Desk]) -> None:
    with pytest.raises(NotFoundError):
        jira_desk().judged("OPS-99")


def test_jira_pages_its_history_and_answers_edits_as_the_real_one(endpoint: str) -> None:
    driver, given = JiraDriver(endpoint), jira_stand_in.credentials()
    key = driver.create_issue("Restore")
    with requests.Session() as session:
        session.trust_env = False
        session.auth = (given.email, given.api_token)
        address = f"{given.server}/rest/api/3/issue/{key}"
        changes: dict[str, Any] = {"summary": "Restore all", "labels": ["a", "b"], "customfield_10020": DATABASE}
        assert session.put(address, json={"fields": changes}, timeout=60).status_code == 204
        assert session.put(address, json={"fields": changes}, timeout=60).status_code == 204
        refused = session.put(address, json={"fields": {"customfield_9": "x"}}, timeout=60)
        assert (refused.status_code, list(refused.json()["errors"])) == (400, ["customfield_9"])
        driver.transition(key, "Approve")
        first = session.get(f"{address}/changelog?maxResults=1", timeout=60).json()
        second = session.get(first["nextPage"], timeout=60).json()
    assert (first["total"], first["isLast"], second["isLast"]) == (2, False, True)
    [edit], [move] = first["values"], second["values"]
    assert {item["fieldId"]: item["fieldtype"] for item in edit["items"]} == {
        "summary": "jira",
        "labels": "jira",
        "customfield_10020": "custom",
    }
    [status] = move["items"]
    assert (status["fromString"], status["toString"], status["to"]) == ("Open", "Approved", "10002")
    assert move["author"]["accountId"] == "chiara"


# ServiceNow


def test_a_change_entitles_once_its_approver_has_approved_it(
    endpoint: str, servicenow_desk: Callable[..., Desk]
) -> None:
    driver, desk = ServiceNowDriver(endpoint), servicenow_desk()
    number = driver.open("Restore payments-db", u_resource=DATABASE)
    assert "its status is 'New'" in desk.judged(number).reason
    driver.answer(number, "approved")
    verdict = desk.judged(number)
    assert (verdict.state, verdict.approver) == ("entitles", "chiara")
    desk.system.comment(number, "Restore r-abc awaits approval.")
    assert driver.record(number)["work_notes"] == "Restore r-abc awaits approval."
    pin = TicketPin(approver=verdict.approver, snapshot=verdict.snapshot)
    assert desk.judged(number, pinned=pin, voters=("maria",)).state == "entitles"
    driver.edit(number, u_resource=DATABASE + "-old")
    assert "names neither" in desk.judged(number, pinned=pin).reason


@pytest.mark.parametrize(
    ("approver", "decision", "by", "why"),
    [
        ("chiara", "rejected", "chiara", "its status is 'New'"),
        ("chiara", "approved", "admin", "not exactly one person known here"),
        ("ada", "approved", "ada", "ada, who approved it, is not one of those who may"),
        ("omar", "approved", "omar", "by the one who asks for the restore"),
    ],
    ids=["rejected", "entered by an administrator", "an auditor", "the requester"],
)
def test_attack_12_an_approval_that_does_not_count_says_why(
    approver: str, decision: str, by: str, why: str, endpoint: str, servicenow_desk: Callable[..., Desk]
) -> None:
    driver, desk = ServiceNowDriver(endpoint), servicenow_desk()
    number = driver.open("Restore", approvers=["chiara", "ada", "omar"], u_resource=DATABASE)
    driver.answer(number, decision, approver=approver, by=by)
    assert why in desk.judged(number).reason


def test_a_state_alone_is_no_approval(endpoint: str, servicenow_desk: Callable[..., Desk]) -> None:
    driver, desk = ServiceNowDriver(endpoint), servicenow_desk()
    number = driver.open("Restore", u_resource=DATABASE)
    driver.edit(number, state="-1")
    assert "nobody has approved it; chiara may" in desk.judged(number).reason


def test_the_window_of_a_change_is_kept_in_utc(endpoint: str, servicenow_desk: Callable[..., Desk]) -> None:
    driver, desk = ServiceNowDriver(endpoint), servicenow_desk()
    now = datetime.now(UTC)
    number = driver.open("Restore", u_resource=DATABASE, end_date=f"{now - SOON:%Y-%m-%d %H:%M:%S}")
    driver.answer(number, "approved")
    assert "its change window closed at" in desk.judged(number).reason
    driver.edit(number, end_date=f"{now + SOON:%Y-%m-%d %H:%M:%S}")
    assert desk.judged(number).state == "entitles"


def test_an_incident_counts_only_where_the_intent_says_so(endpoint: str, servicenow_desk: Callable[..., Desk]) -> None:
    driver = ServiceNowDriver(endpoint)
    number = driver.open("Restore", table="incident", state="2", u_resource=DATABASE)
    driver.answer(number, "approved")
    assert "it lies in 'incident', not in change_request" in servicenow_desk().judged(number).reason
    asked = {"projects": ("incident",), "approved_statuses": ("In Progress",)}
    assert servicenow_desk(**asked).judged(number).state == "entitles"


def test_attack_11_the_stand_in_answers_with_every_row_where_it_does_not_understand_the_query(endpoint: str) -> None:
    driver, given = ServiceNowDriver(endpoint), servicenow_stand_in.credentials()
    first, second, third = (driver.open(f"change {number}") for number in range(3))
    driver.answer(second, "approved")

    def asked(query: str) -> list[str]:
        with requests.Session() as session:
            session.trust_env = False
            session.auth = (given.user, given.password)
            address = f"{given.server}/api/now/table/change_request"
            query_string = {"sysparm_query": query, "sysparm_fields": "number"}
            answer = session.get(address, params=query_string, timeout=60)
        assert answer.headers["x-total-count"] == str(len(answer.json()["result"]))
        return [row["number"] for row in answer.json()["result"]]

    assert asked(f"number={first}") == [first]
    assert asked("number=CHG0") == []
    assert asked("nummer=CHG0") == [first, second, third]
    assert asked(f"number={first}^nonsense") == [first]
    assert asked(f"number={first}^NQapproval=approved") == [first, second]
    assert asked(f"number={first}^ORnumber={third}") == [first, third]
    assert asked("approval=approved^ORDERBYDESCnumber") == [second]
    assert asked("ORDERBYDESCnumber") == [third, second, first]


def test_attack_11_a_field_that_is_not_there_is_left_out_of_the_answer(
    endpoint: str, servicenow_desk: Callable[..., Desk]
) -> None:
    driver, desk = ServiceNowDriver(endpoint), servicenow_desk(resource_field="u_nothing")
    number = driver.open(f"Restore {DATABASE}", u_resource=DATABASE)
    driver.answer(number, "approved")
    assert "in its field u_nothing" in desk.judged(number).reason


def test_servicenow_refuses_as_the_real_one(endpoint: str, servicenow_desk: Callable[..., Desk]) -> None:
    given = servicenow_stand_in.credentials()
    with requests.Session() as session:
        session.trust_env = False
        session.auth = (given.user, given.password)
        table = f"{given.server}/api/now/table"
        unknown = session.get(f"{table}/change_requests", timeout=60)
        missing = session.get(f"{table}/change_request/{'0' * 32}", timeout=60)
        stranger = requests.get(f"{table}/change_request", headers=HEADERS, timeout=60)
    assert (unknown.status_code, unknown.json()["error"]["message"]) == (400, "Invalid table change_requests")
    assert (missing.status_code, missing.json()["status"]) == (404, "failure")
    assert (stranger.status_code, stranger.json()["error"]["message"]) == (401, "User Not Authenticated")
    with pytest.raises(NotFoundError, match="not exactly one"):
        servicenow_desk().judged("CHG0099999")


def test_a_wrong_password_is_refused_and_told_without_it(endpoint: str, servicenow_desk: Callable[..., Desk]) -> None:
    tickets = servicenow_desk().ceremony.tickets
    with pytest.raises(AccessRefusedError, match="refused CHG0030001 with status 401") as raised:
        ServiceNowTickets(tickets, web=_web(tickets, "wrong-password")).read("CHG0030001")
    assert "wrong-password" not in str(raised.value)


def test_the_page_of_servicenow_shows_a_change_with_the_answers_open_to_the_person(endpoint: str) -> None:
    driver = ServiceNowDriver(endpoint)
    number = driver.open("Restore <payments>")
    base = f"{endpoint}/_servicenow/"
    for_chiara = requests.get(f"{base}?person=chiara", timeout=60).text
    assert "Restore &lt;payments&gt;" in for_chiara
    assert ">Approve</button>" in for_chiara
    assert ">Approve</button>" not in requests.get(f"{base}?person=omar", timeout=60).text
    with pytest.raises(DriverError, match="no approval"):
        driver.answer(number, "approved", approver="maria")
