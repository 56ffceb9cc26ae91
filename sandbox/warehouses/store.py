"""Clusters of Redshift in one account and Region, by the rules of Amazon Redshift's API reference."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.warehouses.tables import SCHEMA, TableRestore, TableRestores

type Document = dict[str, Any]

# API reference, CreateCluster, ClusterIdentifier.
_NAME: Final = re.compile(r"[a-z](?:-?[a-z0-9]){0,62}")
_DEFAULT_PARAMETERS: Final = "default.redshift-1.0"
_DEFAULT_SUBNETS: Final = "default"
# What is told of a cluster as it was asked for, and what it is where nobody says.
_SETTINGS: Final[Document] = {
    "AllowVersionUpgrade": True,
    "AutomatedSnapshotRetentionPeriod": 1,
    "DBName": "dev",
    "EnhancedVpcRouting": False,
    "IpAddressType": "ipv4",
    "MaintenanceTrackName": "current",
    "ManualSnapshotRetentionPeriod": -1,
    "NodeType": "ra3.large",
    "NumberOfNodes": 1,
    "PreferredMaintenanceWindow": "sun:03:00-sun:03:30",
    "PubliclyAccessible": False,
}
# Those that a cluster has from its snapshot, where a restore does not say them (API reference,
# RestoreFromClusterSnapshot).
_OF_THE_SNAPSHOT: Final = (
    "DBName",
    "EnhancedVpcRouting",
    "KmsKeyId",
    "MaintenanceTrackName",
    "MasterUsername",
    "NodeType",
    "NumberOfNodes",
    "Port",
)
_PORT: Final = 5439
_PLACE_OF_A_TABLE: Final = ("ClusterIdentifier", "TargetDatabaseName", "TargetSchemaName", "NewTableName")
_OF_A_TABLE: Final = (
    "SnapshotIdentifier",
    "SourceDatabaseName",
    "SourceSchemaName",
    "SourceTableName",
    "TargetDatabaseName",
    "TargetSchemaName",
    "NewTableName",
)


class WarehouseError(Exception):
    """The call failed as Redshift fails it: an error code and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(slots=True)
class Snapshot:
    """A snapshot that AWS Backup made of a cluster: the settings that it keeps, and its tags."""

    settings: Document
    tags: list[dict[str, str]]


