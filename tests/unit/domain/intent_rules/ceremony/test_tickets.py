"""What is asked of tickets is something that their system has, and that enough people can fulfil."""

from copy import replace
from datetime import date
from typing import Any

import pytest

from strongroom.domain.findings import Level
from strongroom.domain.intent.ceremony import ApprovalRule, ChangeWindow, ClaimedGroup, OpenedTickets, Tickets
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent_rules.contradictions import find_contradictions
from strongroom.domain.restores.ceremony import ceremony_of
from tests.builders.intents import with_restores

SERVICENOW: dict[str, Any] = {
    "system": "servicenow",
    "projects": (),
    "types": ("normal", "emergency"),
    "approval": None,
}


def found(intent: Intent, level: Level) -> list[tuple[str, str]]:
    """The code and the place of each finding about tickets and the people they take."""
    findings = find_contradictions(intent, today=date(2026, 9, 1))
    places = ("tickets", "restores")
    return [(each.code, each.path) for each in findings if each.level is level and each.path.startswith(places)]


def asking(intent: Intent, **changes: Any) -> Intent:
    return replace(intent, tickets=replace(ceremony_of(intent).tickets, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"approval": "jsm"},
        {"approval": None, "window": None, "resource_field": None, "types": ()},
        SERVICENOW,
        {
            **SERVICENOW,
            "projects": ("change_request", "incident"),
            "approval": "servicenow",
            "resource_field": "cmdb_ci",
        },
        {"opened": OpenedTickets(project="OPS")},
        {"opened": OpenedTickets(project="SEC", type="Change")},
        {**SERVICENOW, "opened": OpenedTickets(project="incident")},
    ],
    ids=[
        *("the example", "Service Management", "the least of Jira", "ServiceNow", "more of ServiceNow"),
        *("opened with another type", "opened in another project", "opened in another table"),
    ],
)
def test_what_the_system_has_may_be_asked_for(changes: dict[str, Any], intent: Intent) -> None:
    assert found(asking(intent, **changes), Level.ERROR) == found(asking(intent, **changes), Level.WARNING) == []


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"approved_statuses": ()}, "ticket-status", "tickets.approved_statuses"),
        ({"approval": "servicenow"}, "ticket-approval", "tickets.approval"),
        ({**SERVICENOW, "approval": "jsm"}, "ticket-approval", "tickets.approval"),
        ({"projects": ("OPS", "change_request")}, "ticket-project", "tickets.projects[1]"),
        ({"projects": ("OPS-1",)}, "ticket-project", "tickets.projects[0]"),
        ({**SERVICENOW, "projects": ("sys_user",)}, "ticket-project", "tickets.projects[0]"),
        ({"resource_field": "customfield_1,comment"}, "ticket-field", "tickets.resource_field"),
        (
            {"window": ChangeWindow(start_field="start date", end_field="end")},
            "ticket-field",
            "tickets.window.start_field",
        ),
        ({"window": ChangeWindow(start_field="at", end_field="at")}, "ticket-field", "tickets.window.end_field"),
        ({"approver_group": "nobody"}, "unknown-group", "tickets.approver_group"),
        ({"approver_group": ClaimedGroup(claim="managers")}, "not-yet", "tickets.approver_group"),
        ({"opened": OpenedTickets(project="ops_1")}, "ticket-project", "tickets.opened.project"),
        ({**SERVICENOW, "opened": OpenedTickets(project="OPS")}, "ticket-project", "tickets.opened.project"),
        ({**SERVICENOW, "opened": OpenedTickets(project="sc_req_item")}, "ticket-project", "tickets.opened.project"),
        (
            {**SERVICENOW, "opened": OpenedTickets(project="incident", type="Task")},
            "ticket-type",
            "tickets.opened.type",
        ),
    ],
)
def test_what_no_ticket_could_be_held_to_is_one_error_at_its_place(
    changes: dict[str, Any], code: str, path: str, intent: Intent
) -> None:
    assert found(asking(intent, **changes), Level.ERROR) == [(code, path)]


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"projects": ()}, "ticket-project", "tickets.projects"),
        ({"approver_group": None}, "ticket-approvers", "tickets.approver_group"),
    ],
)
def test_x_06_a_demand_that_is_left_out_and_lets_more_pass_is_told(
    changes: dict[str, Any], code: str, path: str, intent: Intent
) -> None:
    assert found(asking(intent, **changes), Level.WARNING) == [(code, path)]
    assert found(replace(asking(intent, **changes), restores=None), Level.WARNING) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"opened": OpenedTickets(project="OPS", type="Change")},
        {"types": (), "opened": OpenedTickets(project="OPS")},
        {"projects": (), "types": (), "opened": OpenedTickets(project="SEC")},
        {**SERVICENOW, "opened": OpenedTickets(project="change_request")},
    ],
    ids=["of a type that counts", "where each type counts", "where each project counts", "in the table that counts"],
)
def test_a_ticket_that_is_opened_about_a_resource_never_entitles_to_its_restore(
    changes: dict[str, Any], intent: Intent
) -> None:
    asked = asking(intent, **changes)
    assert found(asked, Level.ERROR) == [("ticket-entitles", "tickets.opened.project")]
    assert found(replace(asked, restores=None), Level.ERROR) == []


