"""Clusters of Redshift, by the rules of its API reference: what is made, what is refused, what is told."""

from typing import Any

import pytest

from sandbox.warehouses.store import Snapshot, WarehouseError, Warehouses

SOURCE = {"ClusterIdentifier": "night", "MasterUsername": "a", "MasterUserPassword": "Password1"}
KEY = "arn:aws:kms:eu-west-1:222222222222:key/1"
ARN = "arn:aws:redshift:eu-west-1:222222222222:"
TAG = {"Key": "Backup", "Value": "daily"}


@pytest.fixture
def warehouses() -> Warehouses:
    found = Warehouses("222222222222", "eu-west-1")
    found.create_subnet_group(
        {"ClusterSubnetGroupName": "default", "Description": "d", "VpcId": "vpc-1", "SubnetIds": ["subnet-1"]}
    )
    found.snapshots[f"{ARN}snapshot:night/awsbackup:job-1"] = Snapshot(
        settings={"NodeType": "ra3.4xlarge", "NumberOfNodes": 3, "KmsKeyId": KEY, "DBName": "sales"}, tags=[TAG]
    )
    return found


def restored(warehouses: Warehouses, **request: Any) -> Any:
    snapshot = {"SnapshotIdentifier": "awsbackup:job-1", "SnapshotClusterIdentifier": "night"}
    return warehouses.restore({"ClusterIdentifier": "back", **snapshot, **request})["Cluster"]


def test_a_cluster_has_of_its_snapshot_what_nobody_says(warehouses: Warehouses) -> None:
    assert restored(warehouses, NumberOfNodes=4)["ClusterStatus"] == "creating"
    [told] = warehouses.describe({"ClusterIdentifier": "BACK"})["Clusters"]
    assert (told["NodeType"], told["NumberOfNodes"], told["DBName"]) == ("ra3.4xlarge", 4, "sales")
    assert (told["Encrypted"], told["KmsKeyId"], told["PubliclyAccessible"]) == (True, KEY, False)
    assert (told["VpcId"], told["Tags"], told["ClusterStatus"]) == ("vpc-1", [], "available")
    assert told["ClusterParameterGroups"][0]["ParameterGroupName"] == "default.redshift-1.0"
    assert "MasterPasswordSecretArn" not in told


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        pytest.param({"ClusterIdentifier": "night"}, "ClusterAlreadyExists", id="the name is taken"),
        pytest.param({"ClusterIdentifier": "1st"}, "InvalidParameterValue", id="no name of a cluster"),
        pytest.param({"ClusterSubnetGroupName": "x"}, "ClusterSubnetGroupNotFoundFault", id="no such subnet group"),
        pytest.param({"ClusterParameterGroupName": "x"}, "ClusterParameterGroupNotFound", id="no such parameters"),
        pytest.param({"SnapshotIdentifier": "awsbackup:job-2"}, "ClusterSnapshotNotFound", id="no such snapshot"),
        pytest.param({"SnapshotClusterIdentifier": "day"}, "ClusterSnapshotNotFound", id="of another cluster"),
        pytest.param({"Encrypted": False}, "InvalidParameterCombination", id="a key and no encryption"),
    ],
)
def test_what_breaks_a_rule_is_not_restored(warehouses: Warehouses, request_: dict[str, Any], code: str) -> None:
    warehouses.create(SOURCE)
    with pytest.raises(WarehouseError) as refused:
        restored(warehouses, **request_)
    assert (refused.value.code, list(warehouses.clusters)) == (code, ["night"])


def test_a_cluster_has_a_password_or_lets_it_be_kept(warehouses: Warehouses) -> None:
    with pytest.raises(WarehouseError, match="MasterUserPassword"):
        warehouses.create({"ClusterIdentifier": "night", "MasterUsername": "a"})
    kept = warehouses.create({"ClusterIdentifier": "night", "MasterUsername": "a", "ManageMasterPassword": True})
    assert kept["Cluster"]["MasterPasswordSecretArn"].startswith(
        "arn:aws:secretsmanager:eu-west-1:222222222222:secret:redshift!night-"
    )


