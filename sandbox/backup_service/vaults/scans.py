"""Scans of recovery points for malware, which end as they are told to.

Sources: API reference, DescribeRecoveryPoint and ListRecoveryPointsByBackupVault (`ScanResults` and
`AggregatedScanResult`, each of the latest scan) and DescribeScanJob (the types that are scanned, and the results);
Developer Guide, "Monitoring AWS Backup events using Amazon EventBridge" (a COMPLETED job may have found malware).
"""

from sandbox.backup_service import events
from sandbox.backup_service.estate import Estate, RecoveryPoint, Scan
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
    found = None if state in _WITHOUT_RESULT else result
    point.scan = Scan(state=state, result=found, ended=estate.now())
    events.publish(estate, events.scan_job_event(point, point.scan))
    return point.scan


def scan_results(point: RecoveryPoint) -> list[Document] | None:
    """`ScanResults`, as DescribeRecoveryPoint shows them."""
    scan = point.scan
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
    scan = point.scan
    if scan is None:
        return None
    return {"FailedScan": scan.state == "FAILED", "Findings": _findings(scan), "LastComputed": scan.ended}


def _findings(scan: Scan) -> list[str]:
    return ["MALWARE"] if scan.result == "THREATS_FOUND" else []
