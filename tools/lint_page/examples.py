"""For each code of the linter a place of a sound policy, written wrong and written right."""

from copy import replace
from typing import Any, Final

from strongroom.domain.backup_policy.linting.reading import VaultRange
from tools.lint_page.sound import (
    BY_TAG,
    CENTRAL,
    COPIES,
    COPY,
    PLAN,
    ROLE,
    RULE,
    RULES,
    SELECTIONS,
    SOUND,
    Example,
    assigned,
    by_tags,
    by_type,
    condition,
    copy,
    locked,
    rule,
    setting,
    written,
)

NIGHTLY: Final = "cron(0 2 ? * * *)"
HOURLY: Final = "cron(0 * ? * * *)"
WEEKLY: Final = "cron(0 2 ? * SUN *)"
MONTHLY: Final = "cron(0 2 1 * ? *)"
YEARLY: Final = "cron(0 2 1 1 ? *)"
OWN_VAULT: Final = "arn:aws:backup:$region:$account:backup-vault"
AIR_GAP: Final = f"{OWN_VAULT}:air-gapped"
SECOND: Final = "arn:aws:backup:eu-central-1:$account:backup-vault:second"
LOCK: Final = VaultRange(least=30, most=2555)
LOCKED: Final = locked({"plans": {"daily": {"regions": {"@@assign": ["eu-west-1"]}}}})
SEALED: Final = {
    "plans": {
        "daily": {
            "regions": {"@@assign": ["eu-west-1"]},
            "rules": {
                "nightly": assigned(
                    {
                        "schedule_expression": NIGHTLY,
                        "start_backup_window_minutes": "60",
                        "complete_backup_window_minutes": "240",
                        "enable_continuous_backup": "false",
                        "target_backup_vault_name": "local-vault",
                        "lifecycle": {
                            "delete_after_days": "35",
                            "opt_in_to_archive_for_supported_resources": "false",
                        },
                    }
                )
            },
            "selections": by_tags("daily"),
        }
    }
}

_SCAN: Final = {"GUARDDUTY": assigned({"scan_mode": "INCREMENTAL_SCAN"})}
_FSX: Final = {"selections": by_type("arn:aws:fsx:*:*:file-system/*")}


def _gapped(pattern: str) -> Any:
    nightly = rule(NIGHTLY, "35", target_logically_air_gapped_backup_vault_arn={"@@assign": AIR_GAP})
    return {"regions": {"@@assign": ["eu-west-1"]}, "rules": {"nightly": nightly}, "selections": by_type(pattern)}


def _moved(arn: str) -> Example:
    return written(COPIES, copy(arn), copy(CENTRAL))


def _archived(**more: str) -> Any:
    return assigned({**more, "delete_after_days": "400", "opt_in_to_archive_for_supported_resources": "true"})


def _continuous(days: str) -> Any:
    return rule(NIGHTLY, days, enable_continuous_backup={"@@assign": "true"})


def _plan(rules: Any, *values: str) -> Any:
    return {"regions": {"@@assign": ["eu-west-1"]}, "rules": rules, "selections": by_tags(*values)}


def _chinese(arn: str) -> Any:
    selection = assigned(
        {"iam_role_arn": ROLE.replace("arn:aws:", "arn:aws-cn:"), "tag_key": "Backup", "tag_value": ["daily"]}
    )
    return {
        "daily": {
            "regions": {"@@assign": ["cn-north-1"]},
            "rules": {"nightly": rule(NIGHTLY, "35", copy_actions=copy(arn))},
            "selections": {"tags": {"daily": selection}},
        }
    }


def _without_a_window(policy: Any) -> Any:
    daily = policy["plans"]["daily"]
    nightly = dict(daily["rules"]["nightly"])
    del nightly["complete_backup_window_minutes"]
    rules = {**daily["rules"], "nightly": nightly}
    return {**policy, "plans": {**policy["plans"], "daily": {**daily, "rules": rules}}}


