"""The merge of backup policies, case by case, and what AWS finds wrong in the result."""

from typing import Any

import pytest

from sandbox.organization.effective_policy import merge, validate
from tests.builders.places import CENTRAL_VAULT

type Document = dict[str, Any]

CONTROL = "@@operators_allowed_for_child_policies"


def regions(leaf: Document, plan: str = "daily") -> Document:
    return {"plans": {plan: {"regions": leaf}}}


def retention(leaf: Document, rule: str = "nightly") -> Document:
    return {"plans": {"daily": {"rules": {rule: {"lifecycle": {"delete_after_days": leaf}}}}}}


def merged_regions(*levels: list[Document]) -> Any:
    return merge(levels).get("plans", {}).get("daily", {}).get("regions")


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        pytest.param([[regions({"@@assign": ["a"]})], [regions({"@@assign": ["b"]})]], ["b"], id="child assigns"),
        pytest.param([[regions({"@@assign": ["a"]})], [regions({"@@append": ["b"]})]], ["a", "b"], id="child appends"),
        pytest.param([[regions({"@@assign": ["a"]})], [regions({"@@append": ["a"]})]], ["a"], id="no duplicates"),
        pytest.param([[regions({"@@assign": ["a", "b"]})], [regions({"@@remove": ["a"]})]], ["b"], id="child removes"),
        pytest.param([[regions({"@@assign": ["a"]})], [regions({"@@remove": ["z"]})]], ["a"], id="removes a stranger"),
        pytest.param([[regions({"@@assign": ["a"]})], [regions({"@@remove": ["a"]})]], [], id="the last leaves a list"),
        pytest.param([[regions({"@@remove": ["a"]})]], None, id="remove on an unset leaf"),
        pytest.param([[regions({"@@append": ["a"]})]], ["a"], id="append creates the list"),
        pytest.param(
            [[regions({"@@assign": ["a"]}), regions({"@@assign": ["b"]})]], ["a"], id="first assign of a level wins"
        ),
        pytest.param(
            [[regions({"@@append": ["b"]}), regions({"@@assign": ["a"]})]], ["a", "b"], id="append after assign"
        ),
        pytest.param(
            [[regions({"@@assign": ["a"]})], [regions({"@@remove": ["b"]}), regions({"@@append": ["b"]})]],
            ["a"],
            id="remove after append",
        ),
        pytest.param(
            [[regions({"@@assign": ["a"], "@@append": ["b"], "@@remove": ["a"]})]], ["b"], id="all in one leaf"
        ),
        pytest.param([[regions({"@@assign": [1, True, None]})]], ["1", "true", "null"], id="values become strings"),
        pytest.param([[regions({"@@assign": ["1"]})], [regions({"@@append": [1]})]], ["1"], id="compared as strings"),
        pytest.param(
            [[regions({"@@assign": ["a"]})], [], [regions({"@@append": ["b"]})]],
            ["a", "b"],
            id="an empty level between",
        ),
    ],
)
def test_operators_apply_assign_then_append_then_remove(levels: list[list[Document]], expected: Any) -> None:
    assert merged_regions(*levels) == expected


@pytest.mark.parametrize(
    ("control", "child", "expected"),
    [
        pytest.param(["@@none"], {"@@assign": ["b"]}, ["a"], id="none stops assign"),
        pytest.param(["@@none"], {"@@append": ["b"]}, ["a"], id="none stops append"),
        pytest.param(["@@none"], {"@@remove": ["a"]}, ["a"], id="none stops remove"),
        pytest.param(["@@append"], {"@@assign": ["b"], "@@append": ["c"]}, ["a", "c"], id="append only"),
        pytest.param(["@@all"], {"@@assign": ["b"]}, ["b"], id="all allows"),
        pytest.param(["@@all", "@@assign"], {"@@remove": ["a"]}, [], id="all with assign is all"),
    ],
)
def test_a_control_on_the_leaf_binds_the_levels_below(control: list[str], child: Document, expected: Any) -> None:
    assert merged_regions([regions({"@@assign": ["a"], CONTROL: control})], [regions(child)]) == expected


def test_a_control_does_not_bind_its_own_level() -> None:
    locked = regions({"@@assign": ["a"], CONTROL: ["@@none"]})
    assert merged_regions([locked, regions({"@@append": ["b"]})]) == ["a", "b"]


def test_a_child_cannot_widen_an_inherited_restriction() -> None:
    root = regions({"@@assign": ["a"], CONTROL: ["@@append"]})
    unit = regions({CONTROL: ["@@all"]})
    assert merged_regions([root], [unit], [regions({"@@assign": ["b"]})]) == ["a"]


def test_controls_of_one_level_intersect() -> None:
    first = regions({"@@assign": ["a"], CONTROL: ["@@append", "@@remove"]})
    second = regions({CONTROL: ["@@append", "@@assign"]})
    assert merged_regions([first, second], [regions({"@@append": ["b"], "@@remove": ["a"]})]) == ["a", "b"]


