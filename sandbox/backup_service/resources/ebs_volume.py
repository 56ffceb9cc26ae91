"""EBS volumes: snapshots, whose ARNs carry no account."""

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
from sandbox.backup_service.surroundings import AccountServices
from sandbox.seams.backup import InternalCallError

_GIBIBYTE = 1024**3


class EbsVolume:
    """An EBS volume."""

    resource_type = "EBS"
    selector = "arn:aws:ec2:*:*:volume/*"
    is_fully_managed = False
    has_cold_storage = True
    restores_tags = True
    required_metadata = ("availabilityZone",)

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a volume."""
        return arn.startswith("arn:aws:ec2:") and ":volume/" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:ec2:R::snapshot/snap-<id>`."""
        return f"arn:aws:ec2:{region}::snapshot/snap-{unique.replace('-', '')[:17]}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every volume."""
        answer = await services.call("ec2", "DescribeVolumes")
        return [
            Resource(ec2_arn(services, "volume", volume["VolumeId"]), tag_map(volume.get("Tags")))
            for volume in answer.get("Volumes", [])
        ]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """The volume's size and type."""
        volume_id = arn.rpartition("/")[2]
        try:
            volume = (await services.call("ec2", "DescribeVolumes", VolumeIds=[volume_id]))["Volumes"][0]
        except InternalCallError as error:
            raise ResourceGoneError(f"Volume {arn} does not exist") from error
        key = (volume.get("KmsKeyId") or aws_managed_key("ebs", services.place)) if volume.get("Encrypted") else None
        configuration = {"Size": volume.get("Size"), "VolumeType": volume.get("VolumeType")}
        metadata = {
            "volumeId": volume_id,
            "availabilityZone": volume.get("AvailabilityZone"),
            "volumeSize": volume.get("Size"),
            "volumeType": volume.get("VolumeType"),
            "encrypted": key is not None,
            "kmsKeyId": key,
        }
        return Capture(
            metadata=stringified(metadata),
            size=int(volume.get("Size") or 0) * _GIBIBYTE,
            key_arn=key,
            configuration=configuration,
        )

    async def restore(
        self, services: AccountServices, capture: Capture, metadata: Metadata, recovery_point_arn: str
    ) -> str:
        """A new volume."""
        parameters = {**capture.configuration, "AvailabilityZone": metadata.get("availabilityZone")}
        if size := metadata.get("volumeSize"):
            parameters["Size"] = int(size)
        if volume_type := metadata.get("volumeType"):
            parameters["VolumeType"] = volume_type
        if capture.key_arn is not None or metadata.is_true("encrypted"):
            parameters["Encrypted"] = True
            parameters["KmsKeyId"] = metadata.get("kmsKeyId") or capture.key_arn or "alias/aws/ebs"
        volume_id = str((await services.call("ec2", "CreateVolume", **parameters))["VolumeId"])
        services.record(
            "ec2.amazonaws.com",
            "CreateVolume",
            {"snapshotId": recovery_point_arn.rpartition("/")[2], "zone": metadata.get("availabilityZone")},
            {"volumeId": volume_id, "status": "creating"},
        )
        return ec2_arn(services, "volume", volume_id)

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the volume."""
        await tag_ec2(services, arn, tags)


def ec2_arn(services: AccountServices, family: str, identifier: str) -> str:
    """The ARN of something of EC2."""
    return f"arn:aws:ec2:{services.place.region}:{services.place.account}:{family}/{identifier}"


async def tag_ec2(services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
    """Tag something of EC2."""
    await services.call("ec2", "CreateTags", Resources=[arn.rpartition("/")[2]], Tags=tag_list(tags))
