"""What sticks: nothing on the rendered policies, nearly everything on plain assigns, one node where one is open."""

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pytest

from sandbox.organization import effective_policy
from strongroom.domain.backup_policy.attacking.attack import AttackReport, attack
from strongroom.domain.backup_policy.attacking.mutations import mutations
from strongroom.domain.backup_policy.documents import CHILD_CONTROL, Path, nodes
from strongroom.domain.backup_policy.merge import Reading, merge_levels
from strongroom.domain.backup_policy.rendering import render_backup_policies, render_backup_policy
from strongroom.domain.intent.model import Intent
from tests.builders.intents import CRITICAL

type Document = dict[str, Any]

LOCK: Final = {CHILD_CONTROL: ["@@none"]}
VALUES: Final[Document] = {
    "plans": {
        "daily": {
            "regions": ["eu-west-1", "eu-central-1"],
            "rules": {"nightly": {"target_backup_vault_name": "local", "lifecycle": {"delete_after_days": "365"}}},
            "selections": {
                "tags": {
                    "tagged": {
                        "iam_role_arn": "arn:aws:iam::$account:role/backup",
                        "tag_key": "Backup",
                        "tag_value": ["daily"],
                    }
                }
            },
        }
    }
}
PLAN: Final = ("plans", "daily")
RULE: Final = (*PLAN, "rules", "nightly")
SELECTION: Final = (*PLAN, "selections", "tags", "tagged")
DAYS: Final = (*RULE, "lifecycle", "delete_after_days")
SETTINGS: Final = {
    (*PLAN, "regions"),
    (*RULE, "target_backup_vault_name"),
    DAYS,
    *((*SELECTION, name) for name in ("iam_role_arn", "tag_key", "tag_value")),
}


def policy(values: Any = VALUES, *, containers: bool = False, leaves: bool = False) -> Document:
    """The values through assigns, with a lock on the containers, on the leaves, on both or nowhere."""
    if not isinstance(values, Mapping):
        return {"@@assign": values} | (LOCK if leaves else {})
    inner = {name: policy(child, containers=containers, leaves=leaves) for name, child in values.items()}
    return inner | (LOCK if containers else {})


def paths(report: AttackReport) -> set[Path]:
    """The places where an attack sticks."""
    return {stuck.path for stuck in report.stuck}


def test_nothing_sticks_on_the_rendered_policies_at_any_level(intent: Intent) -> None:
    documents = list(render_backup_policies(intent).values())
    report = attack([[], documents, [], []])
    assert report.stuck == ()
    assert report.tried > 10_000
    assert {stuck.before for stuck in report.rests_on_container_controls} == {None}
    assert ("plans",) in {stuck.path for stuck in report.rests_on_container_controls}


def test_no_hostile_document_changes_a_rendered_setting_in_a_merge_that_knows_nothing_of_ours(intent: Intent) -> None:
    documents = list(render_backup_policies(intent).values())
    before = effective_policy.merge([documents])
    for mutation in mutations(merge_levels([documents], reading=Reading.LEAF_ONLY)):
        after = effective_policy.merge([documents, [mutation.document]])
        assert missing(before, after) == [], mutation.attack


