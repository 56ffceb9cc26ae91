"""Regions that do not exist, lie in another partition, or are off until somebody enables them."""

from dataclasses import replace

import pytest

from strongroom.domain.findings import Finding
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent_rules.regions import find_unusable_regions
from strongroom_cli.intent.regions import known_partitions
from tests.builders.intents import with_settings


def found(intent: Intent, **place: object) -> list[Finding]:
    organization = replace(intent.organization, **place)  # type: ignore[arg-type]
    return list(find_unusable_regions(replace(intent, organization=organization), known_partitions()))


def test_the_example_lies_where_everything_is_on(intent: Intent) -> None:
    assert found(intent) == []


@pytest.mark.parametrize(
    ("place", "path", "code", "said"),
    [
        ({"home_region": Region("eu-wset-1")}, "organization.home_region", "region-unknown", "did you mean eu-west-1?"),
        (
            {"governed_regions": (Region("eu-west-1"), Region("eu-centrl-1"))},
            "organization.governed_regions[1]",
            "region-unknown",
            "did you mean eu-central-1?",
        ),
        (
            {"home_region": Region("cn-north-1")},
            "organization.home_region",
            "partition-unsupported",
            "the partition aws-cn",
        ),
    ],
    ids=["misspelled home", "misspelled governed", "China"],
)
def test_a_region_that_cannot_be_used_as_it_is_is_named(
    intent: Intent, place: dict[str, object], path: str, code: str, said: str
) -> None:
    [finding] = found(intent, **place)
    assert (finding.path, finding.code) == (path, code)
    assert said in finding.message


@pytest.mark.parametrize(
    ("region", "code", "said"),
    [
        ("us-gov-west-1", "partition-unsupported", "the partition aws-us-gov"),
        ("eu-south-2", "region-opt-in", "off in every account"),
    ],
)
def test_the_region_of_a_vault_is_judged_at_its_place(intent: Intent, region: str, code: str, said: str) -> None:
    [finding] = find_unusable_regions(with_settings(intent, "replica", region=region), known_partitions())
    assert (finding.path, finding.code) == ("vaults.replica.region", code)
    assert said in finding.message


def test_a_region_that_is_off_stops_nothing(intent: Intent) -> None:
    assert [each.level for each in found(intent, home_region=Region("af-south-1"))] == ["warning"]
