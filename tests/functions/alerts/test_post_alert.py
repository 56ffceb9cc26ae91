"""The function that tells alerts in Slack, fed with our own events as they come back from the bus."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from strongroom.adapters.aws import secrets
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.slack.web_api import Slack
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from tests.builders.intents import an_intent_without_ceremony
from tests.builders.places import CENTRAL_VAULT
from tests.conftest import FakeClients
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
    monkeypatch.setattr(Slack, "_web", web)
    secrets.forget()
    yield web
    secrets.forget()


def test_an_alert_is_posted_marked_and_answered_in_its_thread(
    night: Night, slack: FakeSlackWeb, sample: Sample, intent: Intent
) -> None:
    opened, resolved = sample("strongroom/AlertOpened"), sample("strongroom/AlertResolved")
    assert night.run("post_alert", opened, opened, resolved, resolved) == []
    assert [method for method, _ in slack.calls] == ["chat.postMessage", "chat.update", "chat.postMessage"]
    assert slack.calls[0][1]["channel"] == ceremony_of(intent).slack.alerts_channel
    assert slack.calls[2][1]["thread_ts"] == "1.0"


HOSTILE = "due 06:10 & nothing <!channel> arrived"
OPENING = (
    "Copy missing in account 222222222222, eu-west-1\n{reason}\n"
    "arn:aws:rds:eu-west-1:222222222222:snapshot:awsbackup:job-1 to "
    f"{CENTRAL_VAULT}"
)
TOLD = OPENING.format(reason="due 06:10 &amp; nothing &lt;!channel&gt; arrived")
ANSWER = "Resolved: due 06:10 &amp; nothing &lt;!channel&gt; arrived"


def shown(text: str) -> list[dict[str, Any]]:
    return [{"type": "section", "text": {"type": "plain_text", "text": text, "emoji": True}}]


def test_what_slack_is_told_is_this_to_the_last_byte(night: Night, slack: FakeSlackWeb, sample: Sample) -> None:
    opened, resolved = sample("strongroom/AlertOpened"), sample("strongroom/AlertResolved")
    opened["detail"] |= {"reason": HOSTILE}
    resolved["detail"] |= {"reason": HOSTILE}
    night.run("post_alert", opened, resolved)
    text = OPENING.format(reason=HOSTILE)
    unfurl: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
    place: dict[str, Any] = {"channel": "C0ALERTS"}
    done = f":white_check_mark: {text}"
    answer = shown(f":white_check_mark: Resolved: {HOSTILE}")
    assert slack.calls == [
        ("chat.postMessage", place | unfurl | {"text": TOLD, "blocks": shown(f":red_circle: {text}")}),
        ("chat.update", place | {"ts": "1.0", "text": TOLD, "blocks": shown(done)}),
        ("chat.postMessage", place | unfurl | {"thread_ts": "1.0", "text": ANSWER, "blocks": answer}),
    ]


def test_a_resolution_without_message_stays_on_the_queue(night: Night, slack: FakeSlackWeb, sample: Sample) -> None:
    assert night.run("post_alert", sample("strongroom/AlertResolved")) == [{"itemIdentifier": "m-0"}]


def test_another_event_of_ours_is_buried(night: Night, slack: FakeSlackWeb, sample: Sample) -> None:
    assert night.run("post_alert", sample("strongroom/AlertOpened") | {"detail-type": "CopyVerified"}) == []
    assert len(night.post.buried) == 1


def test_the_token_is_never_logged(
    night: Night, slack: FakeSlackWeb, sample: Sample, capsys: pytest.CaptureFixture[str]
) -> None:
    night.run("post_alert", sample("strongroom/AlertOpened"))
    assert "hush" not in capsys.readouterr().out


class TestWithoutSlack:
    """The function where the intent has no Slack."""

    @pytest.fixture
    def intent(self, intent: Intent) -> Intent:
        return an_intent_without_ceremony(intent)

    def test_nothing_is_posted_and_nothing_fails(self, night: Night, slack: FakeSlackWeb, sample: Sample) -> None:
        assert night.run("post_alert", sample("strongroom/AlertOpened"), sample("strongroom/AlertResolved")) == []
        assert slack.calls == []
