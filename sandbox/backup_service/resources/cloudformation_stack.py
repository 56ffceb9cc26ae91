"""CloudFormation stacks: composite recovery points, in which that of the template and those of resources lie nested.

Developer Guide, "CloudFormation stack backups" and "Restore CloudFormation stacks". In which words AWS Backup tells of
a template and its parameters, and that a job answers the ARN of the stack, no page says.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

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
# The property that names a resource. Nothing has "" as a property.
_NAMES: Final = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::RDS::DBCluster": "DBClusterIdentifier",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::S3::Bucket": "BucketName",
}


@dataclass(frozen=True, slots=True)
class Member:
    """A resource of a stack by its logical id; without an ARN its type is none that AWS Backup knows.

    The template has no logical id.
    """

    name: str | None
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
    required_metadata = ("ChangeSetName", "StackName")

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
        parameters = {each["ParameterKey"]: each["ParameterValue"] for each in await _parameters(services, arn)}
        return Capture(
            metadata={"StackName": arn.split("/")[1], "StackParameters": json.dumps(parameters)},
            content=members,
            configuration={"template": template["TemplateBody"], "stack": arn},
        )

    async def restore(
        self,
        services: AccountServices,
        capture: Capture,
        metadata: Metadata,
        recovery_point_arn: str,  # noqa: ARG002
    ) -> str:
        """Make a stack with nothing in it and a change set of the template, which somebody else runs."""
        name, template = metadata.get("StackName"), capture.configuration["template"]
        if any(stack["StackName"] == name for stack in await _stacks(services)):
            raise RestoreRefusedError(f"Stack [{name}] already exists")
        living = {each["LogicalResourceId"] for each in await _living(services, capture.configuration["stack"])}
        if taken := sorted(living & set(_named(template))):
            # CloudFormation User Guide, "Validate stack deployments": it fails a change set by names that are taken.
            raise RestoreRefusedError(f"The change set failed validation: {', '.join(taken)} already exists")
        parameters = json.loads(metadata.get("StackParameters") or "{}")
        request = {
            "StackName": name,
            "ChangeSetName": metadata.get("ChangeSetName"),
            "ChangeSetType": "CREATE",
            "Description": metadata.get("ChangeSetDescription") or "Restored by AWS Backup",
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        }
        made = await services.call("cloudformation", "CreateChangeSet", TemplateBody=template, **request)
        services.record("cloudformation.amazonaws.com", "CreateChangeSet", request, made)
        return str(made["StackId"])

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:  # noqa: ARG002
        """Refused: a stack is tagged by an update of it, and none comes out of a restore."""
        raise RestoreRefusedError(f"{arn} is a stack, which AWS Backup does not tag")


async def _stacks(services: AccountServices) -> list[dict[str, Any]]:
    answer = await services.call("cloudformation", "DescribeStacks")
    return list(answer.get("Stacks", []))


async def _parameters(services: AccountServices, arn: str) -> list[dict[str, str]]:
    [stack] = [each for each in await _stacks(services) if each["StackId"] == arn]
    return list(stack.get("Parameters", []))


async def _living(services: AccountServices, arn: str) -> list[dict[str, Any]]:
    """What belongs to the stack that was backed up; nothing does to one that is gone."""
    if arn not in {each["StackId"] for each in await _stacks(services)}:
        return []
    answer = await services.call("cloudformation", "ListStackResources", StackName=arn)
    return list(answer["StackResourceSummaries"])


def _named(template: str) -> Iterator[str]:
    """The logical ids of what the template gives a name of its own, of which there is one in an account."""
    for logical_id, resource in json.loads(template).get("Resources", {}).items():
        if _NAMES.get(resource["Type"], "") in resource.get("Properties", {}):
            yield logical_id


def _arn(services: AccountServices, resource_type: str, name: str) -> str | None:
    pattern = _ARNS.get(resource_type)
    return pattern and pattern.format(region=services.place.region, account=services.place.account, name=name)
