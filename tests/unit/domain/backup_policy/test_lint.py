"""The linter is silent about good policies, and says of bad ones what to write instead."""

import json
from datetime import date
from typing import Any

import pytest

from strongroom.domain.backup_policy.documents import parse_policy
from strongroom.domain.backup_policy.lint import lint, lint_places
from strongroom.domain.backup_policy.linting.reading import Subject, VaultRange
from strongroom.domain.backup_policy.linting.values import is_resource_type
from strongroom.domain.backup_policy.rendering import render_backup_policies
from strongroom.domain.findings import Finding, Level
from strongroom.domain.intent.model import Intent
from strongroom_cli.intent.regions import known_partitions
from tests.builders.places import CENTRAL_VAULT, REPLICA_REGION, a_vault_arn
from tests.unit.domain.backup_policy.good_policies import (
    CONTROL,
    LOCKED_POLICIES,
    UNLOCKED_POLICIES,
    copies,
    lifecycle,
    locked,
    plan,
    rule,
    unlocked,
)

LOCK = VaultRange(least=30, most=2555)
CLOUDFORMATION = "arn:aws:cloudformation:*:*:stack/*"


def findings_in(document: Any, lock: VaultRange | None = None) -> tuple[Finding, ...]:
    return lint(parse_policy(json.dumps(document)), partitions=known_partitions(), vault_lock=lock)


def told(findings: tuple[Finding, ...], level: Level = Level.ERROR) -> list[tuple[str, str]]:
    return [(finding.code, finding.path) for finding in findings if finding.level is level]


@pytest.mark.parametrize("name", LOCKED_POLICIES)
def test_a_good_and_locked_policy_has_no_finding(name: str) -> None:
    assert findings_in(LOCKED_POLICIES[name], LOCK) == ()


@pytest.mark.parametrize("name", UNLOCKED_POLICIES)
def test_a_good_policy_without_locks_has_no_error(name: str) -> None:
    findings = findings_in(UNLOCKED_POLICIES[name], LOCK)
    assert told(findings) == []
    assert {finding.code for finding in findings} <= {"unlocked", "kept-forever-in-lock"}


def test_our_own_policies_have_no_finding(intent: Intent) -> None:
    policies = render_backup_policies(intent)
    assert {name: findings_in(document, LOCK) for name, document in policies.items()} == dict.fromkeys(policies, ())


def test_a_policy_in_which_nothing_is_locked_is_told_so_once() -> None:
    [finding] = findings_in(unlocked(plan({"nightly": rule()})))
    assert (finding.level, finding.code, finding.path) == (Level.WARNING, "unlocked", "$")
    assert "every setting is left to child policies: any policy attached further down can change it" in finding.message


@pytest.mark.parametrize("control", [["@@none"], ["@@append"]])
def test_every_setting_of_a_policy_that_locks_something_is_named_once(control: list[str]) -> None:
    document = unlocked(plan({"nightly": rule()}))
    document["plans"]["daily"]["selections"]["tags"]["by-tag"]["tag_key"][CONTROL] = control
    paths = [finding.path for finding in findings_in(document) if finding.code == "unlocked"]
    assert len(paths) == len(set(paths)) == (10 if control == ["@@none"] else 11)
    assert "$.plans.daily.regions" in paths


def test_a_control_that_leaves_everything_to_children_locks_nothing() -> None:
    document = {"plans": {"p": {"regions": {"@@assign": ["eu-west-1"], CONTROL: ["@@all"]}}}}
    assert [(finding.code, finding.path) for finding in findings_in(document)] == [("unlocked", "$")]


UNLOCKED = ("unlocked", "open-container", "unset-leaf")


def judged(document: Any, **facts: Any) -> list[tuple[str, str, str]]:
    """Level, code and path of each finding but the locks'."""
    placed = lint_places(Subject(parse_policy(json.dumps(document)), **facts))
    found = [each.finding for each in placed]
    return [(each.level.value, each.code, each.path) for each in found if each.code not in UNLOCKED]


NEAR = a_vault_arn("near", account="$account", region=REPLICA_REGION)
TWO_DESTINATIONS = locked(plan({"nightly": rule(copy_actions=copies(CENTRAL_VAULT, NEAR, days=7))}))
AT_CENTRAL = f'$.plans.daily.rules.nightly.copy_actions["{CENTRAL_VAULT}"].lifecycle.delete_after_days'


