"""Which rules hold for what lies somewhere, also where one of two intents says nothing of that place."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.rulebook.places import RulePlace, places_instead, rule_places, rules_of
from tests.builders.intents import an_intent_without_ceremony, with_restores
from tests.builders.places import PAYMENTS, PRODUCTION

LEDGER = AccountId("333333333333")


def ruled(intent: Intent, *places: str, targets: tuple[Target, ...] = ()) -> Intent:
    """The example with rules for these units and accounts."""
    usual: dict[str, Any] = {"group": "approvers", "needed": 1}
    rules = tuple(
        ApprovalRule(**usual, account=AccountId(place)) if place.isdecimal() else ApprovalRule(**usual, unit=place)
        for place in places
    )
    return with_restores(replace(intent, targets=(*intent.targets, *targets)), rules=rules)


def test_each_place_stands_once_in_the_order_of_the_file(intent: Intent) -> None:
    found = rule_places(ruled(intent, "Production", PAYMENTS, "Production"))
    assert [place.name for place in found] == ["Production", f"account {PAYMENTS}"]
    assert [place.id(intent) for place in found] == [PRODUCTION, PAYMENTS]
    assert [len(rules_of(ruled(intent, "Production", PAYMENTS, "Production"), place)) for place in found] == [2, 1]


def test_without_a_ceremony_there_are_no_places(intent: Intent) -> None:
    alone = an_intent_without_ceremony(intent)
    assert (rule_places(alone), rules_of(alone, RulePlace(unit="Production"))) == ((), ())


IN_OPG = Target(unit="OPG", account=LEDGER, tiers=("daily-prod",))

INSTEAD: dict[str, tuple[tuple[str, ...], tuple[Target, ...], RulePlace, list[str]]] = {
    "its own": (("Production", PAYMENTS), (), RulePlace(account=AccountId(PAYMENTS)), [f"account {PAYMENTS}"]),
    "the unit above": (("OPG", "Production"), (), RulePlace(unit="OPG/Sirius/Live"), ["OPG"]),
    "the nearest unit above": (("OPG", "OPG/Sirius"), (), RulePlace(unit="OPG/Sirius/Live"), ["OPG/Sirius"]),
    "a unit that only begins alike": (("OPG",), (), RulePlace(unit="OPGX"), []),
    "any unit for an account that may lie in each": (
        ("OPG", "Production", PAYMENTS),
        (),
        RulePlace(account=LEDGER),
        ["OPG", "Production"],
    ),
    "the unit that the account's target names": (
        ("OPG", "Production"),
        (IN_OPG,),
        RulePlace(account=LEDGER),
        ["OPG"],
    ),
}


@pytest.mark.parametrize(("places", "targets", "place", "names"), INSTEAD.values(), ids=INSTEAD)
def test_the_rules_that_hold_instead_are_those_of_what_lies_above(
    intent: Intent, places: tuple[str, ...], targets: tuple[Target, ...], place: RulePlace, names: list[str]
) -> None:
    assert [each.name for each in places_instead(ruled(intent, *places, targets=targets), place)] == names
