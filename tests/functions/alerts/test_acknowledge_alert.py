"""The functions behind GET /alerts and POST /alerts/{fingerprint}/acknowledgement."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from strongroom.adapters.aws import secrets
from strongroom.adapters.ledger.alerts import LedgerAlerts
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.intent.model import Intent
from strongroom.services.alerts.tell_alerts import AlertNotifier
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import NOW, a_proving_intent
from tests.conftest import FakeClients
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.ceremony import CEREMONY, Functions
from tests.fakes.evidence.bucket import LOG
from tests.fakes.restores import MACHINE

pytestmark = pytest.mark.usefixtures("platform_environment")

LIST, MARK = "GET /alerts", "POST /alerts/{fingerprint}/acknowledgement"
ALERT = Alert(kind=AlertKind.COPY_MISSING, subject="arn:db", account=PAYMENTS, region=HOME, reason="nothing arrived")


@pytest.fixture
def functions(
    dynamodb: Any, intent: Intent, fake_clients: FakeClients, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Functions]:
    """The deployed functions of people who sign by passkeys."""
    monkeypatch.setenv("STRONGROOM_CEREMONY", CEREMONY)
    monkeypatch.setenv("STRONGROOM_RESTORE_MACHINE", MACHINE)
    secrets.forget()
    yield Functions(dynamodb, replace(a_proving_intent(intent), evidence=LOG), fake_clients, monkeypatch)
    secrets.forget()


@pytest.fixture(autouse=True)
def opened(ledger_table: LedgerTable) -> None:
    elsewhere = FakeAlerts()
    alerts = AlertNotifier(book=LedgerAlerts(ledger_table), announcer=elsewhere, publisher=elsewhere)
    alerts.complain(ALERT, now=NOW)


def test_what_is_open_is_listed_and_marked_by_whoever_is_logged_in(functions: Functions) -> None:
    status, content = functions.ask("acknowledge_alert", LIST, person="ada")
    [listed] = content["alerts"]
    assert (status, listed["fingerprint"], listed["acknowledged_by"]) == (200, ALERT.fingerprint, "")
    seen = {"version": listed["version"]}
    status, marked = functions.ask("acknowledge_alert", MARK, seen, person="ada", fingerprint=ALERT.fingerprint)
    assert (status, marked["acknowledged_by"]) == (200, "ada")


@pytest.mark.parametrize(
    ("body", "fingerprint", "status"),
    [
        ({"version": 9}, ALERT.fingerprint, 409),
        ({"version": 0}, ALERT.fingerprint, 400),
        ({}, ALERT.fingerprint, 400),
        ({"version": 1, "by": "sana"}, ALERT.fingerprint, 400),
        ({"version": 1}, "0" * 32, 404),
        ({"version": 1}, "STATE", 400),
    ],
)
def test_what_nobody_saw_is_not_marked(
    functions: Functions, body: dict[str, object], fingerprint: str, status: int
) -> None:
    assert functions.ask("acknowledge_alert", MARK, body, person="ada", fingerprint=fingerprint)[0] == status


def test_nothing_is_shown_or_marked_for_whoever_is_not_known(functions: Functions) -> None:
    assert functions.ask("acknowledge_alert", LIST)[0] == 401
    said = {"version": 1}
    assert functions.ask("acknowledge_alert", MARK, said, fingerprint=ALERT.fingerprint)[0] == 401
