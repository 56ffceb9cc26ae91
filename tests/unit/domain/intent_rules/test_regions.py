"""Regions that do not exist, lie in another partition, or are off until somebody enables them."""

from copy import replace
from datetime import date
from typing import Any

import pytest

from strongroom.domain.findings import Finding
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Exemption, Guardrails, Intent, Keys
from strongroom.domain.intent_rules.regions import find_unusable_regions
from strongroom_cli.intent.regions import known_partitions
from tests.builders.intents import with_settings


def found(intent: Intent, **place: object) -> list[Finding]:
    organization = replace(intent.organization, **place)  # type: ignore[arg-type]
    return list(find_unusable_regions(replace(intent, organization=organization), known_partitions()))


def without_arns(intent: Intent) -> Intent:
    return replace(intent, guardrails=Guardrails(), keys=Keys(), exceptions=())


def lying_in(intent: Intent, home: str, replica: str) -> list[Finding]:
    """What is found where the organisation and its replica lie in these Regions."""
    moved = with_settings(without_arns(intent), "replica", region=replica)
    return found(moved, home_region=home, governed_regions=(home,))


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
            {"governed_regions": (Region("eu-west-1"), Region("eusc-de-east-1"))},
            "organization.governed_regions[1]",
            "partition-differs",
            "eusc-de-east-1 is in aws-eusc, the organisation in aws",
        ),
    ],
    ids=["misspelled home", "misspelled governed", "plans in the sovereign cloud"],
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
        ("us-gov-west-1", "partition-differs", "is in aws-us-gov, the organisation in aws: no backup is copied"),
        ("eu-south-2", "region-opt-in", "off in every account"),
    ],
)
def test_the_region_of_a_vault_is_judged_at_its_place(intent: Intent, region: str, code: str, said: str) -> None:
    [finding] = find_unusable_regions(with_settings(intent, "replica", region=region), known_partitions())
    assert (finding.path, finding.code) == ("vaults.replica.region", code)
    assert said in finding.message


@pytest.mark.parametrize(
    ("home", "replica"),
    [("us-gov-west-1", "us-gov-east-1"), ("us-gov-east-1", "us-gov-west-1"), ("us-iso-east-1", "us-iso-west-1")],
)
def test_nothing_is_wrong_with_another_partition_where_all_of_the_intent_lies_in_it(
    intent: Intent, home: str, replica: str
) -> None:
    assert lying_in(intent, home, replica) == []


def test_one_region_of_the_sovereign_cloud_is_no_fault(intent: Intent) -> None:
    assert lying_in(intent, "eusc-de-east-1", "eusc-de-east-1") == []


def test_a_copy_to_another_account_in_china_is_one_error_that_names_the_vaults(intent: Intent) -> None:
    [finding] = lying_in(intent, "cn-north-1", "cn-northwest-1")
    assert (finding.level, finding.code, finding.path) == ("error", "partition-unsupported", "vaults.central")
    assert finding.message.startswith("no backup is copied to another account in China (")
    assert "central-backup-vault and replica-backup-vault" in finding.message


FOREIGN = "arn:aws:iam::999999999999:role/admin"


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ({"guardrails": Guardrails(exempt_role_arns=(FOREIGN,))}, "guardrails.exempt_role_arns[0]"),
        ({"guardrails": Guardrails(deployer_role_arns=(FOREIGN,))}, "guardrails.deployer_role_arns[0]"),
        ({"guardrails": Guardrails(policy_editor_role_arns=(FOREIGN,))}, "guardrails.policy_editor_role_arns[0]"),
        ({"guardrails": Guardrails(landing_zone_role_arns=(FOREIGN,))}, "guardrails.landing_zone_role_arns[0]"),
        ({"keys": Keys(administrator_role_arns=(FOREIGN,))}, "keys.administrator_role_arns[0]"),
        (
            {"exceptions": (Exemption(resource=FOREIGN, until=date(2027, 1, 31), reason="", granted_by=""),)},
            "exceptions[0].resource",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_an_arn_of_another_partition_is_named_with_the_right_one(
    intent: Intent, part: dict[str, Any], path: str
) -> None:
    moved = replace(with_settings(without_arns(intent), "replica", region="us-gov-east-1"), **part)
    [finding] = found(moved, home_region="us-gov-west-1", governed_regions=())
    assert (finding.level, finding.code, finding.path) == ("error", "partition-differs", path)
    assert finding.message.endswith("write arn:aws-us-gov:iam::999999999999:role/admin")


def test_a_region_that_is_off_stops_nothing(intent: Intent) -> None:
    assert [each.level for each in found(intent, home_region=Region("af-south-1"))] == ["warning"]
