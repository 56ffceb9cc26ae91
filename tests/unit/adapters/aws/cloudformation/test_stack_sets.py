"""How far the stacks of a StackSet are, and one more try for those that failed."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.adapters.aws.cloudformation.stack_sets import StackSets
from strongroom.domain.errors import CallRefusedError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.rollout.members import LiveInstance
from tests.builders.places import GLOBAL_REGION, HOME, PAYMENTS
from tests.fakes.account_clients import FakeAccountClients, Pages, refusal

NAME = "strongroom-member"
MANAGEMENT = AccountId("111111111111")


@dataclass
class FakeCloudFormation:
    """CloudFormation with one StackSet, whose operation is under way for a moment and ends with these results."""

    results: tuple[tuple[str, str], ...] = (("SUCCEEDED", ""),)
    waiting: list[str] = field(default_factory=lambda: ["QUEUED", "RUNNING", "SUCCEEDED"])
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    is_there: bool = True
    taken: int = 0

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, operation))

    def list_stack_instances(self, *, StackSetName: str) -> dict[str, Any]:  # noqa: N803 AWS's name
        if not self.is_there:
            raise refusal("StackSetNotFoundException", "ListStackInstances", f"StackSet {StackSetName} not found")
        current = {"Account": PAYMENTS, "Region": HOME, "Status": "CURRENT"}
        return {"Summaries": [current, {**current, "Status": "OUTDATED", "StatusReason": "why"}]}

    def describe_stack_set(self, **_: str) -> dict[str, Any]:
        found = {
            "OrganizationalUnitIds": ["ou-1"],
            "Parameters": [{"ParameterKey": "HomeRegion", "ParameterValue": HOME}],
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
        }
        return {"StackSet": found}

    def _begin(self) -> None:
        if self.taken:
            self.taken -= 1
            raise refusal("OperationInProgressException", "UpdateStackSet", "Another Operation is in progress")

    def update_stack_set(self, **request: Any) -> dict[str, str]:
        self._begin()
        self.calls.append(("update", request))
        return {"OperationId": "1"}

    def create_stack_instances(self, **request: Any) -> dict[str, str]:
        self._begin()
        self.calls.append(("create", request))
        return {"OperationId": "1"}

    def describe_stack_set_operation(self, **_: str) -> dict[str, Any]:
        return {"StackSetOperation": {"Status": self.waiting.pop(0)}}

    def list_stack_set_operation_results(self, **_: str) -> dict[str, Any]:
        return {
            "Summaries": [
                {"Account": PAYMENTS, "Region": HOME, "Status": status, "StatusReason": reason}
                for status, reason in self.results
            ]
        }


def of(cloudformation: FakeCloudFormation) -> StackSets:
    clients = FakeAccountClients(own={"cloudformation": cloudformation})
    return StackSets(clients, management_account=MANAGEMENT, global_region=GLOBAL_REGION, sleep=lambda _: None)


def test_every_stack_is_told_with_its_reason() -> None:
    assert of(FakeCloudFormation()).instances(NAME) == (
        LiveInstance(account=PAYMENTS, region=HOME, status="CURRENT"),
        LiveInstance(account=PAYMENTS, region=HOME, status="OUTDATED", reason="why"),
    )


def test_a_stack_set_that_does_not_exist_is_none() -> None:
    assert of(FakeCloudFormation(is_there=False)).instances(NAME) is None


def test_another_try_changes_nothing_of_the_stack_set_and_is_waited_for() -> None:
    cloudformation = FakeCloudFormation()
    of(cloudformation).bring(NAME, accounts=(PAYMENTS,), regions=(HOME,), are_new=False)
    [(call, request)] = cloudformation.calls
    assert (call, request["UsePreviousTemplate"], request["Capabilities"]) == ("update", True, ["CAPABILITY_NAMED_IAM"])
    assert request["Parameters"] == [{"ParameterKey": "HomeRegion", "UsePreviousValue": True}]
    assert request["DeploymentTargets"] == {
        "OrganizationalUnitIds": ["ou-1"],
        "Accounts": [PAYMENTS],
        "AccountFilterType": "INTERSECTION",
    }
    assert request["OperationPreferences"]["FailureTolerancePercentage"] == 100
    assert cloudformation.waiting == []


def test_what_is_new_is_created() -> None:
    cloudformation = FakeCloudFormation()
    of(cloudformation).bring(NAME, accounts=(PAYMENTS,), regions=(HOME,), are_new=True)
    [(call, request)] = cloudformation.calls
    assert (call, request["Regions"], "UsePreviousTemplate" in request) == ("create", [HOME], False)


def test_a_try_that_fails_tells_where_and_why() -> None:
    cloudformation = FakeCloudFormation(results=(("SUCCEEDED", ""), ("FAILED", "Rate exceeded")))
    with pytest.raises(CallRefusedError, match=f"1 stacks of {NAME} failed: {PAYMENTS} {HOME}: Rate exceeded"):
        of(cloudformation).bring(NAME, accounts=(PAYMENTS,), regions=(HOME,), are_new=False)


@pytest.mark.parametrize("are_new", [True, False])
def test_an_operation_of_somebody_else_is_waited_for(are_new: bool) -> None:  # noqa: FBT001
    cloudformation = FakeCloudFormation(taken=2)
    of(cloudformation).bring(NAME, accounts=(PAYMENTS,), regions=(HOME,), are_new=are_new)
    assert (cloudformation.taken, len(cloudformation.calls)) == (0, 1)
