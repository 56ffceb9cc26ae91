"""Scans for malware that somebody asks for.

Sources: API reference, StartScanJob; Developer Guide, "Malware protection in AWS Backup" (AWS Backup starts the scan at
GuardDuty under the one role, and hands it the other) and "AWS Backup quotas" (one scan of a recovery point at a time).
What GuardDuty reads it finds again: the data of a backup never changes.
"""

from collections.abc import Iterator

from sandbox.backup_service import events
from sandbox.backup_service.errors import (
    InvalidParameterValueException,
    InvalidRequestException,
    LimitExceededException,
    MissingParameterValueException,
)
from sandbox.backup_service.estate import Caller, Estate, RecoveryPoint, Scan
from sandbox.backup_service.jobs.records import breathe, remember_token, used_before
from sandbox.backup_service.jobs.roles import why_role_fails
from sandbox.backup_service.surroundings import Document
from sandbox.backup_service.vaults.recovery_points import ensure_made, find_recovery_point
from sandbox.backup_service.vaults.scans import SCANNED_TYPES, ended
from sandbox.seams.iam.authority import Question

_GUARDDUTY = "malware-protection.guardduty.amazonaws.com"
_FOUND, _NOTHING = "THREATS_FOUND", "NO_THREATS_FOUND"


def start_scan_job(estate: Estate, caller: Caller, request: Document) -> Document:
    """StartScanJob: asked for in the account that owns the vault."""
    point = find_recovery_point(estate, caller, request["BackupVaultName"], request["RecoveryPointArn"])
    ensure_made(point)
    if point.resource_type not in SCANNED_TYPES:
        raise InvalidRequestException(f"Resource type {point.resource_type} is not supported for scanning")
    if request["ScanMode"] == "INCREMENTAL_SCAN" and "ScanBaseRecoveryPointArn" not in request:
        raise MissingParameterValueException("ScanBaseRecoveryPointArn is required for an incremental scan")
    if point.is_continuous and "ContinuousScanEndTime" not in request:
        raise MissingParameterValueException("ContinuousScanEndTime is required for a continuous backup")
    if request["ScannerRoleArn"] != events.scanner_role(caller.place.account):
        raise InvalidParameterValueException(f"{request['ScannerRoleArn']} cannot be assumed by GuardDuty")
    earlier = used_before(estate, "StartScanJob", caller, request)
    scan = next((each for each in point.scans if each.job_id == earlier), None)
    if scan is None:
        if any(each.ended is None for each in point.scans):
            raise LimitExceededException(f"A scan of {point.arn} is in progress")
        scan = Scan(state="CREATED", result=None, created=estate.now(), role_arn=request["IamRoleArn"])
        point.scans.append(scan)
        remember_token(estate, "StartScanJob", caller, request, scan.job_id)
        estate.clockwork.spawn(_run(estate, point, scan, scanner=request["ScannerRoleArn"]))
    return {"ScanJobId": scan.job_id, "CreationDate": scan.created}


async def _run(estate: Estate, point: RecoveryPoint, scan: Scan, *, scanner: str) -> None:
    events.publish(estate, events.scan_job_event(point, scan))
    await breathe(estate)
    scan.state = "RUNNING"
    events.publish(estate, events.scan_job_event(point, scan))
    await breathe(estate)
    why = await why_role_fails(estate.services(point.vault.place), scan.role_arn, _asked(scan, scanner))
    found = _FOUND if _is_infected(estate, point) else _NOTHING
    ended(estate, point, scan, state="FAILED" if why else "COMPLETED", result=found, message=why or "")


def _asked(scan: Scan, scanner: str) -> Iterator[Question]:
    """AWS managed policy AWSBackupServiceRolePolicyForScans."""
    yield Question(scan.role_arn, "guardduty:StartMalwareScan", "*")
    yield Question(scan.role_arn, "iam:PassRole", scanner, {"iam:PassedToService": _GUARDDUTY})


def _is_infected(estate: Estate, point: RecoveryPoint) -> bool:
    copies = [
        each
        for each in estate.recovery_points.values()
        if (each.resource_arn, each.created) == (point.resource_arn, point.created)
    ]
    return any(scan.result == _FOUND for each in copies for scan in each.scans)


OPERATIONS = {"StartScanJob": start_scan_job}
