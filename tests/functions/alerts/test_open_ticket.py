"""The function that opens tickets, fed with our own events as they come back from the bus."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from copy import replace
from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.adapters.aws import secrets
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.adapters.wire import HttpAnswer
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.intent.ceremony import OpenedTickets
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.alerts.tell_alerts import AlertNotifier
from strongroom.wiring import ticket_web
from tests.builders.copies import IN_TIME
from tests.builders.intents import an_intent_without_ceremony
from tests.builders.places import HOME, PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.night import Night, a_night

type Sample = Callable[[str], dict[str, Any]]

TABLE = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"
ALERT = Alert(
    kind=AlertKind.RESOURCE_NOT_TAGGED,
    subject=TABLE,
    account=PAYMENTS,
    region=HOME,
    reason="the mode of Production is quarantine",
    wants_ticket=True,
)
DOORBELL = "strongroom/AlertOpened__resource_not_tagged"


class FakeSecretsManager:
    def get_secret_value(self, **_: str) -> dict[str, str]:
        return {"SecretString": '{"ticket_writer_token": "hush"}'}


@dataclass
class FakeJira:
    """Jira, which finds nothing and creates what it is asked for."""

    status: int = 201
    created: list[dict[str, Any]] = field(default_factory=list)
    users: set[str] = field(default_factory=set)

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        self.users.add(b64decode(headers["Authorization"].removeprefix("Basic ")).decode())
        if method == "GET":
            assert "/rest/api/3/search/jql?" in url
            return HttpAnswer(200, "application/json", b'{"issues": [], "isLast": true}')
        if self.status == 201:
            self.created.append(json.loads(body or b"")["fields"])
        return HttpAnswer(self.status, "application/json", b'{"key": "SEC-1"}')


@pytest.fixture
def intent(intent: Intent) -> Intent:
    opened = OpenedTickets(project="SEC", user="writer@example.com")
    return replace(intent, tickets=replace(ceremony_of(intent).tickets, opened=opened))


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    fake_clients.own["secretsmanager"] = FakeSecretsManager()
    return a_night(fake_clients, dynamodb, ledger_table)


@pytest.fixture
def jira(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeJira]:
    site = FakeJira()
    monkeypatch.setattr(ticket_web, "WIRE", site)
    secrets.forget()
    yield site
    secrets.forget()


@pytest.fixture
def alerts(ledger_table: LedgerTable) -> AlertNotifier:
    elsewhere = FakeAlerts()
    return AlertNotifier(book=LedgerAlerts(ledger_table), announcer=elsewhere, publisher=elsewhere)


def kept(table: LedgerTable) -> str:
    state = LedgerAlerts(table).find(ALERT.fingerprint)
    return "" if state is None else state.ticket


def test_one_ticket_is_opened_by_a_user_of_its_own_and_said_on_the_bus(
    night: Night, jira: FakeJira, alerts: AlertNotifier, sample: Sample, ledger_table: LedgerTable
) -> None:
    alerts.complain(ALERT, now=IN_TIME)
    assert night.run("open_ticket", sample(DOORBELL), sample(DOORBELL)) == []
    [issue] = jira.created
    assert (issue["project"], issue["issuetype"]) == ({"key": "SEC"}, {"name": "Task"})
    assert TABLE in issue["summary"]
    assert jira.users == {"writer@example.com:hush"}
    assert kept(ledger_table) == "SEC-1"
    told = [each["Detail"]["ticket"] for each in night.post.facts if each["DetailType"] == "TicketOpened"]
    assert told == ["SEC-1", "SEC-1"]


def test_news_of_an_alert_that_the_ledger_does_not_know_opens_no_ticket(
    night: Night, jira: FakeJira, sample: Sample
) -> None:
    assert night.run("open_ticket", sample(DOORBELL)) == []
    assert (jira.created, jira.users) == ([], set())


@pytest.mark.parametrize("status", [400, 401, 429, 503])
def test_what_the_ticket_system_does_not_take_stays_on_the_queue(
    status: int, night: Night, jira: FakeJira, alerts: AlertNotifier, sample: Sample, ledger_table: LedgerTable
) -> None:
    alerts.complain(ALERT, now=IN_TIME)
    jira.status = status
    assert len(night.run("open_ticket", sample(DOORBELL))) == 1
    assert (night.post.buried, kept(ledger_table)) == ([], "")


def test_the_token_is_never_logged(
    night: Night, jira: FakeJira, alerts: AlertNotifier, sample: Sample, capsys: pytest.CaptureFixture[str]
) -> None:
    alerts.complain(ALERT, now=IN_TIME)
    night.run("open_ticket", sample(DOORBELL))
    assert len(jira.created) == 1
    assert "hush" not in capsys.readouterr().out


class TestWithoutTickets:
    """The function where the intent opens none."""

    @pytest.fixture
    def intent(self, intent: Intent) -> Intent:
        return an_intent_without_ceremony(intent)

    def test_nothing_is_opened_and_nothing_fails(self, night: Night, jira: FakeJira, sample: Sample) -> None:
        assert night.run("open_ticket", sample(DOORBELL)) == []
        assert jira.users == set()
