"""EC2 instances: images."""

from collections.abc import Mapping

from sandbox.backup_service.resources.ebs_volume import ec2_arn, tag_ec2
from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    RestoreRefusedError,
    stringified,
    tag_map,
)
from sandbox.backup_service.surroundings import AccountServices, Document
from sandbox.seams.backup import InternalCallError

_GONE = ("terminated", "shutting-down")
_CHOICES = {"InstanceType": "text", "SubnetId": "text", "SecurityGroupIds": "list", "KeyName": "text"}
_BACKED_UP = "UseBackedUpValue"


class Ec2Instance:
    """An EC2 instance."""

    resource_type = "EC2"
    selector = "arn:aws:ec2:*:*:instance/*"
    is_fully_managed = False
    has_cold_storage = False
    restores_tags = True
    required_metadata = ()

    def owns(self, arn: str) -> bool:
        """Whether the ARN names an instance."""
        return arn.startswith("arn:aws:ec2:") and ":instance/" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:ec2:R::image/ami-<id>`."""
        return f"arn:aws:ec2:{region}::image/ami-{unique.replace('-', '')[:17]}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every instance that is not terminated."""
        answer = await services.call("ec2", "DescribeInstances")
        return [
            Resource(ec2_arn(services, "instance", instance["InstanceId"]), tag_map(instance.get("Tags")))
            for instance in _instances(answer)
        ]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """The instance's image, type and network."""
        try:
            answer = await services.call("ec2", "DescribeInstances", InstanceIds=[arn.rpartition("/")[2]])
        except InternalCallError as error:
            raise ResourceGoneError(f"Instance {arn} does not exist") from error
        instances = _instances(answer)
        if not instances:
            raise ResourceGoneError(f"Instance {arn} does not exist")
        instance = instances[0]
        configuration = {
            "ImageId": instance.get("ImageId"),
            "InstanceType": instance.get("InstanceType"),
            "SubnetId": instance.get("SubnetId"),
            "SecurityGroupIds": [group["GroupId"] for group in instance.get("SecurityGroups", [])],
            "KeyName": instance.get("KeyName"),
            "IamInstanceProfileName": _profile_name(instance),
        }
        return Capture(metadata=stringified(configuration), configuration=configuration)

    async def restore(
        self, services: AccountServices, capture: Capture, metadata: Metadata, recovery_point_arn: str
    ) -> str:
        """A new instance; its profile is the backed-up one or none."""
        backed_up = capture.configuration.get("IamInstanceProfileName")
        profile = metadata.get("IamInstanceProfileName")
        if profile not in (None, "", _BACKED_UP, backed_up):
            raise RestoreRefusedError(
                "AWS Backup does not permit attaching a new instance profile to an EC2 instance. "
                "Please restore using the backed up instance profile."
            )
        stored = {name: value for name, value in capture.configuration.items() if name in ("ImageId", *_CHOICES)}
        parameters = metadata.chosen(_CHOICES, {name: value for name, value in stored.items() if value})
        if profile and backed_up:
            parameters["IamInstanceProfile"] = {"Name": backed_up}
        answer = await services.call("ec2", "RunInstances", MinCount=1, MaxCount=1, **parameters)
        instance_id = str(answer["Instances"][0]["InstanceId"])
        services.record(
            "ec2.amazonaws.com",
            "RunInstances",
            {"instancesSet": {"items": [{"imageId": recovery_point_arn.rpartition("/")[2]}]}},
            {"instancesSet": {"items": [{"instanceId": instance_id, "tagSet": {}, "blockDeviceMapping": {}}]}},
        )
        return ec2_arn(services, "instance", instance_id)

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the instance."""
        await tag_ec2(services, arn, tags)


async def roles_lent(services: AccountServices, capture: Capture, metadata: Metadata) -> list[str]:
    """The roles in the instance profile that comes back with an instance; none where there is no such profile."""
    backed_up = capture.configuration.get("IamInstanceProfileName")
    if not backed_up or metadata.get("IamInstanceProfileName") not in (_BACKED_UP, backed_up):
        return []
    try:
        answer = await services.call("iam", "GetInstanceProfile", InstanceProfileName=backed_up)
    except InternalCallError:
        return []
    return [str(role["Arn"]) for role in answer["InstanceProfile"]["Roles"]]


def _instances(answer: Document) -> list[Document]:
    every = [instance for each in answer.get("Reservations", []) for instance in each.get("Instances", [])]
    return [instance for instance in every if instance.get("State", {}).get("Name") not in _GONE]


def _profile_name(instance: Document) -> str | None:
    arn = (instance.get("IamInstanceProfile") or {}).get("Arn")
    return str(arn).rpartition("/")[2] if arn else None
