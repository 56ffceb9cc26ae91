"""Vault Lock: governance (no ChangeableForDays) and compliance, immutable once the cooling-off time is over."""

from datetime import timedelta

from sandbox.backup_service import events
from sandbox.backup_service.errors import InvalidParameterValueException, InvalidRequestException
from sandbox.backup_service.estate import Caller, Estate, Vault
from sandbox.backup_service.lifecycles import VaultLock
from sandbox.backup_service.surroundings import Document
from sandbox.backup_service.vaults.calls import find_vault

COOLING_OFF_MINIMUM_DAYS = 3
LONGEST_DAYS = 36_500


def put_backup_vault_lock_configuration(estate: Estate, caller: Caller, request: Document) -> Document:
    """PutBackupVaultLockConfiguration."""
    vault = find_vault(estate, caller.place, request["BackupVaultName"])
    _ensure_changeable(estate, vault)
    minimum, maximum = request.get("MinRetentionDays"), request.get("MaxRetentionDays")
    changeable_for = request.get("ChangeableForDays")
    _ensure_range(minimum, maximum, changeable_for)
    lock_date = None if changeable_for is None else estate.now() + timedelta(days=changeable_for)
    vault.lock = VaultLock(_span(minimum), _span(maximum), lock_date)
    events.publish(estate, events.vault_event(vault, "MODIFIED"))
    return {}


def _ensure_range(minimum: int | None, maximum: int | None, changeable_for: int | None) -> None:
    if minimum is not None and not 1 <= minimum <= LONGEST_DAYS:
        raise InvalidParameterValueException("MinRetentionDays must be at least 1 and at most 36500")
    if maximum is not None and not 1 <= maximum <= LONGEST_DAYS:
        raise InvalidParameterValueException("MaxRetentionDays must be at least 1 and at most 36500")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise InvalidParameterValueException("MinRetentionDays cannot be greater than MaxRetentionDays")
    if changeable_for is not None and not COOLING_OFF_MINIMUM_DAYS <= changeable_for <= LONGEST_DAYS:
        raise InvalidParameterValueException("ChangeableForDays must be at least 3 and at most 36500")


def _span(days: int | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)


def delete_backup_vault_lock_configuration(estate: Estate, caller: Caller, request: Document) -> Document:
    """DeleteBackupVaultLockConfiguration: possible until the lock date, and in governance mode always."""
    vault = find_vault(estate, caller.place, request["BackupVaultName"])
    _ensure_changeable(estate, vault)
    vault.lock = None
    events.publish(estate, events.vault_event(vault, "MODIFIED"))
    return {}


def _ensure_changeable(estate: Estate, vault: Vault) -> None:
    if vault.lock is not None and vault.lock.is_immutable(estate.now()):
        raise InvalidRequestException(
            f"Backup vault {vault.name} is locked in compliance mode: its lock cannot be changed or deleted"
        )


OPERATIONS = {
    "PutBackupVaultLockConfiguration": put_backup_vault_lock_configuration,
    "DeleteBackupVaultLockConfiguration": delete_backup_vault_lock_configuration,
}