def test_a_control_on_a_container_restricts_nothing_below_it() -> None:
    root = {"plans": {CONTROL: ["@@none"], "daily": {CONTROL: ["@@none"], "regions": {"@@assign": ["a"]}}}}
    assert merged_regions([root], [regions({"@@assign": ["b"]})]) == ["b"]


def test_the_rest_of_a_document_counts_when_one_operator_is_ignored() -> None:
    root = regions({"@@assign": ["a"], CONTROL: ["@@none"]})
    rule = {"lifecycle": {}, "target_backup_vault_name": {"@@assign": "v"}}
    child = {"plans": {"daily": {"regions": {"@@assign": ["b"]}, "rules": {"r": rule}}}}
    assert merge([[root], [child]]) == {
        "plans": {"daily": {"regions": ["a"], "rules": {"r": {"target_backup_vault_name": "v"}}}}
    }


def test_names_match_without_case_and_print_as_first_written() -> None:
    merged = merge([[regions({"@@assign": ["a"]}, plan="Daily")], [regions({"@@append": ["b"]}, plan="DAILY")]])
    assert merged == {"plans": {"Daily": {"regions": ["a", "b"]}}}


def test_copy_actions_stay_keyed_by_their_arn_with_its_case() -> None:
    def copy(arn: str) -> Document:
        rule = {"copy_actions": {arn: {"target_backup_vault_arn": {"@@assign": arn}}}}
        return {"plans": {"daily": {"rules": {"nightly": rule}}}}

    other = CENTRAL_VAULT.replace("central", "Central")
    actions = merge([[copy(CENTRAL_VAULT)], [copy(other)]])["plans"]["daily"]["rules"]["nightly"]["copy_actions"]
    assert actions == {arn: {"target_backup_vault_arn": arn} for arn in (CENTRAL_VAULT, other)}


def test_numbers_of_a_scalar_leaf_become_strings_and_account_stays_literal() -> None:
    role = "arn:aws:iam::$account:role/backup"
    selection = {"plans": {"daily": {"selections": {"tags": {"s": {"iam_role_arn": {"@@assign": role}}}}}}}
    merged = merge([[retention({"@@assign": 35}), selection]])["plans"]["daily"]
    assert merged["rules"]["nightly"]["lifecycle"]["delete_after_days"] == "35"
    assert merged["selections"]["tags"]["s"]["iam_role_arn"] == role


@pytest.mark.parametrize(
    "levels",
    [
        pytest.param([], id="no level"),
        pytest.param([[], []], id="nothing attached"),
        pytest.param([[{"plans": {}}]], id="no plan"),
        pytest.param([[{"plans": {"daily": {"rules": {}}}}]], id="empty plan"),
    ],
)
def test_nothing_set_merges_to_an_empty_policy(levels: list[list[Document]]) -> None:
    assert merge(levels) == {}


def complete(**rule: Any) -> Document:
    rules = {"nightly": {"target_backup_vault_name": "v", **rule}}
    return {"plans": {"daily": {"regions": ["eu-west-1"], "rules": rules, "selections": {"tags": {}}}}}


def test_a_complete_policy_is_valid_without_a_schedule() -> None:
    assert validate(complete()) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        pytest.param(
            {"enable_continuous_backup": "true", "lifecycle": {"delete_after_days": "36"}},
            "CROSS_ATTRIBUTE_VALIDATION",
            id="continuous beyond 35 days",
        ),
        pytest.param(
            {"enable_continuous_backup": "true", "lifecycle": {"move_to_cold_storage_after_days": "1"}},
            "CROSS_ATTRIBUTE_VALIDATION",
            id="continuous with cold storage",
        ),
        pytest.param(
            {
                "lifecycle": {
                    "opt_in_to_archive_for_supported_resources": "true",
                    "move_to_cold_storage_after_days": "30",
                    "delete_after_days": "60",
                }
            },
            "CROSS_ATTRIBUTE_VALIDATION",
            id="archive for less than 90 days",
        ),
    ],
)
def test_fields_that_contradict_each_other_are_named(rule: Document, code: str) -> None:
    (error,) = validate(complete(**rule))
    assert (error.code, error.path) == (code, "/plans/daily/rules/nightly")


@pytest.mark.parametrize("key", ["regions", "rules", "selections"])
def test_a_plan_without_a_required_key_is_invalid(key: str) -> None:
    policy = complete()
    del policy["plans"]["daily"][key]
    assert [error.code for error in validate(policy)] == ["KEY_REQUIRED"]


def test_a_rule_without_a_vault_is_invalid() -> None:
    policy = complete()
    del policy["plans"]["daily"]["rules"]["nightly"]["target_backup_vault_name"]
    assert [error.code for error in validate(policy)] == ["KEY_REQUIRED"]


def test_too_few_regions_and_too_many_rules_are_invalid() -> None:
    policy = complete()
    plan = policy["plans"]["daily"]
    plan["regions"] = []
    plan["rules"] = {f"r{number}": {"target_backup_vault_name": "v"} for number in range(11)}
    assert [error.code for error in validate(policy)] == ["ELEMENTS_TOO_FEW", "ELEMENTS_TOO_MANY"]