@pytest.mark.parametrize("vault", [CENTRAL_VAULT, "central-backup-vault"])
def test_a_lock_that_names_its_vault_binds_no_copy_into_another(vault: str) -> None:
    assert judged(TWO_DESTINATIONS, vault_locks={vault: LOCK}) == [("error", "retention-outside-lock", AT_CENTRAL)]


def test_an_arn_is_closer_than_a_name_and_a_name_closer_than_the_lock_of_every_copy() -> None:
    wide = VaultRange(least=1, most=2555)
    assert judged(TWO_DESTINATIONS, vault_lock=LOCK, vault_locks={"near": wide}) == [
        ("error", "retention-outside-lock", AT_CENTRAL)
    ]
    assert judged(TWO_DESTINATIONS, vault_locks={"central-backup-vault": LOCK, CENTRAL_VAULT: wide}) == [
        ("warning", "copy-dies-first", AT_CENTRAL)
    ]


LOCAL_ARN = a_vault_arn("local-vault", account="$account")


@pytest.mark.parametrize(
    ("vault", "retention", "code"),
    [
        pytest.param("local-vault", lifecycle(7), "retention-outside-lock", id="too short"),
        pytest.param("local-vault", lifecycle(35), None, id="fits"),
        pytest.param(LOCAL_ARN, lifecycle(7), "retention-outside-lock", id="by the ARN of every account"),
        pytest.param(LOCAL_ARN.replace("eu-west-1", "us-west-2"), lifecycle(7), None, id="another Region"),
        pytest.param(a_vault_arn("local-vault"), lifecycle(7), None, id="one account's vault"),
        pytest.param("other-vault", lifecycle(7), None, id="another vault"),
        pytest.param("local-vault", {}, "kept-forever-in-lock", id="no end"),
    ],
)
def test_the_lock_of_a_local_vault_binds_the_backups(vault: str, retention: dict[str, Any], code: str | None) -> None:
    document = unlocked(plan({"nightly": rule(lifecycle=retention)}))
    assert [each for _, each, _ in judged(document, vault_locks={vault: LOCK})] == ([code] if code else [])


GAPPED = a_vault_arn("gapped", account="$account", region="$region")


@pytest.mark.parametrize(
    ("vault", "retention", "codes"),
    [
        pytest.param("gapped", lifecycle(29), ["retention-outside-lock"], id="too short for it"),
        pytest.param("gapped", lifecycle(30), [], id="fits"),
        pytest.param(a_vault_arn("gapped", account="$account"), lifecycle(29), ["retention-outside-lock"], id="by ARN"),
    ],
)
def test_the_lock_of_an_air_gapped_vault_binds_the_backups_that_end_there(
    vault: str, retention: dict[str, Any], codes: list[str]
) -> None:
    gapped = rule(lifecycle=retention, target_logically_air_gapped_backup_vault_arn=GAPPED)
    document = unlocked(plan({"nightly": gapped}))
    assert [each for _, each, _ in judged(document, vault_locks={vault: LOCK})] == codes


def test_a_whole_rule_says_how_long_an_air_gapped_vault_keeps_and_a_fragment_need_not() -> None:
    document = unlocked(plan({"nightly": rule(lifecycle={}, target_logically_air_gapped_backup_vault_arn=GAPPED)}))
    assert [code for _, code, _ in judged(document)] == []
    assert "air-gap-retention" in [code for _, code, _ in judged(document, must_be_complete=True)]


VAULTLESS = plan({"daily": {"schedule_expression": "cron(0 3 ? * * *)"}})


@pytest.mark.parametrize(
    ("document", "gaps"),
    [
        pytest.param(unlocked(VAULTLESS), ["$.plans.daily.rules.daily"], id="a rule without a vault"),
        pytest.param(unlocked({"plans": {"p": {"regions": ["eu-west-1"]}}}), ["$.plans.p"], id="Regions alone"),
        pytest.param({"plans": {"p": {}}}, ["$.plans.p"], id="an empty plan"),
        pytest.param(
            {"plans": {"p": {"regions": {"@@assign": ["eu-west-1"]}, "rules": {}, "selections": {"tags": {}}}}},
            ["$.plans.p.rules", "$.plans.p.selections"],
            id="empty collections",
        ),
        pytest.param(unlocked(plan({"nightly": rule()})), [], id="a whole plan"),
        pytest.param({"plans": {}}, [], id="no plan"),
    ],
)
def test_where_nothing_further_up_can_be_relied_on_every_gap_is_an_error(document: Any, gaps: list[str]) -> None:
    assert judged(document, must_be_complete=True) == [("error", "incomplete", path) for path in gaps]
    assert all(level == "warning" for level, _, _ in judged(document))


