"""Governed accounts, as IAM is told of them."""

from dataclasses import replace

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.governed import governed_paths, paths_of_readers
from strongroom.domain.intent.model import Intent, Target

ALONE = Target(account=AccountId("333333333333"), tiers=("daily-prod",), default_tier="daily-prod")


def test_a_unit_is_told_by_its_place_at_any_depth(intent: Intent) -> None:
    assert governed_paths(intent) == paths_of_readers(intent) == ("o-strongroom1/*/ou-strg-prod0001/*",)


def test_an_account_that_is_named_by_itself_has_no_place_so_that_its_whole_organisation_reads(intent: Intent) -> None:
    both = replace(intent, targets=(*intent.targets, ALONE))
    assert governed_paths(both) == governed_paths(intent)
    assert paths_of_readers(both) == ("o-strongroom1/*",)
