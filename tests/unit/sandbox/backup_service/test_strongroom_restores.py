"""What Strongroom decides about restores, held to what AWS Backup tells and takes."""

from typing import Any

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.jobs import JobState, RestoreJob, judge_restore
from strongroom.domain.restores.landing import decide_keeping
from strongroom.domain.restores.metadata import build_metadata
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import a_landing_vault, a_recovery_point, a_request
from tests.unit.sandbox.backup_service.jobs.test_restores import database, restored

LIVE: dict[str, Any] = {
    "AvailabilityZone": "eu-west-1a",
    "DBSubnetGroup": {"DBSubnetGroupName": "data"},
    "MultiAZ": True,
    "StorageType": "gp3",
    "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}],
}


def test_a_multi_az_database_is_restored_with_what_is_made_of_its_metadata_and_judged_as_approved(world: Any) -> None:
    arn = database(world, **LIVE)
    told = world.ask("GetRecoveryPointRestoreMetadata", BackupVaultName="local", RecoveryPointArn=arn)[
        "RestoreMetadata"
    ]
    place = {"account": PAYMENTS, "region": HOME}
    metadata = build_metadata("RDS", target_name="pay-0200", at_backup=told, overrides={}, **place)  # type: ignore[arg-type]
    job = restored(world, arn, dict(metadata))
    assert job["Status"] == "COMPLETED", job["StatusMessage"]
    used = world.ask("GetRestoreJobMetadata", RestoreJobId=job["RestoreJobId"])["Metadata"]
    assert used.keys() > dict(metadata).keys()
    made = {"id": "r", "status": job["Status"], "message": "", "created": job["CreatedResourceArn"], "metadata": used}
    assert judge_restore(RestoreJob(**made), request=a_request(metadata=metadata)).state is JobState.COMPLETED


@pytest.mark.parametrize("age", [1, 40, 400, 2500])
def test_a_copy_back_of_any_age_lives_for_two_weeks(age: int, world: Any, intent: Intent) -> None:
    source = world.backed_up()
    world.service.let_days_pass(age)
    found = world.ask("DescribeRecoveryPoint", BackupVaultName="local", RecoveryPointArn=source)
    point = a_recovery_point(created_at=found["CreationDate"])
    kept = decide_keeping(point, vault=a_landing_vault(), clocks=intent.restores, now=world.moment)
    job = world.copied(source, Lifecycle={"DeleteAfterDays": kept.days})
    assert job["State"] == "COMPLETED", job["StatusMessage"]
    copy = job["DestinationRecoveryPointArn"]
    assert copy not in world.service.let_days_pass(13)
    assert copy in world.service.let_days_pass(2)
