"""What AWS finds wrong in an effective policy, and what an account runs on meanwhile."""

from typing import Any

import pytest

from strongroom.domain.backup_policy.effective import in_force, validate
from strongroom.domain.backup_policy.merge import merge_levels
from strongroom.domain.backup_policy.quotas import SELECTIONS_PER_PLAN, TAG_SELECTIONS_PER_PLAN
from tests.builders.places import a_vault_arn
from tests.unit.domain.backup_policy.strategies import Document, Steps, container_at

PLAN = ("plans", "daily")
RULE = (*PLAN, "rules", "nightly")
LIFECYCLE = (*RULE, "lifecycle")
TAGS = (*PLAN, "selections", "tags")
SELECTION = (*TAGS, "tagged")
VAULT = a_vault_arn("central")
COPY = (*RULE, "copy_actions", VAULT)

OPT_IN = "opt_in_to_archive_for_supported_resources"
COLD = "move_to_cold_storage_after_days"
DELETE = "delete_after_days"
MONTHLY = "cron(0 2 1 * ? *)"

ROLE = "arn:aws:iam::$account:role/strongroom-backup"
TAGGED = {"iam_role_arn": ROLE, "tag_key": "Backup", "tag_value": ["daily-prod"]}
TYPED = {"iam_role_arn": ROLE, "resource_types": ["*"]}


def with_values(*changes: tuple[Steps, Any]) -> Document:
    """A valid effective policy with some places changed; None takes the place away."""
    document: Document = {
        "plans": {
            "daily": {
                "regions": ["eu-west-1"],
                "rules": {
                    "nightly": {
                        "schedule_expression": "cron(0 2 ? * * *)",
                        "target_backup_vault_name": "local",
                        "lifecycle": {"delete_after_days": "35"},
                        "copy_actions": {VAULT: {"target_backup_vault_arn": VAULT}},
                    }
                },
                "selections": {"tags": {"tagged": dict(TAGGED)}},
            }
        }
    }
    for path, value in changes:
        container = container_at(document, path[:-1])
        container.pop(path[-1], None)
        if value is not None:
            container[path[-1]] = value
    return document


def condition(key: str) -> Document:
    """One condition of a selection."""
    return {"condition_key": f"aws:ResourceTag/{key}", "condition_value": "x"}


@pytest.mark.parametrize(
    "effective",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"plans": {}}, id="no plans"),
        pytest.param({"plans": {"daily": {}}}, id="an empty plan"),
        pytest.param(with_values(), id="a plain one"),
        pytest.param({"PLANS": {"Daily": with_values()["plans"]["daily"]}}, id="in other letter case"),
        pytest.param(with_values(((*RULE, "schedule_expression"), None)), id="no schedule"),
        pytest.param(with_values(((*RULE, "enable_continuous_backup"), "true")), id="continuous for 35 days"),
        pytest.param(with_values(((*LIFECYCLE, COLD), "30"), ((*LIFECYCLE, DELETE), "60")), id="cold without opt-in"),
        pytest.param(
            with_values(
                ((*RULE, "schedule_expression"), MONTHLY), (LIFECYCLE, {COLD: "1", DELETE: "91", OPT_IN: "true"})
            ),
            id="archived monthly",
        ),
        pytest.param(with_values(((*LIFECYCLE, OPT_IN), "false")), id="opted out of the archive"),
        pytest.param(
            with_values(
                ((*RULE, "scan_actions"), {"GUARDDUTY": {"scan_mode": "FULL_SCAN"}}),
                ((*PLAN, "scan_settings"), {"GUARDDUTY": {"resource_types": ["EBS"]}}),
            ),
            id="scanned",
        ),
        pytest.param(with_values(((*PLAN, "selections"), {"resources": {"typed": TYPED}})), id="by resource type"),
        pytest.param(with_values(((*SELECTION, "tag_value"), [f"v{n}" for n in range(30)])), id="30 tag values"),
        pytest.param(
            with_values((("plans", "Daily2"), with_values()["plans"]["daily"])), id="two plans that select the same"
        ),
    ],
)
def test_a_valid_policy_has_no_faults(effective: Document) -> None:
    assert validate(effective) == ()


