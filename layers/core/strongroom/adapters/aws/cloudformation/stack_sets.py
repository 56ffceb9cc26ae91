"""StackSets of the management account: how far their stacks are in each account, and one more try where they are not.

Source: CloudFormation API reference, ListStackInstances, UpdateStackSet, CreateStackInstances and
DescribeStackSetOperation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.cloudformation.pauses import growing_pauses
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import CallRefusedError, NotFoundError, TemporarilyUnavailableError
from strongroom.domain.rollout.members import LiveInstance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.identifiers import AccountId, Region

ACTIONS = (
    "cloudformation:CreateStackInstances",
    "cloudformation:DescribeStackSet",
    "cloudformation:DescribeStackSetOperation",
    "cloudformation:ListStackInstances",
    "cloudformation:ListStackSetOperationResults",
    "cloudformation:UpdateStackSet",
)

_TAKEN: Final = "OperationInProgressException"
_UNDER_WAY: Final = ("QUEUED", "RUNNING", "STOPPING")
_TOLD: Final = 3
# One account more that fails must not keep the others waiting.
_PREFERENCES: Final = {"FailureTolerancePercentage": 100, "MaxConcurrentPercentage": 25}


class StackSets:
    """StackSets as the stack that owns them left them."""

    def __init__(
        self,
        clients: AccountClients,
        *,
        management_account: AccountId,
        global_region: Region,
        sleep: Callable[[float], None],
    ) -> None:
        """`global_region` is where the stack of the StackSets lies; `sleep` is `time.sleep` outside of tests."""
        self._clients = clients
        self._management_account = management_account
        self._global_region = global_region
        self._sleep = sleep

    def instances(self, stack_set: str) -> tuple[LiveInstance, ...] | None:
        """Every stack of the StackSet, None when there is no such StackSet."""
        try:
            with aws_errors():
                return tuple(
                    LiveInstance(
                        account=each["Account"],
                        region=each["Region"],
                        status=each["Status"],
                        reason=each.get("StatusReason", ""),
                    )
                    for each in self._pages("list_stack_instances", StackSetName=stack_set)
                )
        except NotFoundError:
            return None

    def bring(
        self, stack_set: str, *, accounts: tuple[AccountId, ...], regions: tuple[Region, ...], are_new: bool
    ) -> None:
        """Make these stacks, or bring those that are there once more, and wait; CallRefusedError tells what failed."""
        with aws_errors():
            found = self._cloudformation.describe_stack_set(StackSetName=stack_set)["StackSet"]
            request = {
                "StackSetName": stack_set,
                "DeploymentTargets": {
                    "OrganizationalUnitIds": found["OrganizationalUnitIds"],
                    "Accounts": list(accounts),
                    "AccountFilterType": "INTERSECTION",
                },
                "Regions": list(regions),
                "OperationPreferences": {**_PREFERENCES, "RegionOrder": list(regions)},
            }
            if not are_new:
                request |= _as_before(found)
            self._wait(stack_set, self._begun("create_stack_instances" if are_new else "update_stack_set", request))

    def _begun(self, call: str, request: dict[str, Any]) -> str:
        """The id of the operation, which begins once that of somebody else is over."""
        pauses = growing_pauses()
        while True:
            try:
                with aws_errors():
                    return str(getattr(self._cloudformation, call)(**request)["OperationId"])
            except TemporarilyUnavailableError as error:
                if _TAKEN not in str(error):
                    raise
                self._sleep(next(pauses))

    def _wait(self, stack_set: str, operation: str) -> None:
        about = {"StackSetName": stack_set, "OperationId": operation}
        for pause in growing_pauses():
            found = self._cloudformation.describe_stack_set_operation(**about)["StackSetOperation"]
            if found["Status"] not in _UNDER_WAY:
                break
            self._sleep(pause)
        results = self._pages("list_stack_set_operation_results", **about)
        failed = [each for each in results if each["Status"] in ("FAILED", "CANCELLED")]
        if failed:
            told = "; ".join(
                f"{each['Account']} {each['Region']}: {each.get('StatusReason')}" for each in failed[:_TOLD]
            )
            raise CallRefusedError(f"{len(failed)} stacks of {stack_set} failed: {told}")

    def _pages(self, operation: str, **request: str) -> Iterator[dict[str, Any]]:
        for page in self._cloudformation.get_paginator(operation).paginate(**request):
            yield from page["Summaries"]

    @property
    def _cloudformation(self) -> Any:
        return self._clients.client("cloudformation", account=self._management_account, region=self._global_region)


def _as_before(found: dict[str, Any]) -> dict[str, Any]:
    """Template, parameters and capabilities as they are: what is left out would be taken for a change."""
    names = [each["ParameterKey"] for each in found["Parameters"]]
    return {
        "UsePreviousTemplate": True,
        "Parameters": [{"ParameterKey": name, "UsePreviousValue": True} for name in names],
        "Capabilities": found["Capabilities"],
    }
