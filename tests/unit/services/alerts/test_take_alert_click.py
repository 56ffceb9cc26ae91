"""Whoever clicks "I am on it" looks after the alert that they saw; whoever comes too late is told so, alone."""

from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.facts import AlertAcknowledged
from strongroom.domain.chat import SlackClick
from strongroom.domain.errors import AccessRefusedError, MalformedEventError, MalformedRequestError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.alerts.acknowledge_alert import AcknowledgementNeeds
from strongroom.services.alerts.take_alert_click import AlertClickNeeds, AlertClickVerdict, take_alert_click
from strongroom.services.alerts.tell_alerts import AlertNotifier
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.accounts_and_tags import FakeAlerts

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
SLOW = Alert(kind=AlertKind.COPY_SLOW, subject="arn:db", account=PAYMENTS, region=HOME, reason="it still runs")
MISSING = replace(SLOW, kind=AlertKind.COPY_MISSING, reason="nothing arrived")
FINGERPRINT = SLOW.fingerprint


@dataclass
class FakeAnswers:
    """Where clicks are answered: who was told what."""

    told: list[tuple[str, str]] = field(default_factory=list)
    is_used_up: bool = False

    def answer(self, response_url: str, *, text: str) -> None:
        if self.is_used_up:
            raise AccessRefusedError("Slack takes no answer there: status 404")
        self.told.append((response_url, text))


class Desk:
    """One alert that is open, and those who see it in Slack."""

    def __init__(self, table: MemoryTable, intent: Intent) -> None:
        self.book, self.people, self.answers = LedgerAlerts(table), FakeAlerts(), FakeAnswers()
        self.alerts = AlertNotifier(book=self.book, announcer=self.people, publisher=self.people)
        self.alerts.complain(SLOW, version=1, now=NOW)
        self.slack = ceremony_of(intent).slack
        self.needs = AlertClickNeeds(
            slack=self.slack,
            people=intent.people,
            marking=AcknowledgementNeeds(book=self.book, publisher=self.people),
            answers=self.answers,
        )

    def click(self, user: str, *, seen: str = f"{FINGERPRINT}@1", **changes: str) -> AlertClickVerdict:
        click = SlackClick(
            user=user,
            user_team=self.slack.team_id,
            team=self.slack.team_id,
            app=self.slack.app_id,
            action="acknowledge",
            value=seen,
            response_url=f"https://hooks.slack.com/{user}",
        )
        return take_alert_click(replace(click, **changes), needs=self.needs, now=NOW)

    @property
    def marked_by(self) -> str:
        state = self.book.find(FINGERPRINT)
        return state.acknowledged_by if state else ""


@pytest.fixture
def desk(ledger_table: MemoryTable, intent: Intent) -> Desk:
    return Desk(ledger_table, intent)


@pytest.mark.parametrize(
    ("user", "name"), [("U0MARIA", "maria"), ("U0STRANGER", "Slack user U0STRANGER")], ids=["known", "unknown"]
)
def test_the_alert_says_who_clicked_and_no_more_than_is_known(user: str, name: str, desk: Desk) -> None:
    assert desk.click(user).state == "MARKED"
    assert (desk.marked_by, desk.answers.told) == (name, [])
    [fact] = desk.people.of(AlertAcknowledged)
    assert fact.reason == f"{name} looks after it"


def test_whoever_comes_second_is_told_who_was_first(desk: Desk) -> None:
    desk.click("U0MARIA")
    assert desk.click("U0STRANGER").state == "TAKEN"
    assert (desk.marked_by, desk.answers.told) == (
        "maria",
        [("https://hooks.slack.com/U0STRANGER", "Maria looks after it already.")],
    )


def test_a_click_that_comes_twice_marks_once_and_says_nothing(desk: Desk) -> None:
    assert [desk.click("U0MARIA").state for _ in range(2)] == ["MARKED", "MARKED"]
    assert desk.answers.told == []


def test_a_button_of_an_older_version_marks_nothing_and_says_what_the_alert_says_now(desk: Desk) -> None:
    desk.alerts.complain(MISSING, version=2, now=NOW)
    assert desk.click("U0MARIA").state == "REFUSED"
    [(_, text)] = desk.answers.told
    assert text == (
        "Nothing was marked: the alert has changed since you saw it; it says now: nothing arrived (version 2)."
    )
    assert desk.marked_by == ""


def test_a_button_of_what_is_over_changes_nothing_and_says_so(desk: Desk) -> None:
    desk.alerts.settle(FINGERPRINT, reason="it arrived", now=NOW)
    before = desk.book.find(FINGERPRINT)
    assert desk.click("U0MARIA").state == "REFUSED"
    assert desk.book.find(FINGERPRINT) == before
    [(_, text)] = desk.answers.told
    assert text == "Nothing was marked: the alert is over: it arrived."


def test_a_button_of_no_alert_changes_nothing_and_says_so(desk: Desk) -> None:
    assert desk.click("U0MARIA", seen=f"{'0' * 32}@1").state == "REFUSED"
    assert desk.answers.told == [("https://hooks.slack.com/U0MARIA", "Nothing was marked: there is no such alert.")]


def test_a_click_whose_answer_nobody_takes_any_more_is_over_all_the_same(desk: Desk) -> None:
    desk.answers.is_used_up = True
    verdict = desk.click("U0MARIA", seen=f"{FINGERPRINT}@9")
    assert (verdict.state, "status 404" in verdict.reason) == ("REFUSED", True)


@pytest.mark.parametrize(
    "changes",
    [{"team": "T0ELSEWHERE"}, {"user_team": "T0ELSEWHERE"}, {"app": "A0ELSEWHERE"}, {"action": "review"}],
    ids=lambda changes: next(iter(changes)),
)
def test_a_click_of_elsewhere_or_on_another_button_marks_nothing(changes: dict[str, str], desk: Desk) -> None:
    with pytest.raises(MalformedEventError):
        desk.click("U0MARIA", **changes)
    assert desk.marked_by == ""


@pytest.mark.parametrize("seen", ["", FINGERPRINT, f"{FINGERPRINT}@0", f"{FINGERPRINT}@x", f"{FINGERPRINT}@1@1", "@1"])
def test_a_button_that_names_no_version_marks_nothing(seen: str, desk: Desk) -> None:
    with pytest.raises(MalformedRequestError):
        desk.click("U0MARIA", seen=seen)
    assert desk.marked_by == ""


def test_nothing_is_marked_where_the_intent_has_no_slack(desk: Desk) -> None:
    click = SlackClick(user="U", user_team="T", team="T", app="A", action="acknowledge", value="x", response_url="")
    with pytest.raises(MalformedEventError):
        take_alert_click(click, needs=None, now=NOW)
