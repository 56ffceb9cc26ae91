"""What lists and descriptions of recovery points and jobs leave out while AWS Backup lags, as no page says it does."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders.places import BACKUP_ACCOUNT, a_vault_arn

CENTRAL_VAULT = a_vault_arn("central")
VOLUME = "arn:aws:ec2:eu-west-1:222222222222:volume/vol-1"


def shown(world: Any, vault: str = "local", **account: str) -> int:
    return len(world.ask("ListRecoveryPointsByBackupVault", **account, BackupVaultName=vault)["RecoveryPoints"])


def test_a_fresh_recovery_point_is_listed_and_described_late(world: Any) -> None:
    point = world.backed_up()
    world.lag = timedelta(seconds=5)
    assert shown(world) == 0
    assert world.ask("ListRecoveryPointsByResource", ResourceArn=VOLUME)["RecoveryPoints"] == []
    for call in ("DescribeRecoveryPoint", "GetRecoveryPointRestoreMetadata"):
        with pytest.raises(Exception, match="ResourceNotFoundException"):
            world.ask(call, BackupVaultName="local", RecoveryPointArn=point)
    world.moment += timedelta(seconds=5)
    assert shown(world) == 1
    assert world.ask("DescribeRecoveryPoint", BackupVaultName="local", RecoveryPointArn=point)["Status"] == "COMPLETED"


def test_a_fresh_copy_is_listed_late_however_old_its_backup_is(world: Any) -> None:
    source = world.backed_up()
    world.moment += timedelta(days=1)
    assert world.copied(source)["State"] == "COMPLETED"
    world.lag = timedelta(seconds=5)
    assert shown(world, "central", account=BACKUP_ACCOUNT) == 0
    world.moment += timedelta(seconds=5)
    assert shown(world, "central", account=BACKUP_ACCOUNT) == 1


def test_a_fresh_job_is_listed_late(world: Any) -> None:
    world.backed_up()
    world.lag = timedelta(seconds=5)
    assert world.ask("ListBackupJobs")["BackupJobs"] == []
    world.moment += timedelta(seconds=5)
    assert len(world.ask("ListBackupJobs")["BackupJobs"]) == 1


def test_what_is_known_by_its_name_is_worked_on_at_once(world: Any) -> None:
    """A write finds what no read shows yet."""
    source = world.backed_up()
    world.lag = timedelta(seconds=5)
    request = {"SourceBackupVaultName": "local", "RecoveryPointArn": source, "DestinationBackupVaultArn": CENTRAL_VAULT}
    job = world.ask("StartCopyJob", **request, IamRoleArn="arn:aws:iam::222222222222:role/backup")["CopyJobId"]
    world.settle()
    assert world.ask("DescribeCopyJob", CopyJobId=job)["CopyJob"]["State"] == "COMPLETED"
