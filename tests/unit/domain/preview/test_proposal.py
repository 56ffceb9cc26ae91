"""A change as a whole: a root with two tiers of two conditions, and a nested unit that wants one more.

The organisation has the shape of a public one: what is in production is backed up unless it says no, anything else on
request, and one service keeps its records longer.
"""

from collections.abc import Mapping
from copy import replace
from datetime import date

import pytest

from strongroom.domain.findings import error
from strongroom.domain.identifiers import AccountId
from strongroom.domain.preview.accounts import Governance, ManagementAccount
from strongroom.domain.preview.locks import VaultLockDate
from strongroom.domain.preview.proposal import Preview, Proposal, preview_proposal
from strongroom.domain.preview.resources.catches import Change, Offer, Remark
from strongroom.domain.preview.resources.fates import Fate
from strongroom.domain.preview.resources.inventory import Inventory, Resource
from tests.builders.places import HOME
from tests.builders.preview import (
    CENTRAL,
    EVERYTHING_OPTED_IN,
    a_plan_document,
    a_policy,
    a_rule,
    a_tag_selection,
    a_type_selection,
    a_volume,
    an_empty_price_table,
    an_organization,
)

MANAGEMENT, SIRIUS, HMPPS, CLOSED = (AccountId(f"{number}" * 12) for number in (1, 2, 3, 4))
UNITS = {"r-moj1": None, "OPG": "r-moj1", "OPG/Sirius": "OPG", "HMPPS": "r-moj1", "Closed": "r-moj1"}
ACCOUNTS = {MANAGEMENT: "r-moj1", SIRIUS: "OPG/Sirius", HMPPS: "HMPPS", CLOSED: "Closed"}
PRODUCTION = a_type_selection("*", string_equals={"is-production": "true"}, string_not_equals={"backup": "false"})
ON_REQUEST = a_type_selection("*", string_equals={"backup": "true"}, string_not_equals={"is-production": "true"})
RECORDS = a_tag_selection("retention", "7y")
DOCUMENTS = {
    "p-new": a_policy(
        strongroom_production=a_plan_document(PRODUCTION, {"nightly": a_rule(local=30, copies={CENTRAL: 90})}),
        strongroom_on_request=a_plan_document(ON_REQUEST),
        strongroom_case_records=a_plan_document(RECORDS, {"nightly": a_rule(local=35, copies={CENTRAL: 2555})}),
    ),
    "p-old": a_policy(legacy=a_plan_document(a_tag_selection("keep", "yes"))),
    "p-bad": a_policy(broken={"regions": [HOME], "rules": {"r": {}}, "selections": {}}),
}
TIERS = {
    "strongroom-production": "production",
    "strongroom-on-request": "on-request",
    "strongroom-case-records": "case-records",
}
ROOT_OFFERS = frozenset({"strongroom-production", "strongroom-on-request"})


def previewed(*resources: Resource, on: str = "r-moj1", policy: str = "p-new", **changes: object) -> Preview:
    """The preview of putting a policy on the root where HMPPS has one of its own."""
    attached = {"HMPPS": ("p-old",)}
    accounts = {str(account): unit for account, unit in ACCOUNTS.items()}
    with_it = {**attached, on: (*attached.get(on, ()), policy)}
    proposal = Proposal(
        before=an_organization(DOCUMENTS, attached, units=UNITS, accounts=accounts),
        after=an_organization(DOCUMENTS, with_it, units=UNITS, accounts=accounts),
        governance=Governance(
            before={},
            after={SIRIUS: "OPG/Sirius", HMPPS: "root"},
            units=ACCOUNTS,
            management_account=MANAGEMENT,
        ),
        inventory=Inventory(resources=resources, opt_ins={HOME: EVERYTHING_OPTED_IN}),
        offer=Offer(tiers=TIERS, offered={SIRIUS: frozenset(TIERS), HMPPS: ROOT_OFFERS}),
        prices=an_empty_price_table(),
    )
    return preview_proposal(replace(proposal, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"is-production": "true"}, {"strongroom-production": 1}),
        ({"is-production": "true", "backup": "false"}, {}),
        ({"backup": "true"}, {"strongroom-on-request": 1}),
        ({"is-production": "true", "backup": "true"}, {"strongroom-production": 1}),
        ({"Is-Production": "true"}, {}),
        ({"retention": "7y", "is-production": "true"}, {"strongroom-production": 1, "strongroom-case-records": 1}),
    ],
)
def test_what_is_caught_is_what_the_two_conditions_say(tags: dict[str, str], expected: Mapping[str, int]) -> None:
    assert previewed(a_volume(account=HMPPS, tags=tags)).caught.total.plans == expected


