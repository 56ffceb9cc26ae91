"""RDS instances (not the members of Aurora clusters): snapshots `awsbackup:job-<uuid>`."""

import uuid
from collections.abc import Mapping

from sandbox.backup_service.keys import aws_managed_key
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
from sandbox.backup_service.resources.rds_refusals import why_rds_refuses
from sandbox.backup_service.surroundings import AccountServices, Document
from sandbox.seams.backup import InternalCallError

_GIBIBYTE = 1024**3
_BASELINE_OF_GP3 = {"Iops": 3000, "StorageThroughput": 125}
_FILLED_IN = ("AllocatedStorage", "Engine", "EngineVersion", "LicenseModel", "StorageType")
_CHOICES = {
    "DBInstanceClass": "text",
    "DBSubnetGroupName": "text",
    "VpcSecurityGroupIds": "list",
    "DBParameterGroupName": "text",
    "OptionGroupName": "text",
    "AvailabilityZone": "text",
    "AllocatedStorage": "number",
    "StorageType": "text",
    "Iops": "number",
    "StorageThroughput": "number",
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
        configuration = {
            "Engine": instance.get("Engine"),
            "EngineVersion": instance.get("EngineVersion"),
            "DBInstanceClass": instance.get("DBInstanceClass"),
            "AllocatedStorage": instance.get("AllocatedStorage"),
            "StorageType": instance.get("StorageType"),
            "MasterUsername": instance.get("MasterUsername"),
            "DBName": instance.get("DBName"),
        }
        told = stringified(_told(instance))
        return Capture(
            metadata=told,
            content=services.surroundings.disks.image(arn),
            size=int(instance.get("AllocatedStorage") or 0) * _GIBIBYTE,
            key_arn=rds_key(instance, services),
            configuration=configuration,
            filled_in={name: told[name] for name in _FILLED_IN if name in told},
        )

    async def restore(
        self, services: AccountServices, capture: Capture, metadata: Metadata, recovery_point_arn: str
    ) -> str:
        """A new instance with the contents of the snapshot."""
        if why := await why_rds_refuses(services, capture, metadata):
            raise RestoreRefusedError(why)
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


def _told(instance: Document) -> Document:
    """The configuration as AWS Backup tells it: the port is always 0, the zone is there with Multi-AZ, too."""
    groups = instance.get("VpcSecurityGroups", [])
    storage = _BASELINE_OF_GP3 if instance.get("StorageType") == "gp3" else {}
    return {
        "Engine": instance.get("Engine"),
        "EngineVersion": instance.get("EngineVersion"),
        "LicenseModel": instance.get("LicenseModel"),
        "DBInstanceClass": instance.get("DBInstanceClass"),
        "AllocatedStorage": instance.get("AllocatedStorage"),
        "StorageType": instance.get("StorageType"),
        **{name: instance.get(name) or baseline for name, baseline in storage.items()},
        "AvailabilityZone": instance.get("AvailabilityZone"),
        "MultiAZ": instance.get("MultiAZ"),
        "DBSubnetGroupName": (instance.get("DBSubnetGroup") or {}).get("DBSubnetGroupName"),
        "VpcSecurityGroupIds": [group["VpcSecurityGroupId"] for group in groups] or None,
        "DBParameterGroupName": _first(instance, "DBParameterGroups", "DBParameterGroupName"),
        "OptionGroupName": _first(instance, "OptionGroupMemberships", "OptionGroupName"),
        "PubliclyAccessible": instance.get("PubliclyAccessible"),
        "DeletionProtection": instance.get("DeletionProtection"),
        "Port": 0,
    }


def _first(instance: Document, member: str, name: str) -> str | None:
    return next((str(each[name]) for each in instance.get(member, ())), None)


def told_of_snapshot(recovery_point_arn: str, key_arn: str | None) -> dict[str, str]:
    """What AWS Backup tells besides of a snapshot: its name, and for information the key that it lies under."""
    told = {
        "DBSnapshotIdentifier": recovery_point_arn.partition(":snapshot:")[2],
        "InformationalOnly:Encrypted": str(key_arn is not None).lower(),
        "aws:backup:request-id": str(uuid.uuid5(uuid.NAMESPACE_URL, recovery_point_arn)),
    }
    return told if key_arn is None else told | {"InformationalOnly:KmsKeyId": key_arn}


async def rds_tags(services: AccountServices, arn: str, *, service: str = "rds") -> dict[str, str]:
    """The tags of an RDS resource."""
    answer = await services.call(service, "ListTagsForResource", ResourceName=arn)
    return tag_map(answer.get("TagList"))


def rds_key(description: Document, services: AccountServices) -> str | None:
    """The ARN of the key of an encrypted instance or cluster; none named means AWS's own.

    RDS API reference, DBInstance: KmsKeyId is told as an ARN, however it was said.
    """
    if not description.get("StorageEncrypted"):
        return None
    key, place = description.get("KmsKeyId") or aws_managed_key("rds", services.place), services.place
    return key if key.startswith("arn:") else f"arn:aws:kms:{place.region}:{place.account}:key/{key}"
