"""The merge of backup policies, case by case."""

from typing import Any

import pytest

from strongroom.domain.backup_policy.merge import Merged, Reading, merge_levels
from tests.builders.places import a_vault_arn
from tests.unit.domain.backup_policy.strategies import Document, container_at, document_of

CONTROL = "@@operators_allowed_for_child_policies"
NONE = {CONTROL: ["@@none"]}
REGIONS = ("plans", "daily", "regions")
DELETE = ("plans", "daily", "rules", "nightly", "lifecycle", "delete_after_days")
VAULT = a_vault_arn("Central")


def regions(**operators: Any) -> Document:
    """A policy of one list: `regions(assign=["a"])`; `control` is the child control."""
    return document_of([(REGIONS, _node(operators))])


def retention(**operators: Any) -> Document:
    """The same of one value."""
    return document_of([(DELETE, _node(operators))])


def _node(operators: dict[str, Any]) -> Document:
    return {CONTROL if name == "control" else f"@@{name}": value for name, value in operators.items()}


def at(merged: Merged, path: tuple[str, ...]) -> Any:
    """What the effective policy holds at a path, None where nothing."""
    node: Any = merged.effective
    for step in path:
        node = node.get(step) if isinstance(node, dict) else None
    return node


@pytest.mark.parametrize("reading", Reading, ids=lambda reading: reading.name)
@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        pytest.param([], None, id="no level"),
        pytest.param([[]], None, id="a level without policies"),
        pytest.param([[{}], [{"plans": {}}], [{"plans": {"daily": {}}}]], None, id="empty containers"),
        pytest.param([[regions(assign=["a"])], [regions(assign=["b"])]], ["b"], id="a child assigns"),
        pytest.param([[regions(assign=["a"])], [], [], [regions(append=["b"])]], ["a", "b"], id="empty levels between"),
        pytest.param([[regions(assign=["a"])], [{"plans": {"daily": {}}}]], ["a"], id="an empty child plan"),
        pytest.param([[regions(assign=["a"])], [{"plans": {"daily": {"rules": {}}}}]], ["a"], id="empty child rules"),
        pytest.param([[regions(assign=["a"])], [regions(append=["b", "a"])]], ["a", "b"], id="append adds the unseen"),
        pytest.param([[regions(append=["b", "b"])]], ["b"], id="append to what is unset makes a list"),
        pytest.param([[regions(append="b")]], ["b"], id="append of one value makes a list"),
        pytest.param([[regions(append=[])]], [], id="append of nothing makes an empty list"),
        pytest.param([[regions(assign="a")], [regions(append=["b"])]], "a", id="append to a single value is ignored"),
        pytest.param([[regions(assign="a")], [regions(remove=["a"])]], "a", id="remove from a single value is ignored"),
        pytest.param([[regions(assign=["a", "b"])], [regions(remove=["a"])]], ["b"], id="a child removes"),
        pytest.param([[regions(assign=["a", "b"])], [regions(remove="a")]], ["b"], id="remove of one value"),
        pytest.param([[regions(assign=["a"])], [regions(remove=["z"])]], ["a"], id="remove of what is not there"),
        pytest.param([[regions(assign=["a"])], [regions(remove=["a"])]], [], id="remove of the last leaves a list"),
        pytest.param([[regions(remove=["a"])]], None, id="remove from what is unset leaves it unset"),
        pytest.param(
            [[regions(remove=["a"])], [regions(append=["a"])]], ["a"], id="remove does not bind the levels below"
        ),
        pytest.param([[regions(assign=["a", "a"])]], ["a", "a"], id="assign keeps what it was given"),
        pytest.param([[regions(assign=["a"])], [regions(assign=[])]], [], id="assign of nothing"),
    ],
)
def test_a_level_changes_what_the_levels_above_have_set(
    levels: list[list[Document]], expected: Any, reading: Reading
) -> None:
    assert at(merge_levels(levels, reading=reading), REGIONS) == expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        pytest.param([regions(assign=["a"]), regions(assign=["b"])], ["a"], id="the first assign wins"),
        pytest.param([regions(append=["b"]), regions(assign=["a"])], ["a", "b"], id="append after assign"),
        pytest.param([regions(append=["b"]), regions(append=["a"])], ["z", "b", "a"], id="appends as attached"),
        pytest.param([regions(remove=["b"]), regions(append=["b"])], ["z"], id="remove after append"),
        pytest.param([regions(remove=["z"]), regions(assign=["z", "a"])], ["a"], id="remove after assign"),
        pytest.param([regions(remove=["a", "z"], append=["b"], assign=["a"])], ["b"], id="all operators in one"),
        pytest.param([regions(remove=["z"], append=["b"])], ["b"], id="append and remove in one"),
        pytest.param(
            [regions(assign=["a"]), regions(assign=["b"], append=["c"])], ["a", "c"], id="the loser's append counts"
        ),
    ],
)
def test_within_a_level_assigns_come_first_then_appends_then_removes(level: list[Document], expected: Any) -> None:
    assert at(merge_levels([[regions(assign=["z"])], level]), REGIONS) == expected


