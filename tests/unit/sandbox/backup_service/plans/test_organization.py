"""What an effective policy's selections pick."""

import pytest

from sandbox.backup_service.plans.organization import organization_plans
from sandbox.backup_service.surroundings import Document

DATABASE = "arn:aws:rds:eu-west-1:333333333333:db:orders"


def picks(selections: Document, tags: dict[str, str], arn: str = DATABASE) -> bool:
    plan = {"regions": ["eu-west-1"], "rules": {}, "selections": selections}
    [made] = organization_plans("333333333333", {"plans": {"p": plan}})
    return any(selection.picks(arn, tags) for selection in made.selections)


def by_type(operator: str, value: str) -> Document:
    condition = {"c": {"condition_key": "aws:ResourceTag/Backup", "condition_value": value}}
    selection = {
        "iam_role_arn": "arn:aws:iam::$account:role/r",
        "resource_types": ["arn:aws:rds:*:*:db:*"],
        "conditions": {operator: condition},
    }
    return {"resources": {"s": selection}}


@pytest.mark.parametrize(
    ("operator", "value", "tags", "picked"),
    [
        ("string_equals", "daily", {"Backup": "daily"}, True),
        ("string_equals", "daily", {"Backup": "Daily"}, False),
        ("string_equals", "daily", {}, False),
        ("string_equals", "d*", {"Backup": "daily"}, False),
        ("string_not_equals", "daily", {"Backup": "daily"}, False),
        ("string_not_equals", "daily", {}, True),
        ("string_like", "d*", {"Backup": "daily"}, True),
        ("string_like", "d*", {"Backup": "monthly"}, False),
        ("string_not_like", "d*", {"Backup": "daily"}, False),
        ("string_not_like", "d*", {"Backup": "monthly"}, True),
    ],
)
def test_a_condition_narrows_the_types(operator: str, value: str, tags: dict[str, str], picked: bool) -> None:  # noqa: FBT001
    assert picks(by_type(operator, value), tags) is picked


def test_a_condition_does_not_widen_the_types() -> None:
    assert not picks(by_type("string_equals", "daily"), {"Backup": "daily"}, "arn:aws:s3:::bucket")
