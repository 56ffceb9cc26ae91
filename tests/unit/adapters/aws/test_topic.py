"""What subscribers of the alerts topic get, and by what they can filter."""

import json
from copy import replace
from typing import Any

import pytest

from strongroom.adapters.aws.topic import AlertsTopic
from strongroom.domain.alerts.complaints import Alert, AlertKind, Whose
from strongroom.domain.alerts.meanings import MEANING_OF
from tests.builders.places import HOME, PAYMENTS

ALERT = Alert(
    kind=AlertKind.COPY_SLOW, subject="point to vault", account=PAYMENTS, region=HOME, reason="why", resource="arn:db"
)
KNOWN = replace(ALERT, whose=Whose(account_name="payments", owner="#payments", unit="Production"))


class FakeSns:
    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    def publish(self, **said: Any) -> None:
        self.said.append(said)


def told(alert: Alert, *, link: str = "") -> dict[str, Any]:
    sns = FakeSns()
    AlertsTopic(lambda: sns, "arn", runbook="https://wiki.example/runbook").announce_opened(alert, link=link)
    [said] = sns.said
    return said


def attributes(said: dict[str, Any]) -> dict[str, str]:
    return {name: each["StringValue"] for name, each in said["MessageAttributes"].items()}


def test_subscribers_filter_by_what_whose_and_how_grave_it_is() -> None:
    common = {"status": "opened", "kind": "copy-slow", "cause": "copy", "severity": "warning", "account": PAYMENTS}
    assert attributes(told(KNOWN)) == {**common, "owner": "#payments", "unit": "Production"}
    assert attributes(told(ALERT)) == common


def test_a_filter_by_its_cause_hears_the_end_of_an_alert_that_became_another_kind() -> None:
    sns = FakeSns()
    topic = AlertsTopic(lambda: sns, "arn")
    topic.announce_opened(replace(ALERT, kind=AlertKind.BACKUP_EXPIRED))
    topic.announce_opened(replace(ALERT, kind=AlertKind.BACKUP_FAILED))
    topic.announce_resolved(replace(ALERT, kind=AlertKind.BACKUP_FAILED), reason="a good one")
    assert [attributes(said)["cause"] for said in sns.said] == ["backup-failed"] * 3
    assert [json.loads(said["Message"])["cause"] for said in sns.said] == ["backup-failed"] * 3
    assert attributes(told(replace(ALERT, kind=AlertKind.VAULT_DIFFERS)))["cause"] == "vault-differs"


def test_the_message_says_what_it_means_and_where_to_read_on() -> None:
    message = json.loads(told(KNOWN)["Message"])
    assert message["means"] == MEANING_OF[AlertKind.COPY_SLOW].means
    assert message["runbook"] == "https://wiki.example/runbook#copy-slow"
    assert (message["subject"], message["resource"]) == ("point to vault", "arn:db")


def test_the_link_stands_on_a_line_of_its_own_and_no_filter_sees_it() -> None:
    link = "https://api.example.com/v1/alerts/0/link?version=1&until=2&mac=3"
    said = told(KNOWN, link=link)
    assert f'"link": "{link}"' in said["Message"].splitlines()[-2]
    assert link not in str(said["MessageAttributes"])
    assert "link" not in json.loads(told(KNOWN)["Message"])


def test_of_an_alert_that_wants_a_ticket_it_is_said_that_there_is_none_yet() -> None:
    assert json.loads(told(replace(KNOWN, wants_ticket=True))["Message"])["ticket"] == "no ticket yet"
    assert "ticket" not in json.loads(told(KNOWN)["Message"])


@pytest.mark.parametrize("name", ["line\nbreak", "größe", "x" * 200])
def test_the_subject_is_what_sns_takes_whatever_an_account_is_called(name: str) -> None:
    subject = told(replace(ALERT, whose=Whose(account_name=name)))["Subject"]
    assert subject.isascii()
    assert subject.isprintable()
    assert len(subject) <= 100


def test_every_kind_has_a_meaning() -> None:
    assert [*MEANING_OF] == [*AlertKind]