def test_a_plan_that_reaches_a_unit_which_does_not_offer_it_is_marked() -> None:
    both = {"retention": "7y", "is-production": "true"}
    there = previewed(a_volume(account=HMPPS, tags=both)).caught.total.remarks
    assert (there[Remark.TWICE], there[Remark.NOT_OFFERED]) == (1, 1)
    at_home = previewed(a_volume(account=SIRIUS, tags=both)).caught
    assert Remark.NOT_OFFERED not in at_home.total.remarks
    assert at_home.examples[Remark.TWICE] == (a_volume(account=SIRIUS).arn,)


def test_a_tag_in_another_case_is_told_as_spelled_otherwise() -> None:
    caught = previewed(a_volume(account=HMPPS, tags={"Is-Production": "true"})).caught
    assert caught.total.fates == {Fate.MISSPELLED: 1}
    assert caught.examples == {Fate.MISSPELLED: (a_volume(account=HMPPS).arn,)}


def test_a_condition_on_a_tag_that_is_missing_is_open() -> None:
    caught = previewed(a_volume(account=HMPPS, tags={"is-production": "true"})).caught
    assert caught.total.remarks == {Remark.OPEN: 1}
    sure = previewed(a_volume(account=HMPPS, tags={"is-production": "true", "backup": "true"})).caught
    assert sure.total.remarks == {}


def test_what_changes_is_compared_with_the_policies_of_today() -> None:
    old, new = {"keep": "yes"}, {"retention": "7y"}
    caught = previewed(
        a_volume(1, account=HMPPS, tags=old),
        a_volume(2, account=HMPPS, tags=new),
        a_volume(3, account=HMPPS, tags=old | new),
        a_volume(4, account=HMPPS),
    ).caught
    assert caught.total.changes == {Change.NEWLY: 1, Change.OTHERWISE: 1, Change.UNCHANGED: 1}
    assert caught.accounts[HMPPS] == caught.total


def test_accounts_become_governed_or_stay_outside_and_the_management_account_is_told_apart() -> None:
    accounts = previewed().accounts
    assert accounts.become_governed == {"OPG/Sirius": (SIRIUS,), "root": (HMPPS,)}
    assert accounts.stay_outside == {"Closed": (CLOSED,)}
    assert accounts.management == ManagementAccount(account=MANAGEMENT, plans=tuple(TIERS))


def test_every_account_has_its_own_plans() -> None:
    listed = {account: group.plans for group in previewed().effective for account in group.accounts}
    assert set(listed[SIRIUS]) == set(TIERS)
    assert set(listed[HMPPS]) == {*TIERS, "legacy"}


def test_an_account_whose_new_policy_is_invalid_keeps_its_old_one() -> None:
    preview = previewed(a_volume(account=HMPPS, tags={"keep": "yes"}), on="HMPPS", policy="p-bad")
    assert preview.accounts.stale == (HMPPS,)
    assert preview.caught.total.plans == {"legacy": 1}


def test_points_money_and_locks_are_those_of_the_proposed_plans() -> None:
    volume = a_volume(account=SIRIUS, tags={"retention": "7y"}, gigabytes=10.0)
    lock = VaultLockDate(vault=CENTRAL, name="central", immutable_from=date(2027, 1, 2))
    preview = previewed(volume, locks=(lock,), findings=(error("protection-shrinks", "HMPPS", "it may stop"),))
    [binding] = preview.locks
    assert (binding.longest_days, binding.immutable_from) == (2555, date(2027, 1, 2))
    assert {(each.plan, each.vault, each.at_most) for each in preview.points} >= {
        ("strongroom-case-records", CENTRAL, 2555),
        ("strongroom-production", "local", 30),
    }
    assert preview.money.unpriced["EBS in eu-west-1, warm"] == pytest.approx(10 * (1 + 34 * 0.02 + 1 + 2554 * 0.02))
    assert preview.money_today.unpriced == {}
    assert [finding.code for finding in preview.findings] == ["protection-shrinks"]


def test_a_resource_of_an_account_outside_the_organisation_counts_nowhere() -> None:
    assert previewed(a_volume(account="555555555555", tags={"retention": "7y"})).caught.accounts == {}
