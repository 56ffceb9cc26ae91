"""Situations that real organisations get into, played through verification and sweep together."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.copies.promises import PromiseState
from tests.builders.copies import CONTINUOUS, CREATED_AT, KEY, PLAN, a_promise
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.backup import a_point_answer
from tests.fakes.night import Night, a_night

type Sample = Callable[[str], dict[str, Any]]

COMPLETED = "aws.backup/copy_job_cross_account__completed"
CLUSTER = f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:ledger"
DATABASE = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:payments"
KEY_GONE = "Copy job failed: the source snapshot KMS key does not exist"


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    return a_night(fake_clients, dynamodb, ledger_table)


@pytest.fixture
def tick(sample: Sample) -> dict[str, Any]:
    return sample("aws.events/tick")


def owe(night: Night, number: int, *, resource: str) -> str:
    """Promise a copy that is due by now; answers the recovery point."""
    due_at, point = datetime.now(UTC) - timedelta(minutes=5), f"{resource}-point-{number}"
    night.promises.open(a_promise(recovery_point=point, resource=resource, deadline=due_at, due_at=due_at))
    return point


def arrive(night: Night, number: int, *, resource: str, **changes: Any) -> str:
    """A copy of it lies in the central vault; answers its ARN."""
    copy, lifecycle = f"{resource}-copy-{number}", {"DeleteAfterDays": 2555}
    point = {"ResourceArn": resource, "CreationDate": CREATED_AT, "EncryptionKeyArn": KEY, "Lifecycle": lifecycle}
    night.central.points.append(a_point_answer(copy, vault=CENTRAL_VAULT, **point | changes))
    return copy


def copied(sample: Sample, point: str, copy: str, **detail: Any) -> dict[str, Any]:
    event = sample(COMPLETED)
    told = {"copyJobId": f"job-of-{copy}", "destinationRecoveryPointArn": copy}
    return event | {"resources": [point], "detail": event["detail"] | told | detail}


def test_another_number_on_a_vaults_lock_is_one_alert_and_starts_no_copy_again(
    night: Night, sample: Sample, tick: dict[str, Any]
) -> None:
    night.central.vaults["central-backup-vault"]["MaxRetentionDays"] = 2557
    resources = [f"{DATABASE}-{number}" for number in range(40)]
    points = [owe(night, 1, resource=resource) for resource in resources]
    copies = [arrive(night, 1, resource=resource) for resource in resources]
    night.run("verify_copy", *(copied(sample, *pair) for pair in zip(points[:20], copies[:20], strict=True)))
    night.run("sweep_overdue_copies", tick)
    assert night.announced == [("vault-differs", "opened")]
    assert "30 to 2557 days instead of 30 to 2555" in night.post.announced[0]["reason"]
    assert night.member.started == []
    assert night.facts.count("CopyVerified") == 40


def test_an_unencrypted_cluster_is_one_finding_however_often_it_is_copied(
    night: Night, sample: Sample, tick: dict[str, Any]
) -> None:
    # Developer Guide, "Encryption for backups in AWS Backup": copies of unencrypted clusters are unencrypted, too.
    for number in range(3):
        at = CREATED_AT + timedelta(days=number)
        point = owe(night, number, resource=CLUSTER)
        copy = arrive(night, number, resource=CLUSTER, EncryptionKeyArn=None, IsEncrypted=False, CreationDate=at)
        night.run("verify_copy", copied(sample, point, copy))
        night.run("sweep_overdue_copies", tick)
    assert night.announced == [("resource-not-encrypted", "opened")]
    assert night.member.started == []
    assert night.facts.count("CopyVerified") == 3


@pytest.mark.parametrize(
    "tells_backup_job", [True, False], ids=["job names its backup", "only its date says which night"]
)
def test_a_continuous_backup_owes_a_copy_each_night(
    night: Night,
    sample: Sample,
    tells_backup_job: bool,  # noqa: FBT001
) -> None:
    """Developer Guide, "Continuous backups and point-in-time recovery": one point, updated by each run of the plan."""
    point = {"ResourceArn": DATABASE, "CreationDate": CREATED_AT, "CompletionDate": CREATED_AT, "Status": "AVAILABLE"}
    made_by = {"CreatedBy": {"BackupPlanArn": PLAN}}
    night.member.points.append(a_point_answer(CONTINUOUS, vault=LOCAL_VAULT, **point, **made_by))
    night.member.tags[CONTINUOUS] = {"Backup": "daily-prod"}
    copy = arrive(night, 1, resource=DATABASE, CreationDate=CREATED_AT + timedelta(minutes=10))
    endings = [{"state": "COMPLETED"}, {"state": "FAILED", "statusMessage": KEY_GONE}]
    for number, ending in enumerate(endings, start=1):
        began_at = CREATED_AT + timedelta(days=number - 1)
        night.run("open_promises", _backed_up(sample, f"backup-{number}", began_at))
        night.member.copy_jobs = [
            {
                "CopyJobId": "copy-job",
                "State": ending["state"],
                "SourceRecoveryPointArn": CONTINUOUS,
                "SourceBackupVaultArn": LOCAL_VAULT,
                "DestinationBackupVaultArn": CENTRAL_VAULT,
                "DestinationRecoveryPointArn": copy if number == 1 else None,
                "CreationDate": began_at,
                "StatusMessage": ending.get("statusMessage"),
                **({"CreatedByBackupJobId": f"backup-{number}"} if tells_backup_job else {}),
            }
        ]
        event = copied(sample, CONTINUOUS, copy, copyJobId="copy-job", creationDate=began_at.isoformat(), **ending)
        night.run("verify_copy", event)
    owed = night.promises.nights(CONTINUOUS, CENTRAL_VAULT)
    assert {promise.night: promise.state for promise in owed} == {
        "backup-1": PromiseState.VERIFIED,
        "backup-2": PromiseState.FAILED,
    }
    assert night.announced == [("copy-failed", "opened")]
    assert f"cannot: key policy ({KEY_GONE})" in night.post.announced[0]["reason"]


def test_the_second_night_of_a_continuous_backup_leaves_the_first_ones_alert_as_it_is(
    night: Night, sample: Sample
) -> None:
    point = {"ResourceArn": DATABASE, "CreationDate": CREATED_AT, "CompletionDate": CREATED_AT, "Status": "AVAILABLE"}
    night.member.points.append(
        a_point_answer(CONTINUOUS, vault=LOCAL_VAULT, **point, CreatedBy={"BackupPlanArn": PLAN})
    )
    night.member.tags[CONTINUOUS] = {"Backup": "daily-prod"}
    for number in (1, 2):
        began_at = CREATED_AT + timedelta(days=number - 1)
        night.run("open_promises", _backed_up(sample, f"backup-{number}", began_at))
        night.copy_job(
            CopyJobId=f"copy-{number}",
            State="FAILED",
            SourceRecoveryPointArn=CONTINUOUS,
            StatusMessage=f"failure {number}",
            CreationDate=began_at,
            CreatedByBackupJobId=f"backup-{number}",
        )
        failed = {"state": "FAILED", "creationDate": began_at.isoformat()}
        night.run("verify_copy", copied(sample, CONTINUOUS, "arn:none", copyJobId=f"copy-{number}", **failed))
        night.run("verify_copy", copied(sample, CONTINUOUS, "arn:none", copyJobId=f"copy-{number}", **failed))
    assert night.announced == [("copy-failed", "opened")] * 2
    first, second = night.post.announced
    assert first["fingerprint"] != second["fingerprint"]
    assert ("failure 1" in first["reason"], "failure 2" in second["reason"]) == (True, True)
    states = [promise.state for promise in night.promises.nights(CONTINUOUS, CENTRAL_VAULT)]
    assert states == [PromiseState.FAILED] * 2


def _backed_up(sample: Sample, job: str, began_at: datetime) -> dict[str, Any]:
    event = sample("aws.backup/backup_job__completed")
    detail = {
        "backupJobId": job,
        "creationDate": began_at.isoformat(),
        "backupVaultArn": LOCAL_VAULT,
        "resourceArn": DATABASE,
        "createdBy": {"backupPlanArn": PLAN},
    }
    place = {"account": PAYMENTS, "region": HOME, "resources": [CONTINUOUS]}
    return event | place | {"detail": event["detail"] | detail}


def test_a_night_of_a_continuous_backup_without_a_copy_is_told_and_not_copied_on_demand(
    night: Night, tick: dict[str, Any]
) -> None:
    # API reference, "StartCopyJob": does not support continuous backups.
    due_at = datetime.now(UTC) - timedelta(minutes=5)
    night.promises.open(
        a_promise(recovery_point=CONTINUOUS, resource=DATABASE, deadline=due_at, due_at=due_at, night="backup-2")
    )
    night.run("sweep_overdue_copies", tick, tick)
    assert night.announced == [("copy-missing", "opened")]
    assert night.member.started == []


def test_the_sweep_finds_a_nights_snapshot_by_its_copy_job(night: Night, tick: dict[str, Any]) -> None:
    due_at = datetime.now(UTC) - timedelta(minutes=5)
    promise = a_promise(recovery_point=CONTINUOUS, resource=DATABASE, deadline=due_at, due_at=due_at, night="backup-2")
    night.promises.open(promise)
    copy = arrive(night, 2, resource=DATABASE, CreationDate=CREATED_AT + timedelta(minutes=20))
    for number, held in ((1, "arn:aws:rds:of-last-night"), (2, copy)):
        night.copy_job(
            CopyJobId=f"copy-{number}",
            # What the job of a continuous backup calls its source, no page of AWS says.
            SourceRecoveryPointArn=f"arn:aws:rds:eu-west-1:222222222222:snapshot:of-night-{number}",
            DestinationRecoveryPointArn=held,
            CreatedByBackupJobId=f"backup-{number}",
        )
    night.run("sweep_overdue_copies", tick)
    assert night.facts == ["CopyVerified"]


def test_a_failed_copy_is_called_failed_and_moments_carry_their_date(night: Night, tick: dict[str, Any]) -> None:
    point = owe(night, 1, resource=DATABASE)
    night.copy_job(
        CopyJobId="copy-1", SourceRecoveryPointArn=point, ResourceArn=DATABASE, State="FAILED", StatusMessage="Broken"
    )
    night.run("sweep_overdue_copies", tick)
    assert "the copy job ended FAILED: Broken" in night.post.announced[0]["reason"]
    owe(night, 2, resource=CLUSTER)
    night.run("sweep_overdue_copies", tick)
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert f"nothing arrived by {today}" in night.post.announced[1]["reason"]
