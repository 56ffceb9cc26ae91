"""Vault access policies: kept, shown, and asked by every call and copy that touches the vault."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.backup_service.errors import (
    AccessDeniedException,
    InvalidParameterValueException,
    ResourceNotFoundException,
)
from sandbox.backup_service.estate import Caller, CopyJob, Estate, Vault
from sandbox.backup_service.surroundings import Document
from sandbox.backup_service.vaults.calls import find_vault
from sandbox.seams.backup import PolicyQuestion


def put_backup_vault_access_policy(estate: Estate, caller: Caller, request: Document) -> Document:
    """PutBackupVaultAccessPolicy."""
    vault = find_vault(estate, caller.place, request["BackupVaultName"])
    policy = request.get("Policy") or ""
    try:
        document = json.loads(policy)
    except json.JSONDecodeError as error:
        raise InvalidParameterValueException("The specified policy is not valid JSON") from error
    if not isinstance(document, dict) or not isinstance(document.get("Statement"), list | dict):
        raise InvalidParameterValueException("The specified policy has no Statement")
    vault.policy = policy
    return {}


def get_backup_vault_access_policy(estate: Estate, caller: Caller, request: Document) -> Document:
    """GetBackupVaultAccessPolicy."""
    vault = find_vault(estate, caller.place, request["BackupVaultName"])
    if vault.policy is None:
        raise ResourceNotFoundException(f"Backup vault {vault.name} has no access policy")
    return {"BackupVaultName": vault.name, "BackupVaultArn": vault.arn, "Policy": vault.policy}


def delete_backup_vault_access_policy(estate: Estate, caller: Caller, request: Document) -> Document:
    """DeleteBackupVaultAccessPolicy."""
    find_vault(estate, caller.place, request["BackupVaultName"]).policy = None
    return {}


def ensure_not_denied(estate: Estate, caller: Caller, operation: str, request: Mapping[str, Any]) -> None:
    """Refuse a call that the policy of the vault it names denies to the caller."""
    name = request.get("BackupVaultName") or request.get("SourceBackupVaultName")
    vault = estate.vaults.get((caller.place, str(name)))
    if vault is None or vault.policy is None:
        return
    if _decide(estate, vault, f"backup:{operation}", caller.principal_arn, caller.place.account) == "Deny":
        raise AccessDeniedException(
            f"User: {caller.principal_arn} is not authorized to perform: backup:{operation} on resource: "
            f"{request.get('RecoveryPointArn') or vault.arn} with an explicit deny in a resource-based policy"
        )


def lets_copy_in(estate: Estate, vault: Vault, job: CopyJob) -> bool:
    """Whether the destination's policy lets this copy in; another account needs an explicit Allow."""
    if vault.policy is None:
        return vault.place.account == job.place.account
    decision = _decide(estate, vault, "backup:CopyIntoBackupVault", job.role_arn, job.place.account)
    return decision == "Allow" or (decision != "Deny" and vault.place.account == job.place.account)


def _decide(estate: Estate, vault: Vault, action: str, principal_arn: str, principal_account: str) -> str:
    question = PolicyQuestion(
        document=vault.policy or "",
        action=action,
        resource_arn=vault.arn,
        principal_arn=principal_arn,
        principal_account=principal_account,
        region=vault.place.region,
        principal_keys=principal_keys(estate, principal_account),
    )
    return estate.surroundings.decide_by_resource_policy(question)


def principal_keys(estate: Estate, account: str) -> dict[str, Any]:
    """What conditions of a resource's policy can ask about a principal of that account."""
    organization = estate.surroundings.organization
    path = organization.path_of(account)
    return {} if path is None else {"aws:PrincipalOrgID": organization.id, "aws:PrincipalOrgPaths": [path]}


OPERATIONS = {
    "PutBackupVaultAccessPolicy": put_backup_vault_access_policy,
    "GetBackupVaultAccessPolicy": get_backup_vault_access_policy,
    "DeleteBackupVaultAccessPolicy": delete_backup_vault_access_policy,
}
