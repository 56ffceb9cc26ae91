"""Where the name of a tier is found."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tier_names import choosing_keys, plan_name, tier_of_plan, tier_of_tags, tier_so_called


def test_every_tier_is_found_again_by_the_name_of_its_plan(intent: Intent) -> None:
    assert [tier_of_plan(plan_name(tier), intent=intent) for tier in intent.tiers] == list(intent.tiers)


@pytest.mark.parametrize("name", [None, "", "daily-prod", "strongroom-yearly", "nightly", "Strongroom-daily-prod"])
def test_the_plan_of_nobody_or_of_somebody_else_tells_no_tier(name: str | None, intent: Intent) -> None:
    assert tier_of_plan(name, intent=intent) is None


@pytest.mark.parametrize(
    ("tags", "tier"),
    [
        pytest.param({"Backup": "monthly-prod"}, "monthly-prod", id="a tier"),
        pytest.param({"Backup": "yearly"}, None, id="no tier of ours"),
        pytest.param({"backup": "daily-prod"}, None, id="another key"),
        pytest.param({}, None, id="no tag"),
    ],
)
def test_the_backup_tag_tells_the_tier_only_where_it_names_one(
    tags: dict[str, str], tier: str | None, intent: Intent
) -> None:
    assert tier_of_tags(tags, intent=intent) == tier


def test_a_tier_that_the_intent_gave_up_is_none(intent: Intent) -> None:
    assert (tier_so_called("daily-prod", intent=intent), tier_so_called("yearly", intent=intent)) == (
        "daily-prod",
        None,
    )


def test_tiers_on_offer_are_chosen_by_their_keys_and_what_takes_everything_by_none(intent: Intent) -> None:
    changes: dict[str, dict[str, Any]] = {
        "daily-prod": {"tag": {"Stage": "live", "Owner": ("a", "b")}},
        "monthly-prod": {"everything": True},
    }
    tiers = {name: replace(tier, **changes.get(name, {})) for name, tier in intent.tiers.items()}
    assert choosing_keys(replace(intent, tiers=tiers)) == {"Stage", "Owner", "Backup"}
    (target, *_) = intent.targets
    fewer = replace(intent, tiers=tiers, targets=(replace(target, tiers=("monthly-prod",)),))
    assert choosing_keys(fewer) == frozenset()
