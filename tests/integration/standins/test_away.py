"""A chat or a ticket system that is away, as the product meets it, and that is back afterwards with all that it had."""

from copy import replace

import pytest
import requests

from sandbox.example.drivers import JiraDriver
from sandbox.standins.jira import rest_api as jira_stand_in
from sandbox.standins.slack import web_api as slack_stand_in
from strongroom.adapters.slack.web_api import Slack
from strongroom.adapters.tickets.jira import JiraTickets
from strongroom.adapters.tickets.web import WIRE, TicketWeb
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of

CHANNEL = "C0RESTORE"


def _fall(endpoint: str, name: str) -> None:
    requests.post(f"{endpoint}/_sandbox/{name}/faults", json={"fault": "down"}, timeout=60).raise_for_status()


def _return(endpoint: str, name: str) -> None:
    requests.delete(f"{endpoint}/_sandbox/{name}/faults", timeout=60).raise_for_status()


def test_a_chat_that_is_away_is_tried_again_later(endpoint: str) -> None:
    given = slack_stand_in.credentials()
    slack = Slack(token=given.bot_token, api_url=given.api_url)
    posted = slack.post(CHANNEL, text="before")
    _fall(endpoint, "slack")
    with pytest.raises(TemporarilyUnavailableError) as away:
        slack.update(posted, text="meanwhile")
    assert str(away.value) == "Slack answered chat.update with status 503"
    _return(endpoint, "slack")
    slack.update(posted, text="after")
    assert [each["text"] for each in slack_stand_in.app.state.messages[CHANNEL]] == ["after"]


def test_a_ticket_system_that_is_away_is_tried_again_later(endpoint: str, intent: Intent) -> None:
    given = jira_stand_in.credentials()
    tickets = replace(ceremony_of(intent).tickets, url=given.server, user=given.email)
    web = TicketWeb(tickets.url, user=tickets.user, token=lambda: given.api_token, http=WIRE)
    jira, key = JiraTickets(tickets, web=web), JiraDriver(endpoint).create_issue("Restore")
    _fall(endpoint, "jira")
    with pytest.raises(TemporarilyUnavailableError):
        jira.read(key)
    _return(endpoint, "jira")
    assert jira.read(key).summary == "Restore"


@pytest.mark.parametrize("name", ["jira", "slack"])
def test_an_unknown_fault_is_refused(name: str, endpoint: str) -> None:
    answer = requests.post(f"{endpoint}/_sandbox/{name}/faults", json={"fault": "fire"}, timeout=60)
    assert (answer.status_code, answer.json()) == (400, {"error": "fault must be down"})
