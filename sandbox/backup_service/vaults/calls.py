"""Vaults: made, described, listed, deleted."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.backup_service import events
from sandbox.backup_service.errors import (
    AccessDeniedException,
    AlreadyExistsException,
    InvalidParameterValueException,
    InvalidRequestException,
)
from sandbox.backup_service.estate import Caller, Estate, Operation, Vault
from sandbox.backup_service.keys import aws_managed_key, is_aws_managed, told_key
from sandbox.backup_service.lifecycles import VaultLock
from sandbox.backup_service.listing import page
from sandbox.backup_service.surroundings import Document, Place
from sandbox.backup_service.vaults.approvals import ensure_not_of_access, is_hidden, told_of_team
from sandbox.seams.backup import InternalCallError

_NAME = re.compile(r"[a-zA-Z0-9\-_]{2,50}")
_DENIED = "Insufficient privileges to perform this action."


def find_vault(estate: Estate, place: Place, name: str) -> Vault:
    """The caller's vault of that name."""
    vault = estate.vaults.get((place, name))
    if vault is None or is_hidden(vault):
        # AWS does not say that it is missing: https://github.com/aws/aws-sdk-js/issues/2625 (DescribeBackupVault) and
        # https://github.com/boto/boto3/issues/2269 (ListRecoveryPointsByBackupVault).
        raise AccessDeniedException(_DENIED)
    return vault


def find_said_vault(estate: Estate, caller: Caller, request: Document) -> Vault:
    """The vault that a request names: the caller's, or one that another account shares with it through AWS RAM.

    Developer Guide, "Logically air-gapped vault": `BackupVaultAccountId` says whose it is, or access is denied.
    """
    owner = request.get("BackupVaultAccountId", caller.place.account)
    vault = find_vault(estate, Place(owner, caller.place.region), request["BackupVaultName"])
    if not estate.shows_vault(vault, caller.place):
        raise AccessDeniedException(_DENIED)
    return vault


async def create_backup_vault(estate: Estate, caller: Caller, request: Document) -> Document:
    """CreateBackupVault: without a key of one's own the vault gets AWS's, and copies across accounts fail."""
    return _created(await make_vault(estate, caller, request, default_key=aws_managed_key("backup", caller.place)))


async def make_vault(
    estate: Estate, caller: Caller, request: Document, *, default_key: str, lock: VaultLock | None = None
) -> Vault:
    """The vault that a request asks for, made now, or before by the same request; an air-gapped one has its lock."""
    name = request["BackupVaultName"]
    if not _NAME.fullmatch(name):
        raise InvalidParameterValueException(
            "Invalid backup vault name. Must be 2 to 50 letters, digits, hyphens or underscores."
        )
    existing = estate.vaults.get((caller.place, name))
    if existing is not None:
        if existing.creator_request_id is not None and existing.creator_request_id == request.get("CreatorRequestId"):
            return existing
        raise AlreadyExistsException(f"Backup vault with the same name already exists: {name}")
    key_arn = request.get("EncryptionKeyArn") or default_key
    await _ensure_key_exists(estate, caller, key_arn)
    vault = Vault(
        place=caller.place,
        name=name,
        key_arn=key_arn,
        created=estate.now(),
        creator_request_id=request.get("CreatorRequestId"),
        tags=dict(request.get("BackupVaultTags") or {}),
        lock=lock,
        is_air_gapped=lock is not None,
    )
    estate.vaults[caller.place, name] = vault
    events.publish(estate, events.vault_event(vault, "CREATED"))
    return vault


async def _ensure_key_exists(estate: Estate, caller: Caller, key_arn: str) -> None:
    if is_aws_managed(key_arn, caller.place):
        return
    try:
        await estate.services(caller.place).call("kms", "DescribeKey", KeyId=key_arn)
    except InternalCallError as error:
        raise InvalidParameterValueException(f"The KMS key {key_arn} does not exist or cannot be used") from error


def _created(vault: Vault) -> Document:
    return {"BackupVaultName": vault.name, "BackupVaultArn": vault.arn, "CreationDate": vault.created}


def describe_backup_vault(estate: Estate, caller: Caller, request: Document) -> Document:
    """DescribeBackupVault."""
    return _described(estate, find_said_vault(estate, caller, request))


def _described(estate: Estate, vault: Vault) -> Document:
    description: dict[str, Any] = {
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "VaultType": vault.type,
        "VaultState": vault.state,
        "EncryptionKeyArn": told_key(vault.key_arn, vault.place),
        "EncryptionKeyType": "AWS_OWNED_KMS_KEY"
        if is_aws_managed(vault.key_arn, vault.place)
        else "CUSTOMER_MANAGED_KMS_KEY",
        "CreationDate": vault.created,
        "CreatorRequestId": vault.creator_request_id,
        "NumberOfRecoveryPoints": len(estate.points_in(vault.keeper)),
        "Locked": vault.lock is not None,
    }
    if vault.lock is not None:
        description["MinRetentionDays"] = vault.lock.minimum.days if vault.lock.minimum else None
        description["MaxRetentionDays"] = vault.lock.maximum.days if vault.lock.maximum else None
        description["LockDate"] = vault.lock.lock_date
    return description | told_of_team(vault)


def list_backup_vaults(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListBackupVaults: the caller's own, in this Region, perhaps of one type only."""
    own = [each for (place, _), each in sorted(estate.vaults.items()) if place == caller.place and not is_hidden(each)]
    own = [vault for vault in own if vault.type == request.get("ByVaultType", vault.type)]
    return page([_described(estate, vault) for vault in own], request, "BackupVaultList")


def delete_backup_vault(estate: Estate, caller: Caller, request: Document) -> Document:
    """DeleteBackupVault: an empty vault goes, even a locked one; any other stays."""
    vault = find_vault(estate, caller.place, request["BackupVaultName"])
    ensure_not_of_access(vault)
    if estate.points_in(vault):
        raise InvalidRequestException(
            f"Backup vault cannot be deleted because it contains recovery points: {vault.name}"
        )
    del estate.vaults[caller.place, vault.name]
    events.publish(estate, events.vault_event(vault, "DELETED"))
    return {}


OPERATIONS: Mapping[str, Operation] = {
    "CreateBackupVault": create_backup_vault,
    "DescribeBackupVault": describe_backup_vault,
    "ListBackupVaults": list_backup_vaults,
    "DeleteBackupVault": delete_backup_vault,
}
