"""The organisation of the night of paths: two Regions, and vaults of each kind that restores come out of."""

import json
from typing import Any, Final

import requests

from sandbox.clients import client
from sandbox.example.estate import FOR_SEVEN_YEARS, RESTORED_INTO, Place, Seed, lay_network
from sandbox.example.variants import Variant
from sandbox.settings import (
    BACKUP_ACCOUNT,
    HOME_REGION,
    MANAGEMENT_ACCOUNT,
    ORGANIZATION_ID,
    PAYMENTS_ACCOUNT,
    REPLICA_REGION,
)

# Off at first in every account (AWS General Reference, "AWS Regions").
FAR_REGION: Final = "eu-south-1"
FAR_VAULT: Final = "milan-backup-vault"
SHARED_VAULT: Final = "shared-backup-vault"
GUARDED_VAULT: Final = "guarded-backup-vault"
TEAM: Final = f"arn:aws:mpa:us-east-1:{MANAGEMENT_ACCOUNT}:approval-team/vaults"
CONTRACTS: Final = "payments-contracts"
_THERE: Final = Place(PAYMENTS_ACCOUNT, REPLICA_REGION)
_PAYMENTS: Final = {"team": "payments"}
_GAPPED_LOCK: Final = {"min_retention_days": 7, "max_retention_days": 400}
_NIGHTLY: Final = {"schedule": "daily 02:00", "start_window": "PT1H", "complete_window": "PT4H"}


def _prepare(url: str) -> None:
    """A network in the second Region, and an air-gapped vault whose approval team is there before it is named."""
    lay_network(_THERE)
    backup = client("backup", BACKUP_ACCOUNT)
    client("backup", MANAGEMENT_ACCOUNT).update_global_settings(GlobalSettings={"isMpaEnabled": "true"})
    team: dict[str, Any] = {"team": TEAM, "accounts": [BACKUP_ACCOUNT, PAYMENTS_ACCOUNT]}
    requests.post(f"{url}/_sandbox/backup/team", json=team, timeout=10).raise_for_status()
    backup.create_logically_air_gapped_backup_vault(
        BackupVaultName=GUARDED_VAULT,
        MinRetentionDays=_GAPPED_LOCK["min_retention_days"],
        MaxRetentionDays=_GAPPED_LOCK["max_retention_days"],
    )
    ours = {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION_ID}}
    let = {"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{**let, "Condition": ours}]})
    backup.put_backup_vault_access_policy(BackupVaultName=GUARDED_VAULT, Policy=policy)
    backup.associate_backup_vault_mpa_approval_team(BackupVaultName=GUARDED_VAULT, MpaApprovalTeamArn=TEAM)


PATHS: Final = Variant(
    intent={
        "organization": {"governed_regions": [HOME_REGION, REPLICA_REGION]},
        "vaults": {
            "far": {
                "name": FAR_VAULT,
                "region": FAR_REGION,
                "lock": {"min_retention_days": 30, "max_retention_days": 2555, "changeable_for_days": 30},
            },
            "shared": {"name": SHARED_VAULT, "kind": "air-gapped", "lock": _GAPPED_LOCK},
            "guarded": {
                "name": GUARDED_VAULT,
                "kind": "air-gapped",
                "existing": True,
                "approval_team": TEAM,
                "lock": _GAPPED_LOCK,
            },
        },
        "tiers": {
            "monthly-prod": None,
            "gfs": None,
            "scratch": None,
            "short": {**_NIGHTLY, "keep": {"local": 35, "central": 35}},
            "gapped": {**_NIGHTLY, "keep": {"local": 35, "shared": 90}},
            "guarded": {**_NIGHTLY, "keep": {"local": 35, "guarded": 90}},
        },
        "targets": [
            {
                "unit": "Production",
                "tiers": ["daily-prod", "compliance-7y", "short", "gapped", "guarded"],
                "default_tier": "daily-prod",
            }
        ],
        "audit": {"framework": False},
    },
    seeds=(
        Seed(PAYMENTS_ACCOUNT, "database", "payments-history", FOR_SEVEN_YEARS | _PAYMENTS),
        Seed(PAYMENTS_ACCOUNT, "bucket", CONTRACTS, FOR_SEVEN_YEARS | _PAYMENTS),
        Seed(PAYMENTS_ACCOUNT, "graph", "payments-graph", {"Backup": "short"} | _PAYMENTS),
        Seed(PAYMENTS_ACCOUNT, "file-system", "payments-statements", {"Backup": "gapped"} | _PAYMENTS),
        Seed(PAYMENTS_ACCOUNT, "table", "payments-limits", {"Backup": "guarded"} | _PAYMENTS),
    ),
    restored_into=(*RESTORED_INTO, _THERE),
    prepare=_prepare,
    faults=(),
)
