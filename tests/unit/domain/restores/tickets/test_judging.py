"""When a ticket entitles to a restore; every refusal is a sentence, and what is unknown entitles to nothing."""

from copy import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.intent.ceremony import ApprovalRule, ChangeWindow
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import Ceremony, ceremony_of
from strongroom.domain.restores.tickets.judging import (
    TicketPin,
    TicketState,
    TicketVerdict,
    judge_ticket,
    ticket_approvers,
)
from strongroom.domain.restores.tickets.pinning import pin_ticket
from strongroom.domain.restores.tickets.ticket import Ticket
from strongroom.domain.rulebook.policy_texts import policy_text
from strongroom.domain.values import field_names
from tests.builders.places import PAYMENTS
from tests.builders.restores import DATABASE, NOW, POINT, a_request, a_ticket, an_approval

MINUTE = timedelta(minutes=1)
PINNED = TicketPin(approver="chiara", snapshot=pin_ticket(a_ticket()))


@pytest.fixture(scope="module")
def ceremony(intent: Intent) -> Ceremony:
    """The ceremony of the example: tickets of OPS, approved by change managers, with the resource in a field."""
    return ceremony_of(intent)


def asking(ceremony: Ceremony, **changes: Any) -> Ceremony:
    """The ceremony that asks something else of tickets."""
    return replace(ceremony, tickets=replace(ceremony.tickets, **changes))


def judge(ticket: Ticket, ceremony: Ceremony, *, now: datetime = NOW, **more: Any) -> TicketVerdict:
    return judge_ticket(ticket, request=a_request(), ceremony=ceremony, now=now, **more)


def test_a_ticket_that_names_the_resource_and_was_approved_by_a_change_manager_entitles(ceremony: Ceremony) -> None:
    verdict = judge(a_ticket(), ceremony)
    assert (verdict.state, verdict.approver) == (TicketState.ENTITLES, "chiara")
    assert verdict.reason == "OPS-123: Approved, approved by chiara"
    assert verdict.snapshot == pin_ticket(a_ticket())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"key": "SAFE-9"}, "answered with SAFE-9 instead of OPS-123", id="another key"),
        pytest.param({"system": "servicenow"}, "answered with OPS-123 instead of", id="another system"),
        pytest.param({"project": "PLAY"}, "it lies in 'PLAY', not in OPS", id="another project"),
        pytest.param({"project": ""}, "it lies in '', not in OPS", id="no project"),
        pytest.param({"type": "Task"}, "its type is 'Task', not Change", id="another type"),
        pytest.param({"status": "Open"}, "its status is 'Open', not Approved or In Progress", id="open"),
        pytest.param({"status": "Withdrawn"}, "its status is 'Withdrawn'", id="withdrawn"),
        pytest.param({"status": ""}, "its status is ''", id="no status"),
        pytest.param({"approvals": ()}, "nobody has approved it; chiara may", id="nobody"),
        pytest.param({"approvals": (an_approval("bot"),)}, "not exactly one person known here", id="a bot"),
        pytest.param({"approvals": (an_approval(""),)}, "not exactly one person known here", id="an unknown hand"),
        pytest.param({"approvals": (an_approval("omar"),)}, "by the one who asks for the restore", id="the requester"),
        pytest.param(
            {"approvals": (an_approval("ada"),)},
            "ada, who approved it, is not one of those who may: chiara",
            id="auditor",
        ),
        pytest.param({"resources": ()}, "names neither arn:aws:rds", id="nothing named"),
        pytest.param({"resources": (PAYMENTS,)}, "in its field customfield_10020", id="the account"),
        pytest.param({"edited_at": NOW - 9 * MINUTE}, "edited at 2026-11-23 14:11:00 UTC, after chiara", id="edited"),
        pytest.param({"opens_at": NOW + MINUTE}, "opens at 2026-11-23 14:21:00 UTC", id="too early"),
        pytest.param({"closes_at": NOW}, "closed at 2026-11-23 14:20:00 UTC", id="too late"),
    ],
)
def test_attack_12_a_ticket_that_does_not_entitle_says_why(
    changes: dict[str, Any], why: str, ceremony: Ceremony
) -> None:
    verdict = judge(a_ticket(**changes), ceremony)
    assert (verdict.state, why in verdict.reason) == (TicketState.REFUSED, True), verdict.reason


@pytest.mark.parametrize(
    ("labels", "summary"),
    [
        ((PAYMENTS,), f"Rotate TLS certificates of account {PAYMENTS}"),
        ((), "order laptops for payments-db team"),
    ],
    ids=["certificates", "laptops"],
)
def test_x_06_an_unrelated_ticket_of_the_same_account_entitles_to_nothing(
    labels: tuple[str, ...], summary: str, ceremony: Ceremony
) -> None:
    ticket = a_ticket(labels=labels, summary=summary, description="", resources=None, status="In Progress")
    free = asking(ceremony, resource_field=None)
    assert "names neither" in judge(ticket, free).reason
    assert judge(replace(ticket, summary=f"{summary} {POINT}"), free).state is TicketState.ENTITLES


