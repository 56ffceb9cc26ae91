"""From the button of an alert in Slack to the mark: two functions, and the queue between them that nobody believes."""

import json
from collections.abc import Iterator
from copy import replace
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from strongroom.adapters.aws import secrets
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.intent.model import Intent
from strongroom.services.alerts.tell_alerts import AlertNotifier
from tests.builders.intents import an_intent_without_ceremony
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import NOW, a_proving_intent
from tests.conftest import FakeClients
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.ceremony import CEREMONY, SIGNING_SECRET, Functions, slack_body
from tests.fakes.control_plane import batch, load_handler
from tests.fakes.evidence.bucket import LOG
from tests.fakes.restores.world import MACHINE

pytestmark = pytest.mark.usefixtures("platform_environment")

ALERT = Alert(kind=AlertKind.COPY_MISSING, subject="arn:db", account=PAYMENTS, region=HOME, reason="nothing arrived")
FINGERPRINT = ALERT.fingerprint


@pytest.fixture
def functions(
    dynamodb: Any, intent: Intent, fake_clients: FakeClients, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Functions]:
    """The deployed functions, and Slack."""
    monkeypatch.setenv("STRONGROOM_CEREMONY", CEREMONY)
    monkeypatch.setenv("STRONGROOM_RESTORE_MACHINE", MACHINE)
    secrets.forget()
    yield Functions(dynamodb, replace(a_proving_intent(intent), evidence=LOG), fake_clients, monkeypatch)
    secrets.forget()


@pytest.fixture
def book(ledger_table: LedgerTable) -> LedgerAlerts:
    """One alert that is open, in its first version."""
    elsewhere, book = FakeAlerts(), LedgerAlerts(ledger_table)
    AlertNotifier(book=book, announcer=elsewhere, publisher=elsewhere).complain(ALERT, version=1, now=NOW)
    return book


def _click(functions: Functions, *, seen: str = f"{FINGERPRINT}@1", user: str = "U0MARIA") -> list[str]:
    """Press the button; what was put on the queue by that."""
    action = {"action_id": "acknowledge", "block_id": "alert", "value": seen, "type": "button"}
    body = slack_body(actions=[action], user={"id": user, "team_id": "T0STRONG"})
    stamp = str(int(functions.world.now.timestamp()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=stamp, body=body)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    answer = load_handler("receive_slack_click")(
        functions.http("POST", "/slack/interactions", headers=headers, body=body), None
    )
    assert answer["statusCode"] == 200
    return [message["MessageBody"] for message in functions.post.handed_on]


def _take(*messages: str) -> list[Any]:
    failures: list[Any] = load_handler("take_alert_click")(batch(*messages), None)["batchItemFailures"]
    return failures


def _marked_by(book: LedgerAlerts) -> str:
    state = book.find(FINGERPRINT)
    return state.acknowledged_by if state else ""


def test_a_click_is_handed_on_and_marks_the_alert(functions: Functions, book: LedgerAlerts) -> None:
    handed_on = _click(functions)
    assert _marked_by(book) == ""
    assert _take(*handed_on) == []
    assert (_marked_by(book), functions.facts) == ("maria", ["AlertAcknowledged"])


def test_a_click_that_waited_for_hours_still_holds_for_its_version(functions: Functions, book: LedgerAlerts) -> None:
    handed_on = _click(functions)
    functions.world.now += timedelta(hours=9)
    assert _take(*handed_on) == []
    assert _marked_by(book) == "maria"


def test_a_stale_click_is_answered_to_whoever_clicked(functions: Functions, book: LedgerAlerts) -> None:
    assert _take(*_click(functions, seen=f"{FINGERPRINT}@7")) == []
    [said] = functions.slack
    assert "hooks.slack.com/actions/T0STRONG/1/x" in said
    assert "Nothing was marked: the alert has changed since you saw it" in said
    assert (_marked_by(book), functions.facts) == ("", [])


@pytest.mark.parametrize(
    "forged",
    [
        {"signature": "v0=" + "0" * 64},
        {"signature": "v0=é"},
        {"timestamp": "1"},
        {"timestamp": "soon"},
        {"body": slack_body(actions=[{"action_id": "acknowledge", "value": f"{FINGERPRINT}@1"}])},
        {"body": "payload=%ff"},
    ],
    ids=["signature", "no signature", "another time", "no time", "another body", "no body"],
)
def test_what_slack_did_not_sign_is_buried_whoever_put_it_on_the_queue(
    forged: dict[str, str], functions: Functions, book: LedgerAlerts
) -> None:
    [handed_on] = _click(functions, user="U0OMAR")
    event = json.loads(handed_on)
    event["detail"] |= forged
    assert _take(json.dumps(event)) == []
    assert (_marked_by(book), len(functions.post.buried), functions.slack) == ("", 1, [])


def test_the_same_click_taken_twice_marks_once(functions: Functions, book: LedgerAlerts) -> None:
    handed_on = _click(functions)
    assert _take(*handed_on, *handed_on) == []
    assert (_marked_by(book), functions.slack) == ("maria", [])


def test_what_stands_in_the_click_is_never_logged(
    functions: Functions, book: LedgerAlerts, capsys: pytest.CaptureFixture[str]
) -> None:
    _take(*_click(functions))
    said = capsys.readouterr()
    for secret in (SIGNING_SECRET, "hooks.slack.com", "v0="):
        assert secret not in said.out + said.err


def test_where_the_intent_has_no_slack_any_more_a_click_is_buried(
    functions: Functions, intent: Intent, book: LedgerAlerts
) -> None:
    handed_on = _click(functions)
    functions.deploy(an_intent_without_ceremony(intent))
    assert _take(*handed_on) == []
    assert (_marked_by(book), len(functions.post.buried)) == ("", 1)
