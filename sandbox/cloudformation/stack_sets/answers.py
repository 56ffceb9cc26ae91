"""CloudFormation's own calls about StackSets, for the account and Region that a StackSet lives in; lists are whole.

Source: CloudFormation API reference; UpdateStackSet without a change "updates the stack instances in the specified
accounts and Regions, while leaving all other stack instances with their existing status".
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.cloudformation.stack_sets import operations, records
from sandbox.cloudformation.stack_sets.records import Operation, Place, Preferences, StackInstance, StackSet
from sandbox.seams import cloudformation as seams
from sandbox.seams import host as seams_host

type Answer = Callable[[StackSet, seams.Request], seams.Result]


@dataclass(slots=True)
class _Background:
    """The thread on which operations run after their call was answered."""

    thread: ThreadPoolExecutor | None = None


_background = _Background()


def start() -> None:
    """Answer them."""
    _background.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stack-set-operations")
    calls: Mapping[str, Answer] = {
        "DescribeStackSet": _describe,
        "ListStackInstances": _list_instances,
        "ListStackSetOperations": _list_operations,
        "ListStackSetOperationResults": _list_results,
        "DescribeStackSetOperation": _describe_operation,
        "UpdateStackSet": _update,
        "CreateStackInstances": _create_instances,
    }
    seams.answer_actions({name: _about_a_stack_set(call) for name, call in calls.items()})


def stop() -> None:
    """Finish what is being done."""
    if _background.thread is not None:
        _background.thread.shutdown(wait=True, cancel_futures=True)


def _about_a_stack_set(call: Answer) -> seams.Action:
    def answer(request: seams.Request) -> seams.Result:
        name = seams.text_of(request, "StackSetName")
        stack_set = records.find(name)
        here = (seams_host.request_account(), seams_host.request_region())
        if stack_set is None or (stack_set.account, stack_set.region) != here:
            return seams.Refusal(f"StackSet {name} not found", code="StackSetNotFoundException", status=404)
        return call(stack_set, request)

    return answer


def _describe(stack_set: StackSet, _request: seams.Request) -> seams.Result:
    definition = stack_set.definition
    described = {
        "StackSetName": stack_set.name,
        "StackSetId": stack_set.id,
        "StackSetARN": stack_set.arn,
        "Status": "ACTIVE",
        "TemplateBody": definition.body,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in definition.parameters.items()],
        "Capabilities": list(definition.capabilities),
        "PermissionModel": "SERVICE_MANAGED",
        "OrganizationalUnitIds": list(definition.units),
        "Regions": sorted({region for _, region in stack_set.instances}),
        "AutoDeployment": {
            "Enabled": definition.automatic.enabled,
            "RetainStacksOnAccountRemoval": definition.automatic.retains,
            "DependsOn": list(definition.automatic.depends_on),
        },
    }
    return {"StackSet": described}


def _list_instances(stack_set: StackSet, _request: seams.Request) -> seams.Result:
    return {"Summaries": [_shown(stack_set, each) for each in records.instances(stack_set.name)]}


def _shown(stack_set: StackSet, instance: StackInstance) -> dict[str, Any]:
    return {
        "StackSetId": stack_set.id,
        "Account": instance.account,
        "Region": instance.region,
        "OrganizationalUnitId": instance.unit,
        "Status": instance.status,
        "StackInstanceStatus": {"DetailedStatus": instance.detail},
        "LastOperationId": instance.operation,
        **({"StackId": instance.stack_id} if instance.stack_id else {}),
        **({"StatusReason": instance.reason} if instance.reason else {}),
    }


def _list_operations(stack_set: StackSet, _request: seams.Request) -> seams.Result:
    return {"Summaries": [_told(each) for each in reversed(stack_set.operations)]}


def _told(operation: Operation) -> dict[str, Any]:
    return {
        "OperationId": operation.id,
        "Action": operation.action,
        "Status": operation.status,
        "CreationTimestamp": _stamp(operation.began),
        "StatusDetails": {"FailedStackInstancesCount": operation.failures()},
        **({"EndTimestamp": _stamp(operation.ended)} if operation.ended else {}),
    }


def _list_results(stack_set: StackSet, request: seams.Request) -> seams.Result:
    operation = _operation(stack_set, request)
    if isinstance(operation, seams.Refusal):
        return operation
    results = [
        {"Account": account, "Region": region, "Status": status, **({"StatusReason": reason} if reason else {})}
        for (account, region), (status, reason) in sorted(operation.results.items())
    ]
    return {"Summaries": results}


def _describe_operation(stack_set: StackSet, request: seams.Request) -> seams.Result:
    operation = _operation(stack_set, request)
    if isinstance(operation, seams.Refusal):
        return operation
    return {"StackSetOperation": {**_told(operation), "StackSetId": stack_set.id}}


def _operation(stack_set: StackSet, request: seams.Request) -> Operation | seams.Refusal:
    wanted = seams.text_of(request, "OperationId")
    found = next((each for each in stack_set.operations if each.id == wanted), None)
    return found or seams.Refusal(f"Operation {wanted} not found", code="OperationNotFoundException", status=404)


def _update(stack_set: StackSet, request: seams.Request) -> seams.Result:
    """Bring what is there once more; a change of the template is the business of the stack that owns the StackSet."""
    if seams.text_of(request, "UsePreviousTemplate") != "true":
        return seams.Refusal("You must specify either TemplateBody, TemplateURL or UsePreviousTemplate")
    definition = stack_set.definition
    if lacking := [each for each in definition.capabilities if each not in seams.texts_of(request, "Capabilities")]:
        return seams.Refusal(
            f"Requires capabilities : [{', '.join(lacking)}]", code="InsufficientCapabilitiesException"
        )
    if lost := [name for name in definition.parameters if name not in _previous(request)]:
        return seams.Refusal(f"Parameters: [{', '.join(lost)}] must have values")
    chosen = _chosen(stack_set, request)
    there = {place: each.unit for place, each in stack_set.instances.items() if chosen(place)}
    return _begin(stack_set, "UPDATE", there, request)


def _create_instances(stack_set: StackSet, request: seams.Request) -> seams.Result:
    chosen, regions = _chosen(stack_set, request), seams.texts_of(request, "Regions")
    members = stack_set.definition.members().items()
    wanted = {(account, region): unit for account, unit in members for region in regions if chosen((account, region))}
    return _begin(stack_set, "CREATE", wanted, request)


def _begin(stack_set: StackSet, action: str, places: Mapping[Place, str], request: seams.Request) -> seams.Result:
    if _background.thread is None:
        raise RuntimeError("no sandbox is running")
    operation = Operation(action)
    stack_set.operations.append(operation)
    given = seams.text_of(request, "OperationPreferences.FailureTolerancePercentage")
    preferences = Preferences(
        regions=tuple(seams.texts_of(request, "OperationPreferences.RegionOrder")),
        percentage=int(given) if given else None,
    )
    _background.thread.submit(operations.bring, stack_set, action, places, preferences, operation)
    return {"OperationId": operation.id}


def _previous(request: seams.Request) -> set[str]:
    return {each["Key"] for each in seams.parameters_of(request) if each["UsePreviousValue"]}


def _chosen(stack_set: StackSet, request: seams.Request) -> Callable[[Place], bool]:
    """Whether a place is among the deployment targets of a request, which names all when it names none."""
    accounts = seams.texts_of(request, "DeploymentTargets.Accounts")
    units = seams.texts_of(request, "DeploymentTargets.OrganizationalUnitIds")
    regions = seams.texts_of(request, "Regions")
    inside = {account for account, unit in stack_set.definition.members().items() if not units or unit in units}

    def is_chosen(place: Place) -> bool:
        account, region = place
        return account in inside and (not accounts or account in accounts) and (not regions or region in regions)

    return is_chosen


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
