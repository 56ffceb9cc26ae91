"""When a ticket entitles to a restore."""

from typing import Any

import pytest

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.tickets import TicketState, judge_ticket, parse_ticket_key
from tests.builders.restores import DATABASE, a_request, a_ticket


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"key": "SAFE-9"}, "instead of"),
        ({"status": "Open"}, "its status"),
        ({"status": "Withdrawn"}, "its status"),
        ({"approver": ""}, "approver"),
        ({"approver": "bot"}, "approver"),
        ({"approver": "omar"}, "asks for the restore"),
        ({"labels": (), "text": "something else"}, "names neither"),
        ({"labels": ("2222222222220",), "text": ""}, "names neither"),
    ],
    ids=["swapped", "open", "withdrawn", "nobody", "a bot", "the requester", "unrelated", "a longer number"],
)
def test_ticket_that_does_not_entitle(changes: dict[str, Any], why: str, intent: Intent) -> None:
    verdict = judge_ticket(
        a_ticket(**changes), request=a_request(), tickets=ceremony_of(intent).tickets, people=intent.people
    )
    assert (verdict.state, why in verdict.reason) == (TicketState.REFUSED, True)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"labels": (), "text": f"Please restore {DATABASE}."},
        {"labels": (), "text": "payments-db, as of 02:00"},
        {"labels": ("r-abcdefgh2345",), "text": ""},
        {"status": "In Progress"},
    ],
    ids=["the account", "the ARN", "the name", "the request", "in progress"],
)
def test_ticket_that_names_what_is_restored_entitles(changes: dict[str, Any], intent: Intent) -> None:
    verdict = judge_ticket(
        a_ticket(**changes), request=a_request(), tickets=ceremony_of(intent).tickets, people=intent.people
    )
    assert (verdict.state, verdict.approver) == (TicketState.ENTITLES, "chiara")


def test_another_approver_than_at_first_does_not_entitle(intent: Intent) -> None:
    verdict = judge_ticket(
        a_ticket(approver="piet"),
        request=a_request(),
        tickets=ceremony_of(intent).tickets,
        people=intent.people,
        approver="chiara",
    )
    assert verdict.state is TicketState.REFUSED


@pytest.mark.parametrize("text", ["OPS-1/../SAFE-9", "ops-1", "OPS-0", "OPS-1\n", "", "OPS-1 OR 1=1", "CHG1^NQa=b"])
def test_what_is_no_key_never_reaches_the_ticket_system(text: str) -> None:
    with pytest.raises(MalformedRequestError):
        parse_ticket_key(text, system="jira")
