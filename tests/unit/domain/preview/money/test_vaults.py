"""What plans keep of one resource, vault by vault."""

import pytest

from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.preview.money.vaults import VaultPlace, holdings, points_kept
from tests.builders.places import HOME, REPLICA_REGION, a_vault_arn
from tests.builders.preview import CENTRAL, Document, a_plan_document, a_plan_list, a_rule, a_tag_selection

SECOND = a_vault_arn("second", account="$account", region=REPLICA_REGION)
COPIED = a_rule(local=14, copies={CENTRAL: 35, SECOND: (120, 30)})


def held(rule: Document, type_name: str) -> dict[VaultPlace, tuple[int, int]]:
    """How many snapshots' rules and how many continuous points each vault has of a resource of the type."""
    row = next(row for row in ROWS if row.name == type_name)
    plans = a_plan_list(plan=a_plan_document(a_tag_selection("Backup", "daily"), {"nightly": rule}))
    return {
        place: (len(holding.keepings), len(holding.continuous)) for place, holding in holdings(plans, row, HOME).items()
    }


@pytest.mark.parametrize(
    ("type_name", "expected"),
    [("EBS", {"local", CENTRAL, SECOND}), ("CloudFormation", {"local", SECOND}), ("Redshift", {"local"})],
)
def test_a_vault_holds_what_aws_copies_there(type_name: str, expected: set[str]) -> None:
    assert {place.vault for place in held(COPIED, type_name)} == expected


def test_a_copy_lies_in_the_region_of_its_vault() -> None:
    assert {place.vault: place.region for place in held(COPIED, "EBS")} == {
        "local": HOME,
        CENTRAL: HOME,
        SECOND: REPLICA_REGION,
    }


def test_a_continuous_backup_is_no_snapshot_but_its_copy_is() -> None:
    rule = a_rule(local=35, copies={CENTRAL: 90}, enable_continuous_backup="true")
    kept = {place.vault: counts for place, counts in held(rule, "RDS").items()}
    assert kept == {"local": (0, 1), CENTRAL: (1, 0)}
    assert {place.vault: counts for place, counts in held(rule, "EBS").items()} == {"local": (1, 0), CENTRAL: (1, 0)}


def test_a_copy_to_no_vault_is_left_out() -> None:
    assert {place.vault for place in held(a_rule(copies={"no ARN": 35}), "EBS")} == {"local"}


def test_points_are_told_for_each_rule_and_vault() -> None:
    plans = a_plan_list(plan=a_plan_document(a_tag_selection("Backup", "daily"), {"nightly": COPIED}))
    assert [(each.vault, each.days, each.at_most) for each in points_kept(plans)] == [
        ("local", 14, 14),
        (CENTRAL, 35, 35),
        (SECOND, 120, 120),
    ]
    endless = a_plan_list(plan=a_plan_document(a_tag_selection("Backup", "daily"), {"nightly": a_rule(local=None)}))
    assert [(each.days, each.at_most) for each in points_kept(endless)] == [(None, None)]
