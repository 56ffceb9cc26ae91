"""Clusters of the RDS API: which AWS Backup calls what, and what it does with each.

AWS Backup Developer Guide, "Supported resource types", "Feature availability by resource" and "Amazon RDS Multi-AZ
backups": the ARNs of all are alike; a Multi-AZ cluster is of RDS, is never copied, and never backed up continuously.
"""

from typing import Any

import pytest

from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS
from tests.unit.sandbox.backup_service.conftest import ROLE

CLUSTER = f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:ledger"
TYPES = {
    "aurora-mysql": "Aurora",
    "aurora-postgresql": "Aurora",
    "docdb": "DocumentDB",
    "mysql": "RDS",
    "neptune": "Neptune",
    "postgres": "RDS",
}


def cluster(world: Any, engine: str) -> str:
    world.aws.clusters["ledger"] = {"DBClusterArn": CLUSTER, "Engine": engine}
    world.disks.execute(CLUSTER, "create table accounts (balance)")
    world.disks.execute(CLUSTER, "insert into accounts values (100)")
    return str(world.backed_up(CLUSTER))


@pytest.mark.parametrize(("engine", "resource_type"), TYPES.items())
def test_the_engine_tells_the_type_and_each_comes_back(world: Any, engine: str, resource_type: str) -> None:
    point = cluster(world, engine)
    told = world.ask("DescribeRecoveryPoint", BackupVaultName="local", RecoveryPointArn=point)
    assert (told["ResourceType"], ":cluster-snapshot:awsbackup:job-" in point) == (resource_type, True)
    world.disks.execute(CLUSTER, "update accounts set balance = 0")
    metadata = {"DBClusterIdentifier": "ledger-back", "Engine": engine}
    job_id = world.ask("StartRestoreJob", RecoveryPointArn=point, Metadata=metadata, IamRoleArn=ROLE)["RestoreJobId"]
    world.settle()
    job = world.ask("DescribeRestoreJob", RestoreJobId=job_id)
    assert (job["Status"], job["CreatedResourceArn"]) == ("COMPLETED", CLUSTER + "-back"), job.get("StatusMessage")
    assert world.disks.execute(CLUSTER + "-back", "select balance from accounts")["rows"] == [[100]]


@pytest.mark.parametrize(("engine", "resource_type"), TYPES.items())
def test_only_what_runs_in_three_zones_without_aurora_is_never_copied(
    world: Any, engine: str, resource_type: str
) -> None:
    job = world.copied(cluster(world, engine))
    assert job["State"] == ("FAILED" if resource_type == "RDS" else "COMPLETED"), job.get("StatusMessage")


def test_a_cluster_that_is_gone_cannot_be_backed_up(world: Any) -> None:
    request = {"BackupVaultName": "local", "ResourceArn": CLUSTER, "IamRoleArn": ROLE}
    with pytest.raises(Exception, match="InvalidParameterValueException"):
        world.ask("StartBackupJob", **request)


def test_another_account_has_none_of_its_points(world: Any) -> None:
    point = cluster(world, "docdb")
    request = {"RecoveryPointArn": point, "Metadata": {"DBClusterIdentifier": "a", "Engine": "docdb"}}
    with pytest.raises(Exception, match="ResourceNotFoundException"):
        world.ask("StartRestoreJob", BACKUP_ACCOUNT, IamRoleArn=ROLE, **request)