def test_findings_come_in_the_order_of_the_document() -> None:
    document = locked(plan({"b": rule(schedule_expression="x"), "a": rule(schedule_expression="y")}, regions=["*"]))
    document["plans"]["daily"]["rules"]["b"]["lifecycle"]["delete_after_days"]["@@assign"] = 0
    document["plans"]["daily"]["rules"]["b"]["complete_backup_window_minutes"]["@@assign"] = 60
    assert [(code, path.rpartition(".")[2]) for code, path in told(findings_in(document))] == [
        ("region-code", "@@assign[0]"),
        ("schedule", "schedule_expression"),
        ("windows-do-not-fit", "complete_backup_window_minutes"),
        ("days", "delete_after_days"),
        ("schedule", "schedule_expression"),
    ]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("schedule_expression_timezone", "shift the hours"),
        ("rule_name", "the key of the rule is its name"),
        ("to_delete_after_days", "write delete_after_days"),
        ("start_window_minutes", "write start_backup_window_minutes"),
        ("complete_window_minutes", "write complete_backup_window_minutes"),
        ("resource_types", "below selections.resources"),
        ("schedule_expresion", "write schedule_expression"),
        ("Schedul_Expression", "write schedule_expression"),
        ("life_cycle", "write lifecycle"),
        ("copy_action", "write copy_actions"),
        ("target_backup_vault", "write target_backup_vault_name"),
        ("q", "write one of schedule_expression, target_backup_vault_name"),
    ],
)
def test_an_unknown_key_is_answered_with_the_one_that_was_meant(wrong: str, right: str) -> None:
    [finding] = [
        each
        for each in findings_in(locked(plan({"nightly": rule(**{wrong: "x"})})))
        if each.path == f"$.plans.daily.rules.nightly.{wrong}" and each.code == "unknown-key"
    ]
    assert right in finding.message


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("@@enforced_for", "@@operators_allowed_for_child_policies"),
        ("@@Assign", "write @@assign"),
        ("@@asign", "write @@assign"),
        ("@@overwrite", "write @@assign"),
    ],
)
def test_an_unknown_operator_is_answered_with_the_one_that_was_meant(written: str, meant: str) -> None:
    [finding] = [
        each
        for each in findings_in({"plans": {"p": {"regions": {written: ["eu-west-1"]}}}})
        if each.code == "unknown-operator"
    ]
    assert meant in finding.message


@pytest.mark.parametrize(
    ("pattern", "nearest"),
    [
        ("arn:aws:rds:*:*:clusters:*", "arn:aws:rds:*:*:cluster:*"),
        ("arn:aws:ec2:*:*:volumes/*", "arn:aws:ec2:*:*:volume/*"),
        ("arn:aws:s3:*:*:*", "arn:aws:s3:::*"),
        ("arn:aws:efs:*:*:file-system/*", "arn:aws:fsx:*:*:file-system/*"),
    ],
)
def test_an_unknown_resource_type_is_answered_with_the_nearest(pattern: str, nearest: str) -> None:
    selection = {"resources": {"all": {"resource_types": [pattern]}}}
    [finding] = findings_in(locked({"plans": {"p": {"selections": selection}}}))
    assert (finding.code, nearest in finding.message) == ("resource-type", True)
    assert not is_resource_type(pattern)


def test_a_schedule_whose_years_are_over_is_found_only_when_the_day_is_told() -> None:
    document = locked(plan({"once": rule(schedule_expression="cron(0 2 1 1 ? 2020)")}))
    text = parse_policy(json.dumps(document))
    assert lint(text) == ()
    [finding] = lint(text, today=date(2026, 5, 1))
    assert (finding.level, finding.code) == (Level.ERROR, "schedule-never-fires")
    assert "does not fire after 2026-05-01" in finding.message


