"""Scans of recovery points for malware: those that have ended, as they were told to or as they were started.

Sources: API reference, DescribeRecoveryPoint and ListRecoveryPointsByBackupVault (`ScanResults` and
`AggregatedScanResult`, each of the latest scan that ended), ListScanJobs (each scan of the last 30 days) and
DescribeScanJob (the types that are scanned, and the results); Developer Guide, "Monitoring AWS Backup events using
Amazon EventBridge" (a COMPLETED job may have found malware).
"""

from sandbox.backup_service import events
from sandbox.backup_service.errors import ResourceNotFoundException
from sandbox.backup_service.estate import Caller, Estate, RecoveryPoint, Scan
from sandbox.backup_service.listing import LISTED, keep, page
from sandbox.backup_service.surroundings import Document

SCANNED_TYPES = frozenset({"EBS", "EC2", "S3"})
ENDS = frozenset({"COMPLETED", "COMPLETED_WITH_ISSUES", "FAILED", "CANCELED"})
RESULTS = frozenset({"NO_THREATS_FOUND", "THREATS_FOUND", "UNKNOWN"})
_WITHOUT_RESULT = frozenset({"FAILED", "CANCELED"})


class ScanRequestError(Exception):
    """No scan ends like that."""


def end_scan(estate: Estate, arn: str, *, state: str, result: str) -> Scan:
    """Let a scan of the recovery point end; LookupError if there is none, ScanRequestError if no scan ends so."""
    point = estate.recovery_points[arn]
    if point.resource_type not in SCANNED_TYPES:
        raise ScanRequestError(f"{point.resource_type} is not scanned")
    if state not in ENDS or result not in RESULTS:
        raise ScanRequestError(f"no scan ends {state} with {result}")
    scan = Scan(state="RUNNING", result=None, created=estate.now())
    point.scans.append(scan)
    ended(estate, point, scan, state=state, result=result)
    return scan


def ended(estate: Estate, point: RecoveryPoint, scan: Scan, *, state: str, result: str, message: str = "") -> None:
    """Bring a scan to its end, and tell it."""
    scan.state, scan.message, scan.ended = state, message, estate.now()
    scan.result = None if state in _WITHOUT_RESULT else result
    events.publish(estate, events.scan_job_event(point, scan))


def scan_results(point: RecoveryPoint) -> list[Document] | None:
    """`ScanResults`, as DescribeRecoveryPoint shows them."""
    scan = _last(point)
    if scan is None:
        return None
    return [
        {
            "MalwareScanner": "GUARDDUTY",
            "ScanJobState": scan.state,
            "LastScanTimestamp": scan.ended,
            "Findings": _findings(scan),
        }
    ]


def aggregated_scan_result(point: RecoveryPoint) -> Document | None:
    """`AggregatedScanResult`, as lists of a vault show it."""
    scan = _last(point)
    if scan is None:
        return None
    return {"FailedScan": scan.state == "FAILED", "Findings": _findings(scan), "LastComputed": scan.ended}


def list_scan_jobs(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListScanJobs, of the caller's own account and Region."""
    since = estate.now() - LISTED
    jobs = keep(
        (job for job in _jobs_of(estate, caller) if job[1].created > since),
        request,
        {
            "ByAccountId": lambda job: job[0].vault.place.account,
            "ByBackupVaultName": lambda job: job[0].vault.name,
            "ByCompleteAfter": lambda job: job[1].ended,
            "ByCompleteBefore": lambda job: job[1].ended,
            "ByRecoveryPointArn": lambda job: job[0].arn,
            "ByResourceArn": lambda job: job[0].resource_arn,
            "ByResourceType": lambda job: job[0].resource_type,
            "ByScanResultStatus": lambda job: job[1].result,
            "ByState": lambda job: job[1].state,
        },
    )
    jobs.sort(key=lambda job: job[1].created, reverse=True)
    return page([_job(*job) for job in jobs], request, "ScanJobs")


def describe_scan_job(estate: Estate, caller: Caller, request: Document) -> Document:
    """DescribeScanJob."""
    for point, scan in _jobs_of(estate, caller):
        if scan.job_id == request["ScanJobId"]:
            return _job(point, scan)
    raise ResourceNotFoundException(f"Scan job {request['ScanJobId']} does not exist")


def _jobs_of(estate: Estate, caller: Caller) -> list[tuple[RecoveryPoint, Scan]]:
    points = [point for point in estate.recovery_points.values() if point.vault.place == caller.place]
    return [(point, scan) for point in points for scan in point.scans]


def _job(point: RecoveryPoint, scan: Scan) -> Document:
    account = point.vault.place.account
    return {
        "AccountId": account,
        "BackupVaultArn": point.vault.arn,
        "BackupVaultName": point.vault.name,
        "CompletionDate": scan.ended,
        "CreatedBy": point.created_by.described() if point.created_by else {},
        "CreationDate": scan.created,
        "IamRoleArn": scan.role_arn or point.role_arn,
        "MalwareScanner": "GUARDDUTY",
        "RecoveryPointArn": point.arn,
        "ResourceArn": point.resource_arn,
        "ResourceName": point.resource_name,
        "ResourceType": point.resource_type,
        "ScanId": scan.id,
        "ScanJobId": scan.job_id,
        "ScanMode": "FULL_SCAN",
        "ScanResult": {"ScanResultStatus": scan.result} if scan.result else None,
        "ScannerRoleArn": events.scanner_role(account),
        "State": scan.state,
        "StatusMessage": scan.message or None,
    }


def _last(point: RecoveryPoint) -> Scan | None:
    return next((scan for scan in reversed(point.scans) if scan.ended is not None), None)


def _findings(scan: Scan) -> list[str]:
    return ["MALWARE"] if scan.result == "THREATS_FOUND" else []


OPERATIONS = {"DescribeScanJob": describe_scan_job, "ListScanJobs": list_scan_jobs}