def test_x_06_who_approved_the_ticket_and_who_approves_the_restore_are_different_people(ceremony: Ceremony) -> None:
    assert judge(a_ticket(), ceremony, voters=("maria", "sana")).state is TicketState.ENTITLES
    refused = judge(a_ticket(), ceremony, voters=("maria", "chiara"))
    assert "chiara approved it and the restore as well" in refused.reason
    assert refused.state is TicketState.REFUSED


def test_x_06_a_voter_with_two_names_is_one_person(ceremony: Ceremony) -> None:
    twin = replace(ceremony.people["chiara"], subject="idp|twin", email="Chiara+work@strongroom.example")
    people = {**ceremony.people, "twin": replace(twin, slack_user="U0TWIN", ticket_account="twin")}
    verdict = judge(a_ticket(), replace(ceremony, people=people), voters=("twin",))
    assert verdict.state is TicketState.REFUSED


def test_a_voter_whom_nobody_knows_any_more_could_be_the_approver(ceremony: Ceremony) -> None:
    assert judge(a_ticket(), ceremony, voters=("somebody",)).state is TicketState.REFUSED


def test_of_several_approvals_one_that_counts_is_enough(ceremony: Ceremony) -> None:
    several = tuple(an_approval(each) for each in ("ada", "bot", "chiara", "omar"))
    assert judge(a_ticket(approvals=several), ceremony).approver == "chiara"
    assert judge(a_ticket(approvals=several[:2]), ceremony).state is TicketState.REFUSED


@pytest.mark.parametrize(
    ("edited", "state"),
    [(-11, TicketState.ENTITLES), (-10, TicketState.ENTITLES), (-9, TicketState.REFUSED)],
    ids=["before the approval", "with it", "after it"],
)
def test_attack_10_what_was_approved_is_what_stands_there(edited: int, state: TicketState, ceremony: Ceremony) -> None:
    assert judge(a_ticket(edited_at=NOW + edited * MINUTE), ceremony).state is state


@pytest.mark.parametrize(
    ("opens", "closes", "state"),
    [
        (0, 1, TicketState.ENTITLES),
        (1, 2, TicketState.REFUSED),
        (-1, 0, TicketState.REFUSED),
        (2, -2, TicketState.REFUSED),
        (-1, None, TicketState.ENTITLES),
        (None, 1, TicketState.ENTITLES),
        (None, None, TicketState.ENTITLES),
    ],
    ids=["open just now", "not yet", "just over", "the wrong way round", "open-ended", "without beginning", "none"],
)
def test_a_ticket_that_has_a_window_is_held_to_it(
    opens: int | None, closes: int | None, state: TicketState, ceremony: Ceremony
) -> None:
    at = {name: None if n is None else NOW + n * MINUTE for name, n in (("opens_at", opens), ("closes_at", closes))}
    assert judge(a_ticket(**at), ceremony).state is state


def test_where_a_window_is_demanded_a_ticket_must_have_both_its_ends(ceremony: Ceremony) -> None:
    strict = asking(ceremony, window=ChangeWindow(start_field="a", end_field="b", required=True))
    for ends in ({}, {"opens_at": NOW}, {"closes_at": NOW + MINUTE}):
        assert "no change window: a and b must be filled" in judge(a_ticket(**ends), strict).reason
    assert judge(a_ticket(opens_at=NOW, closes_at=NOW + MINUTE), strict).state is TicketState.ENTITLES


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"approvals": (an_approval(at=NOW - 2 * MINUTE),)}, "changed since it was first read: approvals"),
        ({"description": "Restore all."}, "changed since it was first read: description"),
        ({"resources": (DATABASE, POINT)}, "changed since it was first read: resources"),
        ({"edited_at": NOW - 20 * MINUTE}, "changed since it was first read: edited"),
        ({"closes_at": NOW + MINUTE}, "changed since it was first read: window"),
    ],
    ids=["approved again", "another text", "another resource besides", "changed and changed back", "another window"],
)
def test_attack_10_a_ticket_that_is_not_as_it_was_entitles_no_more(
    changes: dict[str, Any], why: str, ceremony: Ceremony
) -> None:
    assert judge(a_ticket(), ceremony, pinned=PINNED).state is TicketState.ENTITLES
    verdict = judge(a_ticket(**changes), ceremony, pinned=PINNED)
    assert (verdict.state, why in verdict.reason) == (TicketState.REFUSED, True), verdict.reason


