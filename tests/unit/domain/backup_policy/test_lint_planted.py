"""The linter's table: every defect, planted alone in an otherwise good policy, gives its own finding and no other."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from strongroom.domain.backup_policy.documents import json_path, parse_policy
from strongroom.domain.backup_policy.lint import lint
from strongroom.domain.backup_policy.linting.codes import CODES
from strongroom.domain.backup_policy.linting.reading import VaultRange
from strongroom.domain.findings import Finding
from strongroom_cli.intent.regions import known_partitions
from tests.builders.places import AUDIT_ACCOUNT, CENTRAL_VAULT, REPLICA_VAULT, a_vault_arn
from tests.unit.domain.backup_policy.good_policies import (
    CONTROL,
    LOCKED,
    LOCKED_POLICIES,
    ROLE,
    UNLOCKED_POLICIES,
    by_tag,
    copies,
    lifecycle,
    locked,
    plan,
    rule,
)

type Document = dict[str, Any]
type Edit = Callable[[Document], None]
type Steps = tuple[str | int, ...]

PLAN: Steps = ("plans", "daily")
RULE: Steps = (*PLAN, "rules", "nightly")
MONTHLY: Steps = (*PLAN, "rules", "monthly")
COPY: Steps = (*RULE, "copy_actions", CENTRAL_VAULT)
BY_TAG: Steps = (*PLAN, "selections", "tags", "by-tag")
BY_TYPE: Steps = (*PLAN, "selections", "resources", "databases")
CONDITIONS: Steps = (*BY_TAG, "conditions")
ASSIGN = "@@assign"
GOVCLOUD_VAULT = a_vault_arn("central", region="us-gov-east-1").replace("arn:aws:", "arn:aws-us-gov:")
CHINESE_VAULT = a_vault_arn("central", region="cn-northwest-1").replace("arn:aws:", "arn:aws-cn:")
LOCK = VaultRange(least=30, most=2555)
GAPPED = a_vault_arn("air-gapped", account="$account", region="$region")


def at(document: Document, steps: Steps) -> Any:
    node: Any = document
    for step in steps:
        node = node[step]
    return node


def put(steps: Steps, value: Any) -> Edit:
    """Set one place to raw JSON."""

    def edit(document: Document) -> None:
        at(document, steps[:-1])[steps[-1]] = copy.deepcopy(value)

    return edit


def assign(steps: Steps, value: Any) -> Edit:
    """Let a setting assign this, under a lock."""
    return put(steps, {ASSIGN: value, **LOCKED})


def drop(steps: Steps) -> Edit:
    """Leave a key out."""

    def edit(document: Document) -> None:
        del at(document, steps[:-1])[steps[-1]]

    return edit


def both(*edits: Edit) -> Edit:
    """Several edits that make one defect."""

    def edit(document: Document) -> None:
        for each in edits:
            each(document)

    return edit


def several(steps: Steps, count: int, entry: Callable[[int], tuple[str, Any]]) -> Edit:
    """A collection with so many entries."""
    return put(steps, locked(dict(entry(number) for number in range(count))))


def tag(number: int) -> tuple[str, Any]:
    return f"tag-{number}", {"tag_key": f"tag-{number}", "tag_value": "x"}


def central(name: str) -> Steps:
    return (*COPY, name)


def moved_copy(arn: str) -> Edit:
    return both(drop(COPY), put((*RULE, "copy_actions", arn), locked(copies(arn)[arn])))


@dataclass(frozen=True)
class Planted:
    """A defect: how it is made, the finding that it gives, and the good policy that it is planted in."""

    edit: Edit
    code: str
    path: Steps
    base: str = "every key"
    lock: VaultRange | None = None


def value(steps: Steps, wrong: Any, code: str, *more: int | str, base: str = "every key") -> Planted:
    """A setting with a wrong value, found at the setting, or at what stands below it."""
    return Planted(assign(steps, wrong), code, (*steps, *more), base)


ERRORS: dict[str, Planted] = {
    # the grammar
    "root key": Planted(put(("version",), 1), "unknown-key", ("version",)),
    "plan key": Planted(put((*PLAN, "vault"), {}), "unknown-key", (*PLAN, "vault")),
    "rule key": Planted(put((*RULE, "lifecyle"), {}), "unknown-key", (*RULE, "lifecyle")),
    "rule time zone": Planted(
        assign((*RULE, "schedule_expression_timezone"), "Europe/Berlin"),
        "unknown-key",
        (*RULE, "schedule_expression_timezone"),
    ),
    "rule name": Planted(assign((*RULE, "rule_name"), "nightly"), "unknown-key", (*RULE, "rule_name")),
    "old deletion key": Planted(
        assign((*RULE, "lifecycle", "to_delete_after_days"), 35),
        "unknown-key",
        (*RULE, "lifecycle", "to_delete_after_days"),
    ),
    "copy key": Planted(assign(central("role"), ROLE), "unknown-key", central("role")),
    "selection key": Planted(assign((*BY_TAG, "tag_values"), ["x"]), "unknown-key", (*BY_TAG, "tag_values")),
    "types in a rule": Planted(assign((*RULE, "resource_types"), ["*"]), "unknown-key", (*RULE, "resource_types")),
    "unknown service": Planted(
        put((*PLAN, "advanced_backup_settings", "rds"), {}),
        "unknown-key",
        (*PLAN, "advanced_backup_settings", "rds"),
    ),
    "key beside an operator": Planted(put((*PLAN, "regions", "note"), {}), "unknown-key", (*PLAN, "regions", "note")),
    "assign without its signs": Planted(
        put((*RULE, "target_backup_vault_name"), {"assign": "vault", **LOCKED}),
        "unknown-key",
        (*RULE, "target_backup_vault_name", "assign"),
    ),
    "plain value": Planted(
        put((*RULE, "start_backup_window_minutes"), 60),
        "value-without-operator",
        (*RULE, "start_backup_window_minutes"),
    ),
    "plain list": Planted(put((*PLAN, "regions"), ["eu-west-1"]), "value-without-operator", (*PLAN, "regions")),
    "assign on a container": Planted(
        put((*RULE, "lifecycle", ASSIGN), {"delete_after_days": "35"}),
        "operator-on-container",
        (*RULE, "lifecycle", ASSIGN),
    ),
    "append on a container": Planted(
        put((*PLAN, "rules", "@@append"), ["x"]), "operator-on-container", (*PLAN, "rules", "@@append")
    ),
    "append to a number": Planted(
        put((*RULE, "start_backup_window_minutes"), {"@@append": "90", **LOCKED}),
        "list-operator-on-single-value",
        (*RULE, "start_backup_window_minutes", "@@append"),
    ),
    "remove from a text": Planted(
        put((*RULE, "target_backup_vault_name", "@@remove"), "old-vault"),
        "list-operator-on-single-value",
        (*RULE, "target_backup_vault_name", "@@remove"),
    ),
    "list for a number": value((*RULE, "complete_backup_window_minutes"), ["240"], "single-value-wanted"),
    "object for a number": value((*RULE, "complete_backup_window_minutes"), {"m": 240}, "single-value-wanted"),
    "list in a list": value((*PLAN, "regions"), ["eu-west-1", []], "single-value-wanted", ASSIGN, 1),
    "text for a list": value((*PLAN, "regions"), "eu-west-1", "list-wanted"),
    "one tag value": value((*BY_TAG, "tag_value"), "daily", "list-wanted"),
    "enforced_for": Planted(
        put((*PLAN, "regions", "@@enforced_for"), ["x"]), "unknown-operator", (*PLAN, "regions", "@@enforced_for")
    ),
    "operator on a rule": Planted(put((*RULE, "@@lock"), ["x"]), "unknown-operator", (*RULE, "@@lock")),
    "control is a text": Planted(put((*RULE, CONTROL), "@@none"), "child-control", (*RULE, CONTROL)),
    "control is empty": Planted(put((*PLAN, CONTROL), []), "child-control", (*PLAN, CONTROL)),
    "control is unknown": Planted(put((CONTROL,), ["@@never"]), "child-control", (CONTROL,)),
    "control holds an object": Planted(put((CONTROL,), [{}]), "child-control", (CONTROL,)),
    "control stands twice": Planted(
        put((*PLAN, "regions", CONTROL), ["@@append", "@@append"]), "child-control", (*PLAN, "regions", CONTROL)
    ),
    "control mixes none": Planted(
        put((*PLAN, "regions", CONTROL), ["@@none", "@@remove"]), "child-control", (*PLAN, "regions", CONTROL)
    ),
    "empty document": Planted(lambda document: document.clear(), "empty-document", ()),
    "rule is a list": Planted(put((*PLAN, "rules", "second"), []), "not-an-object", (*PLAN, "rules", "second")),
    "lifecycle is null": Planted(put(central("lifecycle"), None), "not-an-object", central("lifecycle")),
    "plan name with a space": Planted(put(("plans", "my plan"), LOCKED), "bad-name", ("plans", "my plan")),
    "plan name too long": Planted(put(("plans", "p" * 51), LOCKED), "bad-name", ("plans", "p" * 51)),
    "empty tag name": Planted(
        put((*RULE, "recovery_point_tags", ""), locked({"tag_key": "a", "tag_value": "b"})),
        "bad-name",
        (*RULE, "recovery_point_tags", ""),
    ),
    "tags and resources": Planted(
        put((*PLAN, "selections", "resources"), locked({"all": {"iam_role_arn": ROLE, "resource_types": ["*"]}})),
        "tags-and-resources",
        (*PLAN, "selections"),
    ),
    # single values
    "rate": value((*RULE, "schedule_expression"), "rate(1 day)", "schedule"),
    "no schedule in the schedule": value((*RULE, "schedule_expression"), "", "schedule"),
    "five fields": value((*RULE, "schedule_expression"), "cron(0 2 * * ?)", "schedule"),
    "every minute": value((*RULE, "schedule_expression"), "cron(* * * * * *)", "schedule"),
    "both question marks": value((*RULE, "schedule_expression"), "cron(0 2 ? * ? *)", "schedule"),
    "twice an hour": value((*RULE, "schedule_expression"), "cron(0/30 2 ? * * *)", "schedule"),
    "schedule is a number": value((*RULE, "schedule_expression"), 5, "schedule"),
    "30 February": value((*RULE, "schedule_expression"), "cron(0 2 30 2 ? *)", "schedule-never-fires"),
    "window of half an hour": value((*RULE, "start_backup_window_minutes"), "30", "window"),
    "window of half minutes": value((*RULE, "start_backup_window_minutes"), 60.5, "window"),
    "window is true": value((*RULE, "complete_backup_window_minutes"), wrong=True, code="window"),
    "window is a word": value((*RULE, "complete_backup_window_minutes"), "2h", "window"),
    "complete before start": value((*RULE, "complete_backup_window_minutes"), 60, "windows-do-not-fit"),
    "kept for no day": value((*RULE, "lifecycle", "delete_after_days"), 0, "days"),
    "kept for less than no day": value((*COPY, "lifecycle", "delete_after_days"), "-1", "days"),
    "kept for half days": value((*RULE, "lifecycle", "delete_after_days"), 12.5, "days"),
    "flag in capitals": value((*RULE, "enable_continuous_backup"), "TRUE", "flag"),
    "flag is a number": value((*RULE, "lifecycle", "opt_in_to_archive_for_supported_resources"), 1, "flag"),
    "vault name with a dot": value((*RULE, "target_backup_vault_name"), "my.vault", "vault-name"),
    "vault name is an ARN": value((*RULE, "target_backup_vault_name"), CENTRAL_VAULT, "vault-name"),
    "air-gapped vault in one account": value(
        (*RULE, "target_logically_air_gapped_backup_vault_arn"), CENTRAL_VAULT, "air-gapped-vault-arn"
    ),
    "role of one account": value((*BY_TAG, "iam_role_arn"), "arn:aws:iam::222222222222:role/backup", "role-account"),
    "role without its ARN": value((*BY_TAG, "iam_role_arn"), "backup-role", "role-arn"),
    "scanner role is a user": value(
        (*PLAN, "scan_settings", "GUARDDUTY", "scanner_role_arn"), "arn:aws:iam::$account:user/x", "role-arn"
    ),
    "every Region": value((*PLAN, "regions"), ["*"], "region-code", ASSIGN, 0),
    "no Region at all": value((*PLAN, "regions"), ["aws-global"], "region-code", ASSIGN, 0),
    "Region by its name": value((*PLAN, "regions"), ["eu-west-1", "Ireland"], "region-code", ASSIGN, 1),
    "no Region": value((*PLAN, "regions"), [], "empty-list"),
    "no tag value": value((*BY_TAG, "tag_value"), [], "empty-list"),
    "empty tag key": value((*BY_TAG, "tag_key"), "", "tag-key"),
    "tag key too long": value((*BY_TAG, "tag_key"), "k" * 129, "tag-key"),
    "tag value too long": value((*BY_TAG, "tag_value"), ["v" * 257], "tag-value", ASSIGN, 0),
    "reserved tag": Planted(
        both(
            drop((*RULE, "recovery_point_tags", "Tier")),
            put((*RULE, "recovery_point_tags", "aws:x"), locked({"tag_key": "aws:x", "tag_value": "x"})),
        ),
        "reserved-tag-key",
        (*RULE, "recovery_point_tags", "aws:x", "tag_key"),
    ),
    "plan tag of another name": value(
        (*PLAN, "backup_plan_tags", "costcentre", "tag_key"), "Owner", "tag-key-mismatch"
    ),
    "condition on the account": value(
        (*CONDITIONS, "string_equals", "stage", "condition_key"), "aws:PrincipalAccount", "condition-key"
    ),
    "condition on no tag": value(
        (*CONDITIONS, "string_like", "name", "condition_key"), "aws:ResourceTag/", "condition-key"
    ),
    "type by its name": value((*BY_TYPE, "resource_types"), ["RDS"], "resource-type", ASSIGN, 0, base="by resource"),
    "ARN of one resource": value(
        (*BY_TYPE, "not_resource_types"),
        ["arn:aws:rds:eu-west-1:222222222222:db:orders"],
        "resource-type",
        ASSIGN,
        0,
        base="by resource",
    ),
    "no type": value((*BY_TYPE, "resource_types"), [], "empty-list", base="by resource"),
    "index of a database": value((*RULE, "index_actions", "resource_types"), ["RDS"], "choice", ASSIGN, 0),
    "scan of a database": value((*PLAN, "scan_settings", "GUARDDUTY", "resource_types"), ["RDS"], "choice", ASSIGN, 0),
    "scan mode": value((*RULE, "scan_actions", "GUARDDUTY", "scan_mode"), "FULL", "choice"),
    "switch is a flag": value((*PLAN, "advanced_backup_settings", "ec2", "windows_vss"), "true", "choice"),
    # numbers of things
    "eleven rules": Planted(
        several((*PLAN, "rules"), 11, lambda number: (f"rule-{number}", {})),
        "too-many",
        (*PLAN, "rules"),
        "rule alone",
    ),
    "six copies": Planted(
        several(
            (*RULE, "copy_actions"),
            6,
            lambda number: next(iter(copies(a_vault_arn(f"v{number}", account=AUDIT_ACCOUNT)).items())),
        ),
        "too-many",
        (*RULE, "copy_actions"),
    ),
    "eleven tags": Planted(
        several((*RULE, "recovery_point_tags"), 11, tag), "too-many", (*RULE, "recovery_point_tags")
    ),
    "31 tag values": value((*BY_TAG, "tag_value"), [f"value-{number}" for number in range(31)], "too-many"),
    "31 conditions of one kind": Planted(
        several((*CONDITIONS, "string_like"), 31, lambda number: (f"c{number}", {})),
        "too-many",
        (*CONDITIONS, "string_like"),
        "conditions alone",
    ),
    "31 conditions of two kinds": Planted(
        several((*CONDITIONS, "string_like"), 30, lambda number: (f"c{number}", {})),
        "too-many",
        CONDITIONS,
        "conditions alone",
    ),
    "eleven selections by tag": Planted(
        several(
            (*PLAN, "selections", "tags"),
            11,
            lambda number: (f"s{number}", {"iam_role_arn": ROLE, "tag_key": "K", "tag_value": ["v"]}),
        ),
        "too-many",
        (*PLAN, "selections", "tags"),
        "continuous",
    ),
    # what does not go together
    "cold for 89 days": value((*RULE, "lifecycle", "delete_after_days"), 119, "cold-too-close"),
    "copy cold for 89 days": Planted(
        assign((*COPY, "lifecycle", "move_to_cold_storage_after_days"), "276"),
        "cold-too-close",
        (*COPY, "lifecycle", "delete_after_days"),
    ),
    "archive without cold storage": Planted(
        drop((*MONTHLY, "lifecycle", "move_to_cold_storage_after_days")),
        "archive-incomplete",
        (*MONTHLY, "lifecycle", "opt_in_to_archive_for_supported_resources"),
        "archive",
    ),
    "weekly archive": Planted(
        assign((*MONTHLY, "schedule_expression"), "cron(0 3 ? * SUN *)"),
        "archive-schedule",
        (*MONTHLY, "lifecycle", "opt_in_to_archive_for_supported_resources"),
        "archive",
    ),
    "continuous for 36 days": value(
        (*RULE, "lifecycle", "delete_after_days"), "36", "continuous-retention", base="continuous"
    ),
    "continuous and cold": Planted(
        both(
            assign((*RULE, "lifecycle", "move_to_cold_storage_after_days"), 1),
            put((*RULE, "lifecycle", "delete_after_days"), LOCKED),
        ),
        "continuous-cold",
        (*RULE, "lifecycle", "move_to_cold_storage_after_days"),
        "continuous",
    ),
    "scan without settings": Planted(drop((*PLAN, "scan_settings")), "scan-without-settings", (*RULE, "scan_actions")),
    # copies
    "copy into another vault": value(
        central("target_backup_vault_arn"), a_vault_arn("other", account=AUDIT_ACCOUNT), "copy-key-mismatch"
    ),
    "copy into a number": value(central("target_backup_vault_arn"), 5, "copy-key-mismatch"),
    "copy by the vault's name": Planted(
        moved_copy("central-backup-vault"), "copy-key", (*RULE, "copy_actions", "central-backup-vault")
    ),
    "copy into every Region": Planted(
        moved_copy(a_vault_arn("second", account="$account", region="$region")),
        "region-variable",
        (*RULE, "copy_actions", a_vault_arn("second", account="$account", region="$region")),
    ),
    "copy into a foreign Default": Planted(
        moved_copy(a_vault_arn("Default")),
        "copy-to-default-vault",
        (*RULE, "copy_actions", a_vault_arn("Default")),
    ),
    "copy of Redshift": value(
        (*BY_TYPE, "resource_types"),
        ["arn:aws:rds:*:*:db:*", "arn:aws:redshift:*:*:cluster:*"],
        "copy-unsupported",
        ASSIGN,
        1,
        base="by resource",
    ),
    "copy of Redshift Serverless": value(
        (*BY_TYPE, "resource_types"),
        ["arn:aws:redshift-serverless:*:*:namespace/*"],
        "copy-unsupported",
        ASSIGN,
        0,
        base="by resource",
    ),
    "copy into another partition": Planted(
        moved_copy(GOVCLOUD_VAULT), "copy-leaves-partition", (*RULE, "copy_actions", GOVCLOUD_VAULT)
    ),
    "copy by the ARN of another partition": Planted(
        moved_copy(CENTRAL_VAULT.replace("arn:aws:", "arn:aws-cn:")),
        "partition",
        (*RULE, "copy_actions", CENTRAL_VAULT.replace("arn:aws:", "arn:aws-cn:")),
    ),
    "copy into another account in China": Planted(
        put((*RULE, "copy_actions"), locked(copies(CHINESE_VAULT))),
        "china-copy",
        (*RULE, "copy_actions", CHINESE_VAULT),
        "China",
    ),
    "role of another partition": value(
        (*BY_TAG, "iam_role_arn"), ROLE.replace("arn:aws:", "arn:aws-us-gov:"), "partition"
    ),
    "type of another partition": value(
        (*BY_TYPE, "resource_types"), ["arn:aws-us-gov:s3:::*"], "partition", ASSIGN, 0, base="by resource"
    ),
    "air-gapped vault of another partition": value(
        (*RULE, "target_logically_air_gapped_backup_vault_arn"),
        a_vault_arn("air-gapped", account="$account", region="$region").replace("arn:aws:", "arn:aws-us-gov:"),
        "partition",
    ),
    "scanner of another partition": value(
        (*PLAN, "scan_settings", "GUARDDUTY", "scanner_role_arn"),
        ROLE.replace("arn:aws:", "arn:aws-cn:"),
        "partition",
    ),
    "Regions of two partitions": value((*PLAN, "regions"), ["eu-west-1", "us-gov-west-1"], "partition", ASSIGN, 1),
    "window of a hundred years": value((*RULE, "complete_backup_window_minutes"), 52_560_001, "minutes-too-many"),
    "window without an end": value((*RULE, "complete_backup_window_minutes"), 10**400, "minutes-too-many"),
    "kept for a hundred years and a day": value((*RULE, "lifecycle", "delete_after_days"), 36_501, "days-too-many"),
    "kept for ages": value((*RULE, "lifecycle", "delete_after_days"), 10**400, "days-too-many"),
    # the lock of the vault
    "copy kept too short": Planted(
        assign((*COPY, "lifecycle", "delete_after_days"), 29),
        "retention-outside-lock",
        (*COPY, "lifecycle", "delete_after_days"),
        lock=LOCK,
    ),
    "copy kept too long": Planted(
        assign((*COPY, "lifecycle", "delete_after_days"), "2556"),
        "retention-outside-lock",
        (*COPY, "lifecycle", "delete_after_days"),
        lock=LOCK,
    ),
    "copy inherits too short a time": Planted(
        both(
            drop(central("lifecycle")),
            put((*RULE, "lifecycle", "delete_after_days", ASSIGN), 7),
        ),
        "inherited-retention-outside-lock",
        COPY,
        "with copies",
        LOCK,
    ),
    "air-gapped vault in the place of the standard one": Planted(
        assign((*RULE, "target_logically_air_gapped_backup_vault_arn"), GAPPED.replace("air-gapped", "local-vault")),
        "air-gap-same-vault",
        (*RULE, "target_logically_air_gapped_backup_vault_arn"),
    ),
    "kept for six days in an air-gapped vault": Planted(
        both(
            drop((*RULE, "lifecycle", "move_to_cold_storage_after_days")),
            put((*RULE, "lifecycle", "delete_after_days", ASSIGN), 6),
        ),
        "air-gap-retention",
        (*RULE, "lifecycle", "delete_after_days"),
    ),
}

WARNINGS: dict[str, Planted] = {
    "two plans in two cases": Planted(put(("plans", "Daily"), LOCKED), "name-in-two-cases", ("plans", "Daily")),
    "empty setting": Planted(
        put((*PLAN, "rules", "nightly", "lifecycle", "move_to_cold_storage_after_days"), {}),
        "no-value",
        (*RULE, "lifecycle", "move_to_cold_storage_after_days"),
        "minimal with a lifecycle",
    ),
    "append of nothing": Planted(put((*PLAN, "regions", "@@append"), []), "no-value", (*PLAN, "regions", "@@append")),
    "Region twice": value((*PLAN, "regions"), ["eu-west-1", "eu-west-1"], "value-twice", ASSIGN, 1),
    "tag value twice as text and number": value((*BY_TAG, "tag_value"), ["7", 7], "value-twice", ASSIGN, 1),
    "no Regions": Planted(drop((*PLAN, "regions")), "incomplete", PLAN),
    "no selections": Planted(drop((*PLAN, "selections")), "incomplete", PLAN),
    "no vault": Planted(drop((*RULE, "target_backup_vault_name")), "incomplete", RULE),
    "no target of a copy": Planted(drop(central("target_backup_vault_arn")), "incomplete", COPY),
    "no role": Planted(drop((*BY_TAG, "iam_role_arn")), "incomplete", BY_TAG),
    "no schedule": Planted(drop((*RULE, "schedule_expression")), "no-schedule", RULE),
    "window in seconds": Planted(
        both(
            assign((*RULE, "complete_backup_window_minutes"), "604800"),
            assign((*RULE, "schedule_expression"), "cron(0 2 1 1 ? 2030)"),
        ),
        "window-too-long",
        (*RULE, "complete_backup_window_minutes"),
    ),
    "windows less than an hour apart": value((*RULE, "complete_backup_window_minutes"), 119, "windows-too-close"),
    "first Monday by its name": value((*RULE, "schedule_expression"), "cron(0 5 ? * MON#1 *)", "schedule-by-name"),
    "last Friday by its name": value((*RULE, "schedule_expression"), "cron(0 5 ? * FRIL *)", "schedule-by-name"),
    "yearly, kept for a week": Planted(
        both(
            assign((*RULE, "schedule_expression"), "cron(0 18 1 1 ? *)"),
            assign((*RULE, "lifecycle", "delete_after_days"), 7),
        ),
        "kept-too-briefly",
        (*RULE, "lifecycle", "delete_after_days"),
        "continuous",
    ),
    "copy that dies first": Planted(
        assign((*COPY, "lifecycle", "delete_after_days"), 119),
        "copy-dies-first",
        (*COPY, "lifecycle", "delete_after_days"),
    ),
    "weekly without the copy": Planted(
        put(
            (*PLAN, "rules", "weekly"),
            locked(rule(schedule_expression="cron(0 2 ? * SUN *)", lifecycle=lifecycle(365))),
        ),
        "overlap-loses-copy",
        (*PLAN, "rules", "weekly", "schedule_expression"),
        "by resource",
    ),
    "weekly that keeps as long": Planted(
        put((*PLAN, "rules", "weekly"), locked(rule(schedule_expression="cron(30 2 ? * SUN *)"))),
        "overlap-equal",
        (*PLAN, "rules", "weekly", "schedule_expression"),
        "continuous beside snapshots",
    ),
    "hourly in a long window": Planted(
        put(
            (*PLAN, "rules", "hourly"),
            locked(rule(schedule_expression="cron(0 * ? * * *)", lifecycle=lifecycle(2))),
        ),
        "overlap-swallows",
        (*PLAN, "rules", "nightly", "schedule_expression"),
        "long window",
    ),
    "rules in pairs with selections": Planted(
        put(
            (*PLAN, "selections", "tags"),
            locked(
                {
                    f"{each}_Assignment": {"iam_role_arn": ROLE, "tag_key": f"backup{each}", "tag_value": ["yes"]}
                    for each in ("Daily", "Weekly")
                }
            ),
        ),
        "rules-times-selections",
        (*PLAN, "selections"),
        "two rules",
    ),
    "asterisk for every value": value((*BY_TAG, "tag_value"), ["*"], "wildcard-in-equals", ASSIGN, 0),
    "copy into a Region that is not known": Planted(
        moved_copy(CENTRAL_VAULT.replace("eu-west-1", "eu-wset-1")),
        "region-unknown",
        (*RULE, "copy_actions", CENTRAL_VAULT.replace("eu-west-1", "eu-wset-1")),
    ),
    "copy of a stack into another account": value(
        (*BY_TYPE, "resource_types"),
        ["arn:aws:cloudformation:*:*:stack/*"],
        "copy-doubtful",
        ASSIGN,
        0,
        base="by resource",
    ),
    "copy of file systems out of Milan": Planted(
        both(
            assign((*BY_TYPE, "resource_types"), ["arn:aws:fsx:*:*:file-system/*"]),
            assign((*PLAN, "regions"), ["eu-south-1"]),
        ),
        "copy-in-opt-in-region",
        (*BY_TYPE, "resource_types", ASSIGN, 0),
        "by resource",
    ),
    "Region that is not known": value((*PLAN, "regions"), ["eu-wset-1"], "region-unknown", ASSIGN, 0),
    "default role without its path": value(
        (*BY_TAG, "iam_role_arn"), "arn:aws:iam::$account:role/AWSBackupDefaultServiceRole", "role-path"
    ),
    "asterisk in an equation": value(
        (*CONDITIONS, "string_equals", "stage", "condition_value"), "prod*", "wildcard-in-equals"
    ),
    "asterisk in an inequation": value(
        (*CONDITIONS, "string_not_equals", "owner", "condition_value"), "*", "wildcard-in-equals"
    ),
    "copy of a continuous backup": Planted(
        assign((*RULE, "enable_continuous_backup"), "true"),
        "continuous-copy",
        (*RULE, "enable_continuous_backup"),
        "by resource",
    ),
    "copy into the same vault": Planted(
        moved_copy(a_vault_arn("local-vault", account="$account")),
        "copy-to-itself",
        (*RULE, "copy_actions", a_vault_arn("local-vault", account="$account")),
    ),
    "database into an air-gapped vault": Planted(
        both(
            assign((*RULE, "target_logically_air_gapped_backup_vault_arn"), GAPPED),
            put((*BY_TYPE, "resource_types", ASSIGN), ["arn:aws:rds:*:*:cluster:*", "arn:aws:rds:*:*:db:*"]),
        ),
        "air-gap-type",
        (*BY_TYPE, "resource_types", ASSIGN, 1),
        base="by resource",
    ),
    "copy of FSx volumes": value(
        (*BY_TYPE, "resource_types"), ["arn:aws:fsx:*:*:volume/*"], "copy-doubtful", ASSIGN, 0, base="by resource"
    ),
    "copy without an end": Planted(
        both(drop(central("lifecycle")), drop((*RULE, "lifecycle"))),
        "kept-forever-in-lock",
        COPY,
        "with copies",
        LOCK,
    ),
    "setting without a lock": Planted(drop((*PLAN, "regions", CONTROL)), "unlocked", (*PLAN, "regions")),
    "setting open to appending": Planted(
        put((*PLAN, "regions", CONTROL), ["@@append"]), "unlocked", (*PLAN, "regions")
    ),
    "copy's target without a lock": Planted(
        drop((*COPY, "target_backup_vault_arn", CONTROL)), "unlocked", central("target_backup_vault_arn")
    ),
    "rules without a lock": Planted(drop((*PLAN, "rules", CONTROL)), "open-container", (*PLAN, "rules")),
    "document without a lock": Planted(drop((CONTROL,)), "open-container", ()),
    "container open to everything": Planted(put((*PLAN, CONTROL), ["@@all"]), "open-container", PLAN),
    **{
        f"{name} is unset": Planted(drop((*RULE, name)), "unset-leaf", (*RULE, name))
        for name in ("start_backup_window_minutes", "complete_backup_window_minutes", "enable_continuous_backup")
    },
    "deletion is unset": Planted(
        drop((*RULE, "lifecycle", "delete_after_days")), "unset-leaf", (*RULE, "lifecycle", "delete_after_days")
    ),
    "copy's deletion is unset": Planted(
        drop((*COPY, "lifecycle", "delete_after_days")), "unset-leaf", (*COPY, "lifecycle", "delete_after_days")
    ),
    "copy's lifecycle is unset": Planted(drop(central("lifecycle")), "unset-leaf", central("lifecycle")),
}

BASES = {
    **LOCKED_POLICIES,
    **UNLOCKED_POLICIES,
    "rule alone": locked({"plans": {"daily": {"rules": {"nightly": {}}}}}),
    "conditions alone": locked(
        {
            "plans": {
                "daily": {
                    "selections": {"tags": {"by-tag": {"conditions": {"string_like": {}, "string_equals": {"c": {}}}}}}
                }
            }
        }
    ),
    "China": locked(
        plan(
            {"nightly": rule()},
            regions=["cn-north-1"],
            selections=by_tag(iam_role_arn=ROLE.replace("arn:aws:", "arn:aws-cn:")),
        )
    ),
    "continuous beside snapshots": locked(
        plan({"nightly": rule(), "point-in-time": rule(enable_continuous_backup=True)})
    ),
    "long window": locked(
        plan({"nightly": rule(start_backup_window_minutes=480, complete_backup_window_minutes=10_080)})
    ),
    "two rules": locked(
        plan(
            {
                "Daily_Rule": rule(),
                "Weekly_Rule": rule(schedule_expression="cron(0 2 ? * SUN *)", lifecycle=lifecycle(90)),
            }
        )
    ),
    "minimal with a lifecycle": {"plans": {"daily": {"rules": {"nightly": {"lifecycle": {}}}}}},
}
PLANTED = {"error": ERRORS, "warning": WARNINGS}


def findings_in(document: Document, lock: VaultRange | None = None) -> tuple[Finding, ...]:
    return lint(parse_policy(json.dumps(document)), partitions=known_partitions(), vault_lock=lock)


@pytest.mark.parametrize(
    ("level", "planted"),
    [
        pytest.param(level, planted, id=f"{level}: {name}")
        for level, table in PLANTED.items()
        for name, planted in table.items()
    ],
)
def test_a_planted_defect_gives_its_own_finding_and_no_other(level: str, planted: Planted) -> None:
    document = copy.deepcopy(BASES[planted.base])
    before = findings_in(document, planted.lock)
    planted.edit(document)
    after = findings_in(document, planted.lock)
    new = [(each.level.value, each.code, each.path) for each in after if each not in before]
    assert new == [(level, planted.code, json_path(planted.path))]


def test_every_code_is_planted_in_this_table_or_needs_the_text_of_the_document() -> None:
    planted = {each.code for table in PLANTED.values() for each in table.values()}
    assert planted == CODES.keys() - {"key-twice", "document-too-long"}
    assert len(ERRORS) + len(WARNINGS) > 100


def test_a_key_that_stands_twice_is_found_at_its_path() -> None:
    text = json.dumps(LOCKED_POLICIES["continuous"])
    twice = text.replace('"regions": {', '"regions": {"@@assign": ["eu-west-2"], ', 1)
    [finding] = lint(parse_policy(twice))
    assert (finding.level, finding.code, finding.path) == ("error", "key-twice", "$.plans.daily.regions.@@assign")


@pytest.mark.parametrize(
    ("spaces", "advice"), [pytest.param(2_000, "minify it", id="blanks"), pytest.param(0, "split it", id="contents")]
)
def test_a_document_over_10_000_characters_is_told_whether_minifying_helps(spaces: int, advice: str) -> None:
    rules = {
        f"rule-{number}": rule(
            schedule_expression=f"cron(0 {number} ? * * *)", copy_actions=copies(CENTRAL_VAULT, REPLICA_VAULT)
        )
        for number in range(9)
    }
    text = json.dumps(locked(plan(rules) if not spaces else plan({"nightly": rule()})))
    [finding] = lint(parse_policy(text + " " * (10_001 - len(text) if spaces else 0)))
    assert (finding.level, finding.code, finding.path) == ("error", "document-too-long", "$")
    assert advice in finding.message
