"""AWS Backup on the wire, of which moto has neither copy jobs nor recovery points: whatever is asked for is there.

Paths, fields and their spelling are those of botocore's model of the service; moments are seconds since 1970.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from urllib.parse import unquote

from benchmarks.aws.night import ENDED_AT, MEMBER, STARTED_AT, TOKEN_LENGTH, Night
from strongroom.domain.intent.tier_names import plan_name

_RULE_ID: Final = "00000000-0000-4000-8000-0000000000bb"

type Answer = dict[str, Any] | None


class BackupService:
    """Describes vaults, recovery points, copy jobs and the plan of a night, and keeps nothing."""

    def __init__(self, night: Night) -> None:
        """`night` names everything that exists."""
        self._night = night
        self._answers: Final[dict[tuple[str, ...], Callable[..., dict[str, Any]]]] = {
            ("backup-vaults", "*", "recovery-points", "*"): self._recovery_point,
            ("backup-vaults", "*"): self._vault,
            ("copy-jobs", "*"): self._copy_job,
            ("backup", "plans", "*"): self._plan,
            ("account-settings",): self._settings,
        }

    def answer(self, path: str) -> Answer:
        """What AWS answers to a GET of this raw path, None where it knows none such."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        for pattern, describe in self._answers.items():
            if len(pattern) == len(parts) and all(want in ("*", is_) for want, is_ in zip(pattern, parts, strict=True)):
                return describe(*(part for want, part in zip(pattern, parts, strict=True) if want == "*"))
        return None

    def _vault(self, name: str) -> dict[str, Any]:
        night, vaults = self._night, self._night.intent.vaults
        is_local = name == vaults["local"].name
        account = MEMBER if is_local else night.backup_account
        described = {
            "BackupVaultName": name,
            "BackupVaultArn": f"arn:aws:backup:{night.region}:{account}:backup-vault:{name}",
            "EncryptionKeyArn": night.vault_key(account),
        }
        lock = vaults["central"].lock
        if is_local or lock is None or lock == "none":
            return described
        return described | {
            "Locked": True,
            "MinRetentionDays": lock.min_retention_days,
            "MaxRetentionDays": lock.max_retention_days,
        }

    def _settings(self) -> dict[str, Any]:
        return {"ResourceTypeManagementPreference": {"DynamoDB": True}}

    def _recovery_point(self, vault: str, arn: str) -> dict[str, Any]:
        night, token = self._night, arn[-TOKEN_LENGTH:]
        is_local = vault == night.intent.vaults["local"].name
        account = MEMBER if is_local else night.backup_account
        days = night.rule.keep["local" if is_local else "central"].days
        return {
            "RecoveryPointArn": night.recovery_point(token, account=account),
            "BackupVaultName": vault,
            "BackupVaultArn": f"arn:aws:backup:{night.region}:{account}:backup-vault:{vault}",
            "ResourceArn": night.resource(token),
            "ResourceType": "EFS",
            "CreatedBy": {"BackupPlanArn": night.plan, "BackupRuleId": _RULE_ID},
            "IamRoleArn": night.intent.member_role_arn(night.intent.roles.backup, MEMBER),
            "Status": "COMPLETED",
            "CreationDate": STARTED_AT.timestamp(),
            "CompletionDate": ENDED_AT.timestamp(),
            "BackupSizeInBytes": 3_221_225_472,
            "Lifecycle": {"DeleteAfterDays": days},
            "CalculatedLifecycle": {"DeleteAt": (STARTED_AT + timedelta(days=days)).timestamp()},
            "EncryptionKeyArn": night.vault_key(account),
            "IsEncrypted": True,
            "StorageClass": "WARM",
        }

    def _copy_job(self, job: str) -> dict[str, Any]:
        night, token = self._night, job[-TOKEN_LENGTH:]
        return {
            "CopyJob": {
                "AccountId": MEMBER,
                "CopyJobId": job,
                "SourceBackupVaultArn": night.source_vault,
                "SourceRecoveryPointArn": night.recovery_point(token, account=MEMBER),
                "DestinationBackupVaultArn": night.copy_vaults[0],
                "DestinationRecoveryPointArn": night.recovery_point(token, account=night.backup_account),
                "ResourceArn": night.resource(token),
                "ResourceType": "EFS",
                "CreatedBy": {"BackupPlanArn": night.plan, "BackupRuleId": _RULE_ID},
                "State": "COMPLETED",
                "CreationDate": ENDED_AT.timestamp(),
                "CompletionDate": (ENDED_AT + timedelta(minutes=20)).timestamp(),
                "BackupSizeInBytes": 3_221_225_472,
            }
        }

    def _plan(self, _: str) -> dict[str, Any]:
        rules = [{"RuleId": _RULE_ID, "RuleName": self._night.rule.name}]
        return {"BackupPlan": {"BackupPlanName": plan_name(self._night.tier), "Rules": rules}}