@pytest.mark.parametrize(
    ("mode", "opened", "expected"),
    [
        ("quarantine", None, [("no-ticket", "targets[0].mode")]),
        ("quarantine", OpenedTickets(project="SEC"), []),
        ("tag", None, []),
    ],
    ids=["nowhere to open it", "somewhere", "another mode"],
)
def test_a_mode_that_opens_tickets_is_told_where_there_is_nowhere_to_open_them(
    mode: Any, opened: OpenedTickets | None, expected: list[tuple[str, str]], intent: Intent
) -> None:
    target = replace(intent.targets[0], mode=mode)
    asked = replace(asking(intent, opened=opened), targets=(target, *intent.targets[1:]))
    findings = find_contradictions(asked, today=date(2026, 9, 1))
    assert [(each.code, each.path) for each in findings if each.code == "no-ticket"] == expected


@pytest.mark.parametrize(
    ("managers", "needed", "is_enough"),
    [
        (("chiara",), 2, True),
        (("maria",), 1, True),
        (("maria",), 2, False),
        (("maria", "chiara"), 2, True),
        (("omar",), 1, False),
    ],
    ids=["somebody else", "one of two", "one of both", "one of both or somebody else", "the one who asks"],
)
def test_x_06_asker_ticket_approver_and_voters_can_all_be_different_people(
    managers: tuple[str, ...],
    needed: int,
    is_enough: bool,  # noqa: FBT001
    intent: Intent,
) -> None:
    groups = {**ceremony_of(intent).restores.groups, "change-managers": managers}
    rules = (ApprovalRule(unit="Production", group="approvers", needed=needed),)
    errors = found(with_restores(intent, groups=groups, rules=rules), Level.ERROR)
    assert errors == ([] if is_enough else [("needed", "restores.rules[0].needed")])


def test_without_a_group_the_approvers_must_be_one_more_than_the_rule_needs(intent: Intent) -> None:
    left_out = asking(intent, approver_group=None)
    rules = (ApprovalRule(unit="Production", group="approvers", needed=2),)
    assert found(left_out, Level.ERROR) == []
    assert found(with_restores(left_out, rules=rules), Level.ERROR) == [("needed", "restores.rules[0].needed")]


def test_what_is_left_out_is_what_the_system_has() -> None:
    least: dict[str, Any] = {"url": "https://x", "user": "u", "approved_statuses": ("Approved",)}
    jira, servicenow = Tickets(system="jira", **least), Tickets(system="servicenow", **least)
    assert (jira.places, jira.approval_source, jira.change_window) == ((), "changelog", None)
    assert (servicenow.places, servicenow.approval_source) == (("change_request",), "servicenow")
    window = servicenow.change_window
    assert window is not None
    assert (window.start_field, window.end_field, window.required) == ("start_date", "end_date", False)