@pytest.mark.parametrize(
    ("effective", "code", "path"),
    [
        pytest.param(with_values(((*PLAN, "regions"), None)), "KEY_REQUIRED", PLAN, id="no Regions"),
        pytest.param(with_values(((*PLAN, "rules"), None)), "KEY_REQUIRED", PLAN, id="no rules"),
        pytest.param(with_values(((*PLAN, "selections"), None)), "KEY_REQUIRED", PLAN, id="no selections"),
        pytest.param(
            with_values(((*PLAN, "selections"), {"other": {"x": "y"}})),
            "KEY_REQUIRED",
            (*PLAN, "selections"),
            id="selections of neither form",
        ),
        pytest.param(with_values(((*RULE, "target_backup_vault_name"), None)), "KEY_REQUIRED", RULE, id="no vault"),
        pytest.param(
            with_values(((*COPY, "lifecycle"), {DELETE: "9"}), ((*COPY, "target_backup_vault_arn"), None)),
            "KEY_REQUIRED",
            COPY,
            id="a copy to nowhere",
        ),
        pytest.param(with_values(((*SELECTION, "iam_role_arn"), None)), "KEY_REQUIRED", SELECTION, id="no role"),
        pytest.param(with_values(((*SELECTION, "tag_key"), None)), "KEY_REQUIRED", SELECTION, id="no tag key"),
        pytest.param(with_values(((*SELECTION, "tag_value"), None)), "KEY_REQUIRED", SELECTION, id="no tag value"),
        pytest.param(
            with_values(((*PLAN, "selections"), {"resources": {"typed": {"iam_role_arn": ROLE}}})),
            "KEY_REQUIRED",
            (*PLAN, "selections", "resources", "typed"),
            id="no resource types",
        ),
        pytest.param(
            with_values(((*PLAN, "backup_plan_tags"), {"team": {"tag_key": "team"}})),
            "KEY_REQUIRED",
            (*PLAN, "backup_plan_tags", "team"),
            id="a tag without a value",
        ),
        pytest.param(
            with_values(((*SELECTION, "conditions", "string_equals", "one", "condition_key"), "aws:ResourceTag/a")),
            "KEY_REQUIRED",
            (*SELECTION, "conditions", "string_equals", "one"),
            id="a condition without a value",
        ),
        pytest.param(with_values(((*PLAN, "regions"), [])), "ELEMENTS_TOO_FEW", (*PLAN, "regions"), id="empty Regions"),
        pytest.param(
            with_values(((*SELECTION, "tag_value"), [])),
            "ELEMENTS_TOO_FEW",
            (*SELECTION, "tag_value"),
            id="empty tag values",
        ),
        pytest.param(
            with_values(((*PLAN, "selections"), {"resources": {"typed": TYPED | {"resource_types": []}}})),
            "ELEMENTS_TOO_FEW",
            (*PLAN, "selections", "resources", "typed", "resource_types"),
            id="empty resource types",
        ),
        pytest.param(
            with_values(((*PLAN, "rules"), {f"r{n}": {"target_backup_vault_name": "local"} for n in range(11)})),
            "ELEMENTS_TOO_MANY",
            (*PLAN, "rules"),
            id="11 rules",
        ),
        pytest.param(
            with_values(
                (COPY[:-1], {f"{VAULT}{n}": {"target_backup_vault_arn": f"{VAULT}{n}"} for n in range(6)}),
            ),
            "ELEMENTS_TOO_MANY",
            COPY[:-1],
            id="6 copies",
        ),
        pytest.param(
            with_values((TAGS, {f"s{n}": TAGGED for n in range(TAG_SELECTIONS_PER_PLAN + 1)})),
            "ELEMENTS_TOO_MANY",
            TAGS,
            id="selections by tag",
        ),
        pytest.param(
            with_values(
                ((*PLAN, "selections"), {"resources": {f"s{n}": TYPED for n in range(SELECTIONS_PER_PLAN + 1)}})
            ),
            "ELEMENTS_TOO_MANY",
            (*PLAN, "selections", "resources"),
            id="selections by type",
        ),
        pytest.param(
            with_values(((*SELECTION, "tag_value"), [f"v{n}" for n in range(31)])),
            "ELEMENTS_TOO_MANY",
            (*SELECTION, "tag_value"),
            id="31 tag values",
        ),
        pytest.param(
            with_values(
                ((*RULE, "recovery_point_tags"), {f"t{n}": {"tag_key": f"t{n}", "tag_value": "x"} for n in range(11)})
            ),
            "ELEMENTS_TOO_MANY",
            (*RULE, "recovery_point_tags"),
            id="11 recovery point tags",
        ),
        pytest.param(
            with_values(
                ((*SELECTION, "conditions"), {"string_like": {f"c{n}": condition(f"k{n}") for n in range(31)}})
            ),
            "ELEMENTS_TOO_MANY",
            (*SELECTION, "conditions", "string_like"),
            id="31 conditions",
        ),
        pytest.param(
            with_values(
                (
                    (*SELECTION, "conditions"),
                    {
                        form: {f"c{n}": condition(f"k{n}") for n in range(16)}
                        for form in ("string_equals", "string_like")
                    },
                )
            ),
            "ELEMENTS_TOO_MANY",
            (*SELECTION, "conditions"),
            id="32 conditions of two forms",
        ),
    ],
)
def test_what_is_missing_or_too_much_is_named_with_its_place(effective: Document, code: str, path: Steps) -> None:
    (fault,) = validate(effective)
    assert (fault.code, fault.path) == (code, "$." + ".".join(path).replace(f".{VAULT}", f'["{VAULT}"]'))
    assert f"in policy block {path[-1]}" in fault.message


