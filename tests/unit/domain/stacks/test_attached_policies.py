"""What hangs where: every policy of ours on one level of any way from the root to an account."""

import json
from copy import replace
from typing import Any

import pytest

from strongroom.domain.backup_policy.attacking.attack import attack
from strongroom.domain.backup_policy.documents import parse_policy
from strongroom.domain.backup_policy.lint import lint
from strongroom.domain.backup_policy.preview import preview
from strongroom.domain.intent.model import Intent
from strongroom.domain.stacks.attached_policies import (
    BACKUP_POLICY,
    AttachedPolicy,
    find_crowded,
    render_attached_policies,
)
from tests.builders.organizations import CONTROL_TOWER, NESTED, an_organization
from tests.builders.places import a_vault_arn

REGIONS = [
    *("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "us-east-1", "us-east-2"),
    *("us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2"),
    *("ap-southeast-1", "ap-southeast-2"),
]
TOWER: dict[str, Any] = {
    "id": "o-ctw1000000",
    "root_id": "r-ctw1",
    "home_region": "eu-central-1",
    "units": {"Workloads": "ou-ctw1-work0001", "Sandbox": "ou-ctw1-sand0001"},
}


def backup_policies(intent: Intent) -> list[AttachedPolicy]:
    return [each for each in render_attached_policies(intent) if each.type == BACKUP_POLICY]


def test_a_governed_root_gets_the_policies_of_all_that_lies_below() -> None:
    found = {each.name: (len(each.content), each.targets) for each in backup_policies(an_organization(NESTED))}
    assert found == {
        "strongroom-production": (3_661, ("r-moj1",)),
        "strongroom-on-request": (2_908, ("r-moj1",)),
        "strongroom-case-records": (2_801, ("r-moj1",)),
    }


def test_what_reaches_a_nested_unit_is_in_force_under_either_reading_and_nothing_sticks_to_it() -> None:
    documents = [each.document for each in backup_policies(an_organization(NESTED))]
    seen = preview([documents, [], []])
    assert (seen.findings, seen.faults) == ((), ())
    assert list(seen.effective["plans"]) == [
        "strongroom-production",
        "strongroom-on-request",
        "strongroom-case-records",
    ]
    report = attack([documents, [], []])
    assert report.tried
    assert report.stuck == ()


def test_a_plan_whose_copy_stays_in_its_region_is_one_for_each() -> None:
    [daily] = [each for each in backup_policies(an_organization(CONTROL_TOWER)) if each.name == "strongroom-daily"]
    assert daily.targets == ("ou-ctw1-work0001", "ou-ctw1-sand0001")
    copies = {
        plan: next(name for name in rules["rules"]["backup-and-copy"]["copy_actions"] if not name.startswith("@@"))
        for plan, rules in daily.document["plans"].items()
        if not plan.startswith("@@")
    }
    assert copies == {
        f"strongroom-daily-{region}": a_vault_arn("strongroom-central", account="444444444444", region=region)
        for region in ("eu-central-1", "eu-west-1")
    }


def test_more_policies_than_aws_attaches_are_an_error_that_counts_them() -> None:
    many = an_organization(CONTROL_TOWER, organization=TOWER | {"governed_regions": REGIONS})
    [finding] = find_crowded(many)
    assert (finding.level, finding.code, finding.path) == ("error", "too-many-policies", "targets")
    assert finding.message == (
        "ou-ctw1-work0001 gets 19 backup policies, AWS attaches 10: hourly 1, daily 6, weekly 6, monthly 6; offer "
        "fewer tiers, or copy into one vault for all Regions (region: home)"
    )


@pytest.mark.parametrize("organization", [NESTED, CONTROL_TOWER], ids=["nested", "two Regions"])
def test_what_aws_attaches_is_not_complained_about(organization: str) -> None:
    assert list(find_crowded(an_organization(organization))) == []


def test_two_policies_of_one_name_are_an_error() -> None:
    many = an_organization(CONTROL_TOWER, organization=TOWER | {"governed_regions": REGIONS[:4]})
    tiers = {**many.tiers, "daily-2": replace(many.tiers["hourly"], tag={"Other": "yes"})}
    sandbox = replace(many.targets[1], tiers=("daily", "daily-2"))
    found = [each.message for each in find_crowded(replace(many, tiers=tiers, targets=(many.targets[0], sandbox)))]
    assert found == ["2 policies would be called strongroom-daily-2: rename a tier"]


def test_a_tag_in_any_language_is_written_in_escapes_and_read_back(intent: Intent) -> None:
    tier = replace(intent.tiers["daily-prod"], tag={"Schutzstufe": "höchste Stufe"})
    target = replace(intent.targets[0], tiers=("daily-prod",))
    [policy] = backup_policies(replace(intent, tiers={"daily-prod": tier}, targets=(target,)))
    assert policy.content.isascii()
    assert "h\\u00f6chste Stufe" in policy.content
    assert json.loads(policy.content) == policy.document
    findings = lint(parse_policy(policy.content))
    assert [finding for finding in findings if finding.level == "error"] == []
