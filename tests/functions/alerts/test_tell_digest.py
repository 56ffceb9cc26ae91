"""The scheduled function that tells the digest, fed with its schedule's event."""

import json
from collections.abc import Callable, Iterator
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.aws import secrets
from strongroom.adapters.ledger.accounts.keys import account_key
from strongroom.adapters.ledger.changes import Change, absent
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.slack import web_api
from strongroom.domain.intent.model import Alerts, Intent
from strongroom.domain.tags.remembered import Judged
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from tests.builders.places import HOME, PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.night import Night, a_night
from tests.fakes.slack import FakeSlackWeb

type Sample = Callable[[str], dict[str, Any]]


class FakeSecretsManager:
    def get_secret_value(self, **_: str) -> dict[str, str]:
        return {"SecretString": json.dumps({"slack_bot_token": "xoxb-hush"})}


class FakeTopic:
    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    def publish(self, **said: Any) -> None:
        self.said.append(said)


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    return a_night(fake_clients, dynamodb, ledger_table)


@pytest.fixture
def topic(night: Night, fake_clients: FakeClients) -> FakeTopic:
    fake_clients.own["sns"] = FakeTopic()
    fake_clients.own["secretsmanager"] = FakeSecretsManager()
    topic: FakeTopic = fake_clients.own["sns"]
    return topic


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSlackWeb]:
    web = FakeSlackWeb()
    monkeypatch.setattr(web_api, "_WIRE", web)
    secrets.forget()
    yield web
    secrets.forget()


class TestAskedFor:
    """The function where the intent asks for a digest."""

    @pytest.fixture
    def intent(self, intent: Intent) -> Intent:
        return replace(intent, alerts=Alerts(digest_at="07:00"))

    def test_that_all_is_well_is_told_by_both_ways_and_once(
        self, night: Night, topic: FakeTopic, slack: FakeSlackWeb, sample: Sample
    ) -> None:
        assert night.run("tell_digest", sample("aws.events/tick"), sample("aws.events/tick")) == []
        [said] = topic.said
        assert said["Message"].endswith(": all is well, no alert is open")
        assert said["MessageAttributes"]["status"]["StringValue"] == "digest"
        [(method, posted)] = slack.calls
        assert (method, posted["channel"]) == ("chat.postMessage", "C0ALERTS")

    def test_an_owner_is_told_what_was_tagged_for_them(
        self, night: Night, topic: FakeTopic, slack: FakeSlackWeb, sample: Sample, ledger_table: LedgerTable
    ) -> None:
        now = datetime.now(UTC)
        digest_at = now.replace(hour=7, minute=0, second=0, microsecond=0)
        at = (digest_at if now >= digest_at else digest_at - timedelta(days=1)) - timedelta(hours=1)
        verdict = TagVerdict(
            state=TagState.TAGGED,
            reason="the account's default",
            resource="arn:aws:dynamodb:eu-west-1:222222222222:table/orders",
            account=PAYMENTS,
            region=HOME,
            tier="daily-prod",
            writes={"strongroom:backup-tier": "daily-prod"},
        )
        LedgerResources(ledger_table).record([Judged(verdict=verdict, event_id="e-1")], now=at)
        ledger_table.change(account_key(PAYMENTS), Change(set={"owner": "#payments"}, when=absent("owner")))
        assert night.run("tell_digest", sample("aws.events/tick"), sample("aws.events/tick")) == []
        [_, said] = topic.said
        assert "table/orders is in daily-prod: the account's default" in said["Message"]
        attributes = {name: each["StringValue"] for name, each in said["MessageAttributes"].items()}
        assert attributes == {"status": "tagged", "owner": "#payments"}


def test_an_intent_that_asks_for_no_digest_gets_none(
    night: Night, topic: FakeTopic, slack: FakeSlackWeb, sample: Sample
) -> None:
    assert night.run("tell_digest", sample("aws.events/tick")) == []
    assert (topic.said, slack.calls) == ([], [])
