"""The hostile documents: each operator on each setting and container, and everything that is not there yet."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from strongroom.domain.backup_policy.attacking.mutations import mutations, widening
from strongroom.domain.backup_policy.documents import CHILD_CONTROL, Path, folded, settings
from strongroom.domain.backup_policy.grammar import BACKUP_POLICY, Block, Collection, Node, Setting
from strongroom.domain.backup_policy.merge import merge_levels
from tests.builders.places import a_vault_arn

VAULT: Final = a_vault_arn("Central")
POLICY: Final[dict[str, Any]] = {
    "plans": {
        "Daily": {
            "regions": {"@@assign": ["eu-west-1", "eu-central-1"]},
            "rules": {
                "nightly": {
                    "target_backup_vault_name": {"@@assign": "local"},
                    "lifecycle": {"delete_after_days": {"@@assign": 1}},
                    "copy_actions": {VAULT: {"target_backup_vault_arn": {"@@assign": VAULT}}},
                }
            },
            "selections": {"tags": {"tagged": {"tag_value": {"@@assign": ["daily"]}}}},
        }
    }
}
RULE: Final = ("plans", "Daily", "rules", "nightly")
REGIONS: Final = ("plans", "Daily", "regions")
DAYS: Final = (*RULE, "lifecycle", "delete_after_days")
COPIES: Final = (*RULE, "copy_actions")


@pytest.fixture(scope="module")
def tried() -> list[dict[str, Any]]:
    """Every hostile document against the policy."""
    return [dict(mutation.document) for mutation in mutations(merge_levels([[POLICY]]))]


def at(documents: list[dict[str, Any]], path: Path) -> list[Any]:
    """What the documents hold at the path, spelled like this."""
    found = []
    for document in documents:
        node: Any = document
        for step in path:
            node = node.get(step, ...) if isinstance(node, dict) else ...
        found.append(node)
    return [node for node in found if node is not ...]


@pytest.mark.parametrize(
    ("path", "node"),
    [
        pytest.param(DAYS, {"@@assign": "36500"}, id="another value than the one that stands there"),
        pytest.param(DAYS, {"@@assign": ["36500"]}, id="a list for one value"),
        pytest.param(DAYS, {"@@append": ["36500"]}, id="append to one value"),
        pytest.param(DAYS, {"@@remove": ["1"]}, id="remove the one value"),
        pytest.param(DAYS, {}, id="an empty object on a setting"),
        pytest.param(DAYS, "36500", id="a value without an operator"),
        pytest.param(REGIONS, {"@@assign": ["us-east-1"]}, id="another list"),
        pytest.param(REGIONS, {"@@assign": "us-east-1"}, id="one value for a list"),
        pytest.param(REGIONS, {"@@assign": []}, id="an empty list"),
        pytest.param(REGIONS, {"@@append": ["us-east-1"]}, id="one more member"),
        pytest.param(REGIONS, {"@@remove": ["eu-west-1"]}, id="the first member away"),
        pytest.param(REGIONS, {"@@remove": ["eu-central-1"]}, id="the last member away"),
        pytest.param(REGIONS, {"@@remove": ["eu-west-1", "eu-central-1", "us-east-1"]}, id="all members away"),
        pytest.param(
            REGIONS,
            {"@@assign": ["us-east-1"], "@@append": ["us-east-1"], "@@remove": ["eu-west-1", "eu-central-1"]},
            id="three operators together",
        ),
        pytest.param(DAYS, {CHILD_CONTROL: ["@@all"]}, id="every operator for children"),
        pytest.param(DAYS, {CHILD_CONTROL: ["@@remove"]}, id="one operator for children"),
        pytest.param(DAYS, {"@@assign": "36500", CHILD_CONTROL: ["@@all"]}, id="a value and every operator"),
        pytest.param(RULE, {}, id="an empty object on a container"),
        pytest.param(RULE, None, id="null on a container"),
        pytest.param(RULE, "attack", id="a text on a container"),
        pytest.param(RULE, {CHILD_CONTROL: ["@@all"]}, id="every operator for children of a container"),
        pytest.param(RULE, {CHILD_CONTROL: ["@@none"]}, id="silence for the documents further down"),
        pytest.param((*RULE[:-1],), {"@@remove": ["nightly"]}, id="remove on a container"),
        pytest.param(("PLANS", "dAILY", "REGIONS"), {"@@assign": ["us-east-1"]}, id="names in other letter case"),
        pytest.param(
            ("PLANS", "dAILY", "RULES", "NIGHTLY", "COPY_ACTIONS", VAULT, "TARGET_BACKUP_VAULT_ARN"),
            {"@@remove": [VAULT]},
            id="the ARN of a copy action keeps its case",
        ),
    ],
)
def test_an_attack_is_among_those_tried(tried: list[dict[str, Any]], path: Path, node: Any) -> None:
    assert node in at(tried, path)


def test_a_setting_is_never_assigned_the_value_that_it_has(tried: list[dict[str, Any]]) -> None:
    assert [node for node in at(tried, DAYS) if isinstance(node, dict) and node.get("@@assign") == "1"] == []


def grammar_settings(node: Node, path: Path = ()) -> Iterator[tuple[str, ...]]:
    """Every setting that the grammar has, with `*` for the names that authors choose."""
    match node:
        case Setting():
            yield path
        case Block(children=children):
            for name, child in children.items():
                yield from grammar_settings(child, (*path, name.lower()))
        case Collection(of=body):
            yield from grammar_settings(body, (*path, "*"))


@pytest.mark.parametrize("wanted", list(grammar_settings(BACKUP_POLICY)), ids=".".join)
def test_every_setting_of_the_grammar_is_tried_in_the_existing_plan_and_in_a_new_one(
    tried: list[dict[str, Any]], wanted: tuple[str, ...]
) -> None:
    written = {folded(path) for document in tried for path, _ in settings(document)}
    shaped = [path for path in written if len(path) == len(wanted) and all(map(matches, path, wanted))]
    assert any(path[1] == "daily" for path in shaped)
    assert any(path[1] == "attack" for path in shaped)


def matches(step: str, wanted: str) -> bool:
    """Whether a step of a path is the one wanted."""
    return wanted in ("*", step)


def test_a_new_copy_action_goes_to_a_foreign_account_under_the_key_that_aws_wants(tried: list[dict[str, Any]]) -> None:
    added = [
        (arn, action["target_backup_vault_arn"]["@@assign"])
        for copies in at(tried, COPIES)
        if isinstance(copies, dict)
        for arn, action in copies.items()
        if "666666666666" in arn and isinstance(action, dict)
    ]
    assert len(added) > 5  # more of them in one document than AWS takes is an attack, too
    assert all(arn == target for arn, target in added)


def test_a_new_plan_selects_by_tags_or_by_resources_and_never_by_both(tried: list[dict[str, Any]]) -> None:
    forms = [set(plan["selections"]) for plan in at(tried, ("plans", "attack"))]
    assert {"tags"} in forms
    assert {"resources"} in forms
    assert {"tags", "resources"} not in forms


@pytest.mark.parametrize("name", ["attack", "ATTACK"])
def test_an_addition_takes_a_name_that_is_free(name: str) -> None:
    taken = merge_levels([[{"plans": {name: {"regions": {"@@assign": ["eu-west-1"]}}}}]])
    plans = [mutation.document["plans"] for mutation in mutations(taken) if mutation.attack.startswith("add a plan")]
    assert plans
    assert {plan for added in plans for plan in added} == {"attack-1"}


def test_a_container_that_is_locked_while_empty_is_attacked_as_well() -> None:
    locked = merge_levels([[{"plans": {CHILD_CONTROL: ["@@none"]}}]])
    assert any("attack" in (mutation.document.get("plans") or ()) for mutation in mutations(locked))


def test_the_widening_document_allows_everything_on_every_node() -> None:
    document = dict(widening(merge_levels([[POLICY]])))
    everywhere = json.loads(json.dumps(POLICY), object_hook=lambda node: node | {CHILD_CONTROL: ["@@all"]})
    for node in (node for path in (DAYS, REGIONS) for node in at([everywhere], path)):
        del node["@@assign"]
    assert at([document], DAYS) == at([everywhere], DAYS)
    assert at([document], REGIONS) == at([everywhere], REGIONS)
    assert document[CHILD_CONTROL] == document["plans"][CHILD_CONTROL] == ["@@all"]


def test_hostile_documents_are_made_one_at_a_time() -> None:
    enumerated = mutations(merge_levels([[POLICY]]))
    assert next(enumerated).document != next(enumerated).document