def missing(before: Any, after: Any, path: str = "") -> list[str]:
    """The places where something that was there has changed."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        inner = (missing(child, after.get(name), f"{path}/{name}") for name, child in before.items())
        return [place for places in inner for place in places]
    return [] if before == after else [path]


def every_node(document: Document) -> list[Path]:
    """The path of each node that has a lock."""
    return [path for path, node in nodes(document) if CHILD_CONTROL in node]


def opened(document: Document, path: Path) -> Document:
    """The document without the lock on one node."""
    changed: Document = json.loads(json.dumps(document))
    node = changed
    for step in path:
        node = node[step]
    del node[CHILD_CONTROL]
    return changed


def test_the_node_that_lost_its_lock_is_the_one_that_is_found_whichever_it_is(intent: Intent) -> None:
    document = render_backup_policy(intent, CRITICAL)
    locked = every_node(document)
    assert len(locked) > 25
    for path in locked:
        assert paths(attack([[opened(document, path)], []])) == {path}, path


def test_against_plain_assigns_every_setting_falls_and_every_container_takes_more() -> None:
    report = attack([[policy()], []])
    assert paths(report) >= SETTINGS
    assert paths(report) - SETTINGS == {path for path, node in nodes(policy()) if "@@assign" not in node}
    assert report.rests_on_container_controls == ()


def test_locks_on_containers_alone_leave_every_setting_open() -> None:
    report = attack([[policy(containers=True)], []])
    assert paths(report) == SETTINGS
    assert {stuck.path for stuck in report.rests_on_container_controls} == {
        path for path, node in nodes(policy()) if "@@assign" not in node
    }


def test_locks_on_settings_alone_let_every_container_take_more() -> None:
    report = attack([[policy(leaves=True)], []])
    assert paths(report) & SETTINGS == set()
    assert PLAN in paths(report)


@pytest.mark.parametrize(
    ("permitted", "sticking"),
    [
        pytest.param("@@append", {("us-east-1", "+")}, id="append adds a Region"),
        pytest.param("@@remove", {("eu-west-1", "-"), ("eu-central-1", "-")}, id="remove takes each Region away"),
    ],
)
def test_a_list_that_permits_one_operator_falls_to_that_one(permitted: str, sticking: set[tuple[str, str]]) -> None:
    document = policy(containers=True, leaves=True)
    document["plans"]["daily"]["regions"][CHILD_CONTROL] = [permitted]
    report = attack([[document], []])
    assert paths(report) == {(*PLAN, "regions")}
    assert {permitted in stuck.attack for stuck in report.stuck} == {True}
    moves = {
        (region, sign)
        for stuck in report.stuck
        for one, other, sign in ((stuck.after, stuck.before, "+"), (stuck.before, stuck.after, "-"))
        for region in one
        if region not in other
    }
    assert moves == sticking


def stuck_at(report: AttackReport, path: Path) -> Iterator[tuple[int, Any, Any]]:
    """Level, before and after of what sticks at a place."""
    return ((stuck.level, stuck.before, stuck.after) for stuck in report.stuck if stuck.path == path)


def test_a_stuck_attack_tells_what_was_and_what_became_of_it() -> None:
    report = attack([[policy()], []])
    assert (1, "365", "1") in stuck_at(report, DAYS)
    assert (1, ["eu-west-1", "eu-central-1"], ["eu-central-1"]) in stuck_at(report, (*PLAN, "regions"))
    assert (1, None, {"enable_continuous_backup": "true"}) in stuck_at(report, RULE)


def test_the_document_of_a_stuck_attack_has_the_effect_that_is_told() -> None:
    levels = [[policy()]]
    for stuck in attack([*levels, []]).stuck:
        after = merge_levels([*levels, [stuck.document]]).effective
        for step in stuck.path:
            after = after[step]
        if stuck.before is None:
            assert after.items() >= stuck.after.items()
        else:
            assert after == stuck.after


def test_an_attack_that_makes_the_policy_invalid_says_so() -> None:
    report = attack([[policy()], []])
    told = {stuck.weakens for stuck in report.stuck if stuck.after == {"enable_continuous_backup": "true"}}
    assert len(told) == 1
    assert "keeps its last valid one" in told.pop()


@pytest.mark.parametrize(
    ("levels", "attacked"),
    [
        pytest.param([[policy()], [], []], {1, 2}, id="each level below the policy"),
        pytest.param([[], [policy()], []], {2}, id="nothing to attack above the policy"),
        pytest.param([[policy()]], set(), id="nothing below it"),
        pytest.param([[], []], set(), id="no policy"),
    ],
)
def test_attacks_come_from_every_level_below_a_policy(levels: Sequence[Sequence[Document]], attacked: set[int]) -> None:
    assert {stuck.level for stuck in attack(levels).stuck} == attacked


def test_an_attack_from_the_middle_is_judged_by_what_the_last_level_makes_of_it() -> None:
    repair = {"plans": {"daily": {"rules": {"nightly": {"lifecycle": {"delete_after_days": {"@@assign": "365"}}}}}}}
    report = attack([[policy(containers=True)], [], [repair]])
    shortened = [stuck for stuck in report.stuck if stuck.path == DAYS and stuck.after == "1"]
    assert {stuck.level for stuck in shortened if "child control" not in stuck.attack} == {2}
    assert any(stuck.level == 1 for stuck in shortened)  # where the attack also forbids the repair


def test_a_document_attached_before_those_of_its_level_wins_over_their_assigns() -> None:
    own = {"plans": {"daily": {"rules": {"nightly": {"lifecycle": {"delete_after_days": {"@@assign": "400"}}}}}}}
    only_days = policy(containers=True, leaves=True)
    del only_days["plans"]["daily"]["rules"]["nightly"]["lifecycle"]["delete_after_days"][CHILD_CONTROL]
    assigned = [stuck for stuck in attack([[only_days], [own]]).stuck if stuck.after == "1"]
    assert assigned
    assert all("attached before the documents of its level" in stuck.attack for stuck in assigned)


def test_a_lock_in_the_middle_that_silences_a_lower_policy_sticks() -> None:
    lower = {"plans": {"weekly": {"regions": {"@@assign": ["eu-west-1"]}}}}
    report = attack([[policy(leaves=True)], [], [lower]])
    silenced = [stuck for stuck in report.stuck if stuck.document == {"plans": LOCK}]
    assert [(stuck.path, stuck.after, stuck.weakens) for stuck in silenced] == [
        (("plans", "weekly", "regions"), None, "what was set is gone")
    ]


def test_a_setting_that_holds_under_the_documented_reading_alone_counts_as_stuck() -> None:
    blocked = {"plans": {"weekly": {"regions": {"@@assign": ["eu-west-1"]}}}}
    report = attack([[policy(containers=True, leaves=True)], [blocked], []])
    assert ("plans", "weekly", "regions") in paths(report)


def test_the_policies_given_are_left_as_they_are() -> None:
    levels = [[policy()], []]
    given = copy.deepcopy(levels)
    attack(levels)
    assert levels == given
