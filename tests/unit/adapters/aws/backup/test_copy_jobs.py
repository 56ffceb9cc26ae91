"""Copy jobs are read under the inspection role and started under the copying role."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.validate import validate_parameters

from sandbox.clients import service_model
from strongroom.adapters.aws.backup.copy_jobs import MemberCopyJobs, MemberCopyStarter
from strongroom.adapters.aws.clients import MemberClients
from strongroom.domain.copies.found import MadeBy
from strongroom.domain.errors import AccessRefusedError, CopyRefusedError
from strongroom.domain.intent.destinations import Lifecycle
from strongroom.domain.intent.model import Intent
from tests.builders.copies import COMPLETED_AT, COPY, PLAN, SOURCE, a_promise
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.fakes.backup import FakeBackup, a_copy_job_answer


def a_job(**changes: Any) -> dict[str, Any]:
    job = {
        "SourceRecoveryPointArn": SOURCE,
        "SourceBackupVaultArn": LOCAL_VAULT,
        "DestinationBackupVaultArn": CENTRAL_VAULT,
        "CreationDate": COMPLETED_AT,
    }
    return a_copy_job_answer(**job | changes)


@pytest.fixture
def backup(fake_clients: Any) -> FakeBackup:
    fake = FakeBackup()
    fake_clients.member[PAYMENTS, "backup"] = fake
    return fake


@pytest.fixture
def jobs(intent: Intent, backup: FakeBackup) -> MemberCopyJobs:
    return MemberCopyJobs(_members(intent, intent.roles.inspection))


@pytest.fixture
def starter(intent: Intent, backup: FakeBackup) -> MemberCopyStarter:
    return MemberCopyStarter(_members(intent, intent.roles.copying), intent=intent)


def _members(intent: Intent, role: str) -> MemberClients:
    return MemberClients(lambda account: intent.member_role_arn(role, account), now=lambda: datetime.now(UTC))


def test_a_copy_job_is_described(jobs: MemberCopyJobs, backup: FakeBackup) -> None:
    backup.copy_jobs = [
        a_job(
            DestinationRecoveryPointArn=COPY,
            StatusMessage="why",
            CreatedBy={"BackupPlanArn": PLAN, "BackupRuleId": "r-1"},
        )
    ]
    job = jobs.describe("copy-1", account=PAYMENTS, region=HOME)
    assert job is not None
    assert (job.state, job.destination_recovery_point, job.message) == ("COMPLETED", COPY, "why")
    assert job.made_by == MadeBy(plan=PLAN, rule_id="r-1")


def test_a_copy_job_that_aws_has_forgotten_is_none(jobs: MemberCopyJobs) -> None:
    assert jobs.describe("copy-1", account=PAYMENTS, region=HOME) is None


def test_the_jobs_of_a_promise_are_those_of_its_resource_oldest_first(jobs: MemberCopyJobs, backup: FakeBackup) -> None:
    backup.copy_jobs = [
        a_job(CopyJobId="second", CreationDate=COMPLETED_AT + timedelta(hours=1)),
        a_job(CopyJobId="first", CompletionDate=COMPLETED_AT, CreatedByBackupJobId="backup-1"),
        a_job(CopyJobId="replica", DestinationBackupVaultArn=REPLICA_VAULT),
        a_job(CopyJobId="another's", ResourceArn="arn:other"),
    ]
    found = jobs.of_promise(a_promise())
    assert [job.id for job in found] == ["first", "replica", "second"]
    assert (found[0].completed_at, found[0].backup_job) == (COMPLETED_AT, "backup-1")


def test_a_copy_is_started_as_the_promise_says(
    starter: MemberCopyStarter, backup: FakeBackup, fake_clients: Any
) -> None:
    assert starter.start(a_promise(), attempt=1) == "started-1"
    (request,) = backup.started
    assert request | {"IdempotencyToken": ""} == {
        "RecoveryPointArn": SOURCE,
        "SourceBackupVaultName": "local-prod-vault",
        "DestinationBackupVaultArn": CENTRAL_VAULT,
        "IamRoleArn": "arn:aws:iam::222222222222:role/strongroom/strongroom-backup",
        "IdempotencyToken": "",
        "Lifecycle": {"DeleteAfterDays": 2555},
    }
    assert fake_clients.own["sts"].assumed == ["arn:aws:iam::222222222222:role/strongroom/strongroom-copying"]


@pytest.mark.parametrize(
    ("promised", "asked"),
    [
        pytest.param(Lifecycle(retention_days=400), {"DeleteAfterDays": 400}, id="kept"),
        pytest.param(
            Lifecycle(retention_days=400, cold_storage_after_days=60),
            {"MoveToColdStorageAfterDays": 60, "DeleteAfterDays": 400},
            id="cold",
        ),
        pytest.param(
            Lifecycle(retention_days=400, cold_storage_after_days=60, archive=True),
            {"MoveToColdStorageAfterDays": 60, "DeleteAfterDays": 400, "OptInToArchiveForSupportedResources": True},
            id="archived",
        ),
    ],
)
def test_a_copy_is_started_with_the_lifecycle_that_was_promised(
    starter: MemberCopyStarter, backup: FakeBackup, promised: Lifecycle, asked: dict[str, Any]
) -> None:
    starter.start(a_promise(lifecycle=promised), attempt=1)
    assert backup.started[0]["Lifecycle"] == asked
    validate_parameters(backup.started[0], service_model("backup").shape_for("StartCopyJobInput"))


def test_the_same_attempt_starts_one_job_and_another_attempt_another(starter: MemberCopyStarter) -> None:
    started = [starter.start(a_promise(), attempt=attempt) for attempt in (1, 1, 2)]
    assert started == ["started-1", "started-1", "started-2"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        pytest.param("AccessDeniedException", AccessRefusedError, id="refused"),
        pytest.param("InvalidRequestException", CopyRefusedError, id="cold-backup"),
    ],
)
def test_a_refused_start_says_so(
    starter: MemberCopyStarter, backup: FakeBackup, code: str, error: type[Exception]
) -> None:
    backup.errors["start_copy_job"] = code
    with pytest.raises(error, match=code):
        starter.start(a_promise(), attempt=1)
