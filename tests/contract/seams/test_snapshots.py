"""What we touch inside MiniStack's EC2 and RDS is still there: what AWS Backup keeps there is shown, and stays.

Sources: Developer Guide, "Feature availability by resource"; those of the refusals stand beside them.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.seams import host as seams
from sandbox.seams import snapshots
from sandbox.seams.backup import InternalCallError, call
from sandbox.seams.snapshots import NativeSnapshot
from tests.builders.places import HOME, PAYMENTS

RDS, EC2 = f"arn:aws:rds:{HOME}:{PAYMENTS}", f"arn:aws:ec2:{HOME}:{PAYMENTS}"
JOB = "awsbackup:job-1f"
KEPT = {
    "DBSnapshotIdentifier": (f"{RDS}:snapshot:{JOB}", f"{RDS}:db:shop"),
    "DBClusterSnapshotIdentifier": (f"{RDS}:cluster-snapshot:{JOB}", f"{RDS}:cluster:shop"),
    "SnapshotId": (f"arn:aws:ec2:{HOME}::snapshot/snap-1", f"{EC2}:volume/vol-1"),
    "ImageId": (f"arn:aws:ec2:{HOME}::image/ami-1", f"{EC2}:instance/i-1"),
}
SHOWN = [
    ("rds", "DescribeDBSnapshots", "DBSnapshots", "DBSnapshotIdentifier", JOB),
    ("rds", "DescribeDBClusterSnapshots", "DBClusterSnapshots", "DBClusterSnapshotIdentifier", JOB),
    ("ec2", "DescribeSnapshots", "Snapshots", "SnapshotId", "snap-1"),
    ("ec2", "DescribeImages", "Images", "ImageId", "ami-1"),
]
DELETED = [
    ("rds", "DeleteDBSnapshot", "DBSnapshotIdentifier", JOB, "InvalidDBSnapshotState"),
    ("rds", "DeleteDBClusterSnapshot", "DBClusterSnapshotIdentifier", JOB, "InvalidDBClusterSnapshotStateFault"),
    ("ec2", "DeleteSnapshot", "SnapshotId", "snap-1", "InvalidParameterValue"),
    ("ec2", "DeregisterImage", "ImageId", "ami-1", "AuthFailure"),
]


@pytest.fixture(autouse=True)
def _kept() -> Iterator[None]:
    snapshots.install()
    for arn, source in KEPT.values():
        snapshots.keep(_snapshot(arn, source), PAYMENTS, HOME)
    yield
    for arn, _ in KEPT.values():
        snapshots.drop(arn, PAYMENTS, HOME)
    seams.restore()


def _snapshot(arn: str, source: str) -> NativeSnapshot:
    return NativeSnapshot(
        arn=arn,
        source_arn=source,
        created=datetime(2026, 9, 1, 2, tzinfo=UTC),
        size=3 * 1024**3,
        key_arn=None,
        configuration={"Engine": "postgres", "EngineVersion": "16.3", "AllocatedStorage": 3},
        tags={"Backup": "daily"},
    )


def shown(service: str, operation: str, member: str, name: str, value: str) -> list[dict[str, Any]]:
    wanted = {"Owners": ["self"]} if service == "ec2" and "Image" in operation else {}
    answer = asyncio.run(call(service, operation, wanted, PAYMENTS, HOME))
    return [each for each in answer.get(member, []) if each[name] == value]


@pytest.mark.parametrize(("service", "operation", "member", "name", "value"), SHOWN, ids=lambda value: value)
def test_its_own_service_shows_it(service: str, operation: str, member: str, name: str, value: str) -> None:
    [found] = shown(service, operation, member, name, value)
    tags = found["Tags" if service == "ec2" else "TagList"]
    source = {"Key": snapshots.SOURCE_TAG, "Value": KEPT[name][1]}
    assert sorted(tags, key=lambda tag: tag["Key"]) == [{"Key": "Backup", "Value": "daily"}, source]
    if service == "rds":
        assert found["SnapshotType"] == "awsbackup"


@pytest.mark.parametrize(("service", "operation", "member", "name", "value"), SHOWN, ids=lambda value: value)
def test_it_goes_with_its_recovery_point(service: str, operation: str, member: str, name: str, value: str) -> None:
    snapshots.drop(KEPT[name][0], PAYMENTS, HOME)
    assert shown(service, operation, member, name, value) == []


@pytest.mark.parametrize(("service", "operation", "parameter", "value", "code"), DELETED, ids=lambda value: value)
def test_nobody_else_deletes_it(service: str, operation: str, parameter: str, value: str, code: str) -> None:
    with pytest.raises(InternalCallError) as refused:
        asyncio.run(call(service, operation, {parameter: value}, PAYMENTS, HOME))
    assert refused.value.code == code


def test_a_snapshot_of_one_s_own_is_deleted() -> None:
    with seams.request_scope(PAYMENTS, HOME):
        own = dict(seams.service_module("rds")._snapshots[JOB], SnapshotType="manual")  # noqa: SLF001
        seams.service_module("rds")._snapshots["own"] = own  # noqa: SLF001
    asyncio.run(call("rds", "DeleteDBSnapshot", {"DBSnapshotIdentifier": "own"}, PAYMENTS, HOME))


def test_an_image_of_aws_backup_asks_no_docker() -> None:
    assert not seams.service_module("ec2")._docker_touched()  # noqa: SLF001


def test_the_emulator_alone_would_ask_docker() -> None:
    seams.restore()
    assert seams.service_module("ec2")._docker_touched()  # noqa: SLF001
