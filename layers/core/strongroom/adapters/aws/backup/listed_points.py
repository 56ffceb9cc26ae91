"""Recovery points of one resource in a vault as AWS Backup lists them, and how long restores took."""

from __future__ import annotations

from contextlib import suppress
from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from strongroom.adapters.aws.backup.absent_vaults import told_from_refused
from strongroom.adapters.aws.backup.restores import of_type
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.copies.found import is_continuous
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    NotFoundError,
    TemporarilyUnavailableError,
)
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.scans.verdicts import Scan, told_together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from strongroom.adapters.aws.backup.recovery_points import Clients
    from strongroom.domain.identifiers import AccountId, Region

ACTIONS: tuple[str, ...] = ()

_PAGE: Final = {"PageSize": 1000}
_MALWARE: Final = "MALWARE"
_ENDED: Final = "COMPLETED"
_FOUND: Final = "THREATS_FOUND"
_NOTHING: Final = "NO_THREATS_FOUND"
_UNLISTED: Final = (AccessRefusedError, CallRefusedError, TemporarilyUnavailableError)
_DETAIL: Final = timedelta(minutes=1)


class ListedPoints:
    """Recovery points in vaults of our own account, and in those of others through their inspection role."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "of_resource": ("backup:ListBackupVaults", "backup:ListRecoveryPointsByBackupVault", "backup:ListScanJobs"),
        "looked_at": ("backup:DescribeRecoveryPoint", "backup:ListScanJobs"),
    }
    MEMBER_ACTIONS = (
        "backup:DescribeRecoveryPoint",
        "backup:ListBackupVaults",
        "backup:ListRecoveryPointsByBackupVault",
        "backup:ListScanJobs",
    )

    def __init__(self, own: Callable[..., Any], members: Clients, *, own_account: AccountId, now: datetime) -> None:
        """`own` is `adapters.aws.clients.client`; that a point is cold at `now`, a list tells by the day only."""
        self._own = own
        self._members = members
        self._own_account = own_account
        self._now = now

    def of_resource(self, resource: str, *, vault: str, created_at: datetime | None = None) -> list[ListedPoint]:
        """Every recovery point of the resource in the vault, of about that moment where one is said.

        NotFoundError where there is no such vault.
        """
        backup, name = self._backup(vault), Arn.parse(vault).name
        asked = {"BackupVaultName": name, "ByResourceArn": resource, **_about(created_at)}
        with (
            told_from_refused(vault, listing=lambda: backup.get_paginator("list_backup_vaults").paginate()),
            aws_errors(f"{vault} cannot be listed"),
        ):
            pages = backup.get_paginator("list_recovery_points_by_backup_vault").paginate(
                **asked, PaginationConfig=_PAGE
            )
            listed = [self._listed(each, vault=vault) for page in pages for each in page["RecoveryPoints"]]
        return list(self._with_malware(listed, backup, vault=vault))

    def looked_at(self, point: ListedPoint) -> ListedPoint | None:
        """The point as its vault describes it, which tells its storage and each scan; None where it is gone."""
        backup, name = self._backup(point.vault), Arn.parse(point.vault).name
        try:
            with aws_errors(f"{point.arn} cannot be described"):
                answer = backup.describe_recovery_point(BackupVaultName=name, RecoveryPointArn=point.arn)
        except NotFoundError:
            return None
        scan, scanned_at = known_scan(answer.get("ScanResults", ()), of=point.arn)
        if scan is Scan.INCOMPLETE and point.arn in _found_clean(backup, [point], vault=point.vault):
            scan = Scan.CLEAN
        # What the list knows of earlier scans, the last one does not take back.
        is_told = scan is not Scan.NEVER and (point.scan is not Scan.THREATS or scan is Scan.THREATS)
        return replace(
            point,
            status=answer["Status"],
            is_cold=answer.get("StorageClass", "COLD" if point.is_cold else "WARM") == "COLD",
            completed_at=answer.get("CompletionDate", point.completed_at),
            size=answer.get("BackupSizeInBytes", point.size),
            scan=scan if is_told else point.scan,
            scanned_at=scanned_at if is_told else point.scanned_at,
        )

    def _with_malware(self, points: list[ListedPoint], backup: Any, *, vault: str) -> Iterator[ListedPoint]:
        """The points; a scan that came after tells nothing of what one before it came to, and its job does."""
        infected: frozenset[str] = frozenset()
        if any(point.scan not in (Scan.NEVER, Scan.THREATS) for point in points):
            # Malware that the list itself tells of is not lost for jobs that cannot be listed.
            with suppress(*_UNLISTED if any(point.scan is Scan.THREATS for point in points) else ()):
                infected = _scanned(backup, points[0].resource, vault=vault, ByScanResultStatus=_FOUND)
        clean = _found_clean(backup, [point for point in points if point.scan is Scan.INCOMPLETE], vault=vault)
        for point in points:
            told = Scan.THREATS if point.arn in infected else Scan.CLEAN if point.arn in clean else point.scan
            yield replace(point, scan=told)

    def _listed(self, answer: Mapping[str, Any], *, vault: str) -> ListedPoint:
        ends, source = answer.get("CalculatedLifecycle", {}), answer.get("SourceBackupVaultArn") or ""
        cold_at: datetime | None = ends.get("MoveToColdStorageAt")
        days = answer.get("Lifecycle", {}).get("DeleteAfterDays")
        scan = answer.get("AggregatedScanResult", {})
        return ListedPoint(
            arn=answer["RecoveryPointArn"],
            vault=vault,
            resource=answer["ResourceArn"],
            resource_type=answer["ResourceType"],
            created_at=answer["CreationDate"],
            status=answer["Status"],
            is_cold=cold_at is not None and cold_at <= self._now,
            completed_at=answer.get("CompletionDate"),
            expires_at=ends.get("DeleteAt"),
            kept_for_days=days if days and days > 0 else None,
            size=answer.get("BackupSizeInBytes"),
            source_vault="" if source == vault else source,
            is_composite=bool(answer.get("IsParent")),
            scan=_verdict(scan.get("Findings", ()), is_whole=not scan.get("FailedScan")) if scan else Scan.NEVER,
            scanned_at=scan.get("LastComputed"),
        )

    def _backup(self, vault: str) -> Any:
        place = Arn.parse(vault)
        if place.account == self._own_account:
            return self._own("backup", place.region)
        return self._members.client("backup", account=place.account, region=place.region)


class PastRestores:
    """How long restores in member accounts took, by their jobs."""

    MEMBER_ACTIONS = ("backup:ListRestoreJobs",)

    def __init__(self, inspection: Clients) -> None:
        """`inspection` are the clients of the inspection role."""
        self._inspection = inspection

    def last(self, resource_type: str, *, account: AccountId, region: Region) -> tuple[timedelta, ...]:
        """How long each that came to its end took, the newest first."""
        backup = self._inspection.client("backup", account=account, region=region)
        with aws_errors("restore jobs cannot be listed"):
            pages = backup.get_paginator("list_restore_jobs").paginate(
                ByAccountId=account, ByStatus=_ENDED, **of_type("ByResourceType", resource_type)
            )
            jobs = [
                job
                for page in pages
                for job in page["RestoreJobs"]
                if job.get("CompletionDate") and job.get("ResourceType", resource_type) == resource_type
            ]
        jobs.sort(key=lambda job: job["CompletionDate"], reverse=True)
        return tuple(job["CompletionDate"] - job["CreationDate"] for job in jobs)


def _about(moment: datetime | None) -> dict[str, datetime]:
    """The filter of a list; AWS tells times of one backup in more and in less detail."""
    return {} if moment is None else {"ByCreatedAfter": moment - _DETAIL, "ByCreatedBefore": moment + _DETAIL}


def _found_clean(backup: Any, points: Sequence[ListedPoint], *, vault: str) -> frozenset[str]:
    """Those points of one resource in the vault that a whole scan of the last thirty days has found clean.

    A log grows, and what a scan saw of it says nothing of the rest. Where jobs cannot be listed, none is known.
    """
    asked = frozenset(point.arn for point in points if not is_continuous(point.arn))
    if asked:
        with suppress(*_UNLISTED):
            return asked & _scanned(
                backup, points[0].resource, vault=vault, ByScanResultStatus=_NOTHING, ByState=_ENDED
            )
    return frozenset()


def _scanned(backup: Any, resource: str, *, vault: str, **ended: str) -> frozenset[str]:
    """The recovery points of the resource in the vault of which a scan of the last thirty days ended so."""
    with aws_errors(f"scans of {vault} cannot be listed"):
        pages = backup.get_paginator("list_scan_jobs").paginate(
            ByBackupVaultName=Arn.parse(vault).name, ByResourceArn=resource, **ended
        )
        return frozenset(job["RecoveryPointArn"] for page in pages for job in page["ScanJobs"])


def known_scan(results: Iterable[Mapping[str, Any]], *, of: str) -> tuple[Scan, datetime | None]:
    """What is known by `ScanResults` of a recovery point, and when the last scan ended.

    Malware that any of them found stays found. A clean whole scan stands against those that saw a part, for the data
    never changes; of a log the last one counts.
    """
    told = sorted(results, key=lambda each: each["LastScanTimestamp"])
    if not told:
        return Scan.NEVER, None
    verdicts = [_verdict(each.get("Findings", ()), is_whole=each.get("ScanJobState") == _ENDED) for each in told]
    known = told_together(verdicts)
    if is_continuous(of) and known is not Scan.THREATS:
        known = verdicts[-1]
    scanned_at: datetime = told[-1]["LastScanTimestamp"]
    return known, scanned_at


def _verdict(findings: Iterable[str], *, is_whole: bool) -> Scan:
    if _MALWARE in findings:
        return Scan.THREATS
    return Scan.CLEAN if is_whole else Scan.INCOMPLETE
