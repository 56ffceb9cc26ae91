"""What AWS Backup takes of a stack's template, and what it makes of it: a change set, which it never runs.

Sources: AWS Backup Developer Guide, "Restore CloudFormation stacks"; CloudFormation User Guide, "Validate stack
deployments".
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.backup_service.resources.cloudformation_stack import CloudFormationStack
from sandbox.backup_service.resources.kind import Capture, Metadata, RestoreRefusedError
from sandbox.backup_service.surroundings import Place

ACCOUNT, REGION = "222222222222", "eu-west-1"
STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/shop/1f"
WANTED = {"StackName": "shop-back", "ChangeSetName": "r-abcdefgh2345"}


def template(**properties: str) -> str:
    return json.dumps({"Resources": {"Orders": {"Type": "AWS::DynamoDB::Table", "Properties": properties}}})


@dataclass
class Services:
    """CloudFormation of one account with stacks by their ARN, the change sets that it was asked for, and the trail."""

    template: str = field(default_factory=template)
    stacks: dict[str, str] = field(default_factory=lambda: {STACK: "UPDATE_COMPLETE"})
    place: Place = field(default_factory=lambda: Place(ACCOUNT, REGION))
    asked: list[dict[str, Any]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    async def call(self, service: str, operation: str, **parameters: Any) -> Any:
        assert service == "cloudformation"
        match operation:
            case "DescribeStacks":
                size = [{"ParameterKey": "Size", "ParameterValue": "3"}]
                return {"Stacks": [{"StackId": each, "StackName": _name(each), "Parameters": size}
                                   for each in self.stacks]}  # fmt: skip
            case "GetTemplate":
                return {"TemplateBody": self.template}
            case "ListStackResources":
                names = ("LogicalResourceId", "ResourceType", "PhysicalResourceId")
                row = dict(zip(names, ("Orders", "AWS::DynamoDB::Table", "orders"), strict=True))
                return {"StackResourceSummaries": [row]}
            case "CreateChangeSet":
                self.asked.append(parameters)
                made = STACK.replace("shop/", f"{parameters['StackName']}/")
                self.stacks[made] = "REVIEW_IN_PROGRESS"
                return {"StackId": made}
        raise AssertionError(operation)

    def record(self, source: str, name: str, *_: Any) -> None:
        self.told.append(f"{source} {name}")


def _name(arn: str) -> str:
    return arn.split("/")[1]


def captured(services: Services) -> Capture:
    return asyncio.run(CloudFormationStack().capture(services, STACK))  # type: ignore[arg-type]


def restored(services: Services, capture: Capture, **said: str) -> str:
    metadata = Metadata(WANTED | said)
    return asyncio.run(CloudFormationStack().restore(services, capture, metadata, "arn:point"))  # type: ignore[arg-type]


def test_a_backup_tells_the_stack_and_its_parameters() -> None:
    assert captured(Services()).metadata == {"StackName": "shop", "StackParameters": '{"Size": "3"}'}


def test_a_change_set_of_the_template_is_made_and_the_trail_tells_of_that_alone() -> None:
    services = Services()
    made = restored(services, captured(services), StackParameters='{"Size": "4"}')
    assert services.stacks[made] == "REVIEW_IN_PROGRESS"
    [asked] = services.asked
    assert (asked["StackName"], asked["ChangeSetName"], asked["ChangeSetType"]) == (*WANTED.values(), "CREATE")
    assert (asked["TemplateBody"], asked["Parameters"]) == (
        services.template,
        [{"ParameterKey": "Size", "ParameterValue": "4"}],
    )
    assert services.told == ["cloudformation.amazonaws.com CreateChangeSet"]


@pytest.mark.parametrize("name", ["shop", "waiting"])
def test_a_name_that_is_taken_makes_nothing(name: str) -> None:
    """One that a change set has begun, and nobody ran, has it too."""
    services = Services()
    services.stacks[STACK.replace("shop", "waiting")] = "REVIEW_IN_PROGRESS"
    with pytest.raises(RestoreRefusedError, match="already exists"):
        restored(services, captured(services), StackName=name)
    assert services.asked == []


def test_where_something_in_it_has_a_name_that_is_taken_the_change_set_fails() -> None:
    services = Services(template=template(TableName="orders"))
    capture = captured(services)
    with pytest.raises(RestoreRefusedError, match="Orders already exists"):
        restored(services, capture)
    del services.stacks[STACK]
    assert restored(services, capture) in services.stacks
