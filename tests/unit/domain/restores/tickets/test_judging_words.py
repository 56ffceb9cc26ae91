"""What a requester is told of a ticket that does not entitle, to the letter, and which of several approvals counts."""

from copy import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.intent.ceremony import ApprovalRule, ChangeWindow
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import Ceremony, ceremony_of
from strongroom.domain.restores.tickets.judging import TicketPin, TicketState, judge_ticket, ticket_approvers
from strongroom.domain.restores.tickets.pinning import pin_ticket
from strongroom.domain.restores.tickets.ticket import Ticket
from tests.builders.restores import DATABASE, NOW, POLICY, a_request, a_ticket, an_approval

MINUTE = timedelta(minutes=1)
LONG = "OPS-" + "1" * 40
NEITHER = f"it names neither {DATABASE} nor the recovery point"
PINNED = TicketPin(approver="chiara", snapshot=pin_ticket(a_ticket()))


@pytest.fixture(scope="module")
def ceremony(intent: Intent) -> Ceremony:
    """The ceremony of the example, with two change managers, two statuses, and two projects and types."""
    found = ceremony_of(intent)
    groups = {**found.restores.groups, "change-managers": ("chiara", "piet")}
    tickets = replace(found.tickets, projects=("OPS", "SAFE"), types=("Change", "Incident"))
    return replace(found, restores=replace(found.restores, groups=groups), tickets=tickets)


def told(ticket: Ticket, ceremony: Ceremony, **more: Any) -> str:
    verdict = judge_ticket(ticket, request=a_request(), ceremony=ceremony, now=NOW, **more)
    assert verdict.state is TicketState.REFUSED
    return verdict.reason.removeprefix("OPS-123: ")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"key": LONG}, f"the ticket system answered with {LONG[:40]} instead of OPS-123"),
        ({"project": "PLAY"}, "it lies in 'PLAY', not in OPS or SAFE"),
        ({"type": "Task"}, "its type is 'Task', not Change or Incident"),
        ({"status": "Open"}, "its status is 'Open', not Approved or In Progress"),
        ({"approvals": ()}, "nobody has approved it; chiara, piet may"),
        ({"approvals": (an_approval("bot"),)}, "its approver is not exactly one person known here (changelog 20001)"),
        ({"approvals": (an_approval("omar"),)}, "it was approved by the one who asks for the restore"),
        (
            {"approvals": (an_approval("ada"),)},
            "ada, who approved it, is not one of those who may: chiara, piet",
        ),
        ({"resources": ()}, f"{NEITHER} in its field customfield_10020; an ARN does, an account number does not"),
        ({"edited_at": NOW}, "it was edited at 2026-11-23 14:20:00 UTC, after chiara had approved it"),
        ({"opens_at": NOW + MINUTE}, "its change window opens at 2026-11-23 14:21:00 UTC"),
        ({"closes_at": NOW}, "its change window closed at 2026-11-23 14:20:00 UTC"),
    ],
)
def test_a_refusal_says_what_is_missing(changes: dict[str, Any], words: str, ceremony: Ceremony) -> None:
    assert told(a_ticket(**changes), ceremony) == words


def test_where_no_field_names_the_resource_none_is_asked_for(ceremony: Ceremony) -> None:
    free = replace(ceremony, tickets=replace(ceremony.tickets, resource_field=None))
    ticket = a_ticket(resources=None, summary="", description="", labels=())
    assert told(ticket, free) == f"{NEITHER}; an ARN does, an account number does not"


def test_one_who_approves_both_is_named(ceremony: Ceremony) -> None:
    words = "chiara approved it and the restore as well: two people must do that"
    assert told(a_ticket(), ceremony, voters=("chiara",)) == words


def test_each_change_since_is_named(ceremony: Ceremony) -> None:
    ticket = a_ticket(summary="x", description="y")
    assert told(ticket, ceremony, pinned=PINNED) == "it changed since it was first read: description, summary"


