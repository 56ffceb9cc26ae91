"""Recovery points: shown, listed, deleted, shortened, let go; a locked vault refuses all but the looking."""

from sandbox.backup_service import events
from sandbox.backup_service.errors import (
    InvalidParameterValueException,
    InvalidRequestException,
    InvalidResourceStateException,
    ResourceNotFoundException,
)
from sandbox.backup_service.estate import Caller, Estate, RecoveryPoint, Vault
from sandbox.backup_service.keys import is_aws_managed, told_key
from sandbox.backup_service.lifecycles import FOREVER, read_lifecycle
from sandbox.backup_service.listing import keep, page
from sandbox.backup_service.resources.catalogue import kind_by_type
from sandbox.backup_service.resources.rds_cluster import is_cluster
from sandbox.backup_service.resources.rds_instance import told_of_snapshot
from sandbox.backup_service.surroundings import Document
from sandbox.backup_service.vaults.approvals import named_by
from sandbox.backup_service.vaults.calls import find_said_vault, find_vault
from sandbox.backup_service.vaults.composites import ensure_nothing_nested, leave_composite
from sandbox.backup_service.vaults.natives import drop_natively
from sandbox.backup_service.vaults.scans import aggregated_scan_result, scan_results


def find_recovery_point(estate: Estate, caller: Caller, vault_name: str, arn: str) -> RecoveryPoint:
    """The recovery point in that vault of the caller's account."""
    return _point_in(estate, find_vault(estate, caller.place, vault_name), arn)


def _point_in(estate: Estate, vault: Vault, arn: str) -> RecoveryPoint:
    point = estate.recovery_points.get(arn)
    if point is None or point.vault is not vault.keeper:
        raise ResourceNotFoundException(f"Cannot find recovery point: {arn} in backup vault: {vault.name}")
    return point


def ensure_made(point: RecoveryPoint) -> None:
    """What is still being made can be neither copied nor restored."""
    if point.is_being_made:
        raise InvalidRequestException(f"Recovery point {point.arn} is not available: its status is {point.status}")


def described(point: RecoveryPoint, *, shown_in: Vault | None = None) -> Document:
    """A recovery point as DescribeRecoveryPoint and ListRecoveryPointsByBackupVault show it in a vault."""
    vault = named_by(point, shown_in or point.vault)
    return {
        "RecoveryPointArn": point.arn,
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "SourceBackupVaultArn": point.source_vault_arn,
        "ResourceArn": point.resource_arn,
        "ResourceType": point.resource_type,
        "ResourceName": point.resource_name,
        "CreatedBy": point.created_by.described() if point.created_by else None,
        "IamRoleArn": point.role_arn,
        "Status": "AVAILABLE" if point.is_continuous and point.status == "COMPLETED" else point.status,
        "CreationDate": point.created,
        "InitiationDate": point.created,
        "CompletionDate": point.completed,
        "BackupSizeInBytes": point.capture.size,
        "Lifecycle": point.lifecycle.described(),
        "CalculatedLifecycle": point.lifecycle.calculated(point.created),
        "EncryptionKeyArn": told_key(point.key_arn, point.vault.place),
        "EncryptionKeyType": _key_type(point),
        "IsEncrypted": point.key_arn is not None,
        "StorageClass": point.storage_class,
        "LastRestoreTime": point.last_restored,
        "IsParent": point.is_parent,
        "ParentRecoveryPointArn": point.parent_arn,
        "CompositeMemberIdentifier": point.member,
        "VaultType": vault.type,
    }


def _key_type(point: RecoveryPoint) -> str | None:
    if point.key_arn is None:
        return None
    return "AWS_OWNED_KMS_KEY" if is_aws_managed(point.key_arn, point.vault.place) else "CUSTOMER_MANAGED_KMS_KEY"


def _shown_point(estate: Estate, caller: Caller, request: Document) -> RecoveryPoint:
    point = _point_in(estate, find_said_vault(estate, caller, request), request["RecoveryPointArn"])
    if not estate.shows(point.appeared):
        raise ResourceNotFoundException(f"Cannot find recovery point: {point.arn}")
    return point


def describe_recovery_point(estate: Estate, caller: Caller, request: Document) -> Document:
    """DescribeRecoveryPoint, which alone tells of each scan."""
    point = _shown_point(estate, caller, request)
    shown_in = find_said_vault(estate, caller, request)
    return described(point, shown_in=shown_in) | {"ScanResults": scan_results(point)}


