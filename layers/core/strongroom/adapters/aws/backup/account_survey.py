"""What AWS Backup has in an account: its vaults, and the plans that somebody made there.

Source: AWS Backup API reference, BackupVaultListMember, BackupPlan and BackupSelection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.survey.found import AccountPlan, VaultFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.identifiers import AccountId, Region

ACTIONS = (
    "backup:GetBackupPlan",
    "backup:GetBackupSelection",
    "backup:ListBackupPlans",
    "backup:ListBackupSelections",
    "backup:ListBackupVaults",
)

# What AWS makes itself: of the organisation's policies, and for file systems that are made with automatic backups.
_MADE_BY_AWS: Final = ("orgs/", "aws/efs/")
_RULE: Final = {
    "ScheduleExpression": "schedule_expression",
    "StartWindowMinutes": "start_backup_window_minutes",
    "CompletionWindowMinutes": "complete_backup_window_minutes",
    "TargetBackupVaultName": "target_backup_vault_name",
    "TargetLogicallyAirGappedBackupVaultArn": "target_logically_air_gapped_backup_vault_arn",
    "ScheduleExpressionTimezone": "schedule_expression_timezone",
}
_LIFECYCLE: Final = {
    "DeleteAfterDays": "delete_after_days",
    "MoveToColdStorageAfterDays": "move_to_cold_storage_after_days",
    "OptInToArchiveForSupportedResources": "opt_in_to_archive_for_supported_resources",
    "DeleteAfterEvent": "delete_after_event",
}
_CONDITIONS: Final = {
    "StringEquals": "string_equals",
    "StringNotEquals": "string_not_equals",
    "StringLike": "string_like",
    "StringNotLike": "string_not_like",
}
_AIR_GAPPED: Final = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
_UTC: Final = ("UTC", "Etc/UTC")


class AccountSurvey:
    """Vaults and plans through each account that has them."""

    def __init__(self, clients: AccountClients) -> None:
        """Every account is entered by `clients`."""
        self._clients = clients

    def vaults(self, account: AccountId, region: Region) -> Mapping[str, VaultFound]:
        """Every vault there, by its ARN."""
        with aws_errors():
            pages = self._backup(account, region).get_paginator("list_backup_vaults").paginate()
            return {vault["BackupVaultArn"]: _vault(vault) for page in pages for vault in page["BackupVaultList"]}

    def plans(self, account: AccountId, region: Region) -> tuple[AccountPlan, ...]:
        """The plans that somebody made there, as a policy would say them; those of policies are left out."""
        with aws_errors():
            pages = self._backup(account, region).get_paginator("list_backup_plans").paginate()
            listed = [plan for page in pages for plan in page["BackupPlansList"]]
            return tuple(
                AccountPlan(
                    account=account,
                    name=plan["BackupPlanName"],
                    plan=self._plan(plan["BackupPlanId"], account=account, region=region),
                )
                for plan in listed
                if not plan["BackupPlanId"].startswith(_MADE_BY_AWS)
            )

    def _plan(self, identifier: str, *, account: AccountId, region: Region) -> dict[str, Any]:
        backup = self._backup(account, region)
        plan = backup.get_backup_plan(BackupPlanId=identifier)["BackupPlan"]
        pages = backup.get_paginator("list_backup_selections").paginate(BackupPlanId=identifier)
        chosen = [each["SelectionId"] for page in pages for each in page["BackupSelectionsList"]]
        selections = [
            backup.get_backup_selection(BackupPlanId=identifier, SelectionId=each)["BackupSelection"] for each in chosen
        ]
        settings = {each["ResourceType"]: each["BackupOptions"] for each in plan.get("AdvancedBackupSettings", ())}
        return {
            "regions": [region],
            "rules": {rule["RuleName"]: _rule(rule) for rule in plan["Rules"]},
            "selections": _selections(selections),
            **_settings(settings),
        }

    def _backup(self, account: AccountId, region: Region) -> Any:
        return self._clients.client("backup", account=account, region=region)


def _vault(listed: Mapping[str, Any]) -> VaultFound:
    return VaultFound(
        is_locked=bool(listed.get("Locked")),
        min_retention_days=listed.get("MinRetentionDays"),
        max_retention_days=listed.get("MaxRetentionDays"),
        lock_date=listed.get("LockDate"),
        created_at=listed.get("CreationDate"),
        is_air_gapped=listed.get("VaultType") == _AIR_GAPPED,
    )


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    told = {_RULE[name]: str(value) for name, value in rule.items() if name in _RULE}
    if told.get("schedule_expression_timezone") in _UTC:
        del told["schedule_expression_timezone"]
    copies = {
        each["DestinationBackupVaultArn"]: {
            "target_backup_vault_arn": each["DestinationBackupVaultArn"],
            "lifecycle": _lifecycle(each.get("Lifecycle", {})),
        }
        for each in rule.get("CopyActions", ())
    }
    tags = {key: {"tag_key": key, "tag_value": value} for key, value in rule.get("RecoveryPointTags", {}).items()}
    index = [kind for each in rule.get("IndexActions", ()) for kind in each.get("ResourceTypes", ())]
    return {
        **told,
        "lifecycle": _lifecycle(rule.get("Lifecycle", {})),
        **({"enable_continuous_backup": "true"} if rule.get("EnableContinuousBackup") else {}),
        **({"copy_actions": copies} if copies else {}),
        **({"recovery_point_tags": tags} if tags else {}),
        **({"index_actions": {"resource_types": index}} if index else {}),
        **({"scan_actions": rule["ScanActions"]} if rule.get("ScanActions") else {}),
    }


def _lifecycle(lifecycle: Mapping[str, Any]) -> dict[str, str]:
    return {_LIFECYCLE[name]: str(value).lower() for name, value in lifecycle.items() if name in _LIFECYCLE}


def _selections(selections: list[Mapping[str, Any]]) -> dict[str, Any]:
    """What each selection takes: the tags of a list by themselves, and resources with all conditions."""
    by_tag = {
        f"{selection['SelectionName']}-{number}": {
            "iam_role_arn": selection["IamRoleArn"],
            "tag_key": tag["ConditionKey"].removeprefix("aws:ResourceTag/"),
            "tag_value": [tag["ConditionValue"]],
        }
        for selection in selections
        for number, tag in enumerate(selection.get("ListOfTags") or (), start=1)
    }
    by_type = {
        selection["SelectionName"]: {
            "iam_role_arn": selection["IamRoleArn"],
            "resource_types": selection["Resources"],
            **({"not_resource_types": selection["NotResources"]} if selection.get("NotResources") else {}),
            **_conditions(selection.get("Conditions") or {}),
        }
        for selection in selections
        if selection.get("Resources")
    }
    return {**({"tags": by_tag} if by_tag else {}), **({"resources": by_type} if by_type else {})}


def _conditions(conditions: Mapping[str, list[Mapping[str, str]]]) -> dict[str, Any]:
    told: Mapping[str, Any] = {
        _CONDITIONS[kind]: {
            str(number): {"condition_key": each["ConditionKey"], "condition_value": each["ConditionValue"]}
            for number, each in enumerate(listed, start=1)
        }
        for kind, listed in conditions.items()
        if listed
    }
    return {"conditions": told} if told else {}


def _settings(settings: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    names = {("EC2", "WindowsVSS"): ("ec2", "windows_vss")}
    names |= {("S3", "BackupACLs"): ("s3", "backup_acls"), ("S3", "BackupObjectTags"): ("s3", "backup_object_tags")}
    told: dict[str, dict[str, str]] = {}
    for (kind, option), (group, name) in names.items():
        if option in settings.get(kind, {}):
            told.setdefault(group, {})[name] = settings[kind][option]
    return {"advanced_backup_settings": told} if told else {}
