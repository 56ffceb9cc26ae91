"""Governed accounts: what lies below what, what hangs where, and how IAM is told."""

from copy import replace

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.governed import (
    excluded_paths,
    governed_paths,
    lies_below,
    paths_of_readers,
    places_of_tier,
    targets_above,
    tiers_below,
    topmost,
    topmost_targets,
)
from strongroom.domain.intent.model import Intent, Target
from tests.builders.organizations import CONTROL_TOWER, NESTED, an_organization

ALONE = Target(account=AccountId("333333333333"), tiers=("daily-prod",), default_tier="daily-prod")
ROOT, OPG, SIRIUS, ALIKE, PLACED = (
    Target(root=True, tiers=("a",)),
    Target(unit="OPG", tiers=("a",)),
    Target(unit="OPG/Sirius", tiers=("a",)),
    Target(unit="OPGs/Sirius", tiers=("a",)),
    Target(unit="OPG/Sirius", account=AccountId("444444444444"), tiers=("a",)),
)


def test_a_unit_is_told_by_its_place_at_any_depth(intent: Intent) -> None:
    assert governed_paths(intent) == paths_of_readers(intent) == ("o-strongroom1/*/ou-strg-prod0001/*",)


def test_an_account_that_is_named_by_itself_has_no_place_so_that_its_whole_organisation_reads(intent: Intent) -> None:
    both = replace(intent, targets=(*intent.targets, ALONE))
    assert governed_paths(both) == governed_paths(intent)
    assert paths_of_readers(both) == ("o-strongroom1/*",)


def test_an_account_whose_unit_is_told_is_read_from_there(intent: Intent) -> None:
    placed = replace(intent, targets=(*intent.targets, replace(ALONE, unit="Sandbox")))
    assert governed_paths(placed) == governed_paths(intent)
    assert paths_of_readers(placed) == (*governed_paths(intent), "o-strongroom1/*/ou-strg-sand0001/*")


def test_the_root_is_told_by_its_own_place_and_exceptions_by_theirs() -> None:
    nested = an_organization(NESTED)
    assert governed_paths(nested) == ("o-moj1000000/r-moj1/*", "o-moj1000000/*/ou-moj1-sirius01/*")
    assert excluded_paths(nested) == ("o-moj1000000/*/ou-moj1-closed01/*",)


@pytest.mark.parametrize(
    ("lower", "upper", "is_below"),
    [
        (OPG, ROOT, True),
        (ALONE, ROOT, True),
        (SIRIUS, OPG, True),
        (PLACED, SIRIUS, True),
        (PLACED, OPG, True),
        (OPG, SIRIUS, False),
        (ALIKE, OPG, False),
        (ALONE, OPG, False),
        (SIRIUS, PLACED, False),
        (ROOT, OPG, False),
        (OPG, OPG, False),
    ],
    ids=lambda value: value.name if isinstance(value, Target) else str(value),
)
def test_names_tell_what_lies_below_what(lower: Target, upper: Target, *, is_below: bool) -> None:
    assert lies_below(lower, upper) == is_below


def test_the_way_to_a_target_begins_at_its_top(intent: Intent) -> None:
    units = {"OPG": "ou-strg-opg00001", "OPG/Sirius": "ou-strg-siri0001"}
    whole = replace(
        intent,
        organization=replace(intent.organization, units=units),
        targets=(PLACED, SIRIUS, ROOT, OPG, ALONE),
    )
    assert [each.name for each in targets_above(whole, PLACED)] == ["the root", "OPG", "OPG/Sirius"]
    assert {topmost(whole, each).name for each in whole.targets} == {"the root"}
    without_root = replace(whole, targets=(PLACED, SIRIUS, OPG, ALONE))
    assert [each.name for each in topmost_targets(without_root)] == ["OPG", ALONE.name]


def test_the_policies_of_a_tier_hang_on_the_topmost_target_above_whoever_offers_it() -> None:
    nested, tower = an_organization(NESTED), an_organization(CONTROL_TOWER)
    for tier in ("production", "on-request", "case-records"):
        assert [each.name for each in places_of_tier(nested, tier)] == ["the root"]
    assert [each.name for each in places_of_tier(tower, "daily")] == ["Workloads", "Sandbox"]
    assert [each.name for each in places_of_tier(tower, "weekly")] == ["Workloads"]
    assert list(tiers_below(nested, nested.targets[0])) == ["production", "on-request", "case-records"]
    assert list(tiers_below(nested, nested.targets[1])) == ["production", "on-request", "case-records"]