@pytest.mark.parametrize(
    ("effective", "fields"),
    [
        pytest.param(
            with_values(((*RULE, "enable_continuous_backup"), "true"), ((*LIFECYCLE, DELETE), "36")),
            "enable_continuous_backup=true,delete_after_days=36",
            id="continuous for 36 days",
        ),
        pytest.param(
            with_values(((*RULE, "enable_continuous_backup"), "true"), (LIFECYCLE, None)),
            "enable_continuous_backup=true,delete_after_days=null",
            id="continuous for ever",
        ),
        pytest.param(
            with_values(((*RULE, "enable_continuous_backup"), "true"), ((*LIFECYCLE, COLD), "7")),
            "enable_continuous_backup=true,move_to_cold_storage_after_days=7",
            id="continuous and cold",
        ),
        pytest.param(
            with_values(
                ((*RULE, "schedule_expression"), MONTHLY), (LIFECYCLE, {COLD: "30", DELETE: "119", OPT_IN: "true"})
            ),
            f"{OPT_IN}=true,{COLD}=30,{DELETE}=119",
            id="archived for 89 days",
        ),
        pytest.param(
            with_values(((*RULE, "schedule_expression"), MONTHLY), (LIFECYCLE, {DELETE: "365", OPT_IN: "true"})),
            f"{OPT_IN}=true,{COLD}=null,{DELETE}=365",
            id="archived and never cold",
        ),
        pytest.param(
            with_values(((*RULE, "schedule_expression"), MONTHLY), (LIFECYCLE, {COLD: "30", OPT_IN: "true"})),
            f"{OPT_IN}=true,{COLD}=30,{DELETE}=null",
            id="archived for ever",
        ),
        pytest.param(
            with_values((LIFECYCLE, {COLD: "30", DELETE: "120", OPT_IN: "true"})),
            f"{OPT_IN}=true,schedule_expression=cron(0 2 ? * * *)",
            id="archived every day",
        ),
        pytest.param(
            with_values(((*RULE, "scan_actions"), {"GUARDDUTY": {"scan_mode": "FULL_SCAN"}})),
            "scan_actions=present,scan_settings=null",
            id="scanned without settings",
        ),
    ],
)
def test_values_of_a_rule_that_do_not_go_together_are_told_as_aws_tells_them(effective: Document, fields: str) -> None:
    (fault,) = validate(effective)
    assert (fault.code, fault.path) == ("CROSS_ATTRIBUTE_VALIDATION", "$.plans.daily.rules.nightly")
    assert fault.message == f"Dependent fields {fields} in policy block nightly are invalid when used together"


@pytest.mark.parametrize(
    ("effective", "path", "fields"),
    [
        pytest.param(
            with_values(((*PLAN, "selections", "resources"), {"typed": TYPED})),
            "$.plans.daily.selections",
            "tags=present,resources=present in policy block selections",
            id="both forms of selection",
        ),
        pytest.param(
            with_values(((*COPY, "target_backup_vault_arn"), f"{VAULT}-2")),
            f'$.plans.daily.rules.nightly.copy_actions["{VAULT}"]',
            f"copy_actions={VAULT},target_backup_vault_arn={VAULT}-2 in policy block nightly",
            id="a copy under another key",
        ),
        pytest.param(
            with_values(
                ((*RULE, "schedule_expression"), MONTHLY),
                ((*COPY, "lifecycle"), {COLD: "30", DELETE: "119", OPT_IN: "true"}),
            ),
            f'$.plans.daily.rules.nightly.copy_actions["{VAULT}"]',
            f"{OPT_IN}=true,{COLD}=30,{DELETE}=119 in policy block nightly",
            id="a copy archived for 89 days",
        ),
    ],
)
def test_selections_and_copies_are_checked_too(effective: Document, path: str, fields: str) -> None:
    (fault,) = validate(effective)
    assert (fault.code, fault.path) == ("CROSS_ATTRIBUTE_VALIDATION", path)
    assert fields in fault.message


def test_every_fault_of_every_plan_is_told() -> None:
    plan = with_values(((*PLAN, "regions"), []), ((*RULE, "target_backup_vault_name"), None))["plans"]["daily"]
    faults = validate({"plans": {"one": plan, "two": plan}})
    assert [(fault.code, fault.path) for fault in faults] == [
        (code, f"$.plans.{name}{place}")
        for name in ("one", "two")
        for code, place in (("ELEMENTS_TOO_FEW", ".regions"), ("KEY_REQUIRED", ".rules.nightly"))
    ]


def test_a_policy_that_breaks_over_two_levels_leaves_the_last_valid_one_in_force() -> None:
    def rule(**body: Any) -> Document:
        return {"plans": {"daily": {"rules": {"nightly": body}}}}

    root = rule(enable_continuous_backup={"@@assign": True}, lifecycle={DELETE: {"@@assign": 35}})
    before = merge_levels([[root]])
    after = before.below([rule(lifecycle={DELETE: {"@@assign": 90}})])
    broken = [fault for fault in validate(after.effective) if fault.code == "CROSS_ATTRIBUTE_VALIDATION"]
    assert len(broken) == 1
    assert in_force(after.effective, faults=broken, last_valid=before.effective) == before.effective
    assert in_force(after.effective, faults=broken, last_valid=None) is None
    assert in_force(after.effective, faults=(), last_valid=before.effective) == after.effective