@dataclass(slots=True)
class Warehouses:
    """The clusters of one account in one Region with their groups, and AWS Backup's snapshots of them by their ARNs."""

    account: str
    region: str
    clusters: dict[str, Document] = field(default_factory=dict)
    subnet_groups: dict[str, Document] = field(default_factory=dict)
    parameter_groups: dict[str, Document] = field(default_factory=dict)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    tables: TableRestores = field(default_factory=lambda: TableRestores(_PLACE_OF_A_TABLE))

    def __post_init__(self) -> None:
        """Every Region has the service's own parameter group."""
        self._keep_parameters(_DEFAULT_PARAMETERS, "Default parameter group for redshift-1.0")

    def create(self, request: Document) -> Document:
        """CreateCluster."""
        if not request.get("MasterUserPassword") and not request.get("ManageMasterPassword"):
            raise WarehouseError("InvalidParameterCombination", "MasterUserPassword is required")
        return {"Cluster": self._made(request)}

    def restore(self, request: Document) -> Document:
        """RestoreFromClusterSnapshot: a new cluster that has of its snapshot what the request does not say."""
        arn = self._arn(f"snapshot:{request.get('SnapshotClusterIdentifier', '')}/{request['SnapshotIdentifier']}")
        snapshot = self.snapshots.get(request.get("SnapshotArn", arn))
        if snapshot is None:
            raise WarehouseError("ClusterSnapshotNotFound", f"Snapshot {request['SnapshotIdentifier']} not found.")
        kept = {name: snapshot.settings[name] for name in _OF_THE_SNAPSHOT if snapshot.settings.get(name)}
        made = self._made({**kept, "Encrypted": bool(kept.get("KmsKeyId")), **request})
        return {"Cluster": {**made, "ClusterStatus": "creating"}}

    def restore_table(self, request: Document) -> Document:
        """RestoreTableFromClusterSnapshot, into the cluster that the snapshot is of: a table of no such name yet."""
        cluster = self._found(request["ClusterIdentifier"])["ClusterIdentifier"]
        arn = self._arn(f"snapshot:{cluster}/{request['SnapshotIdentifier']}")
        snapshot = self.snapshots.get(arn)
        if snapshot is None:
            raise WarehouseError("ClusterSnapshotNotFound", f"Snapshot {request['SnapshotIdentifier']} not found.")
        source = request["SourceDatabaseName"]
        if source != (snapshot.settings.get("DBName") or _SETTINGS["DBName"]):
            raise WarehouseError("InvalidTableRestoreArgument", f"Database {source} is not in the snapshot.")
        told = {
            "ClusterIdentifier": cluster,
            "SourceSchemaName": SCHEMA,
            "TargetDatabaseName": source,
            "TargetSchemaName": SCHEMA,
            **{name: value for name, value in request.items() if name in _OF_A_TABLE},
        }
        asked = _table_status(self.tables.ask(told))
        return {"TableRestoreStatus": {**asked, "Status": "PENDING", "Message": ""}}

    def describe_table_restores(self, request: Document) -> Document:
        """DescribeTableRestoreStatus: the one that is named, or all, the earliest first."""
        name = request.get("TableRestoreRequestId")
        if name and name not in self.tables.kept:
            raise WarehouseError("TableRestoreNotFoundFault", f"Table restore request {name} not found.")
        restores = [self.tables.kept[name]] if name else list(self.tables.kept.values())
        found = [_table_status(each) for each in restores]
        cluster = request.get("ClusterIdentifier")
        if cluster:
            self._found(cluster)
            found = [each for each in found if each["ClusterIdentifier"] == cluster.lower()]
        return {"TableRestoreStatusDetails": found}

    def describe(self, request: Document) -> Document:
        """DescribeClusters: the one that is named, or all."""
        name = request.get("ClusterIdentifier")
        return {"Clusters": [self._found(name)] if name else list(self.clusters.values())}

    def delete(self, request: Document) -> Document:
        """DeleteCluster."""
        cluster = self._found(request["ClusterIdentifier"])
        del self.clusters[cluster["ClusterIdentifier"]]
        return {"Cluster": {**cluster, "ClusterStatus": "deleting"}}

    def create_subnet_group(self, request: Document) -> Document:
        """CreateClusterSubnetGroup, in the network that `VpcId` says: this service does not look up subnets."""
        group = {
            "ClusterSubnetGroupName": request["ClusterSubnetGroupName"].lower(),
            "Description": request["Description"],
            "VpcId": request["VpcId"],
            "SubnetGroupStatus": "Complete",
            "Subnets": [{"SubnetIdentifier": each, "SubnetStatus": "Active"} for each in request["SubnetIds"]],
        }
        self.subnet_groups[group["ClusterSubnetGroupName"]] = group
        return {"ClusterSubnetGroup": group}

    def describe_subnet_groups(self, request: Document) -> Document:
        """DescribeClusterSubnetGroups."""
        name = request.get("ClusterSubnetGroupName")
        return {"ClusterSubnetGroups": [self._subnets(name)] if name else list(self.subnet_groups.values())}

    def create_parameter_group(self, request: Document) -> Document:
        """CreateClusterParameterGroup."""
        return {"ClusterParameterGroup": self._keep_parameters(request["ParameterGroupName"], request["Description"])}

    def describe_parameter_groups(self, request: Document) -> Document:
        """DescribeClusterParameterGroups."""
        name = request.get("ParameterGroupName")
        return {"ParameterGroups": [self._parameters(name)] if name else list(self.parameter_groups.values())}

    def tag(self, request: Document) -> Document:
        """CreateTags: beside those that it has."""
        tags = self._tags(request["ResourceName"])
        kept = {tag["Key"]: tag for tag in (*tags, *request["Tags"])}
        tags[:] = kept.values()
        return {}

    def untag(self, request: Document) -> Document:
        """DeleteTags."""
        tags = self._tags(request["ResourceName"])
        tags[:] = [tag for tag in tags if tag["Key"] not in request["TagKeys"]]
        return {}

    def describe_tags(self, request: Document) -> Document:
        """DescribeTags, of the resource that is named."""
        arn = request["ResourceName"]
        kind = arn.split(":")[5]
        return {
            "TaggedResources": [
                {"Tag": tag, "ResourceName": arn, "ResourceType": kind.capitalize()} for tag in self._tags(arn)
            ]
        }

    def _made(self, request: Document) -> Document:
        name = request["ClusterIdentifier"].lower()
        if not _NAME.fullmatch(name):
            raise WarehouseError("InvalidParameterValue", f"{name} is no name of a cluster.")
        if name in self.clusters:
            raise WarehouseError("ClusterAlreadyExists", f"Cluster already exists: {name}")
        cluster = {each: request.get(each, default) for each, default in _SETTINGS.items()} | {
            "ClusterIdentifier": name,
            "ClusterStatus": "available",
            "ClusterCreateTime": datetime.now(UTC),
            "MasterUsername": request.get("MasterUsername"),
            "Endpoint": {
                "Address": f"{name}.{self.account}.{self.region}.redshift.amazonaws.com",
                "Port": int(request.get("Port") or _PORT),
            },
            "Tags": [dict(tag) for tag in request.get("Tags", [])],
            **self._placed(request),
            **self._encrypted(request),
        }
        if request.get("ManageMasterPassword"):
            secret = f"secret:redshift!{name}-admin-{uuid.uuid4().hex[:6]}"
            cluster["MasterPasswordSecretArn"] = f"arn:aws:secretsmanager:{self.region}:{self.account}:{secret}"
        self.clusters[name] = cluster
        return cluster

    def _placed(self, request: Document) -> Document:
        subnets = self._subnets(request.get("ClusterSubnetGroupName", _DEFAULT_SUBNETS))
        parameters = self._parameters(request.get("ClusterParameterGroupName", _DEFAULT_PARAMETERS))
        groups = request.get("VpcSecurityGroupIds", [])
        return {
            "ClusterSubnetGroupName": subnets["ClusterSubnetGroupName"],
            "VpcId": subnets["VpcId"],
            "VpcSecurityGroups": [{"VpcSecurityGroupId": each, "Status": "active"} for each in groups],
            "ClusterParameterGroups": [
                {"ParameterGroupName": parameters["ParameterGroupName"], "ParameterApplyStatus": "in-sync"}
            ],
        }

    def _encrypted(self, request: Document) -> Document:
        """A key is taken only by what is encrypted; without one it is AWS's own (API reference, CreateCluster)."""
        if not request.get("Encrypted"):
            if request.get("KmsKeyId"):
                raise WarehouseError("InvalidParameterCombination", "KmsKeyId is of encrypted clusters only.")
            return {"Encrypted": False}
        own = f"arn:aws:kms:{self.region}:{self.account}:key/aws-redshift"
        return {"Encrypted": True, "KmsKeyId": request.get("KmsKeyId") or own}

    def _found(self, name: str) -> Document:
        if name.lower() not in self.clusters:
            raise WarehouseError("ClusterNotFound", f"Cluster {name} not found.")
        return self.clusters[name.lower()]

    def _subnets(self, name: str) -> Document:
        if name.lower() not in self.subnet_groups:
            raise WarehouseError("ClusterSubnetGroupNotFoundFault", f"Cluster subnet group {name} not found.")
        return self.subnet_groups[name.lower()]

    def _parameters(self, name: str) -> Document:
        if name.lower() not in self.parameter_groups:
            raise WarehouseError("ClusterParameterGroupNotFound", f"ClusterParameterGroup not found: {name}")
        return self.parameter_groups[name.lower()]

    def _keep_parameters(self, name: str, description: str) -> Document:
        group = {
            "ParameterGroupName": name.lower(),
            "ParameterGroupFamily": "redshift-1.0",
            "Description": description,
        }
        self.parameter_groups[name.lower()] = group
        return group

    def _tags(self, arn: str) -> list[dict[str, str]]:
        tagged: dict[str, list[dict[str, str]]] = {
            **{self._arn(f"cluster:{name}"): cluster["Tags"] for name, cluster in self.clusters.items()},
            **{name: snapshot.tags for name, snapshot in self.snapshots.items()},
        }
        if arn not in tagged:
            raise WarehouseError("ResourceNotFoundFault", f"Resource {arn} not found.")
        return tagged[arn]

    def _arn(self, resource: str) -> str:
        return f"arn:aws:redshift:{self.region}:{self.account}:{resource}"


def _table_status(restore: TableRestore) -> Document:
    return {
        **restore.told,
        "TableRestoreRequestId": restore.id,
        "RequestTime": restore.at,
        "Status": restore.status,
        "Message": restore.message,
    }
