"""What is mended: what AWS refuses and only one thing can have been meant, and nothing that AWS admits."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given

from strongroom.domain.backup_policy.documents import parse_policy
from strongroom.domain.backup_policy.lint import lint
from strongroom.domain.backup_policy.linting.codes import CODES
from strongroom.domain.backup_policy.mending import mend
from strongroom.domain.findings import Level
from tests.unit.domain.backup_policy.good_policies import CONTROL, LOCKED_POLICIES, UNLOCKED_POLICIES
from tests.unit.domain.backup_policy.strategies import hostile_documents, hostile_json, policies

RULE = ("plans", "p", "rules", "r")
ROLE = "arn:aws:iam::$account:role/backup"


def holding(path: tuple[str, ...], node: Any) -> Any:
    """The document that holds this at a path."""
    for step in reversed(path):
        node = {step: node}
    return node


def in_rule(name: str, node: Any) -> Any:
    """A policy whose rule holds this."""
    return holding((*RULE, name), node)


def in_selection(name: str, node: Any) -> Any:
    """A policy whose selection by tags holds this."""
    return holding(("plans", "p", "selections", "tags", "s", name), node)


def regions(node: Any) -> Any:
    """A policy whose plan has this for its Regions."""
    return holding(("plans", "p", "regions"), node)


RIGHT = {"@@assign": ["eu-west-1"]}
ASSIGNED = {"@@assign": "60"}


@pytest.mark.parametrize(
    ("wrong", "right", "codes"),
    [
        pytest.param(regions({"@@replace": ["eu-west-1"]}), regions(RIGHT), ["unknown-operator"], id="replace"),
        pytest.param(regions({"@@Assign": ["eu-west-1"]}), regions(RIGHT), ["unknown-operator"], id="letter case"),
        pytest.param(
            regions({"@@add": ["eu-west-1"]}), regions({"@@append": ["eu-west-1"]}), ["unknown-operator"], id="add"
        ),
        pytest.param(regions(["eu-west-1"]), regions(RIGHT), ["value-without-operator"], id="a plain list"),
        pytest.param(
            regions("eu-west-1"), regions(RIGHT), ["list-wanted", "value-without-operator"], id="a plain value"
        ),
        pytest.param(regions({"@@assign": "eu-west-1"}), regions(RIGHT), ["list-wanted"], id="one for a list"),
        pytest.param(regions({"@@assign": ["EU-West-1 "]}), regions(RIGHT), ["region-code"], id="a Region in capitals"),
        pytest.param(
            in_rule("DeleteAfterDays", {}), in_rule("DeleteAfterDays", {}), [], id="a key that belongs further down"
        ),
        pytest.param(
            in_rule("StartBackupWindowMinutes", ASSIGNED),
            in_rule("start_backup_window_minutes", ASSIGNED),
            ["unknown-key"],
            id="a key of CloudFormation",
        ),
        pytest.param(
            in_rule("schedule", {"@@assign": "cron(0 2 ? * * *)"}),
            in_rule("schedule_expression", {"@@assign": "cron(0 2 ? * * *)"}),
            ["unknown-key"],
            id="a key of Terraform",
        ),
        pytest.param(
            in_rule("start_window", 60),
            in_rule("start_backup_window_minutes", {"@@assign": 60}),
            ["unknown-key", "value-without-operator"],
            id="a key and its value",
        ),
        pytest.param(
            in_rule("lifecycle", {"delete_after_days": {"@@assign": [35]}}),
            in_rule("lifecycle", {"delete_after_days": {"@@assign": 35}}),
            ["single-value-wanted"],
            id="a list of one",
        ),
        pytest.param(
            in_rule("lifecycle", {"delete_after_days": {"@@assign": " 35"}}),
            in_rule("lifecycle", {"delete_after_days": {"@@assign": "35"}}),
            ["days"],
            id="days with a blank",
        ),
        pytest.param(
            in_rule("start_backup_window_minutes", {"@@assign": 60.0}),
            in_rule("start_backup_window_minutes", {"@@assign": 60}),
            ["window"],
            id="minutes with a point",
        ),
        pytest.param(
            in_rule("enable_continuous_backup", {"@@assign": "True"}),
            in_rule("enable_continuous_backup", {"@@assign": "true"}),
            ["flag"],
            id="a flag in capitals",
        ),
        pytest.param(
            in_rule("index_actions", {"resource_types": {"@@assign": ["ebs"]}}),
            in_rule("index_actions", {"resource_types": {"@@assign": ["EBS"]}}),
            ["choice"],
            id="a word in other letters",
        ),
        pytest.param(
            in_selection("iam_role_arn", {"@@assign": "arn:aws:iam::111122223333:role/backup"}),
            in_selection("iam_role_arn", {"@@assign": ROLE}),
            ["role-account"],
            id="one account's role",
        ),
        pytest.param(
            regions(RIGHT | {CONTROL: "@@none"}), regions(RIGHT | {CONTROL: ["@@none"]}), ["child-control"], id="text"
        ),
        pytest.param(
            {"plans": {}, CONTROL: ["@@None"]}, {"plans": {}, CONTROL: ["@@none"]}, ["child-control"], id="control"
        ),
        pytest.param(
            {"plans": {}, "@@operators_allowed_for_child_policy": ["@@none"]},
            {"plans": {}, CONTROL: ["@@none"]},
            ["unknown-operator"],
            id="a control by another name",
        ),
    ],
)
def test_what_can_only_mean_one_thing_is_mended(wrong: Any, right: Any, codes: list[str]) -> None:
    given_as = copy.deepcopy(wrong)
    mended, mends = mend(wrong)
    assert (mended, [each.code for each in mends]) == (right, codes)
    assert wrong == given_as
    assert not set(codes) & {finding.code for finding in lint(parse_policy(json.dumps(mended)))}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(regions({"@@replace": ["a"], "@@assign": ["b"]}), id="the right operator stands beside it"),
        pytest.param(regions({"@@replace": ["a"], "@@set": ["b"]}), id="two operators that mean the same"),
        pytest.param(regions({"@@foo": ["a"]}), id="an operator that nobody knows"),
        pytest.param(in_rule("start_backup_window_minutes", {"@@add": "60"}), id="append to a single value"),
        pytest.param(in_rule("start_backup_window_minutes", {"@@assign": "604800"}), id="admitted, if odd"),
        pytest.param(in_rule("start_backup_window_minutes", {"@@assign": "30"}), id="too few minutes"),
        pytest.param(in_rule("lifecycle", {"delete_after_days": {"@@assign": [1, 2]}}), id="two values for one"),
        pytest.param(in_rule("schedule_expresion", {"@@assign": "x"}), id="a key that is a guess"),
        pytest.param(
            holding(RULE, {"schedule": {"@@assign": "a"}, "schedule_expression": {"@@assign": "b"}}),
            id="the right key stands beside it",
        ),
        pytest.param(regions(None), id="nothing"),
        pytest.param(regions({"@@assign": ["nowhere"]}), id="no Region at all"),
        pytest.param({"plans": {}, CONTROL: ["@@none", "@@assign"]}, id="a control that says two things"),
        pytest.param({"Plans": {"P": {"REGIONS": RIGHT}}}, id="names in any letter case"),
        pytest.param([], id="no object"),
    ],
)
def test_what_may_mean_two_things_or_is_admitted_stays(document: Any) -> None:
    assert mend(document) == (document, ())


@pytest.mark.parametrize("document", [*LOCKED_POLICIES.values(), *UNLOCKED_POLICIES.values()])
def test_a_good_policy_stays_as_it_is(document: Any) -> None:
    assert mend(document) == (document, ())


@given(document=policies() | hostile_documents)
def test_nothing_is_changed_in_a_document_without_an_error(document: Any) -> None:
    findings = lint(parse_policy(json.dumps(document)))
    mended, mends = mend(document)
    assert bool(mends) <= any(finding.level is Level.ERROR for finding in findings)
    assert mends or mended == document


@given(document=policies() | hostile_documents | hostile_json)
def test_a_mended_document_is_not_mended_again(document: Any) -> None:
    mended, mends = mend(document)
    assert mend(mended) == (mended, ())
    assert all(CODES[each.code].level is Level.ERROR for each in mends)