def list_recovery_points_by_backup_vault(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListRecoveryPointsByBackupVault: of the caller's own vault, or of one that is shared with it, newest first."""
    vault = find_said_vault(estate, caller, request)
    points = keep(
        [point for point in estate.points_in(vault.keeper) if estate.shows(point.appeared)],
        request,
        {
            "ByResourceArn": lambda point: point.resource_arn,
            "ByResourceType": lambda point: point.resource_type,
            "ByBackupPlanId": lambda point: point.created_by and point.created_by.plan_id,
            "ByCreatedBefore": lambda point: point.created,
            "ByCreatedAfter": lambda point: point.created,
            "ByParentRecoveryPointArn": lambda point: point.parent_arn,
        },
    )
    points.sort(key=lambda point: point.created, reverse=True)
    rows = [
        described(point, shown_in=vault) | {"AggregatedScanResult": aggregated_scan_result(point)} for point in points
    ]
    return page(rows, request, "RecoveryPoints")


def list_recovery_points_by_resource(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListRecoveryPointsByResource: what the caller's account and Region hold of one resource."""
    points = [
        point
        for point in estate.recovery_points.values()
        if point.resource_arn == request["ResourceArn"]
        and point.vault.place == caller.place
        and estate.shows(point.appeared)
    ]
    points.sort(key=lambda point: point.created, reverse=True)
    rows = [described(point) | {"BackupSizeBytes": point.capture.size} for point in points]
    return page(rows, request, "RecoveryPoints")


def get_recovery_point_restore_metadata(estate: Estate, caller: Caller, request: Document) -> Document:
    """GetRecoveryPointRestoreMetadata: the configuration at the time of the backup."""
    point = _shown_point(estate, caller, request)
    return {
        "BackupVaultArn": named_by(point, find_said_vault(estate, caller, request)).arn,
        "RecoveryPointArn": point.arn,
        "RestoreMetadata": {**point.capture.metadata, **_told(point)},
        "ResourceType": point.resource_type,
    }


def _told(point: RecoveryPoint) -> dict[str, str]:
    is_instance = point.resource_type == "RDS" and not is_cluster(point.resource_arn)
    return told_of_snapshot(point.arn, point.key_arn) if is_instance else {}


def update_recovery_point_lifecycle(estate: Estate, caller: Caller, request: Document) -> Document:
    """UpdateRecoveryPointLifecycle."""
    point = find_recovery_point(estate, caller, request["BackupVaultName"], request["RecoveryPointArn"])
    _ensure_unlocked(point)
    lifecycle = read_lifecycle(request.get("Lifecycle")) or FOREVER
    if (
        lifecycle.move_to_cold is not None
        and not kind_by_type(point.resource_type, point.resource_arn).has_cold_storage
    ):
        raise InvalidParameterValueException(f"{point.resource_type} does not support a transition to cold storage")
    point.lifecycle = lifecycle
    return {
        "BackupVaultArn": point.vault.arn,
        "RecoveryPointArn": point.arn,
        "Lifecycle": lifecycle.described(),
        "CalculatedLifecycle": lifecycle.calculated(point.created),
    }


def delete_recovery_point(estate: Estate, caller: Caller, request: Document) -> Document:
    """DeleteRecoveryPoint."""
    point = find_recovery_point(estate, caller, request["BackupVaultName"], request["RecoveryPointArn"])
    _ensure_deletable(estate, point)
    del estate.recovery_points[point.arn]
    drop_natively(estate, point)
    leave_composite(estate, point)
    events.publish(estate, events.recovery_point_event(point, "DELETING"))
    return {}


def disassociate_recovery_point(estate: Estate, caller: Caller, request: Document) -> Document:
    """DisassociateRecoveryPoint: a continuous backup goes back to its service."""
    point = find_recovery_point(estate, caller, request["BackupVaultName"], request["RecoveryPointArn"])
    _ensure_unlocked(point)
    if not point.is_continuous:
        raise InvalidRequestException(f"Recovery point {point.arn} is not a continuous backup")
    del estate.recovery_points[point.arn]
    return {}


def disassociate_recovery_point_from_parent(estate: Estate, caller: Caller, request: Document) -> Document:
    """DisassociateRecoveryPointFromParent: a nested point goes on by itself."""
    point = find_recovery_point(estate, caller, request["BackupVaultName"], request["RecoveryPointArn"])
    if point.parent_arn is None:
        raise InvalidRequestException(f"Recovery point {point.arn} is not nested in a composite one")
    leave_composite(estate, point)
    return {}


def _ensure_deletable(estate: Estate, point: RecoveryPoint) -> None:
    _ensure_unlocked(point)
    if point.is_being_made:
        raise InvalidResourceStateException(f"AWS Backup is already performing an action on {point.arn}")
    ensure_nothing_nested(estate, point)


def _ensure_unlocked(point: RecoveryPoint) -> None:
    if point.vault.lock is not None:
        raise InvalidRequestException(
            f"Recovery point {point.arn} cannot be changed or deleted: backup vault {point.vault.name} is locked"
        )


def list_protected_resources(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListProtectedResources: everything the caller's account and Region ever backed up, with its last backup."""
    latest: dict[str, RecoveryPoint] = {}
    for point in sorted(estate.recovery_points.values(), key=lambda point: point.created):
        if point.vault.place == caller.place and not point.is_being_made:
            latest[point.resource_arn] = point
    return page([_protected(point) for point in latest.values()], request, "Results")


def describe_protected_resource(estate: Estate, caller: Caller, request: Document) -> Document:
    """DescribeProtectedResource."""
    every = list_protected_resources(estate, caller, {})["Results"]
    for row in every:
        if row["ResourceArn"] == request["ResourceArn"]:
            return dict(row)
    raise ResourceNotFoundException(f"Resource {request['ResourceArn']} is not protected")


def _protected(point: RecoveryPoint) -> Document:
    return {
        "ResourceArn": point.resource_arn,
        "ResourceType": point.resource_type,
        "ResourceName": point.resource_name,
        "LastBackupTime": point.created,
        "LastBackupVaultArn": point.vault.arn,
        "LastRecoveryPointArn": point.arn,
    }


OPERATIONS = {
    "DescribeRecoveryPoint": describe_recovery_point,
    "ListRecoveryPointsByBackupVault": list_recovery_points_by_backup_vault,
    "ListRecoveryPointsByResource": list_recovery_points_by_resource,
    "GetRecoveryPointRestoreMetadata": get_recovery_point_restore_metadata,
    "UpdateRecoveryPointLifecycle": update_recovery_point_lifecycle,
    "DeleteRecoveryPoint": delete_recovery_point,
    "DisassociateRecoveryPoint": disassociate_recovery_point,
    "DisassociateRecoveryPointFromParent": disassociate_recovery_point_from_parent,
    "ListProtectedResources": list_protected_resources,
    "DescribeProtectedResource": describe_protected_resource,
}
