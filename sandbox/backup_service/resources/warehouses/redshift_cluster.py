"""Clusters of Redshift. Their backups are snapshots in Redshift itself, and are copied nowhere.

AWS Backup Developer Guide, "Restore an Amazon Redshift cluster" and "Feature availability by resource".
"""

from collections.abc import Mapping
from typing import Final

from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    RestoreRefusedError,
    stringified,
    tag_list,
    tag_map,
)
from sandbox.backup_service.surroundings import AccountServices, Document
from sandbox.seams.backup import InternalCallError

# What StartRestoreJob takes is what RestoreFromClusterSnapshot takes, and which kind of restore it is.
_CHOICES: Final = {
    **dict.fromkeys(
        (
            "ClusterIdentifier",
            "ClusterParameterGroupName",
            "ClusterSubnetGroupName",
            "IpAddressType",
            "KmsKeyId",
            "MaintenanceTrackName",
            "NodeType",
            "PreferredMaintenanceWindow",
        ),
        "text",
    ),
    **dict.fromkeys(
        ("AutomatedSnapshotRetentionPeriod", "ManualSnapshotRetentionPeriod", "NumberOfNodes", "Port"), "number"
    ),
    **dict.fromkeys(
        (
            "AllowVersionUpgrade",
            "AvailabilityZoneRelocation",
            "Encrypted",
            "EnhancedVpcRouting",
            "ManageMasterPassword",
            "MultiAZ",
            "PubliclyAccessible",
        ),
        "flag",
    ),
    **dict.fromkeys(("IamRoles", "VpcSecurityGroupIds"), "list"),
}
_TOLD: Final = (
    "AllowVersionUpgrade",
    "AutomatedSnapshotRetentionPeriod",
    "ClusterIdentifier",
    "ClusterSubnetGroupName",
    "Encrypted",
    "EnhancedVpcRouting",
    "IpAddressType",
    "KmsKeyId",
    "MaintenanceTrackName",
    "ManualSnapshotRetentionPeriod",
    "NodeType",
    "NumberOfNodes",
    "PreferredMaintenanceWindow",
    "PubliclyAccessible",
)
_WHOLE: Final = "CLUSTER_RESTORE"


class RedshiftCluster:
    """A cluster of Redshift."""

    resource_type = "Redshift"
    selector = "arn:aws:redshift:*:*:cluster:*"
    is_fully_managed = False
    has_cold_storage = False
    restores_tags = True
    required_metadata = ("ClusterIdentifier", "RestoreType")

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a cluster of Redshift."""
        return arn.startswith("arn:aws:redshift:") and ":cluster:" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:
        """`arn:aws:redshift:R:A:snapshot:<cluster>/awsbackup:job-<uuid>`."""
        return f"arn:aws:redshift:{region}:{account}:snapshot:{_name(resource_arn)}/awsbackup:job-{unique}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every cluster."""
        answer = await services.call("redshift", "DescribeClusters")
        return [
            Resource(_arn(services, cluster["ClusterIdentifier"]), tag_map(cluster.get("Tags")))
            for cluster in answer.get("Clusters", [])
        ]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """The cluster's settings."""
        try:
            answer = await services.call("redshift", "DescribeClusters", ClusterIdentifier=_name(arn))
        except InternalCallError as error:
            raise ResourceGoneError(f"Cluster {arn} does not exist") from error
        cluster = answer["Clusters"][0]
        configuration = _settings(cluster)
        return Capture(
            metadata=stringified(configuration),
            key_arn=cluster.get("KmsKeyId") or None,
            can_be_copied=False,
            configuration=configuration | {name: cluster.get(name) for name in ("DBName", "MasterUsername")},
        )

    async def restore(
        self,
        services: AccountServices,
        capture: Capture,  # noqa: ARG002 what is not said is in the snapshot
        metadata: Metadata,
        recovery_point_arn: str,
    ) -> str:
        """A new cluster out of the snapshot."""
        if metadata.get("RestoreType") != _WHOLE:
            raise RestoreRefusedError(f"RestoreType {metadata.get('RestoreType')} is not played here")
        source, _, snapshot = recovery_point_arn.rpartition("snapshot:")[2].partition("/")
        request = metadata.chosen(_CHOICES) | {
            "SnapshotIdentifier": snapshot,
            "SnapshotClusterIdentifier": source,
        }
        answer = await services.call("redshift", "RestoreFromClusterSnapshot", **request)
        name = str(answer["Cluster"]["ClusterIdentifier"])
        services.record(
            "redshift.amazonaws.com",
            "RestoreFromClusterSnapshot",
            {"clusterIdentifier": name, "snapshotIdentifier": snapshot, "snapshotClusterIdentifier": source},
            {"clusterIdentifier": name, "clusterStatus": "creating", "nodeType": answer["Cluster"]["NodeType"]},
        )
        return _arn(services, name)

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the cluster."""
        await services.call("redshift", "CreateTags", ResourceName=arn, Tags=tag_list(tags))


def _settings(cluster: Document) -> Document:
    """The cluster in the words of a restore."""
    groups = [each["VpcSecurityGroupId"] for each in cluster.get("VpcSecurityGroups", [])]
    parameters = cluster["ClusterParameterGroups"][0]["ParameterGroupName"]
    return {name: cluster.get(name) for name in _TOLD} | {
        "ClusterParameterGroupName": parameters,
        "ManageMasterPassword": bool(cluster.get("MasterPasswordSecretArn")),
        "Port": cluster["Endpoint"]["Port"],
        "VpcSecurityGroupIds": groups,
    }


def _name(arn: str) -> str:
    return arn.rpartition(":")[2]


def _arn(services: AccountServices, name: str) -> str:
    return f"arn:aws:redshift:{services.place.region}:{services.place.account}:cluster:{name}"
