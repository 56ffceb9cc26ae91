"""Scans for malware that are started in vaults of our own account."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Protocol

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.identifiers import CENTRAL_BACKUP_ROLE, SCANNER_ROLE, Arn

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.candidates.model import ListedPoint

ACTIONS: tuple[str, ...] = ()


class PersonClients(Protocol):
    """Clients in member accounts, as `adapters.aws.clients.PersonMemberClients` hands them out."""

    @property
    def client(self) -> Callable[..., Any]:
        """Called as `client(service, account=..., region=..., subject=...)`."""


class CentralScanStarter:
    """Starts scans: AWS Backup carries them out under the central backup role, GuardDuty reads as the scanner."""

    MEMBER_ACTIONS = ("backup:StartScanJob", "iam:PassRole")

    def __init__(self, scanners: PersonClients, *, intent: Intent) -> None:
        """`scanners` are the clients of the role that may start scans, and nothing else."""
        self._scanners = scanners
        self._intent = intent

    def start(self, point: ListedPoint, *, subject: str) -> str:
        """Start a full scan for that person and return the job's id; until it has ended, repeating it is that one."""
        vault, account = Arn.parse(point.vault), self._intent.organization.backup_account
        backup = self._scanners.client("backup", account=account, region=vault.region, subject=subject)
        with aws_errors(f"{point.arn} cannot be scanned"):
            answer = backup.start_scan_job(
                BackupVaultName=vault.name,
                RecoveryPointArn=point.arn,
                IamRoleArn=self._intent.member_role_arn(CENTRAL_BACKUP_ROLE, account),
                ScannerRoleArn=self._intent.member_role_arn(SCANNER_ROLE, account),
                MalwareScanner="GUARDDUTY",
                ScanMode="FULL_SCAN",
                IdempotencyToken=_token(point),
            )
        return str(answer["ScanJobId"])


def _token(point: ListedPoint) -> str:
    """The same until a scan of it has ended: the next one is another."""
    last = "" if point.scanned_at is None else point.scanned_at.isoformat()
    return hashlib.sha256(f"{point.vault}\n{point.arn}\n{last}".encode()).hexdigest()
