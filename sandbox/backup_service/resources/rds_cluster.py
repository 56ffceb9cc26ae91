"""Clusters of the RDS API: Aurora, Multi-AZ DB clusters, which AWS Backup can keep but not copy, DocumentDB, Neptune.

Their ARNs are alike; the engine alone tells which AWS Backup calls what (Developer Guide, "Supported resource types").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    stringified,
    tag_list,
)
from sandbox.backup_service.resources.rds_instance import rds_key, rds_tags
from sandbox.backup_service.surroundings import AccountServices, Document
from sandbox.seams.backup import InternalCallError

_CHOICES = {
    "EngineVersion": "text",
    "DBSubnetGroupName": "text",
    "VpcSecurityGroupIds": "list",
    "AvailabilityZones": "list",
    "Port": "number",
    "DatabaseName": "text",
    "EnableIAMDatabaseAuthentication": "flag",
    "DeletionProtection": "flag",
}


@dataclass(frozen=True, slots=True)
class RdsCluster:
    """A cluster of databases of some engines, by what their names begin with; `service` is whose API it has."""

    resource_type: str
    engines: tuple[str, ...]
    service: str = "rds"
    can_be_copied: bool = True
    selector: str = "arn:aws:rds:*:*:cluster:*"
    is_fully_managed: bool = False
    has_cold_storage: bool = False
    restores_tags: bool = True
    required_metadata: tuple[str, ...] = ("DBClusterIdentifier", "Engine")

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a DB cluster, of whichever engine."""
        return is_cluster(arn)

    def runs(self, engine: str) -> bool:
        """Whether clusters of the engine are of this type."""
        return engine.startswith(self.engines)

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:rds:R:A:cluster-snapshot:awsbackup:job-<uuid>`."""
        return f"arn:aws:rds:{region}:{account}:cluster-snapshot:awsbackup:job-{unique}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every cluster of its engines."""
        answer = await services.call(self.service, "DescribeDBClusters")
        return [
            Resource(cluster["DBClusterArn"], await rds_tags(services, cluster["DBClusterArn"], service=self.service))
            for cluster in answer.get("DBClusters", [])
            if self.runs(str(cluster.get("Engine")))
        ]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """The cluster's configuration and the contents of its database."""
        cluster = await self._describe(services, arn)
        key = rds_key(cluster, services)
        configuration = {
            "Engine": cluster.get("Engine"),
            "EngineVersion": cluster.get("EngineVersion"),
            "MasterUsername": cluster.get("MasterUsername"),
            "DatabaseName": cluster.get("DatabaseName"),
            "Port": cluster.get("Port"),
        }
        network = {
            "DBSubnetGroupName": cluster.get("DBSubnetGroup"),
            "VpcSecurityGroupIds": [group["VpcSecurityGroupId"] for group in cluster.get("VpcSecurityGroups", [])],
            "DeletionProtection": cluster.get("DeletionProtection"),
            "Encrypted": key is not None,
            "KmsKeyId": key,
        }
        return Capture(
            metadata=stringified(configuration | network),
            content=services.surroundings.disks.image(arn),
            size=0,  # what AWS reports for Aurora
            key_arn=key,
            can_be_copied=self.can_be_copied,
            configuration=configuration,
        )

    async def restore(
        self, services: AccountServices, capture: Capture, metadata: Metadata, recovery_point_arn: str
    ) -> str:
        """A new cluster, without instances, with the contents of the snapshot."""
        identifier = str(metadata.get("DBClusterIdentifier"))
        parameters = metadata.chosen(_CHOICES, capture.configuration)
        if capture.key_arn is not None:
            parameters |= {"StorageEncrypted": True, "KmsKeyId": metadata.get("KmsKeyId") or capture.key_arn}
        answer = await services.call(self.service, "CreateDBCluster", DBClusterIdentifier=identifier, **parameters)
        cluster = answer["DBCluster"]
        services.surroundings.disks.mount(cluster["DBClusterArn"], capture.content)
        services.record(
            "rds.amazonaws.com",
            "RestoreDBClusterFromSnapshot",
            {
                "dBClusterIdentifier": identifier,
                "snapshotIdentifier": recovery_point_arn,
                "engine": cluster.get("Engine"),
            },
            {
                "dBClusterIdentifier": identifier,
                "dBClusterArn": cluster["DBClusterArn"],
                "engine": cluster.get("Engine"),
                "status": "creating",
            },
        )
        return str(cluster["DBClusterArn"])

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the cluster."""
        await services.call(self.service, "AddTagsToResource", ResourceName=arn, Tags=tag_list(tags))

    async def _describe(self, services: AccountServices, arn: str) -> Document:
        try:
            identifier = arn.rpartition(":")[2]
            answer = await services.call(self.service, "DescribeDBClusters", DBClusterIdentifier=identifier)
        except InternalCallError as error:
            raise ResourceGoneError(f"DB cluster {arn} does not exist") from error
        cluster: Document = answer["DBClusters"][0]
        return cluster


AURORA: Final = RdsCluster("Aurora", ("aurora",))
DOCUMENT_DB: Final = RdsCluster("DocumentDB", ("docdb",), service="docdb")
NEPTUNE: Final = RdsCluster("Neptune", ("neptune",))
MULTI_AZ: Final = RdsCluster("RDS", ("mysql", "postgres"), can_be_copied=False)
CLUSTERS: Final = (AURORA, DOCUMENT_DB, NEPTUNE, MULTI_AZ)


def is_cluster(arn: str) -> bool:
    """Whether the ARN names a DB cluster."""
    return arn.startswith("arn:aws:rds:") and ":cluster:" in arn
