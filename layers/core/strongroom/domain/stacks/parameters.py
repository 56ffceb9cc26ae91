"""What each stack is told: its CloudFormation parameters, by the stack's name in the compiled output."""

from strongroom.domain.intent.destinations import DestinationVault, made_vaults, shortest_local_retention
from strongroom.domain.intent.governed import paths_of_readers
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import local_vault_names
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.stacks.audit_frameworks import MOST_EXEMPT_ROLES, plan_frequency_days


def render_parameters(intent: Intent) -> dict[str, dict[str, str]]:
    """The parameters of each stack; every one of them is declared by its template."""
    place = intent.organization
    organization = {"OrganizationId": place.id}
    backup_account = {"BackupAccount": place.backup_account, "HomeRegion": place.home_region}
    readers = {"GovernedPaths": ",".join(paths_of_readers(intent))}
    standard = [vault for vault in made_vaults(intent) if not vault.is_air_gapped]
    air_gapped = [vault for vault in made_vaults(intent) if vault.is_air_gapped]
    return {
        "control-plane": organization,
        **{vault.label: organization | readers | _vault(vault, intent) for vault in standard},
        **{vault.label: organization | air_gap_parameters(vault.name, vault.lock) for vault in air_gapped},
        **({} if place.audit_account is None else {"audit": organization | _audit(intent)}),
        "framework": _framework(intent),
        "management": backup_account,
        "member": backup_account
        | {
            "LocalVaultName": local_vault_names(intent)[0],
            "BreakGlassPrincipalArns": ",".join(intent.guardrails.exempt_role_arns),
        }
        | _keys(intent, administrators=intent.keys.administrator_role_arns),
        "member-global": backup_account,
    }


def _audit(intent: Intent) -> dict[str, str]:
    return {
        "BackupAccount": intent.organization.backup_account,
        "ReportRetentionDays": str(intent.audit.report_retention_days),
        "Framework": "true" if intent.audit.framework else "false",
    }


def _vault(vault: DestinationVault, intent: Intent) -> dict[str, str]:
    name_and_key = {"VaultName": vault.name} | _keys(intent, administrators=_own_administrators(intent))
    return name_and_key if vault.lock is None else name_and_key | lock_parameters(vault.lock)


def lock_parameters(lock: VaultLock) -> dict[str, str]:
    """What the stack of a vault is told about its lock; governance mode has no cooling-off."""
    numbers = {
        "MinRetentionDays": str(lock.min_retention_days),
        "MaxRetentionDays": str(lock.max_retention_days),
    }
    return numbers | ({"ChangeableForDays": str(lock.changeable_for_days)} if lock.is_final else {})


def air_gap_parameters(name: str, lock: VaultLock | None) -> dict[str, str]:
    """What the stack of an air-gapped vault is told: no key, and a lock without a cooling-off."""
    numbers = lock_parameters(lock) if lock else {}
    return {"VaultName": name} | {key: days for key, days in numbers.items() if key != "ChangeableForDays"}


def _own_administrators(intent: Intent) -> tuple[str, ...]:
    """Who administers the keys of the backup account: whoever deploys them must stay able to, or AWS KMS refuses."""
    named = intent.keys.administrator_role_arns
    deployers = (arn for arn in intent.deployer_role_arns if _is_of_backup_account(arn, intent))
    return tuple(dict.fromkeys((*named, *deployers))) if named else ()


def _keys(intent: Intent, *, administrators: tuple[str, ...]) -> dict[str, str]:
    return {
        "KeyAdministratorArns": ",".join(administrators),
        "KeyDeletionWindowDays": str(intent.keys.deletion_window_days),
        "KeyRotationDays": str(intent.keys.rotation_period_days),
    }


def _is_of_backup_account(role: str, intent: Intent) -> bool:
    return f":iam::{intent.organization.backup_account}:role/" in role


def _framework(intent: Intent) -> dict[str, str]:
    return {
        "MinRetentionDays": str(shortest_local_retention(intent)),
        "FrequencyDays": str(plan_frequency_days(intent)),
        "ExemptRoleArns": ",".join(intent.guardrails.exempt_role_arns[:MOST_EXEMPT_ROLES]),
    }
