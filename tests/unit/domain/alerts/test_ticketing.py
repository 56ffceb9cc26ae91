"""A ticket about an alert says all that its owner needs, and is found again by a mark that nobody's words are in."""

import re
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import Alert, AlertKind, Whose
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus, judge_complaint, judge_end, told
from strongroom.domain.alerts.messages import text_of
from strongroom.domain.alerts.shown import shown_alert
from strongroom.domain.alerts.ticketing import mark_of, ticket_about
from tests.builders.places import HOME, PAYMENTS

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
TABLE = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"
ALERT = Alert(
    kind=AlertKind.RESOURCE_NOT_TAGGED,
    subject=TABLE,
    account=PAYMENTS,
    region=HOME,
    reason="the mode of Production is quarantine",
    whose=Whose(account_name="payments", owner="#payments", unit="Production"),
    wants_ticket=True,
)
STATE = AlertState(alert=ALERT, status=AlertStatus.OPEN, version=1, opened_at=NOW, last_seen_at=NOW)


def test_it_says_which_resource_whose_and_what_to_do() -> None:
    ticket = ticket_about(STATE, runbook="https://wiki.example/runbook")
    assert ticket.summary == f"Resource not tagged: {TABLE} in account payments (222222222222)"
    assert ticket.description.split("\n") == [
        "Resource not tagged in account payments (222222222222), eu-west-1",
        f"Resource: {TABLE}",
        "Owner: #payments",
        "Means: No plan backs this resource up.",
        "To do: Give it a backup tag, or an exception in the intent.",
        "Runbook: https://wiki.example/runbook#resource-not-tagged",
        f"Alert: {ALERT.fingerprint}",
        "Once it is put right the alert is resolved by itself; this ticket is yours to close.",
        "Why: the mode of Production is quarantine",
    ]


@pytest.mark.parametrize(
    ("changes", "summary"),
    [
        ({"resources": (TABLE, f"{TABLE}-2")}, "Resource not tagged: 2 resources in account 222222222222"),
        ({"subject": "a\nb"}, "Resource not tagged: a b in account 222222222222"),
        ({"subject": "s" * 500}, f"Resource not tagged: {'s' * 136}..."),
    ],
    ids=["several", "a line break", "longer than a summary may be"],
)
def test_a_summary_is_one_line_that_both_systems_take(changes: dict[str, Any], summary: str) -> None:
    assert ticket_about(replace(STATE, alert=replace(ALERT, whose=None, **changes))).summary == summary


def test_a_description_is_cut_behind_what_its_reader_needs() -> None:
    ticket = ticket_about(replace(STATE, alert=replace(ALERT, reason="r" * 9000)))
    assert len(ticket.description) == 4000
    assert ticket.description.endswith("r...")
    assert "To do: " in ticket.description


def test_nothing_that_somebody_named_is_in_the_mark() -> None:
    hostile = replace(STATE, alert=replace(ALERT, subject='x" OR project = SECRET ORDER BY created^NQnumberISNOTEMPTY'))
    assert re.fullmatch(r"strongroom-[0-9a-f]{32}", mark_of(hostile))
    assert mark_of(hostile) != mark_of(STATE)


def test_each_opening_has_a_mark_and_a_ticket_of_its_own_and_what_becomes_worse_keeps_both() -> None:
    asked = told(replace(STATE, ticket="OPS-1", ticket_asked_at=NOW))
    later = NOW + timedelta(hours=1)
    worse = judge_complaint(asked, ALERT, version=2, now=later).state
    assert worse is not None
    assert (worse.ticket, worse.ticket_asked_at, mark_of(worse)) == ("OPS-1", NOW, mark_of(STATE))
    over = judge_end(asked, reason="tagged", now=later, version=None).state
    assert over is not None
    again = judge_complaint(told(over), ALERT, version=None, now=later).state
    assert again is not None
    assert (again.ticket, again.ticket_asked_at) == ("", None)
    assert mark_of(again) != mark_of(STATE)


@pytest.mark.parametrize(
    ("wants_ticket", "ticket", "said"),
    [(True, "", "no ticket yet"), (True, "OPS-1", "OPS-1"), (False, "", "")],
    ids=["none yet", "one", "none is wanted"],
)
def test_an_alert_says_its_ticket_or_that_there_is_none_yet(ticket: str, said: str, *, wants_ticket: bool) -> None:
    state = replace(STATE, alert=replace(ALERT, wants_ticket=wants_ticket), ticket=ticket)
    lines = [line for line in text_of(state).split("\n") if line.startswith("Ticket: ")]
    assert lines == ([f"Ticket: {said}"] if wants_ticket else [])
    assert shown_alert(state)["ticket"] == said
