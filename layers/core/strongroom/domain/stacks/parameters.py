"""What each stack is told: its CloudFormation parameters, by the stack's name in the compiled output."""

from strongroom.domain.identifiers import AccountId, Arn
from strongroom.domain.intent.destinations import (
    DestinationVault,
    made_vaults,
    shortest_local_retention,
    vault_accounts,
)
from strongroom.domain.intent.governed import paths_of_readers
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import local_vault_names
from strongroom.domain.intent.tier_names import written_keys
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.stacks.audit_frameworks import MOST_EXEMPT_ROLES, plan_frequency_days
from strongroom.domain.stacks.evidence_log import log_names
from strongroom.domain.stacks.landing_zone import landing_zone_forwarder
from strongroom.domain.stacks.lending import (
    entered_clusters,
    lent_roles,
    overwritten_by_call,
    replication_roles,
    restored_by_call,
    restored_by_hand,
)
from strongroom.domain.stacks.templates import MANAGEMENT_HOME, VAULT_ACCOUNT, VAULT_FORWARDER


def render_parameters(intent: Intent) -> dict[str, dict[str, str]]:
    """The parameters of each stack; every one of them is declared by its template."""
    place = intent.organization
    organization = {"OrganizationId": place.id}
    backup_account = {"BackupAccount": place.backup_account, "HomeRegion": place.home_region}
    readers = {"GovernedPaths": ",".join(paths_of_readers(intent))}
    # Where nobody restores by ceremony, nobody watches whether it was one.
    watching = (place.audit_account or "") if intent.restores else ""
    standard = [vault for vault in made_vaults(intent) if not vault.is_air_gapped]
    air_gapped = [vault for vault in made_vaults(intent) if vault.is_air_gapped]
    return {
        "control-plane": organization | {"AuditAccount": place.audit_account or ""},
        **{vault.label: organization | readers | _vault(vault, intent) for vault in standard},
        **{vault.label: organization | air_gap_parameters(vault.name, vault.lock) for vault in air_gapped},
        **(
            dict.fromkeys((VAULT_ACCOUNT, VAULT_FORWARDER), backup_account | {"AuditAccount": watching})
            if vault_accounts(intent)
            else {}
        ),
        **(
            {}
            if place.audit_account is None
            else {"audit": organization | _audit(intent), "audit-log": organization | _log(intent)}
        ),
        "framework": _framework(intent),
        "management": backup_account,
        **({} if landing_zone_forwarder(intent) is None else {MANAGEMENT_HOME: backup_account}),
        "member": backup_account
        | {
            "LocalVaultName": local_vault_names(intent)[0],
            "TagKeys": ",".join(written_keys(intent)),
            "BreakGlassUserArns": ",".join(intent.outage_users),
            "AuditAccount": watching,
            "RestoredRoleArns": ",".join(lent_roles(intent)),
            "ReplicationRoleArns": ",".join(replication_roles(intent)),
            "RestoredClusterArns": ",".join(entered_clusters(intent)),
            "RestoredByHandArns": ",".join(restored_by_hand(intent)),
            "RestoredByCallArns": ",".join(restored_by_call(intent)),
            "OverwrittenByCallArns": ",".join(overwritten_by_call(intent)),
        }
        | _keys(intent, intent.keys.administrator_role_arns),
        "member-global": backup_account,
    }


def _audit(intent: Intent) -> dict[str, str]:
    account = intent.organization.audit_account
    deployers = (arn for arn in intent.deployer_role_arns if Arn.parse(arn).account == account)
    return {
        "BackupAccount": intent.organization.backup_account,
        "DeployerRoles": ",".join(deployers),
        "ReportRetentionDays": str(intent.audit.report_retention_days),
        "Framework": "true" if intent.audit.framework else "false",
    }


def _log(intent: Intent) -> dict[str, str]:
    names = log_names(intent)
    return {
        "BackupAccount": intent.organization.backup_account,
        "Issuer": "" if intent.identity_provider is None else intent.identity_provider.issuer,
        "Origin": names.origin,
        "Witness": names.witness,
    }


def _vault(vault: DestinationVault, intent: Intent) -> dict[str, str]:
    keys = _keys(intent, _administrators(intent, vault.account))
    return {"VaultName": vault.name} | keys | lock_parameters(vault.lock)


def lock_parameters(lock: VaultLock | None) -> dict[str, str]:
    """What the stack of a vault is told about its lock: 0 without one, and for the cooling-off of governance mode.

    All three are told always, so that a lock that becomes another or none is a difference.
    """
    return {
        "MinRetentionDays": "0" if lock is None else str(lock.min_retention_days),
        "MaxRetentionDays": "0" if lock is None else str(lock.max_retention_days),
        "ChangeableForDays": "0" if lock is None else str(lock.cooling_off().days),
    }


def air_gap_parameters(name: str, lock: VaultLock | None) -> dict[str, str]:
    """What the stack of an air-gapped vault is told: no key, and a lock without a cooling-off."""
    numbers = lock_parameters(lock)
    return {"VaultName": name} | {key: days for key, days in numbers.items() if key != "ChangeableForDays"}


def _administrators(intent: Intent, account: AccountId) -> tuple[str, ...]:
    """Who administers the keys in an account: whoever deploys them there must stay able to, or AWS KMS refuses."""
    named = intent.keys.administrator_role_arns
    deployers = (arn for arn in intent.deployer_role_arns if Arn.parse(arn).account == account)
    return tuple(dict.fromkeys((*named, *deployers))) if named else ()


def _keys(intent: Intent, administrators: tuple[str, ...]) -> dict[str, str]:
    return {
        "KeyAdministratorArns": ",".join(administrators),
        "KeyDeletionWindowDays": str(intent.keys.deletion_window_days),
        "KeyRotationDays": str(intent.keys.rotation_period_days),
    }


def _framework(intent: Intent) -> dict[str, str]:
    return {
        "MinRetentionDays": str(shortest_local_retention(intent)),
        "FrequencyDays": str(plan_frequency_days(intent)),
        "ExemptRoleArns": ",".join(intent.guardrails.exempt_role_arns[:MOST_EXEMPT_ROLES]),
    }
