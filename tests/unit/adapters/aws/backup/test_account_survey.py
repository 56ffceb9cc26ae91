"""An account's vaults and plans, as a policy would say them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from strongroom.adapters.aws.backup.account_survey import AccountSurvey
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.survey.found import VaultFound
from tests.builders.places import a_vault_arn
from tests.fakes.account_clients import FakeAccountClients, Pages

SHOP, HOME = AccountId("222233334444"), Region("eu-west-1")
LOCKED_AT = datetime(2027, 1, 31, tzinfo=UTC)
CENTRAL = a_vault_arn("central", account="444455556666", region=HOME)
ROLE = "arn:aws:iam::222233334444:role/backup"


@dataclass
class Backup:
    """A client of AWS Backup in an account with three plans, of which somebody made one."""

    rule: dict[str, Any] = field(default_factory=dict)
    selections: list[dict[str, Any]] = field(default_factory=list)

    def list_backup_vaults(self) -> dict[str, Any]:
        lock = {"Locked": True, "MinRetentionDays": 7, "MaxRetentionDays": 2560, "LockDate": LOCKED_AT}
        gap = {"BackupVaultArn": "arn:open", "VaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"}
        return {"BackupVaultList": [{"BackupVaultArn": CENTRAL, **lock}, gap]}

    def list_backup_plans(self) -> dict[str, Any]:
        identifiers = ("orgs/of-a-policy", "aws/efs/automatic", "own")
        return {"BackupPlansList": [{"BackupPlanId": each, "BackupPlanName": each} for each in identifiers]}

    def get_backup_plan(self, BackupPlanId: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        assert BackupPlanId == "own"
        rule = {"RuleName": "nightly", "TargetBackupVaultName": "team-vault", "RuleId": "1", **self.rule}
        settings = [{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}]
        return {"BackupPlan": {"Rules": [rule], "AdvancedBackupSettings": settings}}

    def list_backup_selections(self, BackupPlanId: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        assert BackupPlanId == "own"
        return {"BackupSelectionsList": [{"SelectionId": str(number)} for number in range(len(self.selections))]}

    def get_backup_selection(self, BackupPlanId: str, SelectionId: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        assert BackupPlanId == "own"
        return {"BackupSelection": {"IamRoleArn": ROLE, **self.selections[int(SelectionId)]}}

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, operation))


def survey_of(backup: Backup) -> AccountSurvey:
    return AccountSurvey(FakeAccountClients(own={"backup": backup}))


def plan_of(backup: Backup) -> Any:
    [found] = survey_of(backup).plans(SHOP, HOME)
    assert (found.account, found.name) == (SHOP, "own")
    return found.plan


def test_a_lock_is_told_with_its_numbers_and_its_day() -> None:
    assert survey_of(Backup()).vaults(SHOP, HOME) == {
        CENTRAL: VaultFound(is_locked=True, min_retention_days=7, max_retention_days=2560, lock_date=LOCKED_AT),
        "arn:open": VaultFound(is_air_gapped=True),
    }


def test_a_rule_is_told_as_a_policy_would() -> None:
    rule = {
        "ScheduleExpression": "cron(0 2 ? * * *)",
        "ScheduleExpressionTimezone": "Etc/UTC",
        "StartWindowMinutes": 60,
        "CompletionWindowMinutes": 240,
        "EnableContinuousBackup": True,
        "Lifecycle": {"DeleteAfterDays": 35, "OptInToArchiveForSupportedResources": False},
        "CopyActions": [{"DestinationBackupVaultArn": CENTRAL, "Lifecycle": {"DeleteAfterDays": 90}}],
        "RecoveryPointTags": {"Made": "nightly"},
        "IndexActions": [{"ResourceTypes": ["EBS"]}],
    }
    plan = plan_of(Backup(rule=rule))
    assert plan["regions"] == [HOME]
    assert plan["advanced_backup_settings"] == {"ec2": {"windows_vss": "enabled"}}
    assert plan["rules"] == {
        "nightly": {
            "target_backup_vault_name": "team-vault",
            "schedule_expression": "cron(0 2 ? * * *)",
            "start_backup_window_minutes": "60",
            "complete_backup_window_minutes": "240",
            "enable_continuous_backup": "true",
            "lifecycle": {"delete_after_days": "35", "opt_in_to_archive_for_supported_resources": "false"},
            "copy_actions": {CENTRAL: {"target_backup_vault_arn": CENTRAL, "lifecycle": {"delete_after_days": "90"}}},
            "recovery_point_tags": {"Made": {"tag_key": "Made", "tag_value": "nightly"}},
            "index_actions": {"resource_types": ["EBS"]},
        }
    }


def test_a_time_zone_other_than_utc_is_kept_for_it_cannot_be_said() -> None:
    rule = plan_of(Backup(rule={"ScheduleExpressionTimezone": "Europe/Berlin"}))["rules"]["nightly"]
    assert rule["schedule_expression_timezone"] == "Europe/Berlin"


def test_each_tag_of_a_list_is_enough_and_conditions_must_all_hold() -> None:
    of_list = {"ConditionType": "STRINGEQUALS", "ConditionKey": "Backup", "ConditionValue": "daily"}
    conditions = {
        "StringEquals": [{"ConditionKey": "aws:ResourceTag/Stage", "ConditionValue": "live"}],
        "StringLike": [],
    }
    selections: list[dict[str, Any]] = [
        {"SelectionName": "tagged", "ListOfTags": [of_list, {**of_list, "ConditionValue": "weekly"}]},
        {"SelectionName": "typed", "Resources": ["*"], "NotResources": ["arn:aws:s3:::*"], "Conditions": conditions},
    ]
    assert plan_of(Backup(selections=selections))["selections"] == {
        "tags": {
            "tagged-1": {"iam_role_arn": ROLE, "tag_key": "Backup", "tag_value": ["daily"]},
            "tagged-2": {"iam_role_arn": ROLE, "tag_key": "Backup", "tag_value": ["weekly"]},
        },
        "resources": {
            "typed": {
                "iam_role_arn": ROLE,
                "resource_types": ["*"],
                "not_resource_types": ["arn:aws:s3:::*"],
                "conditions": {
                    "string_equals": {"1": {"condition_key": "aws:ResourceTag/Stage", "condition_value": "live"}}
                },
            }
        },
    }
