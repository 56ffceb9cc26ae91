"""Backup policies with which nothing is wrong: plain values, and the documents that say them under a lock."""

from collections.abc import Mapping
from typing import Any

from tests.builders.places import CENTRAL_VAULT, REPLICA_VAULT, a_vault_arn

ROLE = "arn:aws:iam::$account:role/backup/backup-role"
CONTROL = "@@operators_allowed_for_child_policies"
LOCKED = {CONTROL: ["@@none"]}

type Values = Mapping[str, Any]


def locked(values: Values) -> dict[str, Any]:
    """The document that says these values, every object and every setting of it locked."""
    return {
        **LOCKED,
        **{
            name: locked(value) if isinstance(value, Mapping) else {"@@assign": value, **LOCKED}
            for name, value in values.items()
        },
    }


def unlocked(values: Values) -> dict[str, Any]:
    """The document that says these values and locks nothing."""
    return {
        name: unlocked(value) if isinstance(value, Mapping) else {"@@assign": value} for name, value in values.items()
    }


def lifecycle(days: int | str, cold: int | None = None, *, archive: str | bool = "false") -> dict[str, Any]:
    """A lifecycle with every key, cold storage only where it is asked for."""
    moved = {} if cold is None else {"move_to_cold_storage_after_days": cold}
    return {**moved, "delete_after_days": days, "opt_in_to_archive_for_supported_resources": archive}


def copies(*arns: str, days: int | str = 365) -> dict[str, Any]:
    """Copy actions into these vaults."""
    return {arn: {"target_backup_vault_arn": arn, "lifecycle": lifecycle(days)} for arn in arns}


def rule(**changes: Any) -> dict[str, Any]:
    """A nightly rule with everything that matters."""
    return {
        "schedule_expression": "cron(0 2 ? * * *)",
        "start_backup_window_minutes": "60",
        "complete_backup_window_minutes": 240,
        "enable_continuous_backup": "false",
        "target_backup_vault_name": "local-vault",
        "lifecycle": lifecycle("35"),
        **changes,
    }


def by_tag(**changes: Any) -> dict[str, Any]:
    """Selections of the resources that carry a tag."""
    return {"tags": {"by-tag": {"iam_role_arn": ROLE, "tag_key": "Backup", "tag_value": ["daily", ""], **changes}}}


def plan(rules: Values, **changes: Any) -> dict[str, Any]:
    """A policy with one plan, in one Region, by tag."""
    return {"plans": {"daily": {"regions": ["eu-west-1"], "rules": rules, "selections": by_tag(), **changes}}}


def condition(key: str, value: str) -> dict[str, Any]:
    """A condition on a tag."""
    return {"condition_key": f"aws:ResourceTag/{key}", "condition_value": value}


EVERY_KEY = plan(
    {
        "nightly": rule(
            target_logically_air_gapped_backup_vault_arn=a_vault_arn(
                "air-gapped", account="$account", region="$region"
            ),
            lifecycle=lifecycle(120, cold=30),
            copy_actions=copies(CENTRAL_VAULT, REPLICA_VAULT),
            recovery_point_tags={"Tier": {"tag_key": "Tier", "tag_value": "daily"}},
            index_actions={"resource_types": ["EBS", "S3"]},
            scan_actions={"GUARDDUTY": {"scan_mode": "INCREMENTAL_SCAN"}},
        )
    },
    selections=by_tag(
        conditions={
            "string_equals": {"stage": condition("Stage", "production")},
            "string_not_equals": {"owner": condition("Owner", "nobody")},
            "string_like": {"name": condition("Name", "pay*")},
            "string_not_like": {"other": condition("Name", "*-scratch")},
        }
    ),
    advanced_backup_settings={
        "ec2": {"windows_vss": "enabled"},
        "s3": {"backup_acls": "disabled", "backup_object_tags": "enabled"},
    },
    backup_plan_tags={"costcentre": {"tag_key": "CostCentre", "tag_value": 4711}},
    scan_settings={"GUARDDUTY": {"resource_types": ["EBS", "S3"], "scanner_role_arn": ROLE}},
)
BY_RESOURCE = plan(
    {"nightly": rule(copy_actions=copies(CENTRAL_VAULT))},
    selections={
        "resources": {
            "databases": {
                "iam_role_arn": ROLE,
                "resource_types": ["arn:aws:rds:*:*:db:*", "arn:aws:dynamodb:*:*:table/*", "arn:aws:s3:::*"],
                "not_resource_types": ["arn:aws:redshift:*:*:cluster:*"],
                "conditions": {"string_equals": {"tier": condition("Backup", "daily")}},
            }
        }
    },
)
ARCHIVE = plan(
    {"monthly": rule(schedule_expression="cron(0 3 1 * ? *)", lifecycle=lifecycle("400", cold=30, archive="true"))}
)
CONTINUOUS = plan({"nightly": rule(enable_continuous_backup=True)})
MULTI_REGION = plan(
    {"nightly": rule(copy_actions=copies(a_vault_arn("second-vault", account="$account", region="us-east-1")))},
    regions=["eu-west-1", "eu-central-1"],
)
MIXED_CASE = {
    "Plans": {
        "Daily": {
            "Regions": ["eu-west-1"],
            "RULES": {"Nightly.1_a": {name.replace("life", "Life"): value for name, value in rule().items()}},
            "Selections": {"Tags": by_tag()["tags"]},
        }
    }
}
GOVCLOUD = plan(
    {
        "nightly": rule(
            copy_actions=copies("arn:aws-us-gov:backup:us-gov-east-1:999999999999:backup-vault:central"),
            target_logically_air_gapped_backup_vault_arn="arn:aws-us-gov:backup:$region:$account:backup-vault:gapped",
        )
    },
    regions=["us-gov-west-1"],
    selections={
        "resources": {
            "all": {
                "iam_role_arn": "arn:aws-us-gov:iam::$account:role/backup",
                "resource_types": ["arn:aws-us-gov:ec2:*:*:volume/*", "arn:aws-us-gov:s3:::*"],
            }
        }
    },
)
EVERY_TYPE = plan(
    {"nightly": rule(copy_actions=copies(CENTRAL_VAULT))},
    selections={"resources": {"all": {"iam_role_arn": ROLE, "resource_types": ["*"]}}},
)

LOCKED_POLICIES: dict[str, dict[str, Any]] = {
    "every key": locked(EVERY_KEY),
    "by resource": locked(BY_RESOURCE),
    "archive": locked(ARCHIVE),
    "continuous": locked(CONTINUOUS),
    "multi-region": locked(MULTI_REGION),
    "mixed case": locked(MIXED_CASE),
    "GovCloud": locked(GOVCLOUD),
    "every type": locked(EVERY_TYPE),
}
UNLOCKED_POLICIES: dict[str, dict[str, Any]] = {
    "minimal": unlocked(
        plan({"nightly": {"schedule_expression": "cron(0 2 ? * * *)", "target_backup_vault_name": "Default"}})
    ),
    "no plan": {"plans": {}},
    "empty plan": {"plans": {"daily": {}}},
    "fragment": unlocked({"plans": {"daily": {"regions": ["eu-west-2"]}}}),
    "appending fragment": {"plans": {"daily": {"regions": {"@@append": ["eu-west-2"], "@@remove": ["eu-west-1"]}}}},
    "control alone": {"plans": {"daily": {"regions": {CONTROL: ["@@append"]}}}},
    "with copies": unlocked(BY_RESOURCE),
}