def test_attack_10_another_approver_than_at_first_entitles_no_more(ceremony: Ceremony) -> None:
    wide = replace(ceremony, restores=replace(ceremony.restores, groups=_with_piet(ceremony)))
    verdict = judge(a_ticket(approvals=(an_approval("piet"),)), wide, pinned=PINNED)
    assert "its approver was chiara and is now piet" in verdict.reason


def _with_piet(ceremony: Ceremony) -> dict[str, tuple[str, ...]]:
    return {**ceremony.restores.groups, "change-managers": ("chiara", "piet")}


def test_attack_26_whoever_joins_those_who_approve_tickets_approves_none_of_an_open_request(
    ceremony: Ceremony, intent: Intent
) -> None:
    request = replace(a_request(), policy=policy_text(intent, unit="Production", at=NOW))
    wide = replace(ceremony, restores=replace(ceremony.restores, groups=_with_piet(ceremony)))
    assert ticket_approvers(request, ceremony=wide) == ("chiara",)
    by_piet = a_ticket(approvals=(an_approval("piet"),))
    assert judge_ticket(by_piet, request=request, ceremony=wide, now=NOW).state is TicketState.REFUSED
    narrow = {**ceremony.restores.groups, "change-managers": ("piet",)}
    gone = replace(ceremony, restores=replace(ceremony.restores, groups=narrow))
    assert ticket_approvers(request, ceremony=gone) == ()


def test_a_reading_that_pinned_nothing_is_not_acted_upon(ceremony: Ceremony) -> None:
    nothing = TicketPin(approver="chiara", snapshot="")
    assert judge(a_ticket(), ceremony, pinned=nothing).state is TicketState.REFUSED


def test_without_a_group_those_who_may_approve_the_restore_approve_its_ticket(ceremony: Ceremony) -> None:
    left_out = asking(ceremony, approver_group=None)
    assert ticket_approvers(a_request(), ceremony=left_out) == ("maria", "sana")
    assert judge(a_ticket(), left_out).state is TicketState.REFUSED
    by_maria = a_ticket(approvals=(an_approval("maria"),))
    assert judge(by_maria, left_out, voters=("sana",)).state is TicketState.ENTITLES
    assert judge(by_maria, left_out, voters=("maria",)).state is TicketState.REFUSED


def test_without_a_group_rules_that_came_later_admit_nobody_new(ceremony: Ceremony) -> None:
    rules = (ApprovalRule(unit="Production", group="auditors", needed=1),)
    later = replace(asking(ceremony, approver_group=None), restores=replace(ceremony.restores, rules=rules))
    assert ticket_approvers(a_request(), ceremony=later) == ()


TICKETS = st.builds(
    Ticket,
    system=st.sampled_from(["jira", "servicenow", ""]),
    key=st.sampled_from(["OPS-123", "OPS-1", ""]),
    project=st.sampled_from(["OPS", "PLAY", ""]),
    type=st.sampled_from(["Change", ""]),
    status=st.sampled_from(["Approved", "Open", ""]),
    summary=st.text(max_size=20),
    description=st.text(max_size=20),
    labels=st.just(()),
    resources=st.sampled_from([None, (), (DATABASE,), (PAYMENTS,), ("\ud800",)]),
    opens_at=st.sampled_from([None, NOW, NOW + MINUTE]),
    closes_at=st.sampled_from([None, NOW, NOW + MINUTE]),
    updated_at=st.none(),
    edited_at=st.sampled_from([None, NOW - 30 * MINUTE, NOW]),
    approvals=st.lists(
        st.sampled_from([an_approval(each) for each in ("chiara", "omar", "ada", "maria", "", "bot")]), max_size=3
    ).map(tuple),
)


@given(ticket=TICKETS, voters=st.lists(st.sampled_from(["maria", "chiara", "gone"]), max_size=2).map(tuple))
def test_x_06_whatever_a_system_answers_only_what_holds_in_every_point_entitles(
    ticket: Ticket, voters: tuple[str, ...], ceremony: Ceremony
) -> None:
    verdict = judge(ticket, ceremony, voters=voters)
    accounts = {each.account for each in ticket.approvals}
    good = a_ticket(
        **{name: getattr(ticket, name) for name in field_names(Ticket) if name in ("summary", "description")}
    )
    same = all(
        getattr(ticket, name) == getattr(good, name)
        for name in ("system", "key", "project", "type", "status", "resources")
    )
    is_open = ticket.opens_at in (None, NOW) and ticket.closes_at in (None, NOW + MINUTE)
    holds = same and is_open and "chiara" in accounts and set(voters) <= {"maria"} and ticket.edited_at != NOW
    assert (verdict.state is TicketState.ENTITLES) is holds, verdict.reason
