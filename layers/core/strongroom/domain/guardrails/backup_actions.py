"""The actions of AWS Backup that change something and that no guardrail refuses in a governed account, and why.

Sources: Service Authorization Reference, "Actions, resources, and condition keys for AWS Backup"; AWS Backup Developer
Guide, "Logically air-gapped vault", "Backup plan options and configuration" and "Restore testing".
"""

from typing import Final

_ADDS: Final = "it adds a backup or a place for one, and takes none away"
_OWN_PLAN: Final = (
    "organisation plans are read-only in a member account; a plan that a team made on top is the team's, and can copy"
    " to our vaults only"
)
_REPORTS: Final = "it adds a report and takes none away"
_STORAGE: Final = "it moves old backup data to cheaper storage from which it restores like before"

HARMLESS: Final[dict[str, str]] = {
    "backup:CopyIntoBackupVault": "the receiving vault's own access policy decides; what comes in does no harm",
    "backup:CreateBackupPlan": _OWN_PLAN,
    "backup:CreateBackupSelection": _OWN_PLAN,
    "backup:CreateBackupVault": _ADDS,
    "backup:CreateFramework": _REPORTS,
    "backup:CreateLegalHold": "it keeps backups longer; only ending a hold is refused",
    "backup:CreateReportPlan": _REPORTS,
    "backup:CreateTieringConfiguration": _STORAGE,
    "backup:DeleteBackupAccessPoint": "it closes a way in",
    "backup:DeleteBackupPlan": _OWN_PLAN,
    "backup:DeleteBackupSelection": _OWN_PLAN,
    "backup:DeleteTieringConfiguration": _STORAGE,
    "backup:ListIndexedRecoveryPointsForSearch": "it names what is indexed, and shows no data",
    "backup:SearchRecoveryPoint": "it finds names of files in a backup, and restores none",
    "backup:StartBackupJob": _ADDS,
    "backup:StartCopyJob": "CopyFromBackupVault decides where to",
    "backup:StartReportJob": _REPORTS,
    "backup:StartScanJob": "it looks for malware and changes no backup",
    "backup:TagResource": "no vault, plan or recovery point is selected or guarded by its tags",
    "backup:UntagResource": "no vault, plan or recovery point is selected or guarded by its tags",
    "backup:UpdateBackupPlan": _OWN_PLAN,
    "backup:UpdateRecoveryPointIndexSettings": "the index serves searching, not restoring",
    "backup:UpdateTieringConfiguration": _STORAGE,
}
