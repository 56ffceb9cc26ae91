"""What a ceremony takes is asked for where it is wanted, what nothing reads yet is refused, the rest is optional."""

from collections.abc import Callable
from copy import replace
from datetime import date, timedelta
from typing import Any

import pytest

from strongroom.domain.findings import Level
from strongroom.domain.intent.ceremony import ApprovalRule, ClaimedGroup, Restores
from strongroom.domain.intent.model import Exemption, Intent
from strongroom.domain.intent_rules.contradictions import find_contradictions
from strongroom.domain.restores.ceremony import ceremony_of
from tests.builders.intents import an_intent_without_ceremony, with_restores
from tests.builders.places import PAYMENTS
from tests.builders.proving.passkeys import PAGE

type Change = Callable[[Intent], Intent]

CLAIMED = ClaimedGroup(claim="restore-approvers")


def errors_of(intent: Intent) -> list[tuple[str, str]]:
    """The code and the place of each error."""
    found = find_contradictions(intent, today=date(2026, 9, 1))
    return [(each.code, each.path) for each in found if each.level is Level.ERROR]


def provider(**claims: Any) -> Change:
    def change(intent: Intent) -> Intent:
        return replace(intent, identity_provider=replace(ceremony_of(intent).identity_provider, **claims))

    return change


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
    "requesters by a claim without its name": (
        lambda intent: with_restores(intent, requesters=CLAIMED),
        "groups-claim",
        "identity_provider.groups_claim",
    ),
    "approvers by a claim without its name": (approved_by_claim, "groups-claim", "identity_provider.groups_claim"),
    "Slack by claim": (provider(slack_claim="slack"), "not-yet", "identity_provider.slack_claim"),
    "tickets by claim": (provider(ticket_claim="jira"), "not-yet", "identity_provider.ticket_claim"),
    "somebody whom Slack cannot reach": (nobody_in_slack, "person", "people.maria.slack_user"),
}


@pytest.mark.parametrize(("change", "code", "path"), REFUSED.values(), ids=REFUSED)
def test_what_a_ceremony_lacks_is_one_error_at_its_place(intent: Intent, change: Change, code: str, path: str) -> None:
    assert errors_of(change(intent)) == [(code, path)]


def test_a_rule_about_a_risk_that_nobody_looks_up_never_counts(intent: Intent) -> None:
    always, risky = (
        ApprovalRule(unit="Production", group="approvers", needed=1, risks=risks)
        for risks in ((), ("elevated", "unverified"))
    )
    found = find_contradictions(with_restores(intent, rules=(always, risky)))
    assert [(each.code, each.path) for each in found if each.code == "risk-unseen"] == [
        ("risk-unseen", "restores.rules[1].risks[1]")
    ]


def test_without_a_ceremony_nothing_that_it_takes_is_missed(intent: Intent) -> None:
    assert errors_of(an_intent_without_ceremony(intent)) == []


def test_what_nothing_reads_is_refused_without_a_ceremony_too(intent: Intent) -> None:
    claiming = provider(ticket_claim="jira")(intent)
    assert errors_of(replace(claiming, restores=None)) == [("not-yet", "identity_provider.ticket_claim")]


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


def needs(*rules: dict[str, Any], **changes: Any) -> Change:
    """The example with these rules about Production."""
    usual: dict[str, Any] = {"unit": "Production", "group": "approvers", "needed": 1}
    made = tuple(ApprovalRule(**usual | rule) for rule in rules)
    return lambda intent: with_restores(intent, rules=made, **changes)


def groups(**changes: tuple[str, ...]) -> dict[str, Any]:
    usual = {"oncall": ("omar",), "approvers": ("maria", "sana"), "security": ("sana",), "change-managers": ("chiara",)}
    return {"groups": usual | changes}


RISKY = {"risks": ("elevated",), "group": "security"}

TAKEN: dict[str, Change] = {
    "requesters by a claim": lambda intent: provider(groups_claim="groups")(with_restores(intent, requesters=CLAIMED)),
    "approvers by a claim": lambda intent: provider(groups_claim="groups")(approved_by_claim(intent)),
    "a claim that lists groups": provider(groups_claim="groups"),
    "everybody by claims, and nobody in the file": lambda intent: replace(
        provider(groups_claim="groups")(approved_by_claim(with_restores(intent, requesters=CLAIMED, groups={}))),
        people={},
        tickets=replace(ceremony_of(intent).tickets, approver_group=None),
    ),
    "a rule more for a risk": needs({}, RISKY),
    "a rule more for a tier": needs({}, {"tiers": ("daily-prod",), "group": "security"}),
    "two groups with one person in common": needs({}, {"group": "security"}),
    "governors by their name": lambda intent: with_restores(intent, governors="approvers"),
    "a delay": lambda intent: with_restores(intent, delay=timedelta(minutes=30)),
}


@pytest.mark.parametrize("change", TAKEN.values(), ids=TAKEN)
def test_what_a_ceremony_may_be_is_taken(intent: Intent, change: Change) -> None:
    assert errors_of(change(intent)) == []


