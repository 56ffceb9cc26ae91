"""Restore and copy jobs, read for the watch, against a client that answers as boto3 does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.adapters.aws.backup.watched_jobs import CentralWatchedCopies, MemberWatchedRestores
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS
from tests.builders.restores import CENTRAL_POINT, NOW, POINT
from tests.fakes.account_clients import FakeAccountClients, refusal

JOB = {
    "RestoreJobId": "j-1",
    "AccountId": PAYMENTS,
    "RecoveryPointArn": POINT,
    "IamRoleArn": "arn:aws:iam::222222222222:role/admin",
    "CreationDate": NOW,
    "Status": "RUNNING",
}
COPY = {
    "CopyJobId": "c-1",
    "SourceRecoveryPointArn": CENTRAL_POINT,
    "SourceBackupVaultArn": CENTRAL_VAULT,
    "DestinationBackupVaultArn": LOCAL_VAULT,
    "DestinationRecoveryPointArn": POINT,
    "IamRoleArn": "arn:aws:iam::999999999999:role/copies",
    "CreationDate": NOW,
}


@dataclass
class FakeBackup:
    """AWS Backup with these jobs; lists come in pages of one."""

    job: dict[str, Any] = field(default_factory=lambda: dict(JOB))
    copies: tuple[dict[str, Any], ...] = (COPY,)
    code: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    def describe_restore_job(self, **_: str) -> dict[str, Any]:
        if self.code:
            raise refusal(self.code, "DescribeRestoreJob")
        return self.job

    def get_restore_job_metadata(self, **_: str) -> dict[str, Any]:
        return {"RestoreJobId": "j-1", "Metadata": {"Encrypted": "true"}}

    def get_paginator(self, method: str) -> "FakeBackup":
        self.asked.append({"method": method})
        return self

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        self.asked[-1] |= request
        if self.code:
            raise refusal(self.code, "ListRestoreJobs")
        yield {"RestoreJobs": [JOB], "CopyJobs": []}
        yield {"RestoreJobs": [JOB | {"RestoreJobId": "j-2"}], "CopyJobs": list(self.copies)}


def restores(backup: FakeBackup) -> MemberWatchedRestores:
    return MemberWatchedRestores(FakeAccountClients(own={"backup": backup}))


def test_jobs_are_listed_page_by_page_since_a_time() -> None:
    backup = FakeBackup()
    assert restores(backup).ids(PAYMENTS, HOME, since=NOW) == ("j-1", "j-2")
    assert backup.asked == [{"method": "list_restore_jobs", "ByAccountId": PAYMENTS, "ByCreatedAfter": NOW}]


@pytest.mark.parametrize(
    ("code", "error"),
    [("AccessDeniedException", AccessRefusedError), ("ThrottlingException", TemporarilyUnavailableError)],
)
def test_what_cannot_be_listed_is_said_to_be(code: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        restores(FakeBackup(code=code)).ids(PAYMENTS, HOME, since=NOW)


def test_a_job_is_described_with_the_settings_that_it_used() -> None:
    found = restores(FakeBackup()).describe("j-1", account=PAYMENTS, region=HOME)
    assert found is not None
    assert (found.job.id, found.job.account, found.job.recovery_point) == ("j-1", PAYMENTS, POINT)
    assert (found.job.role, found.job.created_at, found.job.status) == (JOB["IamRoleArn"], NOW, "RUNNING")
    assert (found.job.metadata, found.parent, found.tested_by) == ({"Encrypted": "true"}, "", "")


def test_whose_part_it_is_and_which_testing_plan_made_it_are_read() -> None:
    job = JOB | {"ParentJobId": "j-0", "CreatedBy": {"RestoreTestingPlanArn": "arn:plan"}}
    found = restores(FakeBackup(job=job)).describe("j-1", account=PAYMENTS, region=HOME)
    assert found is not None
    assert (found.parent, found.tested_by) == ("j-0", "arn:plan")


def test_what_aws_leaves_out_is_empty_and_so_is_nobodys() -> None:
    bare = {"RestoreJobId": "j-1", "CreationDate": NOW}
    found = restores(FakeBackup(job=bare)).describe("j-1", account=PAYMENTS, region=HOME)
    assert found is not None
    assert (found.job.account, found.job.recovery_point, found.job.role, found.job.status) == ("", "", "", "")


def test_a_job_that_is_not_there_is_none() -> None:
    backup = FakeBackup(code="ResourceNotFoundException")
    assert restores(backup).describe("j-1", account=PAYMENTS, region=HOME) is None


def test_only_copies_out_of_the_vault_are_read() -> None:
    others = COPY | {"SourceBackupVaultArn": LOCAL_VAULT, "CopyJobId": "c-2"}
    copies = CentralWatchedCopies(FakeAccountClients(own={"backup": FakeBackup(copies=(others, COPY))}))
    [found] = copies.out_of(CENTRAL_VAULT, account=BACKUP_ACCOUNT, region=HOME, since=NOW)
    assert (found.id, found.source, found.source_vault) == ("c-1", CENTRAL_POINT, CENTRAL_VAULT)
    assert (found.destination, found.role, found.created_at) == (LOCAL_VAULT, COPY["IamRoleArn"], NOW)
    assert found.made == POINT


def test_a_copy_that_has_made_nothing_yet_says_so() -> None:
    running = {name: value for name, value in COPY.items() if name != "DestinationRecoveryPointArn"}
    copies = CentralWatchedCopies(FakeAccountClients(own={"backup": FakeBackup(copies=(running,))}))
    [found] = copies.out_of(CENTRAL_VAULT, account=BACKUP_ACCOUNT, region=HOME, since=NOW)
    assert found.made == ""
