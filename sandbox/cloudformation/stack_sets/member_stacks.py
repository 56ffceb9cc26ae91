"""The stack of a StackSet in one account and Region: created, updated, created anew after a failure, deleted."""

import time
import uuid
from copy import replace
from typing import Any, Final

from sandbox.cloudformation.stack_sets.habits import habits
from sandbox.cloudformation.stack_sets.records import (
    CURRENT,
    FAILED,
    INOPERABLE,
    OUTDATED,
    SKIPPED,
    SUCCEEDED,
    Place,
    StackInstance,
    StackSet,
)
from sandbox.organization import regions
from sandbox.organization import tree as organization
from sandbox.seams import host as seams
from sandbox.settings import MANAGEMENT_ACCOUNT

STACK_SECONDS: Final = 120.0
_DONE: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
_NEVER_MADE: Final = ("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED", "")
_OFF: Final = "Account {} does not have the Region {} enabled"
_SUSPENDED: Final = "Account is suspended. Account ID: {}"


def bring(stack_set: StackSet, place: Place, unit: str) -> StackInstance:
    """The instance after its stack was created or updated, and its account's bus was told how that ended."""
    account, region = place
    known = stack_set.instances.get(place)
    blank = known or StackInstance(
        account=account, region=region, unit=unit, stack_id="", status=OUTDATED, detail=FAILED
    )
    if organization.is_closed(account):
        detail = SKIPPED if habits.skips_suspended else FAILED
        return replace(blank, status=OUTDATED, detail=detail, reason=_SUSPENDED.format(account))
    # User Guide, "Performing stack set operations involving Regions that are disabled by default".
    if closed := [each for each in (account, MANAGEMENT_ACCOUNT) if not regions.is_on(each, region)]:
        return replace(blank, status=OUTDATED, detail=FAILED, reason=_OFF.format(closed[0], region))
    if habits.finds_kept_stacks and place in stack_set.kept:
        blank = replace(blank, stack_id=stack_set.kept[place])
    stack, reason = _deployed(stack_set, blank)
    status = status_of(stack, place)
    is_done = status in _DONE and not reason
    if stack:
        _tell(place, stack, status, reason)
    return replace(
        blank,
        stack_id=stack,
        status=CURRENT if is_done else OUTDATED,
        detail=SUCCEEDED if is_done else FAILED,
        reason=reason,
    )


def delete(instance: StackInstance) -> StackInstance | None:
    """None when the stack is gone; the instance is inoperable when the stack cannot be deleted."""
    if organization.is_closed(instance.account):
        reason = _SUSPENDED.format(instance.account)
        return replace(instance, status=INOPERABLE, detail=INOPERABLE, reason=reason)
    if not instance.stack_id:
        return None
    _call("DeleteStack", instance.place, StackName=instance.stack_id)
    status = status_of(instance.stack_id, instance.place)
    if status in ("DELETE_COMPLETE", ""):
        return None
    return replace(
        instance, status=INOPERABLE, detail=INOPERABLE, reason=_first_failure(instance.stack_id, instance.place)
    )


def status_of(stack: str, place: Place) -> str:
    """How the stack ended, once nothing goes on in it; empty where there is none."""
    deadline = time.monotonic() + STACK_SECONDS
    while stack and time.monotonic() < deadline:
        try:
            [found] = _call("DescribeStacks", place, StackName=stack)["Stacks"]
        except seams.ServiceCallError:
            return ""
        if not found["StackStatus"].endswith("_IN_PROGRESS"):
            return str(found["StackStatus"])
        time.sleep(0.02)
    return ""


def _deployed(stack_set: StackSet, instance: StackInstance) -> tuple[str, str]:
    """The stack's id, and why it failed; empty when it did not."""
    request = {
        "TemplateBody": stack_set.definition.body,
        "Capabilities": list(stack_set.definition.capabilities),
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in sorted(stack_set.definition.parameters.items())
        ],
    }
    stack = instance.stack_id
    try:
        if status_of(stack, instance.place) in _NEVER_MADE:
            if stack:
                _call("DeleteStack", instance.place, StackName=stack)
                status_of(stack, instance.place)
            name = f"StackSet-{stack_set.name}-{uuid.uuid4()}"
            stack = _call("CreateStack", instance.place, StackName=name, **request)["StackId"]
        else:
            _call("UpdateStack", instance.place, StackName=stack, **request)
    except seams.ServiceCallError as error:
        return stack, "" if "No updates are to be performed" in str(error) else str(error)
    is_done = status_of(stack, instance.place) in _DONE
    return stack, "" if is_done else _first_failure(stack, instance.place)


def _first_failure(stack: str, place: Place) -> str:
    """What failed first, in the words in which a StackSet tells it."""
    events = _call("DescribeStackEvents", place, StackName=stack)["StackEvents"]  # newest first
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return "the stack was not finished in time"
    return (
        f"ResourceLogicalId:{failed[-1]['LogicalResourceId']}, ResourceType:{failed[-1]['ResourceType']}, "
        f"ResourceStatusReason:{failed[-1].get('ResourceStatusReason', '')}."
    )


def _tell(place: Place, stack: str, status: str, reason: str) -> None:
    detail = {
        "stack-id": stack,
        "status-details": {"status": status, "status-reason": reason},
        "client-request-token": "",
    }
    seams.publish_aws_event("aws.cloudformation", "CloudFormation Stack Status Change", detail, *place, [stack])


def _call(action: str, place: Place, **request: Any) -> dict[str, Any]:
    return seams.call_cloudformation(action, request, *place)