CONTRADICTIONS: dict[str, tuple[Change, str, str, str]] = {
    "rules for some restores only": (
        needs(RISKY, {"tiers": ("daily-prod",)}),
        "rule-conditional",
        "restores.rules",
        "nobody could approve the others; add one without tiers and risks",
    ),
    "the same rule twice": (
        needs({}, {}),
        "rule-twice",
        "restores.rules",
        "2 rules ask approvers about Prod",
    ),
    "a tier that there is not": (
        needs({}, {"tiers": ("daily-prd",)}),
        "unknown-tier",
        "restores.rules[1].tiers[0]",
        "did you mean daily-prod?",
    ),
    "more seats than people, all together": (
        needs({"needed": 2}, {"group": "security"}),
        "needed",
        "restores.rules",
        "Production needs 3 different people of approvers and security, and there are only 2 besides omar, who asks",
    ),
    "more seats than people for one tier": (
        needs({"needed": 2}, {"group": "security", "tiers": ("daily-prod",)}),
        "needed",
        "restores.rules",
        "a restore into Production of daily-prod needs 3 different people",
    ),
    "one who asks and would have to approve": (
        needs({}, {"group": "security"}, **groups(oncall=("omar", "maria"))),
        "needed",
        "restores.rules",
        "needs 2 different people of approvers and security, and there are only 1 besides maria, who asks",
    ),
    "a group with too few for one rule": (
        needs({"needed": 3}),
        "needed",
        "restores.rules[0].needed",
        "3 approvals are needed, but approvers has only 2 people besides the one who asks",
    ),
    "governors that are no group": (
        lambda intent: with_restores(intent, governors="board"),
        "unknown-group",
        "restores.governors",
        "'board' is no group",
    ),
    "one governor": (
        lambda intent: with_restores(intent, governors="security"),
        "governors",
        "restores.governors",
        "security has 1 of the 2 people who must sign what makes the rules looser",
    ),
    "a delay longer than the request": (
        lambda intent: with_restores(intent, delay=timedelta(hours=5)),
        "delay",
        "restores.delay",
        "no restore could ever be carried out",
    ),
    "a rule's delay longer than the request": (
        needs({"delay": timedelta(days=1)}),
        "delay",
        "restores.rules[0].delay",
        "no restore could ever be carried out",
    ),
    "no time to copy back": (
        lambda intent: with_restores(intent, copy_back_within=timedelta()),
        "clock",
        "restores.copy_back_within",
        "must be longer than nothing",
    ),
    "too much time to copy back": (
        lambda intent: with_restores(intent, copy_back_within=timedelta(days=14, seconds=1)),
        "clock",
        "restores.copy_back_within",
        "must be P14D at most",
    ),
    "a subject that no provider has": (
        lambda intent: replace(
            intent, people=intent.people | {"maria": replace(intent.people["maria"], subject="idp|märia")}
        ),
        "person",
        "people.maria.subject",
        "must be ASCII of 255 characters at most",
    ),
}


@pytest.mark.parametrize(("change", "code", "path", "said"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_ceremony_that_could_not_go_is_one_error(
    intent: Intent, change: Change, code: str, path: str, said: str
) -> None:
    [found] = [each for each in find_contradictions(change(intent)) if each.level is Level.ERROR]
    assert (found.code, found.path) == (code, path)
    assert said in found.message


def test_a_backup_of_no_known_tier_that_nobody_could_approve_is_a_warning(intent: Intent) -> None:
    """Of each tier by itself there are enough; by hand it was backed up for both."""
    apart = needs({}, {"tiers": ("daily-prod",), "group": "security"}, {"tiers": ("monthly-prod",), "group": "board"})
    enough, short = apart(intent), with_restores(apart(intent), groups=_with_a_board(intent, "sana"))
    enough = with_restores(enough, groups=_with_a_board(intent, "piet"))
    assert errors_of(enough) == errors_of(short) == []
    told = [
        [found.message for found in find_contradictions(each) if "made by hand" in found.message]
        for each in (enough, short)
    ]
    assert told[0] == []
    assert "together need 3 different people of approvers and security and board, and there are only 2" in told[1][0]


def _with_a_board(intent: Intent, *people: str) -> dict[str, tuple[str, ...]]:
    return dict(ceremony_of(intent).restores.groups) | {"board": people}


def test_a_delay_that_a_late_approval_does_not_survive_is_a_warning(intent: Intent) -> None:
    late = find_contradictions(with_restores(intent, delay=timedelta(hours=1)))
    [found] = [each for each in late if each.code == "delay"]
    assert (found.level, found.path) == (Level.WARNING, "restores.delay")


def test_a_file_in_which_nobody_can_make_the_rules_looser_is_warned_of_once_there_is_a_page(intent: Intent) -> None:
    alone = with_restores(intent, **groups(approvers=("maria",), security=("sana",)))
    assert [each for each in find_contradictions(alone) if each.code == "governors"] == []
    [found] = [each for each in find_contradictions(with_restores(alone, page=PAGE)) if each.code == "governors"]
    assert (found.level, found.path) == (Level.WARNING, "restores.governors")
    assert "nobody could ever make them looser" in found.message