@pytest.mark.parametrize("resource", ["cluster:night", "snapshot:night/awsbackup:job-1"])
def test_clusters_and_snapshots_are_tagged(warehouses: Warehouses, resource: str) -> None:
    warehouses.create({**SOURCE, "Tags": [TAG]})
    name = {"ResourceName": f"{ARN}{resource}"}
    warehouses.tag({**name, "Tags": [{"Key": "Backup", "Value": "weekly"}, {"Key": "team", "Value": "x"}]})
    warehouses.untag({**name, "TagKeys": ["team"]})
    [told] = warehouses.describe_tags(name)["TaggedResources"]
    assert told["Tag"] == {"Key": "Backup", "Value": "weekly"}


def test_what_is_gone_is_not_found(warehouses: Warehouses) -> None:
    warehouses.create(SOURCE)
    warehouses.delete({"ClusterIdentifier": "night"})
    with pytest.raises(WarehouseError, match="Cluster night not found"):
        warehouses.describe({"ClusterIdentifier": "night"})
    with pytest.raises(WarehouseError, match="cluster:night not found"):
        warehouses.describe_tags({"ResourceName": f"{ARN}cluster:night"})


TABLE = {
    "ClusterIdentifier": "night",
    "SnapshotIdentifier": "awsbackup:job-1",
    "SourceDatabaseName": "sales",
    "SourceTableName": "orders",
    "NewTableName": "orders_back",
}


def test_a_table_is_restored_into_the_cluster_that_the_snapshot_is_of_and_told_with_what_nobody_said(
    warehouses: Warehouses,
) -> None:
    """API reference, RestoreTableFromClusterSnapshot: without a schema it is public."""
    warehouses.create(SOURCE)
    asked = warehouses.restore_table(TABLE)["TableRestoreStatus"]
    assert asked["Status"] == "PENDING"
    [told] = warehouses.describe_table_restores({"TableRestoreRequestId": asked["TableRestoreRequestId"]})[
        "TableRestoreStatusDetails"
    ]
    assert told["Status"] == "SUCCEEDED"
    defaults = {"SourceSchemaName": "public", "TargetSchemaName": "public", "TargetDatabaseName": "sales"}
    assert told.items() >= (TABLE | defaults).items()
    assert warehouses.describe_table_restores({"ClusterIdentifier": "NIGHT"})["TableRestoreStatusDetails"] == [told]


def test_a_table_that_is_there_is_not_overwritten(warehouses: Warehouses) -> None:
    """API reference, RestoreTableFromClusterSnapshot: you cannot overwrite an existing table."""
    warehouses.create(SOURCE)
    warehouses.restore_table(TABLE)
    warehouses.restore_table(TABLE)
    warehouses.restore_table({**TABLE, "TargetSchemaName": "other"})
    found = warehouses.describe_table_restores({})["TableRestoreStatusDetails"]
    assert [each["Status"] for each in found] == ["SUCCEEDED", "FAILED", "SUCCEEDED"]
    assert found[1]["Message"] == "Table orders_back already exists."


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        pytest.param({"ClusterIdentifier": "day"}, "ClusterNotFound", id="no such cluster"),
        pytest.param({"ClusterIdentifier": "back"}, "ClusterSnapshotNotFound", id="another cluster than backed up"),
        pytest.param({"SnapshotIdentifier": "awsbackup:job-2"}, "ClusterSnapshotNotFound", id="no such snapshot"),
        pytest.param({"SourceDatabaseName": "x"}, "InvalidTableRestoreArgument", id="no such database in it"),
    ],
)
def test_no_table_is_restored_that_breaks_a_rule(warehouses: Warehouses, request_: dict[str, Any], code: str) -> None:
    warehouses.create(SOURCE)
    warehouses.create({**SOURCE, "ClusterIdentifier": "back"})
    with pytest.raises(WarehouseError) as refused:
        warehouses.restore_table({**TABLE, **request_})
    assert (refused.value.code, warehouses.tables.kept) == (code, {})


@pytest.mark.parametrize(
    ("request_", "code"),
    [({"TableRestoreRequestId": "none"}, "TableRestoreNotFoundFault"), ({"ClusterIdentifier": "x"}, "ClusterNotFound")],
)
def test_what_is_no_restore_of_a_table_is_not_described(
    warehouses: Warehouses, request_: dict[str, str], code: str
) -> None:
    with pytest.raises(WarehouseError) as refused:
        warehouses.describe_table_restores(request_)
    assert refused.value.code == code