@pytest.mark.parametrize(
    ("control", "child", "expected"),
    [
        pytest.param(["@@none"], regions(assign=["b"], append=["c"], remove=["a"]), ["a"], id="none"),
        pytest.param(["@@append"], regions(assign=["b"], append=["c"], remove=["a"]), ["a", "c"], id="append alone"),
        pytest.param(["@@remove"], regions(assign=["b"], append=["c"], remove=["a"]), [], id="remove alone"),
        pytest.param(["@@assign"], regions(assign=["b"], append=["c"], remove=["a"]), ["b"], id="assign alone"),
        pytest.param(["@@append", "@@remove"], regions(append=["c"], remove=["a"]), ["c"], id="append and remove"),
        pytest.param(["@@all"], regions(assign=["b"]), ["b"], id="all"),
        pytest.param(["@@all", "@@assign"], regions(remove=["a"]), [], id="all beside another is all"),
    ],
)
def test_a_control_on_a_setting_binds_the_levels_below(control: list[str], child: Document, expected: Any) -> None:
    locked = regions(assign=["a"], control=control)
    assert at(merge_levels([[locked], [child]]), REGIONS) == expected
    assert at(merge_levels([[locked], [], [], [child]]), REGIONS) == expected


def test_a_control_does_not_bind_its_own_level() -> None:
    locked = regions(assign=["a"], control=["@@none"])
    assert at(merge_levels([[locked, regions(append=["b"], remove=["a"])]]), REGIONS) == ["b"]


def test_the_controls_of_one_level_intersect() -> None:
    level = [regions(assign=["a"], control=["@@append", "@@remove"]), regions(control=["@@append", "@@assign"])]
    merged = merge_levels([level])
    assert merged.allowed[REGIONS] == {"@@append"}
    assert at(merged.below([regions(assign=["z"], append=["b"], remove=["a"])]), REGIONS) == ["a", "b"]


def test_a_child_cannot_widen_what_it_inherits() -> None:
    merged = merge_levels([[regions(assign=["a"], control=["@@append"])], [regions(control=["@@all"])]])
    assert merged.allowed[REGIONS] == {"@@append"}
    assert at(merged.below([regions(assign=["b"])]), REGIONS) == ["a"]


def test_a_lone_control_sets_nothing_and_still_binds() -> None:
    merged = merge_levels([[regions(control=["@@none"])]])
    assert merged.effective == {}
    assert merged.below([regions(assign=["a"])]).effective == {}


def test_a_control_given_as_a_text_counts_as_a_list_of_one() -> None:
    merged = merge_levels([[regions(assign=["a"], control="@@append")], [regions(assign=["b"], append=["c"])]])
    assert at(merged, REGIONS) == ["a", "c"]


def test_what_a_lock_forbids_is_left_out_and_the_rest_of_the_document_counts() -> None:
    child = document_of([(REGIONS, {"@@assign": ["b"]}), (DELETE, {"@@assign": 7})])
    merged = merge_levels([[regions(assign=["a"], control=["@@none"])], [child]])
    assert (at(merged, REGIONS), at(merged, DELETE)) == (["a"], "7")
    (ignored,) = merged.ignored
    assert (ignored.level, ignored.document, ignored.path, ignored.operator, ignored.governor) == (
        1,
        0,
        REGIONS,
        "@@assign",
        REGIONS,
    )


def test_two_policies_of_a_level_that_assign_different_values_are_told() -> None:
    root = [retention(assign=1), retention(assign="1"), retention(assign=2), regions(assign=["a"])]
    (contested,) = merge_levels([[], root]).contested
    assert (contested.level, contested.document, contested.path) == (1, 2, DELETE)


