"""CloudFormation stacks: composite recovery points, in which those of the stack's resources lie nested.

Developer Guide, "CloudFormation stack backups".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    RestoreRefusedError,
    tag_map,
)
from sandbox.backup_service.surroundings import AccountServices
from sandbox.seams.backup import InternalCallError

_ARNS: Final = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::EC2::Instance": "arn:aws:ec2:{region}:{account}:instance/{name}",
    "AWS::EC2::Volume": "arn:aws:ec2:{region}:{account}:volume/{name}",
    "AWS::EFS::FileSystem": "arn:aws:elasticfilesystem:{region}:{account}:file-system/{name}",
    "AWS::RDS::DBCluster": "arn:aws:rds:{region}:{account}:cluster:{name}",
    "AWS::RDS::DBInstance": "arn:aws:rds:{region}:{account}:db:{name}",
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
}


@dataclass(frozen=True, slots=True)
class Member:
    """A resource of a stack by its logical id; without an ARN its type is none that AWS Backup knows."""

    name: str
    arn: str | None


def members_of(capture: Capture) -> tuple[Member, ...]:
    """What belongs to a stack, as it was captured; of anything else nothing does."""
    return capture.content if isinstance(capture.content, tuple) else ()


class CloudFormationStack:
    """A stack."""

    resource_type = "CloudFormation"
    selector = "arn:aws:cloudformation:*:*:stack/*"
    is_fully_managed = True
    has_cold_storage = True
    restores_tags = False
    required_metadata = ()

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a stack."""
        return arn.startswith("arn:aws:cloudformation:") and ":stack/" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:backup:R:A:recovery-point:<uuid>`."""
        return f"arn:aws:backup:{region}:{account}:recovery-point:{unique}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every stack."""
        answer = await services.call("cloudformation", "DescribeStacks")
        return [Resource(stack["StackId"], tag_map(stack.get("Tags"))) for stack in answer.get("Stacks", [])]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """The stack's template, and what belongs to the stack."""
        try:
            template = await services.call("cloudformation", "GetTemplate", StackName=arn)
            answer = await services.call("cloudformation", "ListStackResources", StackName=arn)
        except InternalCallError as error:
            raise ResourceGoneError(f"Stack {arn} does not exist") from error
        members = tuple(
            Member(each["LogicalResourceId"], _arn(services, each["ResourceType"], each["PhysicalResourceId"]))
            for each in answer["StackResourceSummaries"]
        )
        return Capture(metadata={}, content=members, configuration={"template": template["TemplateBody"]})

    async def restore(
        self,
        services: AccountServices,  # noqa: ARG002
        capture: Capture,  # noqa: ARG002
        metadata: Metadata,  # noqa: ARG002
        recovery_point_arn: str,
    ) -> str:
        """Refused: what lies nested can be restored, the composite cannot."""
        raise RestoreRefusedError(f"{recovery_point_arn} is a composite recovery point, which cannot be restored")

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:  # noqa: ARG002
        """Refused: a stack is tagged by an update of it, and none comes out of a restore."""
        raise RestoreRefusedError(f"{arn} is a stack, which AWS Backup does not tag")


def _arn(services: AccountServices, resource_type: str, name: str) -> str | None:
    pattern = _ARNS.get(resource_type)
    return pattern and pattern.format(region=services.place.region, account=services.place.account, name=name)
