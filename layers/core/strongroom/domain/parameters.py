"""What each stack is told: its CloudFormation parameters, by the file name of its template."""

from strongroom.domain.intent import Intent, VaultLock


def render_parameters(intent: Intent) -> dict[str, dict[str, str]]:
    """The parameters of each stack; every one of them is declared by its template."""
    place = intent.organization
    organization = {"OrganizationId": place.id}
    backup_account = {"BackupAccount": place.backup_account, "HomeRegion": place.home_region}
    return {
        "control-plane": organization
        | {"CentralVaultName": intent.vaults.central.name}
        | _lock(intent.vaults.central.lock),
        "management": backup_account,
        "member": backup_account | {"LocalVaultName": intent.vaults.local.name},
        "replica": organization | {"ReplicaVaultName": intent.vaults.replica.name} | _lock(intent.vaults.replica.lock),
    }


def _lock(lock: VaultLock | None) -> dict[str, str]:
    if lock is None:
        return {}
    return {
        "MinRetentionDays": str(lock.min_retention_days),
        "MaxRetentionDays": str(lock.max_retention_days),
        "ChangeableForDays": str(lock.changeable_for_days),
    }
