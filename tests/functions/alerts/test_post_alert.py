"""The function that tells alerts in Slack, fed with our own events as they come back from the bus."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from strongroom.adapters.aws import secrets
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.adapters.slack import web_api
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.alerts.tell_alerts import AlertNotifier
from tests.builders.copies import IN_TIME
from tests.builders.intents import an_intent_without_ceremony
from tests.builders.places import CENTRAL_VAULT, HOME, PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.night import Night, a_night
from tests.fakes.slack import FakeSlackWeb

type Sample = Callable[[str], dict[str, Any]]


class FakeSecretsManager:
    def get_secret_value(self, **_: str) -> dict[str, str]:
        return {"SecretString": '{"slack_bot_token": "xoxb-hush"}'}


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    fake_clients.own["secretsmanager"] = FakeSecretsManager()
    return a_night(fake_clients, dynamodb, ledger_table)


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSlackWeb]:
    web = FakeSlackWeb()
    monkeypatch.setattr(web_api, "_WIRE", web)
    secrets.forget()
    yield web
    secrets.forget()


HOSTILE = "due 06:10 & nothing <!channel> arrived"
SUBJECT = f"arn:aws:rds:eu-west-1:222222222222:snapshot:awsbackup:job-1 to {CENTRAL_VAULT}"
ALERT = Alert(kind=AlertKind.COPY_MISSING, subject=SUBJECT, account=PAYMENTS, region=HOME, reason=HOSTILE)
OPENING = (
    "Copy missing in account 222222222222, eu-west-1\n{reason}\n" + SUBJECT + "\nOwner: nobody is named\n"
    "Means: The backup exists in its own account only: who destroys that account destroys it.\n"
    "To do: Wait an hour for the second try; what stops it is in the reason, and the next night makes a new backup.\n"
    "Runbook: docs/runbook.md#copy-missing\nAlert: " + ALERT.fingerprint + "@1"
)
TOLD = OPENING.format(reason="due 06:10 &amp; nothing &lt;!channel&gt; arrived")
ANSWER = "Resolved: due 06:10 &amp; nothing &lt;!channel&gt; arrived"


@pytest.fixture
def alerts(ledger_table: LedgerTable) -> AlertNotifier:
    elsewhere = FakeAlerts()
    return AlertNotifier(book=LedgerAlerts(ledger_table), announcer=elsewhere, publisher=elsewhere)


@pytest.fixture
def doorbells(sample: Sample) -> tuple[dict[str, Any], dict[str, Any]]:
    opened, resolved = sample("strongroom/AlertOpened"), sample("strongroom/AlertResolved")
    for event in (opened, resolved):
        event["detail"] |= {"fingerprint": ALERT.fingerprint}
    return opened, resolved


BUTTON = {
    "type": "button",
    "action_id": "acknowledge",
    "text": {"type": "plain_text", "text": "I am on it"},
    "value": f"{ALERT.fingerprint}@1",
}
ACTIONS = {"type": "actions", "block_id": "alert", "elements": [BUTTON]}


def shown(text: str) -> list[dict[str, Any]]:
    return [{"type": "section", "text": {"type": "plain_text", "text": text, "emoji": True}}]


def test_what_slack_is_told_is_this_to_the_last_byte(
    night: Night,
    slack: FakeSlackWeb,
    alerts: AlertNotifier,
    doorbells: tuple[dict[str, Any], dict[str, Any]],
    intent: Intent,
) -> None:
    opened, resolved = doorbells
    alerts.complain(ALERT, now=IN_TIME)
    assert night.run("post_alert", opened, opened) == []
    alerts.settle(ALERT.fingerprint, reason=HOSTILE, now=IN_TIME)
    assert night.run("post_alert", resolved, resolved) == []
    text = OPENING.format(reason=HOSTILE)
    unfurl: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
    place: dict[str, Any] = {"channel": ceremony_of(intent).slack.alerts_channel}
    done = f":white_check_mark: {text}"
    answer = shown(f":white_check_mark: Resolved: {HOSTILE}")
    assert slack.calls == [
        ("chat.postMessage", place | unfurl | {"text": TOLD, "blocks": [*shown(f":red_circle: {text}"), ACTIONS]}),
        ("chat.update", place | {"ts": "1.0", "text": TOLD, "blocks": shown(done)}),
        ("chat.postMessage", place | unfurl | {"thread_ts": "1.0", "text": ANSWER, "blocks": answer}),
    ]


def test_attack_18_an_alert_that_an_event_calls_resolved_is_looked_up(
    night: Night, slack: FakeSlackWeb, alerts: AlertNotifier, doorbells: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """Mallory puts an event that an alert is resolved, and what the ledger does not say is not written in chat."""
    opened, resolved = doorbells
    resolved["detail"] |= {"reason": "false alarm, checked by security"}
    assert night.run("post_alert", opened, resolved) == []
    assert slack.calls == []
    alerts.complain(ALERT, now=IN_TIME)
    night.run("post_alert", resolved, resolved)
    assert [method for method, _ in slack.calls] == ["chat.postMessage"]
    assert "false alarm" not in str(slack.calls)


def test_another_event_of_ours_is_buried(night: Night, slack: FakeSlackWeb, sample: Sample) -> None:
    assert night.run("post_alert", sample("strongroom/AlertOpened") | {"detail-type": "CopyVerified"}) == []
    assert len(night.post.buried) == 1


def test_the_token_is_never_logged(
    night: Night,
    slack: FakeSlackWeb,
    alerts: AlertNotifier,
    doorbells: tuple[dict[str, Any], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    alerts.complain(ALERT, now=IN_TIME)
    night.run("post_alert", doorbells[0])
    assert len(slack.calls) == 1
    assert "hush" not in capsys.readouterr().out


class TestWithoutSlack:
    """The function where the intent has no Slack."""

    @pytest.fixture
    def intent(self, intent: Intent) -> Intent:
        return an_intent_without_ceremony(intent)

    def test_nothing_is_posted_and_nothing_fails(self, night: Night, slack: FakeSlackWeb, sample: Sample) -> None:
        assert night.run("post_alert", sample("strongroom/AlertOpened"), sample("strongroom/AlertResolved")) == []
        assert slack.calls == []
