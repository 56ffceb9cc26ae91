"""Events have the fields, types and oddities of the samples that AWS publishes."""

from typing import Any

import pytest

from tests.builders.places import PAYMENTS, a_vault_arn

LOCAL = a_vault_arn("local", account=PAYMENTS)
CENTRAL_VAULT = a_vault_arn("central")
ROLE = "arn:aws:iam::222222222222:role/backup"
VOLUME = "arn:aws:ec2:eu-west-1:222222222222:volume/vol-1"
COMMON_BACKUP = {
    "backupJobId": str,
    "state": str,
    "creationDate": str,
    "backupVaultArn": str,
    "backupVaultName": str,
    "bytesTransferred": str,
    "iamRoleArn": str,
    "resourceArn": str,
    "resourceType": str,
    "startBy": str,
    "percentDone": int,
}
COMMON_COPY = {
    "copyJobId": str,
    "backupSizeInBytes": int,
    "creationDate": str,
    "iamRoleArn": str,
    "resourceArn": str,
    "resourceType": str,
    "sourceBackupVaultArn": str,
    "state": str,
    "destinationBackupVaultArn": str,
}
COMMON_RESTORE = {
    "restoreJobId": str,
    "backupSizeInBytes": str,
    "creationDate": str,
    "iamRoleArn": str,
    "percentDone": int,
    "resourceType": str,
    "status": str,
}


def details(world: Any, detail_type: str) -> dict[str, Any]:
    found = [event["detail"] for event in world.events if event["detail-type"] == detail_type]
    return {detail.get("state") or detail["status"]: detail for detail in found}


def shape(detail: dict[str, Any]) -> dict[str, type]:
    return {name: type(value) for name, value in detail.items()}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("CREATED", {"backupJobId": str, "state": str, "creationDate": str}),
        ("RUNNING", COMMON_BACKUP | {"backupSizeInBytes": str, "expectedCompletionDate": str}),
        ("COMPLETED", COMMON_BACKUP | {"backupSizeInBytes": str, "completionDate": str, "retryCount": int}),
    ],
)
def test_backup_job_events_look_like_the_samples(world: Any, state: str, expected: dict[str, type]) -> None:
    world.backed_up()
    detail = details(world, "Backup Job State Change")[state]
    assert shape(detail) == expected
    assert detail["creationDate"] == "2026-09-01T02:00:00.000Z"


def test_a_failed_backup_has_a_quoted_message_and_no_completion_date(world: Any) -> None:
    world.service.order_fault({"fault": "fail", "message": "no space"})
    world.ask("StartBackupJob", BackupVaultName="local", ResourceArn=VOLUME, IamRoleArn=ROLE)
    world.settle()
    detail = details(world, "Backup Job State Change")["FAILED"]
    assert shape(detail) == COMMON_BACKUP | {"statusMessage": str, "retryCount": int}
    assert detail["statusMessage"] == '"no space"'


def test_an_expired_backup_has_a_quoted_message_and_a_completion_date(world: Any) -> None:
    world.service.order_fault({"fault": "expire"})
    world.ask("StartBackupJob", BackupVaultName="local", ResourceArn=VOLUME, IamRoleArn=ROLE)
    world.settle()
    detail = details(world, "Backup Job State Change")["EXPIRED"]
    assert shape(detail) == COMMON_BACKUP | {"statusMessage": str, "completionDate": str}


def test_only_a_completed_backup_names_its_recovery_point_in_resources(world: Any) -> None:
    arn = world.backed_up()
    backups = [event for event in world.events if event["detail-type"] == "Backup Job State Change"]
    assert [event["resources"] for event in backups] == [[], [], [arn]]


def test_expected_completion_is_written_the_american_way(world: Any) -> None:
    world.backed_up()
    running = details(world, "Backup Job State Change")["RUNNING"]
    assert running["expectedCompletionDate"] == "Sep 1, 2026 2:01:00 AM"


def test_copy_job_events_look_like_the_samples(world: Any) -> None:
    source = world.backed_up()
    world.copied(source)
    told = details(world, "Copy Job State Change")
    assert shape(told["CREATED"]) == {
        "creationDate": str,
        "state": str,
        "sourceBackupVaultArn": str,
        "destinationBackupVaultArn": str,
    }
    assert shape(told["RUNNING"]) == COMMON_COPY | {"destinationRecoveryPointArn": dict}
    assert told["RUNNING"]["destinationRecoveryPointArn"] == {}
    assert shape(told["COMPLETED"]) == COMMON_COPY | {"destinationRecoveryPointArn": str, "completionDate": str}
    copies = [event for event in world.events if event["detail-type"] == "Copy Job State Change"]
    assert {tuple(event["resources"]) for event in copies} == {(source,)}


def test_a_failed_copy_says_why_and_leaves_its_destination_an_empty_object(world: Any) -> None:
    source = world.backed_up()
    world.copied(source, CENTRAL_VAULT + "-of-nobody")
    failed = details(world, "Copy Job State Change")["FAILED"]
    assert shape(failed) == COMMON_COPY | {
        "destinationRecoveryPointArn": dict,
        "completionDate": str,
        "statusMessage": str,
    }


def test_restore_job_events_look_like_the_samples(world: Any) -> None:
    arn = world.backed_up()
    metadata = {"availabilityZone": "eu-west-1a"}
    world.ask("StartRestoreJob", RecoveryPointArn=arn, Metadata=metadata, IamRoleArn=ROLE)
    world.settle()
    told = details(world, "Restore Job State Change")
    assert shape(told["CREATED"]) == {"restoreJobId": str, "creationDate": str, "state": str}
    assert shape(told["PENDING"]) == shape(told["RUNNING"]) == COMMON_RESTORE
    assert shape(told["COMPLETED"]) == COMMON_RESTORE | {
        "backupVaultArn": str,
        "recoveryPointArn": str,
        "sourceResourceArn": str,
        "createdResourceArn": str,
        "completionDate": str,
    }
    assert told["COMPLETED"]["percentDone"] == 0


def test_recovery_point_events_look_like_the_sample(world: Any) -> None:
    world.backed_up(Lifecycle={"DeleteAfterDays": 100})
    detail = details(world, "Recovery Point State Change")["COMPLETED"]
    assert detail["isEncrypted"] == "false"
    assert detail["lifecycle"] == {"deleteAfterDays": 100}
    assert detail["calculatedLifeCycle"] == {"deleteAt": "2026-12-10T02:00:00.000Z"}
    assert detail["storageClass"] == "WARM"


def test_a_locked_vault_is_announced_with_a_string(world: Any) -> None:
    world.ask("PutBackupVaultLockConfiguration", BackupVaultName="local", MinRetentionDays=30)
    assert world.events[-1]["detail"] == {"backupVaultName": "local", "state": "MODIFIED", "isLocked": "true"}
    assert world.events[-1]["resources"] == [LOCAL]


def test_changed_region_settings_are_announced_with_one_capital_letter(world: Any) -> None:
    world.ask("UpdateRegionSettings", ResourceTypeOptInPreference={"Aurora": True})
    detail = world.events[-1]["detail"]
    assert (detail["ResourceTypeOptInPreference"], detail["state"]) == ({"Aurora": True}, "MODIFIED")