def test_an_assign_that_is_forbidden_contests_nothing() -> None:
    merged = merge_levels([[retention(assign=1, control=["@@none"])], [retention(assign=2), retention(assign=3)]])
    assert (merged.contested, len(merged.ignored)) == ((), 2)


@pytest.mark.parametrize(
    ("locked_at", "added_at", "is_blocked"),
    [
        pytest.param((), ("plans", "other", "regions"), False, id="the root, a plan"),
        pytest.param(("plans",), ("plans", "other", "regions"), True, id="plans, a plan"),
        pytest.param(("plans",), ("plans", "daily", "scan_settings", "GUARDDUTY", "resource_types"), False, id="above"),
        pytest.param(("plans", "daily"), ("plans", "daily", "scan_settings", "GUARDDUTY", "x"), True, id="plan, block"),
        pytest.param(("plans", "daily"), ("plans", "daily", "rules", "weekly", "x"), False, id="plan, not its rules"),
        pytest.param(("plans", "daily", "rules"), ("plans", "daily", "rules", "weekly", "x"), True, id="rules, a rule"),
        pytest.param(DELETE[:4], (*DELETE[:4], "copy_actions", VAULT, "target_backup_vault_arn"), True, id="a copy"),
        pytest.param(DELETE[:4], (*DELETE[:4], "schedule_expression"), True, id="a rule, a setting"),
        pytest.param(DELETE[:4], (*DELETE[:5], "move_to_cold_storage_after_days"), False, id="a rule, its lifecycle"),
        pytest.param(("plans", "other"), ("plans", "other", "regions"), True, id="a plan that is not there"),
        pytest.param(("plans", "other", "rules"), ("plans", "other", "regions"), False, id="beside what is locked"),
    ],
)
def test_a_container_without_assign_and_append_takes_no_new_keys(
    locked_at: tuple[str, ...], added_at: tuple[str, ...], *, is_blocked: bool
) -> None:
    base = document_of([(REGIONS, {"@@assign": ["a"]}), (DELETE, {"@@assign": 35})])
    lock: Document = dict(NONE) if not locked_at else document_of([(locked_at, dict(NONE))])
    child = document_of([(added_at, {"@@assign": "x"})])
    strict = merge_levels([[base, lock], [child]])
    assert at(strict, added_at) == (None if is_blocked else "x")
    assert [ignored.governor for ignored in strict.ignored] == ([locked_at] if is_blocked else [])
    assert at(merge_levels([[base, lock], [child]], reading=Reading.LEAF_ONLY), added_at) == "x"


def test_an_empty_policy_whose_root_is_locked_takes_no_plans() -> None:
    merged = merge_levels([[dict(NONE)], [regions(assign=["a"])]])
    assert merged.effective == {}
    assert [ignored.governor for ignored in merged.ignored] == [()]


@pytest.mark.parametrize(
    ("control", "is_blocked"),
    [
        pytest.param(["@@none"], True, id="none"),
        pytest.param(["@@remove"], True, id="remove alone"),
        pytest.param(["@@append"], False, id="append"),
        pytest.param(["@@assign", "@@remove"], False, id="assign"),
    ],
)
def test_a_container_that_allows_append_or_assign_takes_new_keys(control: list[str], *, is_blocked: bool) -> None:
    root = regions(assign=["a"])
    root["plans"][CONTROL] = control
    merged = merge_levels([[root], [document_of([(("plans", "other", "regions"), {"@@append": ["b"]})])]])
    assert ("other" in merged.effective["plans"]) is not is_blocked


def test_a_container_that_is_new_cannot_free_itself_from_the_one_that_it_is_added_to() -> None:
    root = regions(assign=["a"])
    root["plans"]["daily"] |= NONE | {"rules": {CONTROL: ["@@all"]}}
    assert at(merge_levels([[root], [retention(assign=1)]]), DELETE) is None


