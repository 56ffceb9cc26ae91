"""Logically air-gapped vaults: made with a lock that nobody ever changes, and what they take in.

Developer Guide, "Logically air-gapped vault".
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sandbox.backup_service.errors import InvalidParameterValueException
from sandbox.backup_service.estate import Caller, Estate, Operation
from sandbox.backup_service.keys import AIR_GAP, aws_managed_key
from sandbox.backup_service.lifecycles import VaultLock
from sandbox.backup_service.surroundings import Document, Place
from sandbox.backup_service.vaults.calls import make_vault
from sandbox.backup_service.vaults.locks import LONGEST_DAYS

SHORTEST_DAYS: Final = 7


async def create_logically_air_gapped_backup_vault(estate: Estate, caller: Caller, request: Document) -> Document:
    """CreateLogicallyAirGappedBackupVault: locked in compliance mode from its first moment on."""
    minimum, maximum = request["MinRetentionDays"], request["MaxRetentionDays"]
    if not SHORTEST_DAYS <= minimum <= maximum <= LONGEST_DAYS:
        raise InvalidParameterValueException(
            f"MinRetentionDays must be at least {SHORTEST_DAYS}, and MaxRetentionDays no less and at most 36500"
        )
    lock = VaultLock(timedelta(days=minimum), timedelta(days=maximum), lock_date=estate.now())
    key = aws_managed_key(AIR_GAP, caller.place)
    vault = await make_vault(estate, caller, request, default_key=key, lock=lock)
    # AWS makes it in one to three minutes; here it is AVAILABLE as soon as it is looked at.
    return {
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "CreationDate": vault.created,
        "VaultState": "CREATING",
    }


def ensure_primary_target(estate: Estate, place: Place, vault_name: str, air_gapped_arn: str | None) -> None:
    """Refuse a backup into the wrong kind of vault, or into an air-gapped one elsewhere.

    API reference, "BackupRule", TargetLogicallyAirGappedBackupVaultArn: "must be in the same account and Region".
    """
    standard = estate.vaults.get((place, vault_name))
    if standard is not None and standard.is_air_gapped:
        raise InvalidParameterValueException(f"{vault_name} is a logically air-gapped vault, not a backup vault")
    if air_gapped_arn is None:
        return
    target = estate.vault_by_arn(air_gapped_arn)
    if target is None or target.place != place or not target.is_air_gapped:
        raise InvalidParameterValueException(
            f"{air_gapped_arn} is no logically air-gapped vault of the same account and Region"
        )


OPERATIONS: Mapping[str, Operation] = {
    "CreateLogicallyAirGappedBackupVault": create_logically_air_gapped_backup_vault,
}