EXAMPLES: Final[dict[str, Example]] = {
    "empty-document": written((), {}, {"plans": {}}),
    "not-an-object": written((*RULE, "lifecycle"), [35], assigned({"delete_after_days": "35"})),
    "unknown-key": written(
        RULES,
        {"nightly": {**rule(NIGHTLY, "35"), "schedule_expression_timezone": {"@@assign": "Europe/Berlin"}}},
        {"nightly": rule("cron(0 1 ? * * *)", "35")},
    ),
    "key-twice": Example(
        (*RULE, "lifecycle"),
        '{"delete_after_days": {"@@assign": "7"}, "delete_after_days": {"@@assign": "35"}}',
        '{"delete_after_days": {"@@assign": "35"}}',
    ),
    "bad-name": written(RULES, {"every night": rule(NIGHTLY, "35")}, {"every-night": rule(NIGHTLY, "35")}),
    "value-without-operator": written((*PLAN, "regions"), ["eu-west-1"], {"@@assign": ["eu-west-1"]}),
    "unknown-operator": written((*PLAN, "regions"), {"@@replace": ["eu-west-1"]}, {"@@assign": ["eu-west-1"]}),
    "operator-on-container": written(
        (*RULE, "lifecycle"), {"@@assign": {"delete_after_days": "35"}}, assigned({"delete_after_days": "35"})
    ),
    "list-operator-on-single-value": written(
        (*RULE, "target_backup_vault_name"), {"@@append": "local-vault"}, {"@@assign": "local-vault"}
    ),
    "list-wanted": setting((*BY_TAG, "tag_value"), "daily", ["daily"]),
    "single-value-wanted": setting((*RULE, "start_backup_window_minutes"), ["60"], "60"),
    "child-control": written(
        (*PLAN, "regions"),
        {"@@assign": ["eu-west-1"], "@@operators_allowed_for_child_policies": "@@append"},
        {"@@assign": ["eu-west-1"], "@@operators_allowed_for_child_policies": ["@@append"]},
    ),
    "tags-and-resources": written(
        SELECTIONS,
        {**by_tags("daily"), **by_type("arn:aws:s3:::*")},
        {
            "resources": {
                "by-type": {
                    **by_type("arn:aws:s3:::*")["resources"]["by-type"],
                    "conditions": condition("string_equals", "production"),
                }
            }
        },
    ),
    "document-too-long": Example(
        (*PLAN, "regions"), '{"@@assign": ["eu-west-1"]}', '{"@@assign": ["eu-west-1"]}', blanks=10_000
    ),
    "too-many": setting((*BY_TAG, "tag_value"), [f"v{n}" for n in range(31)], [f"v{n}" for n in range(30)]),
    "empty-list": setting((*PLAN, "regions"), [], ["eu-west-1"]),
    "schedule": setting((*RULE, "schedule_expression"), "rate(1 day)", NIGHTLY),
    "schedule-never-fires": setting((*RULE, "schedule_expression"), "cron(0 2 30 2 ? *)", "cron(0 2 L * ? *)"),
    "window": setting((*RULE, "start_backup_window_minutes"), "30", "60"),
    "minutes-too-many": setting((*RULE, "complete_backup_window_minutes"), "99999999", "240"),
    "days": setting((*RULE, "lifecycle", "delete_after_days"), "0", "35"),
    "days-too-many": setting((*COPY, "lifecycle", "delete_after_days"), "36501", "36500"),
    "flag": written(
        RULE,
        rule(NIGHTLY, "35", enable_continuous_backup={"@@assign": "TRUE"}),
        rule(NIGHTLY, "35", enable_continuous_backup={"@@assign": "true"}),
    ),
    "choice": written(
        (*PLAN, "advanced_backup_settings"),
        {"ec2": {"windows_vss": {"@@assign": "true"}}},
        {"ec2": {"windows_vss": {"@@assign": "enabled"}}},
    ),
    "vault-name": setting((*RULE, "target_backup_vault_name"), "local.vault", "local-vault"),
    "air-gapped-vault-arn": setting(
        (*RULE, "target_logically_air_gapped_backup_vault_arn"),
        "arn:aws:backup:eu-west-1:111122223333:backup-vault:air-gapped",
        AIR_GAP,
    ),
    "role-arn": setting((*BY_TAG, "iam_role_arn"), "backup", ROLE),
    "role-account": setting((*BY_TAG, "iam_role_arn"), "arn:aws:iam::111122223333:role/backup", ROLE),
    "region-code": setting((*PLAN, "regions"), ["eu-west1"], ["eu-west-1"]),
    "partition": setting((*BY_TAG, "iam_role_arn"), "arn:aws-us-gov:iam::$account:role/backup", ROLE),
    "tag-key": setting((*BY_TAG, "tag_key"), "", "Backup"),
    "reserved-tag-key": written(
        (*RULE, "recovery_point_tags"),
        {"aws:owner": assigned({"tag_key": "aws:owner", "tag_value": "payments"})},
        {"owner": assigned({"tag_key": "owner", "tag_value": "payments"})},
    ),
    "tag-value": setting((*BY_TAG, "tag_value"), ["v" * 257], ["daily"]),
    "condition-key": written(
        (*BY_TAG, "conditions"),
        {"string_equals": {"stage": assigned({"condition_key": "Stage", "condition_value": "production"})}},
        condition("string_equals", "production"),
    ),
    "resource-type": written(SELECTIONS, by_type("RDS"), by_type("arn:aws:rds:*:*:db:*")),
    "tag-key-mismatch": written(
        (*PLAN, "backup_plan_tags"),
        {"owner": assigned({"tag_key": "team", "tag_value": "payments"})},
        {"team": assigned({"tag_key": "team", "tag_value": "payments"})},
    ),
    "windows-do-not-fit": setting((*RULE, "complete_backup_window_minutes"), "60", "120"),
    "cold-too-close": written(
        (*COPY, "lifecycle"),
        assigned({"move_to_cold_storage_after_days": "300", "delete_after_days": "365"}),
        assigned({"move_to_cold_storage_after_days": "300", "delete_after_days": "390"}),
    ),
    "archive-incomplete": written(
        RULES,
        {"monthly": rule(MONTHLY, "400", lifecycle=_archived())},
        {"monthly": rule(MONTHLY, "400", lifecycle=_archived(move_to_cold_storage_after_days="90"))},
    ),
    "archive-schedule": written(
        RULES,
        {"archived": rule(WEEKLY, "400", lifecycle=_archived(move_to_cold_storage_after_days="90"))},
        {"archived": rule(MONTHLY, "400", lifecycle=_archived(move_to_cold_storage_after_days="90"))},
    ),
    "continuous-retention": written(RULE, _continuous("90"), _continuous("35")),
    "continuous-cold": written(
        RULE,
        {
            **_continuous("35"),
            "lifecycle": assigned({"move_to_cold_storage_after_days": "7", "delete_after_days": "35"}),
        },
        _continuous("35"),
    ),
    "scan-without-settings": written(
        PLAN,
        {
            **SOUND["plans"]["daily"],
            "rules": {"nightly": rule(NIGHTLY, "35", scan_actions=_SCAN)},
        },
        {
            **SOUND["plans"]["daily"],
            "rules": {"nightly": rule(NIGHTLY, "35", scan_actions=_SCAN)},
            "scan_settings": {"GUARDDUTY": assigned({"resource_types": ["EBS"], "scanner_role_arn": ROLE})},
        },
    ),
    "copy-key": _moved("central"),
    "copy-key-mismatch": setting((*COPY, "target_backup_vault_arn"), SECOND, CENTRAL),
    "region-variable": _moved("arn:aws:backup:$region:$account:backup-vault:second"),
    "copy-to-default-vault": _moved("arn:aws:backup:eu-west-1:111122223333:backup-vault:Default"),
    "copy-unsupported": written(SELECTIONS, by_type("arn:aws:redshift:*:*:cluster:*"), by_type("arn:aws:s3:::*")),
    "copy-leaves-partition": _moved("arn:aws-us-gov:backup:us-gov-east-1:111122223333:backup-vault:central"),
    "china-copy": written(
        ("plans",),
        _chinese("arn:aws-cn:backup:cn-northwest-1:111122223333:backup-vault:central"),
        _chinese("arn:aws-cn:backup:cn-northwest-1:$account:backup-vault:second"),
    ),
    "retention-outside-lock": replace(setting((*COPY, "lifecycle", "delete_after_days"), "2556", "2555"), lock=LOCK),
    "inherited-retention-outside-lock": written(
        RULE,
        rule(NIGHTLY, "7", copy_actions={CENTRAL: assigned({"target_backup_vault_arn": CENTRAL})}),
        rule(NIGHTLY, "7", copy_actions=copy(CENTRAL)),
        lock=LOCK,
    ),
    "air-gap-same-vault": setting(
        (*RULE, "target_logically_air_gapped_backup_vault_arn"), f"{OWN_VAULT}:local-vault", AIR_GAP
    ),
    "air-gap-retention": written(
        RULE,
        rule(NIGHTLY, "6", target_logically_air_gapped_backup_vault_arn={"@@assign": AIR_GAP}),
        rule(NIGHTLY, "7", target_logically_air_gapped_backup_vault_arn={"@@assign": AIR_GAP}),
    ),
    "name-in-two-cases": written(
        RULES,
        {"Nightly": rule(NIGHTLY, "35"), "nightly": rule("cron(0 14 ? * * *)", "7")},
        {"nightly": rule(NIGHTLY, "35"), "at-noon": rule("cron(0 14 ? * * *)", "7")},
    ),
    "no-value": written((*RULE, "recovery_point_tags"), {"owner": {"tag_key": {}, "tag_value": {"@@assign": "x"}}}, {}),
    "value-twice": setting((*PLAN, "regions"), ["eu-west-1", "eu-west-1"], ["eu-west-1"]),
    "incomplete": written(
        RULE,
        {name: each for name, each in rule(NIGHTLY, "35").items() if name != "target_backup_vault_name"},
        rule(NIGHTLY, "35"),
    ),
    "no-schedule": written(
        RULE,
        {name: each for name, each in rule(NIGHTLY, "35").items() if name != "schedule_expression"},
        rule(NIGHTLY, "35"),
    ),
    "schedule-by-name": setting((*RULE, "schedule_expression"), "cron(0 2 ? * MON#1 *)", "cron(0 2 ? * 2#1 *)"),
    "window-too-long": setting((*RULE, "complete_backup_window_minutes"), "604800", "10080"),
    "windows-too-close": setting((*RULE, "complete_backup_window_minutes"), "90", "120"),
    "kept-too-briefly": written(RULES, {"yearly": rule(YEARLY, "7")}, {"yearly": rule(YEARLY, "366")}),
    "rules-times-selections": written(
        ("plans",),
        {"all": _plan({"daily": rule(NIGHTLY, "35"), "weekly": rule(WEEKLY, "90")}, "daily", "weekly")},
        {
            "daily": _plan({"daily": rule(NIGHTLY, "35")}, "daily"),
            "weekly": _plan({"weekly": rule(WEEKLY, "90")}, "weekly"),
        },
    ),
    "overlap-equal": written(
        RULES,
        {"daily": rule(NIGHTLY, "35"), "weekly": rule(WEEKLY, "35")},
        {"daily": rule(NIGHTLY, "35"), "weekly": rule(WEEKLY, "90")},
    ),
    "overlap-loses-copy": written(
        RULES,
        {"daily": rule(NIGHTLY, "35", copy_actions=copy(CENTRAL)), "weekly": rule(WEEKLY, "90")},
        {"daily": rule(NIGHTLY, "35", copy_actions=copy(CENTRAL)), "weekly": rule("cron(0 3 ? * SUN *)", "90")},
    ),
    "overlap-swallows": written(
        RULES,
        {"hourly": rule(HOURLY, "2"), "daily": rule(NIGHTLY, "35", start_backup_window_minutes={"@@assign": "480"})},
        {"hourly": rule(HOURLY, "2"), "daily": rule(NIGHTLY, "35")},
    ),
    "region-unknown": setting((*PLAN, "regions"), ["eu-centrl-1"], ["eu-central-1"]),
    "role-path": setting(
        (*BY_TAG, "iam_role_arn"),
        "arn:aws:iam::$account:role/AWSBackupDefaultServiceRole",
        "arn:aws:iam::$account:role/service-role/AWSBackupDefaultServiceRole",
    ),
    "wildcard-in-equals": written(
        SELECTIONS,
        {"tags": {"by-tag": by_tags("*")["tags"]["*"]}},
        {
            "resources": {
                "by-tag": {
                    **by_type("*")["resources"]["by-type"],
                    "conditions": condition("string_like", "*"),
                }
            }
        },
    ),
    "continuous-copy": written(
        RULES,
        {"nightly": {**_continuous("35"), "copy_actions": copy(CENTRAL)}},
        {
            "point-in-time": _continuous("35"),
            "nightly": rule("cron(0 4 ? * * *)", "35", copy_actions=copy(CENTRAL)),
        },
    ),
    "copy-to-itself": _moved("arn:aws:backup:eu-west-1:$account:backup-vault:local-vault"),
    "copy-dies-first": setting((*COPY, "lifecycle", "delete_after_days"), "7", "35"),
    "copy-doubtful": written(SELECTIONS, by_type("arn:aws:cloudformation:*:*:stack/*"), by_type("arn:aws:s3:::*")),
    "copy-in-opt-in-region": written(
        PLAN,
        {**SOUND["plans"]["daily"], **_FSX, "regions": {"@@assign": ["eu-south-1"]}},
        {**SOUND["plans"]["daily"], **_FSX, "regions": {"@@assign": ["eu-central-1"]}},
    ),
    "air-gap-type": written(PLAN, _gapped("arn:aws:rds:*:*:db:*"), _gapped("arn:aws:ec2:*:*:volume/*")),
    "kept-forever-in-lock": written(
        RULE,
        {
            **assigned({"schedule_expression": NIGHTLY, "target_backup_vault_name": "local-vault"}),
            "copy_actions": {CENTRAL: assigned({"target_backup_vault_arn": CENTRAL})},
        },
        {
            **assigned({"schedule_expression": NIGHTLY, "target_backup_vault_name": "local-vault"}),
            "copy_actions": copy(CENTRAL),
        },
        lock=LOCK,
    ),
    "unlocked": written((), {"plans": {"daily": {"regions": {"@@assign": ["eu-west-1"]}}}}, LOCKED),
    "open-container": written(
        (), {**LOCKED, "plans": {**LOCKED["plans"], "daily": {"regions": LOCKED["plans"]["daily"]["regions"]}}}, LOCKED
    ),
    "unset-leaf": written((), _without_a_window(locked(SEALED)), locked(SEALED)),
}