@pytest.mark.parametrize(
    ("days", "lock", "codes"),
    [
        pytest.param(30, LOCK, [], id="the least"),
        pytest.param(2555, LOCK, [], id="the most"),
        pytest.param(29, LOCK, ["retention-outside-lock"], id="too short"),
        pytest.param(2556, LOCK, ["retention-outside-lock"], id="too long"),
        pytest.param(2556, None, [], id="no lock to compare with"),
    ],
)
def test_a_copys_retention_must_lie_in_the_range_of_the_lock(
    days: int, lock: VaultRange | None, codes: list[str]
) -> None:
    document = locked(plan({"nightly": rule(copy_actions=copies(CENTRAL_VAULT, days=days))}))
    assert [code for code, _ in told(findings_in(document, lock))] == codes


@pytest.mark.parametrize(
    ("retention", "code"),
    [
        pytest.param(lifecycle(35), None, id="fits"),
        pytest.param(lifecycle(14), "inherited-retention-outside-lock", id="too short"),
        pytest.param({}, "kept-forever-in-lock", id="none"),
    ],
)
def test_a_copy_without_retention_inherits_that_of_its_backup(retention: dict[str, Any], code: str | None) -> None:
    copied = {CENTRAL_VAULT: {"target_backup_vault_arn": CENTRAL_VAULT}}
    document = unlocked(plan({"nightly": rule(lifecycle=retention, copy_actions=copied)}))
    found = {finding.code for finding in findings_in(document, LOCK)} - {"unlocked"}
    assert found == ({code} if code else set())


def test_a_stack_may_be_copied_to_another_region_of_the_same_account() -> None:
    stacks = {"all": {"iam_role_arn": "arn:aws:iam::$account:role/r", "resource_types": [CLOUDFORMATION]}}
    vault = a_vault_arn("second", account="$account", region=REPLICA_REGION)
    document = locked(plan({"nightly": rule(copy_actions=copies(vault))}, selections={"resources": stacks}))
    assert findings_in(document) == ()


def test_the_landing_zone_policy_that_freezes_backups_after_their_deletion_is_found() -> None:
    policy = plan({"yearly": rule(lifecycle=lifecycle(365, cold=1825))})
    [finding] = findings_in(locked(policy))
    assert (finding.level, finding.code) == (Level.ERROR, "cold-too-close")
    assert finding.path == "$.plans.daily.rules.yearly.lifecycle.delete_after_days"
    assert "write 1915 or more" in finding.message


def test_the_landing_zone_window_of_seconds_taken_for_minutes_is_found() -> None:
    policy = plan({"hourly": rule(schedule_expression="cron(0 * ? * * *)", complete_backup_window_minutes="604800")})
    findings = findings_in(locked(policy))
    assert [finding.code for finding in findings] == ["window-too-long"]
    assert "604800" in findings[0].message
    assert "420 days" in findings[0].message
    assert "if seconds were meant, write 10080" in findings[0].message


def test_the_module_that_knows_neither_plan_names_nor_operators_is_found() -> None:
    policy = {
        "plans": {
            "rules": {
                "every_day": {
                    "schedule_expression": "cron(0 5 ? * * *)",
                    "start_window_minutes": 480,
                    "lifecycle": {"delete_after_days": 30},
                }
            },
            "regions": ["us-west-2"],
        }
    }
    assert told(findings_in(policy)) == [
        ("unknown-key", "$.plans.rules.every_day"),
        ("not-an-object", "$.plans.regions"),
    ]
    named = {"plans": {"all": policy["plans"]}}
    assert told(findings_in(named)) == [
        ("value-without-operator", "$.plans.all.rules.every_day.schedule_expression"),
        ("unknown-key", "$.plans.all.rules.every_day.start_window_minutes"),
        ("value-without-operator", "$.plans.all.rules.every_day.lifecycle.delete_after_days"),
        ("value-without-operator", "$.plans.all.regions"),
    ]


@pytest.mark.parametrize(
    "control", [["@@all"], ["@@all", "@@assign"], ["@@assign", "@@append", "@@remove"], ["@@append"], ["@@none"]]
)
def test_a_child_control_that_aws_takes_is_no_error(control: list[str]) -> None:
    regions = {"@@assign": ["eu-west-1"], CONTROL: control}
    assert told(findings_in({"plans": {"p": {"regions": regions, CONTROL: control}}, CONTROL: control})) == []


def test_every_region_that_is_known_has_the_shape_of_one() -> None:
    regions = sorted(region for name in ("aws", "aws-us-gov") for region in known_partitions()[name])
    findings = findings_in(locked({"plans": {"p": {"regions": [each for each in regions if "global" not in each]}}}))
    assert {finding.code for finding in findings} == {"partition"}
