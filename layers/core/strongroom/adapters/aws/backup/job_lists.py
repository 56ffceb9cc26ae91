"""AWS Backup's lists of the jobs of a whole organisation, as its delegated administrator reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.backup.backup_jobs import backup_job_of
from strongroom.adapters.aws.backup.copy_jobs import copy_job_of
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.copies.found import CopyNotice
from strongroom.domain.copies.reconciling import JobKind, JobPage
from strongroom.domain.identifiers import AccountId

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.domain.copies.reconciling import Window
    from strongroom.domain.identifiers import Region

ACTIONS: Final = ("backup:ListBackupJobs", "backup:ListCopyJobs")
_PAGE: Final = 1_000


class OrganizationJobLists:
    """The jobs of every account, in one Region at a time."""

    def __init__(self, backup: Callable[[Region], Any]) -> None:
        """`backup` gives an AWS Backup client of the backup account for a Region."""
        self._backup = backup

    def page(self, kind: JobKind, window: Window, *, region: Region, account: AccountId | None = None) -> JobPage:
        """One page of the jobs that ended in the window, of one account or of all."""
        asked: dict[str, Any] = {
            "ByAccountId": account or "*",
            "ByCompleteAfter": window.since,
            "ByCompleteBefore": window.until,
            "MaxResults": _PAGE,
        }
        if window.token is not None:
            asked["NextToken"] = window.token
        backup = self._backup(region)
        with aws_errors(f"the {kind} of the organisation in {region} cannot be listed"):
            if kind is JobKind.BACKUPS:
                answer = backup.list_backup_jobs(**asked)
                backups = (
                    backup_job_of(job, account=AccountId(job.get("AccountId", "")), region=region)
                    for job in answer["BackupJobs"]
                )
                return JobPage(backups=tuple(backups), token=answer.get("NextToken"))
            answer = backup.list_copy_jobs(**asked)
        notices = (
            CopyNotice(account=AccountId(job.get("AccountId", "")), region=region, job=copy_job_of(job))
            for job in answer["CopyJobs"]
        )
        return JobPage(copies=tuple(notices), token=answer.get("NextToken"))
