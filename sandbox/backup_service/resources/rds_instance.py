"""RDS instances (not the members of Aurora clusters): snapshots `awsbackup:job-<uuid>`."""

from collections.abc import Mapping

from sandbox.backup_service.keys import aws_managed_key
from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    stringified,
    tag_list,
    tag_map,
)
from sandbox.backup_service.surroundings import AccountServices, Document
from sandbox.seams.backup import InternalCallError

_GIBIBYTE = 1024**3
_CHOICES = {
    "DBInstanceClass": "text",
    "DBSubnetGroupName": "text",
    "VpcSecurityGroupIds": "list",
    "DBParameterGroupName": "text",
    "OptionGroupName": "text",
    "AvailabilityZone": "text",
    "StorageType": "text",
    "Iops": "number",
    "Port": "number",
    "MultiAZ": "flag",
    "PubliclyAccessible": "flag",
    "DeletionProtection": "flag",
    "CopyTagsToSnapshot": "flag",
    "AutoMinorVersionUpgrade": "flag",
}


class RdsInstance:
    """An RDS instance."""

    resource_type = "RDS"
    selector = "arn:aws:rds:*:*:db:*"
    is_fully_managed = False
    has_cold_storage = False
    restores_tags = True
    required_metadata = ("DBInstanceIdentifier",)

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a DB instance."""
        return arn.startswith("arn:aws:rds:") and ":db:" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:rds:R:A:snapshot:awsbackup:job-<uuid>`."""
        return f"arn:aws:rds:{region}:{account}:snapshot:awsbackup:job-{unique}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every instance that is not a member of a cluster."""
        answer = await services.call("rds", "DescribeDBInstances")
        return [
            Resource(instance["DBInstanceArn"], await rds_tags(services, instance["DBInstanceArn"]))
            for instance in answer.get("DBInstances", [])
            if not instance.get("DBClusterIdentifier")
        ]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """The instance's configuration and the contents of its database."""
        try:
            answer = await services.call("rds", "DescribeDBInstances", DBInstanceIdentifier=arn.rpartition(":")[2])
        except InternalCallError as error:
            raise ResourceGoneError(f"DB instance {arn} does not exist") from error
        instance = answer["DBInstances"][0]
        key = rds_key(instance, services)
        configuration = {
            "Engine": instance.get("Engine"),
            "EngineVersion": instance.get("EngineVersion"),
            "DBInstanceClass": instance.get("DBInstanceClass"),
            "AllocatedStorage": instance.get("AllocatedStorage"),
            "StorageType": instance.get("StorageType"),
            "MasterUsername": instance.get("MasterUsername"),
            "DBName": instance.get("DBName"),
        }
        network = {
            "AvailabilityZone": instance.get("AvailabilityZone"),
            "DBSubnetGroupName": (instance.get("DBSubnetGroup") or {}).get("DBSubnetGroupName"),
            "VpcSecurityGroupIds": [group["VpcSecurityGroupId"] for group in instance.get("VpcSecurityGroups", [])],
            "MultiAZ": instance.get("MultiAZ"),
            "PubliclyAccessible": instance.get("PubliclyAccessible"),
            "DeletionProtection": instance.get("DeletionProtection"),
            "Port": (instance.get("Endpoint") or {}).get("Port"),
            "Encrypted": key is not None,
            "KmsKeyId": key,
        }
        return Capture(
            metadata=stringified(configuration | network),
            content=services.surroundings.disks.image(arn),
            size=int(instance.get("AllocatedStorage") or 0) * _GIBIBYTE,
            key_arn=key,
            configuration=configuration,
        )

    async def restore(
        self, services: AccountServices, capture: Capture, metadata: Metadata, recovery_point_arn: str
    ) -> str:
        """A new instance with the contents of the snapshot."""
        identifier = str(metadata.get("DBInstanceIdentifier"))
        parameters = metadata.chosen(_CHOICES, capture.configuration)
        if capture.key_arn is not None:
            parameters |= {"StorageEncrypted": True, "KmsKeyId": capture.key_arn}
        answer = await services.call("rds", "CreateDBInstance", DBInstanceIdentifier=identifier, **parameters)
        instance = answer["DBInstance"]
        services.surroundings.disks.mount(instance["DBInstanceArn"], capture.content)
        services.record(
            "rds.amazonaws.com",
            "RestoreDBInstanceFromDBSnapshot",
            {"dBInstanceIdentifier": identifier, "dBSnapshotIdentifier": recovery_point_arn},
            {
                "dBInstanceIdentifier": identifier,
                "dBInstanceArn": instance["DBInstanceArn"],
                "dBInstanceClass": instance.get("DBInstanceClass"),
                "dBInstanceStatus": "creating",
                "engine": instance.get("Engine"),
            },
        )
        return str(instance["DBInstanceArn"])

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the instance."""
        await services.call("rds", "AddTagsToResource", ResourceName=arn, Tags=tag_list(tags))


async def rds_tags(services: AccountServices, arn: str) -> dict[str, str]:
    """The tags of an RDS resource."""
    answer = await services.call("rds", "ListTagsForResource", ResourceName=arn)
    return tag_map(answer.get("TagList"))


def rds_key(description: Document, services: AccountServices) -> str | None:
    """The key of an encrypted instance or cluster; none named means AWS's own."""
    if not description.get("StorageEncrypted"):
        return None
    return description.get("KmsKeyId") or aws_managed_key("rds", services.place)
