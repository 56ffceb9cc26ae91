"""Restores of file systems: what a new one needs, and what is put into one that lives.

Source: AWS Backup Developer Guide, "Restore an Amazon EFS file system", on its restore metadata.
"""

from typing import Any

import pytest

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.ceremony import Restores
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.restores.deciding.decided import as_decided
from strongroom.domain.restores.requests import UNNAMED
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import a_recovery_point, a_request

ROLE = "arn:aws:iam::222222222222:role/backup"
KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/own"
SYSTEM = f"arn:aws:elasticfilesystem:{HOME}:{PAYMENTS}:file-system/fs-1"
NEW = {"newFileSystem": "true", "Encrypted": "true", "PerformanceMode": "generalPurpose", "CreationToken": "r-1"}


def backed_up(world: Any) -> str:
    world.aws.file_systems["fs-1"] = {
        "FileSystemId": "fs-1",
        "Encrypted": True,
        "KmsKeyId": KEY,
        "PerformanceMode": "generalPurpose",
    }
    return str(world.backed_up(SYSTEM))


def restored(world: Any, arn: str, metadata: dict[str, str]) -> Any:
    request = {"RecoveryPointArn": arn, "Metadata": metadata, "IamRoleArn": ROLE}
    job_id = world.ask("StartRestoreJob", **request)["RestoreJobId"]
    world.settle()
    return world.ask("DescribeRestoreJob", RestoreJobId=job_id)


@pytest.mark.parametrize(
    ("metadata", "status", "created"),
    [
        pytest.param(NEW, "COMPLETED", "fs-2", id="a new one needs no id of a file system"),
        pytest.param({**NEW, "file-system-id": "fs-9"}, "COMPLETED", "fs-2", id="and knows none"),
        pytest.param({**NEW, "newFileSystem": "false"}, "FAILED", "", id="a live one is named"),
        pytest.param({**NEW, "newFileSystem": "false", "file-system-id": "fs-9"}, "FAILED", "", id="and there"),
        pytest.param({**NEW, "newFileSystem": "false", "file-system-id": "fs-1"}, "COMPLETED", "fs-1", id="a live one"),
    ],
)
def test_a_file_system_is_restored(metadata: dict[str, str], status: str, created: str, world: Any) -> None:
    job = restored(world, backed_up(world), metadata)
    assert (job["Status"], job.get("CreatedResourceArn", "").rpartition("/")[2]) == (status, created)


def test_what_strongroom_makes_of_a_file_system_s_metadata_is_taken(world: Any) -> None:
    arn = backed_up(world)
    told = world.ask("GetRecoveryPointRestoreMetadata", BackupVaultName="local", RecoveryPointArn=arn)
    profile = AccountProfile(account=AccountId(PAYMENTS), region=Region(HOME), keys=(KEY,))
    point = a_recovery_point(
        arn=arn, resource=SYSTEM, resource_type="EFS", restore_metadata=told["RestoreMetadata"], encryption_key=KEY
    )
    restores = Restores(requesters="oncall", rules=(), profiles=(profile,))
    metadata = as_decided(a_request(target_name=UNNAMED), point=point, restores=restores).metadata
    job = restored(world, arn, dict(metadata))
    assert job["Status"] == "COMPLETED", job["StatusMessage"]
    assert world.aws.file_systems["fs-2"]["KmsKeyId"] == KEY