def test_a_locked_container_leaves_its_settings_free() -> None:
    root = regions(assign=["a"])
    root["plans"] |= NONE
    root["plans"]["daily"] |= NONE
    assert at(merge_levels([[root], [regions(assign=["b"])]]), REGIONS) == ["b"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(12, "12", id="whole number"),
        pytest.param(35.0, "35.0", id="number with a point"),
        pytest.param(True, "true", id="true"),
        pytest.param(False, "false", id="false"),
        pytest.param(None, "null", id="null"),
        pytest.param("TRUE", "TRUE", id="text"),
        pytest.param([1, "1", True, None], ["1", "1", "true", "null"], id="list"),
    ],
)
def test_values_become_strings(raw: Any, expected: Any) -> None:
    assert at(merge_levels([[retention(assign=raw)]]), DELETE) == expected


@pytest.mark.parametrize("raw", [{}, {"a": 1}, [[1]], [{"a": 1}]], ids=str)
def test_what_no_setting_can_hold_is_left_out(raw: Any) -> None:
    assert at(merge_levels([[retention(assign=1)], [retention(assign=raw)]]), DELETE) == "1"


def test_values_are_compared_as_strings() -> None:
    merged = merge_levels([[regions(assign=["1", "true"])], [regions(append=[1, True, 2], remove=[True])]])
    assert at(merged, REGIONS) == ["1", "2"]


def test_names_match_in_any_letter_case_and_keep_their_first_spelling() -> None:
    upper = {"Plans": {"DAILY": {"Regions": {"@@append": ["b"]}}}}
    merged = merge_levels([[regions(assign=["a"])], [upper], [{"plans": {"Daily": {"regions": {"@@append": ["c"]}}}}]])
    assert merged.effective == {"plans": {"daily": {"regions": ["a", "b", "c"]}}}
    assert merge_levels([[upper], [regions(append=["a"])]]).effective == {"Plans": {"DAILY": {"Regions": ["b", "a"]}}}


def test_a_lock_holds_in_any_letter_case() -> None:
    locked = {"plans": {"Daily": {"regions": {"@@assign": ["a"], CONTROL: ["@@none"]}}}}
    assert merge_levels([[locked], [regions(assign=["b"])]]).effective == {"plans": {"Daily": {"regions": ["a"]}}}


def test_copy_actions_stay_keyed_by_their_arn_in_its_letter_case() -> None:
    copies = (*DELETE[:4], "copy_actions")
    keys = (VAULT, VAULT.replace("Central", "central"))
    merged = merge_levels(
        [[document_of([((*copies, key, "target_backup_vault_arn"), {"@@assign": key})])] for key in keys]
    )
    assert at(merged, copies) == {key: {"target_backup_vault_arn": key} for key in keys}


def test_a_setting_of_one_policy_is_no_container_of_another() -> None:
    below_it = document_of([((*REGIONS, "x"), {"@@assign": 1})])
    assert merge_levels([[regions(assign=["a"])], [below_it]]).effective == {"plans": {"daily": {"regions": ["a"]}}}
    assert merge_levels([[below_it], [regions(assign=["a"])]]).effective == {
        "plans": {"daily": {"regions": {"x": "1"}}}
    }


def test_different_plans_add_up() -> None:
    other = document_of([(("plans", "weekly", "regions"), {"@@assign": ["b"]})])
    assert merge_levels([[regions(assign=["a"])], [other]]).effective == {
        "plans": {"daily": {"regions": ["a"]}, "weekly": {"regions": ["b"]}}
    }


def test_a_plan_locked_in_every_node_beside_an_open_door_takes_new_plans_and_no_change() -> None:
    root = document_of([(REGIONS, {"@@assign": ["a"], **NONE}), (DELETE, {"@@assign": 35, **NONE})])
    root["plans"][CONTROL] = ["@@append"]
    for depth in range(2, len(DELETE)):
        container_at(root, DELETE[:depth]).update(NONE)
    child = document_of(
        [
            (REGIONS, {"@@assign": ["b"]}),
            (DELETE, {"@@assign": 1}),
            ((*DELETE[:3], "weekly", "schedule_expression"), {"@@assign": "x"}),
            (("plans", "own", "regions"), {"@@assign": ["c"]}),
        ]
    )
    assert merge_levels([[root], [child]]).effective["plans"] == {
        "daily": {"regions": ["a"], "rules": {"nightly": {"lifecycle": {"delete_after_days": "35"}}}},
        "own": {"regions": ["c"]},
    }


def test_the_effective_policy_is_the_readers_own() -> None:
    merged = merge_levels([[regions(assign=["a"])]])
    merged.effective["plans"]["daily"]["regions"].append("z")
    assert at(merged, REGIONS) == ["a"]