def test_a_window_that_is_demanded_names_its_fields(ceremony: Ceremony) -> None:
    window = ChangeWindow(start_field="begin", end_field="finish", required=True)
    strict = replace(ceremony, tickets=replace(ceremony.tickets, window=window))
    assert told(a_ticket(), strict) == "it has no change window: begin and finish must be filled"


def test_where_nobody_may_approve_nobody_is_named(ceremony: Ceremony) -> None:
    groups = {**ceremony.restores.groups, "change-managers": ()}
    empty = replace(ceremony, restores=replace(ceremony.restores, groups=groups))
    assert told(a_ticket(approvals=()), empty) == "nobody has approved it; nobody may"
    assert told(a_ticket(), empty) == "chiara, who approved it, is not one of those who may: nobody"


def test_what_the_intent_does_not_ask_is_not_asked(ceremony: Ceremony) -> None:
    free = replace(ceremony, tickets=replace(ceremony.tickets, projects=(), types=(), window=None))
    ticket = a_ticket(project="PLAY", type="Task")
    assert judge_ticket(ticket, request=a_request(), ceremony=free, now=NOW).state is TicketState.ENTITLES


@pytest.mark.parametrize("order", list(permutations((("chiara", 2), ("piet", 1), ("ada", 0)))), ids=str)
def test_of_two_approvals_in_any_order_the_earliest_that_counts_is_the_one(
    order: tuple[tuple[str, int], ...], ceremony: Ceremony
) -> None:
    several = tuple(an_approval(who, at=NOW - 10 * MINUTE + minutes * MINUTE) for who, minutes in order)
    verdict = judge_ticket(a_ticket(approvals=several), request=a_request(), ceremony=ceremony, now=NOW)
    assert (verdict.state, verdict.approver) == (TicketState.ENTITLES, "piet")


@pytest.mark.parametrize("order", list(permutations(("piet", "chiara"))), ids=str)
def test_of_two_approvals_at_once_names_decide(order: tuple[str, ...], ceremony: Ceremony) -> None:
    several = tuple(map(an_approval, order))
    verdict = judge_ticket(a_ticket(approvals=several), request=a_request(), ceremony=ceremony, now=NOW)
    assert verdict.approver == "chiara"


@pytest.mark.parametrize("order", list(permutations((("ada", 1), ("omar", 2)))), ids=str)
def test_of_two_that_do_not_count_the_earliest_is_told(order: tuple[tuple[str, int], ...], ceremony: Ceremony) -> None:
    several = tuple(an_approval(who, at=NOW - 10 * MINUTE + minutes * MINUTE) for who, minutes in order)
    assert told(a_ticket(approvals=several), ceremony).startswith("ada, who approved it")


def test_a_ticket_that_nobody_approved_has_no_approver(ceremony: Ceremony) -> None:
    verdict = judge_ticket(a_ticket(approvals=()), request=a_request(), ceremony=ceremony, now=NOW)
    assert verdict.approver == ""


def test_the_states_are_called_as_the_evidence_calls_them() -> None:
    assert [str(each) for each in TicketState] == ["entitles", "refused"]


@pytest.mark.parametrize(
    ("rule", "groups"),
    [("nowhere", {}), ("claimed", {"claimed": {"claim": "groups", "value": "approvers"}})],
    ids=["a group that there is not", "a group by claim"],
)
def test_a_group_that_lists_nobody_makes_nobody_an_approver_of_tickets(
    rule: str, groups: dict[str, Any], ceremony: Ceremony
) -> None:
    content = read_canonical(POLICY)
    policy = canonical_text(content | {"rules": [{"group": rule, "needed": 1}], "groups": content["groups"] | groups})
    rules = (ApprovalRule(unit="Production", group="approvers", needed=1),)
    left_out = replace(
        ceremony,
        tickets=replace(ceremony.tickets, approver_group=None),
        restores=replace(ceremony.restores, rules=rules),
    )
    assert ticket_approvers(a_request(policy=policy), ceremony=left_out) == ()
