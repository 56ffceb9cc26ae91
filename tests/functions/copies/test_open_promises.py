"""The function that opens promises, fed with AWS's own samples from its queue."""

from collections.abc import Callable
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.identifiers import Arn
from tests.builders.copies import COMPLETED_AT, PLAN
from tests.builders.places import CENTRAL_VAULT, REPLICA_VAULT
from tests.conftest import FakeClients
from tests.fakes.night import SOURCE_SNAPSHOT, VOLUME, Night, a_night, of_payments

type Sample = Callable[[str], dict[str, Any]]


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    return a_night(fake_clients, dynamodb, ledger_table)


def completed(sample: Sample, **detail: Any) -> dict[str, Any]:
    event = of_payments(sample("aws.backup/backup_job__completed"), createdBy={"backupPlanArn": PLAN}, **detail)
    return event | {"resources": [SOURCE_SNAPSHOT]}


def test_a_completed_backup_is_owed_to_both_vaults_of_a_critical_tier(night: Night, sample: Sample) -> None:
    night.back_up(tier="compliance-7y")
    assert night.run("open_promises", completed(sample)) == []
    central, replica = (night.promises.get(SOURCE_SNAPSHOT, vault) for vault in (CENTRAL_VAULT, REPLICA_VAULT))
    assert central is not None
    assert replica is not None
    assert (central.resource, central.tier, central.lifecycle.retention_days) == (VOLUME, "compliance-7y", 2555)
    assert night.announced == []


def test_the_same_event_twice_keeps_the_first_promise(night: Night, sample: Sample) -> None:
    night.back_up()
    night.run("open_promises", completed(sample), completed(sample))
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert promise is not None
    assert promise.deadline > COMPLETED_AT


@pytest.mark.parametrize(
    "created_by",
    [
        pytest.param({"BackupPlanArn": PLAN, "BackupPlanName": "strongroom-daily-prod"}, id="the plan's name is told"),
        pytest.param({"BackupPlanArn": PLAN}, id="only its ARN is told"),
        pytest.param({}, id="the plan is told by the job's event only"),
    ],
)
def test_a_volume_from_before_strongroom_is_promised_and_its_failed_copy_told(
    created_by: dict[str, str], night: Night, sample: Sample
) -> None:
    # "... may return an exception" for points that AWS Backup does not fully manage (API reference of ListTags).
    night.member.errors["list_tags"] = "InvalidParameterValueException"
    night.member.plans[Arn.parse(PLAN).name] = {"BackupPlanName": "strongroom-daily-prod"}
    night.back_up(CreatedBy=created_by)
    night.run("open_promises", completed(sample))
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert promise is not None
    assert promise.tier == "daily-prod"
    assert night.announced == []
    failed = sample("aws.backup/copy_job_cross_account__completed")
    failed["detail"] |= {"state": "FAILED", "destinationRecoveryPointArn": {}, "statusMessage": "Access denied"}
    night.run("verify_copy", failed)
    assert night.announced == []  # of a job that AWS Backup does not know
    night.copy_job(CopyJobId=failed["detail"]["copyJobId"], State="FAILED", StatusMessage="Access denied")
    night.run("verify_copy", failed)
    assert night.announced == [("copy-failed", "opened")]


@pytest.mark.parametrize("state", ["failed", "aborted", "expired"])
def test_a_failed_backup_is_told_and_settled_by_the_next(state: str, night: Night, sample: Sample) -> None:
    event = of_payments(sample(f"aws.backup/backup_job__{state}"))
    night.run("open_promises", event)
    assert night.announced == []  # of a job that AWS Backup does not know
    night.backup_job(event)
    night.run("open_promises", event, event)
    assert night.announced == [(f"backup-{state}", "opened")]
    assert night.facts == ["AlertOpened"]
    night.back_up()
    night.run("open_promises", completed(sample))
    assert night.announced[1:] == [(f"backup-{state}", "resolved")]


@pytest.mark.parametrize("state", ["created", "pending", "running", "completed", "failed", "aborted", "expired"])
def test_every_sample_of_aws_is_read_and_its_foreign_account_left_alone(
    state: str, night: Night, sample: Sample
) -> None:
    assert night.run("open_promises", sample(f"aws.backup/backup_job__{state}")) == []
    assert night.post.buried == []
    assert night.announced == []


def test_an_event_that_is_none_is_buried(night: Night) -> None:
    assert night.run("open_promises", {"id": "x"}) == []
    assert len(night.post.buried) == 1
