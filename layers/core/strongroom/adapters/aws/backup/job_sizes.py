"""How large the backups of the last 30 days were, in all accounts.

Source: AWS Backup API reference, "ListBackupJobs": the management account sees those of every account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.adapters.aws.errors import aws_errors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.identifiers import AccountId, Region

ACTIONS = ("backup:ListBackupJobs",)

_EVERY_ACCOUNT: Final = "*"
_BYTES: Final = 1_000_000_000


class BackupJobSizes:
    """The sizes that finished jobs tell."""

    def __init__(self, clients: AccountClients, *, management_account: AccountId) -> None:
        """`management_account` is the one that all calls are made in."""
        self._clients = clients
        self._management_account = management_account

    def last_sizes(self, region: Region) -> Mapping[str, float]:
        """The gigabytes of each resource's newest backup, by its ARN."""
        backup = self._clients.client("backup", account=self._management_account, region=region)
        newest: dict[str, tuple[datetime, float]] = {}
        with aws_errors():
            pages = backup.get_paginator("list_backup_jobs").paginate(ByAccountId=_EVERY_ACCOUNT, ByState="COMPLETED")
            for job in (job for page in pages for job in page["BackupJobs"]):
                known = newest.get(job["ResourceArn"])
                if job.get("BackupSizeInBytes") and (known is None or known[0] < job["CreationDate"]):
                    newest[job["ResourceArn"]] = (job["CreationDate"], job["BackupSizeInBytes"] / _BYTES)
        return {arn: gigabytes for arn, (_, gigabytes) in newest.items()}
