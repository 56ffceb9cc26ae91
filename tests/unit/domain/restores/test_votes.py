"""Whose word is a vote, and by which rules."""

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.ceremony import ApprovalRule, Restores
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.votes import VoteState, judge_click, rules_for
from tests.builders.places import PAYMENTS
from tests.unit.domain.restores.groups import the_rules


def test_the_rules_of_an_account_replace_those_of_its_unit() -> None:
    [unit] = the_rules(owners=1)
    own = ApprovalRule(account=PAYMENTS, group="security", needed=1)
    assert rules_for([unit, own], account=PAYMENTS, unit="Production") == (own,)
    assert rules_for([unit, own], account=AccountId("333333333333"), unit="Production") == (unit,)
    assert rules_for([unit, own], account=AccountId("333333333333"), unit="Sandbox") == ()


@pytest.mark.parametrize(
    ("person", "state", "why"),
    [
        ("maria", VoteState.AWAITING_PRESENCE, "proven"),
        ("omar", VoteState.REFUSED, "your own request"),
        ("ada", VoteState.REFUSED, "only members of owners"),
        ("", VoteState.REFUSED, "nobody here"),
    ],
    ids=["an approver", "the requester", "a stranger to the group", "nobody known"],
)
def test_whose_click_becomes_a_vote(
    person: str, state: VoteState, why: str, restores: Restores, intent: Intent
) -> None:
    verdict = judge_click(person, requester="omar", rules=the_rules(owners=1), restores=restores, people=intent.people)
    assert (verdict.state, why in verdict.reason) == (state, True)
