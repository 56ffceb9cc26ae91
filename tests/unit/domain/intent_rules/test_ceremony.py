"""What a ceremony takes is asked for where it is wanted, what nothing reads yet is refused, the rest is optional."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from strongroom.domain.findings import Level
from strongroom.domain.intent.ceremony import ClaimedGroup, Restores
from strongroom.domain.intent.model import Exemption, Intent
from strongroom.domain.intent_rules.contradictions import find_contradictions
from strongroom.domain.restores.ceremony import ceremony_of
from tests.builders.intents import an_intent_without_ceremony, with_restores
from tests.builders.places import PAYMENTS

type Change = Callable[[Intent], Intent]

CLAIMED = ClaimedGroup(claim="restore-approvers")


def errors_of(intent: Intent) -> list[tuple[str, str]]:
    """The code and the place of each error."""
    found = find_contradictions(intent, today=date(2026, 9, 1))
    return [(each.code, each.path) for each in found if each.level is Level.ERROR]


def provider(**claims: str) -> Change:
    def change(intent: Intent) -> Intent:
        return replace(intent, identity_provider=replace(ceremony_of(intent).identity_provider, **claims))

    return change


def servicenow(intent: Intent) -> Intent:
    return replace(intent, tickets=replace(ceremony_of(intent).tickets, system="servicenow"))


def approved_by_claim(intent: Intent) -> Intent:
    return with_restores(
        intent, rules=tuple(replace(each, group=CLAIMED) for each in ceremony_of(intent).restores.rules)
    )


def nobody_in_slack(intent: Intent) -> Intent:
    return replace(intent, people=intent.people | {"maria": replace(intent.people["maria"], slack_user="")})


REFUSED: dict[str, tuple[Change, str, str]] = {
    "no log-in": (lambda intent: replace(intent, identity_provider=None), "ceremony-incomplete", "identity_provider"),
    "no audit account": (
        lambda intent: replace(intent, organization=replace(intent.organization, audit_account=None)),
        "ceremony-incomplete",
        "organization.audit_account",
    ),
    "no people": (lambda intent: replace(intent, people={}), "ceremony-incomplete", "people"),
    "no Slack": (lambda intent: replace(intent, slack=None), "ceremony-incomplete", "slack"),
    "no tickets": (lambda intent: replace(intent, tickets=None), "ceremony-incomplete", "tickets"),
    "ServiceNow": (servicenow, "not-yet", "tickets.system"),
    "requesters by claim": (lambda intent: with_restores(intent, requesters=CLAIMED), "not-yet", "restores.requesters"),
    "approvers by claim": (approved_by_claim, "not-yet", "restores.rules[0].group"),
    "groups by claim": (provider(groups_claim="groups"), "not-yet", "identity_provider.groups_claim"),
    "Slack by claim": (provider(slack_claim="slack"), "not-yet", "identity_provider.slack_claim"),
    "tickets by claim": (provider(ticket_claim="jira"), "not-yet", "identity_provider.ticket_claim"),
    "somebody whom Slack cannot reach": (nobody_in_slack, "person", "people.maria.slack_user"),
}


@pytest.mark.parametrize(("change", "code", "path"), REFUSED.values(), ids=REFUSED)
def test_what_a_ceremony_lacks_is_one_error_at_its_place(intent: Intent, change: Change, code: str, path: str) -> None:
    assert errors_of(change(intent)) == [(code, path)]


def test_without_a_ceremony_nothing_that_it_takes_is_missed(intent: Intent) -> None:
    assert errors_of(an_intent_without_ceremony(intent)) == []


def test_what_nothing_reads_is_refused_without_a_ceremony_too(intent: Intent) -> None:
    assert errors_of(replace(servicenow(intent), restores=None)) == [("not-yet", "tickets.system")]


def test_accounts_elsewhere_are_asked_of_people_where_those_systems_are(intent: Intent) -> None:
    people = {name: replace(person, slack_user="", ticket_account="") for name, person in intent.people.items()}
    assert errors_of(replace(an_intent_without_ceremony(intent), people=people)) == []


@pytest.mark.parametrize(
    ("granted_by", "errors"),
    [("the board, minutes of 3 March", []), (" ", [("exemption-grantor", "exceptions[0].granted_by")])],
    ids=["in words", "nobody"],
)
def test_without_people_anybody_may_grant_an_exception(
    intent: Intent, granted_by: str, errors: list[tuple[str, str]]
) -> None:
    exemption = Exemption(account=PAYMENTS, until=date(2026, 12, 31), reason="migration", granted_by=granted_by)
    assert errors_of(replace(an_intent_without_ceremony(intent), exceptions=(exemption,))) == errors


def test_clocks_and_methods_are_those_of_the_example_unless_they_are_given(intent: Intent) -> None:
    given = ceremony_of(intent).restores
    assert Restores(requesters=given.requesters, groups=given.groups, rules=given.rules) == given


def test_nobody_of_the_file_is_in_a_group_that_the_identity_provider_keeps(intent: Intent) -> None:
    restores = ceremony_of(intent).restores
    assert restores.members("approvers") == ("maria", "sana")
    assert restores.members(CLAIMED) == restores.members("unheard-of") == ()
