"""What AWS Backup keeps in EC2 and RDS: there for all to see, in both accounts, and for AWS Backup alone to delete."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client
from sandbox.settings import BACKUP_ACCOUNT, MANAGEMENT_ACCOUNT, PAYMENTS_ACCOUNT
from strongroom.domain.guardrails.denials import Exempt
from strongroom.domain.guardrails.native_backups import native_copies
from strongroom.domain.partitions import COMMERCIAL

NOBODY = Exempt(who="nobody", arns=(), why="nobody is exempt here")
SHOWN: dict[str, Callable[[Any, str], Any]] = {
    "RDS": lambda rds, name: rds.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"],
    "Aurora": lambda rds, name: rds.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier=name)[
        "DBClusterSnapshots"
    ],
    "EBS": lambda ec2, name: ec2.describe_snapshots(SnapshotIds=[name])["Snapshots"],
    "EC2": lambda ec2, name: ec2.describe_images(ImageIds=[name])["Images"],
}
DELETED: dict[str, Callable[[Any, str], Any]] = {
    "RDS": lambda rds, name: rds.delete_db_snapshot(DBSnapshotIdentifier=name),
    "Aurora": lambda rds, name: rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=name),
    "EBS": lambda ec2, name: ec2.delete_snapshot(SnapshotId=name),
    "EC2": lambda ec2, name: ec2.deregister_image(ImageId=name),
}
REFUSED = {
    "RDS": "InvalidDBSnapshotState",
    "Aurora": "InvalidDBClusterSnapshotStateFault",
    "EBS": "managed by the AWS Backup service",
    "EC2": "managed by AWS Backup",
}


def service_of(kind: str, account: str) -> Any:
    return client("rds" if kind in ("RDS", "Aurora") else "ec2", account)


def name_of(arn: str) -> str:
    return arn.rpartition("/")[2] if ":ec2:" in arn else arn.split(":", 6)[6]


@pytest.fixture(scope="module")
def kept(night: Any) -> dict[str, dict[str, str]]:
    """The names of the snapshots and images of the night, by account and type."""
    night.control("/backup/run", {"schedule": "cron(0 3 ? * * *)"})
    night.settle()
    names: dict[str, dict[str, str]] = {}
    for account, vault in ((PAYMENTS_ACCOUNT, "night-local"), (BACKUP_ACCOUNT, "night-central")):
        listed = client("backup", account).list_recovery_points_by_backup_vault(BackupVaultName=vault)
        arns = {each["ResourceType"]: each["RecoveryPointArn"] for each in listed["RecoveryPoints"]}
        names[account] = {kind: name_of(arns[kind]) for kind in SHOWN}
    return names


@pytest.fixture
def guarded() -> Iterator[None]:
    """The guardrail of ours that keeps native copies is on the payments account."""
    organizations = client("organizations", MANAGEMENT_ACCOUNT, "us-east-1")
    statements = [denial.placed_in(COMMERCIAL.name).statement() for denial in native_copies(NOBODY, NOBODY, others=())]
    content = json.dumps({"Version": "2012-10-17", "Statement": statements})
    created = organizations.create_policy(
        Name="natives", Description="natives", Type="SERVICE_CONTROL_POLICY", Content=content
    )
    policy = created["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=PAYMENTS_ACCOUNT)
    yield
    organizations.detach_policy(PolicyId=policy, TargetId=PAYMENTS_ACCOUNT)
    organizations.delete_policy(PolicyId=policy)


@pytest.mark.parametrize("account", [PAYMENTS_ACCOUNT, BACKUP_ACCOUNT])
@pytest.mark.parametrize("kind", SHOWN)
def test_its_own_service_shows_it_and_refuses_to_delete_it(kind: str, account: str, kept: Any) -> None:
    service, name = service_of(kind, account), kept[account][kind]
    assert len(SHOWN[kind](service, name)) == 1
    with pytest.raises(ClientError, match=REFUSED[kind]):
        DELETED[kind](service, name)
    assert len(SHOWN[kind](service, name)) == 1


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("kind", SHOWN)
def test_our_guardrail_refuses_first(kind: str, kept: Any) -> None:
    """By the tag that AWS Backup sets, or by the name that it gives."""
    with pytest.raises(ClientError, match="explicit deny in a service control policy"):
        DELETED[kind](service_of(kind, PAYMENTS_ACCOUNT), kept[PAYMENTS_ACCOUNT][kind])


@pytest.mark.usefixtures("guarded")
def test_our_guardrail_leaves_a_team_its_own_snapshots(night: Any) -> None:
    ec2 = client("ec2", PAYMENTS_ACCOUNT)
    volume = night.resources["EBS"].rpartition("/")[2]
    ec2.delete_snapshot(SnapshotId=ec2.create_snapshot(VolumeId=volume)["SnapshotId"])


def test_a_deleted_recovery_point_takes_its_snapshot_along(night: Any, kept: Any) -> None:
    account, name = PAYMENTS_ACCOUNT, kept[PAYMENTS_ACCOUNT]["RDS"]
    arn = f"arn:aws:rds:eu-west-1:{account}:snapshot:{name}"
    client("backup", account).delete_recovery_point(BackupVaultName="night-local", RecoveryPointArn=arn)
    with pytest.raises(ClientError, match="DBSnapshotNotFound"):
        SHOWN["RDS"](client("rds", account), name)
