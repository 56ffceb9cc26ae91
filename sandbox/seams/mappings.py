"""Private touches of MiniStack's event source mappings, which AWS makes and reads with the rights of the function.

AWS makes none for a queue that does not exist, or that shows a message again while the function may still work on it
(Lambda Developer Guide, "Creating and configuring an Amazon SQS event source mapping"), nor a second one of a queue and
a function (recorded on AWS: localstack/localstack, test_duplicate_event_source_mappings).

Pinned by `tests/contract/seams/test_mappings.py`.
"""
# ruff: noqa: SLF001

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.seams import host as seams

_LAMBDA: Final = "ministack.services.lambda_svc"
_TYPE: Final = "AWS::Lambda::EventSourceMapping"
_NO_QUEUE: Final = "AWS.SimpleQueueService.NonExistentQueue"
_REFUSAL: Final = "The provided execution role does not have permissions to call ReceiveMessage on SQS"

# `why(role_arn, queue_arn)`: why a function's role may not take messages from a queue, None when it may.
type WhyNot = Callable[[str, str], str | None]


def ask_before_receiving(why_not: WhyNot) -> None:
    """Refuse a mapping whose function may not receive, and let one that lost its rights receive nothing."""
    seams.replace(_LAMBDA, "_create_esm", lambda original: _refusing(original, why_not))
    seams.replace(_LAMBDA, "_sqs_esm_concurrency", lambda original: _pausing(original, why_not))
    _let_stacks_fail(why_not)


def _refusing(original: Callable[[dict[str, Any]], Any], why_not: WhyNot) -> Callable[[dict[str, Any]], Any]:
    def create_esm(data: dict[str, Any]) -> Any:
        if (fault := _fault_of(data, why_not)) is not None:
            return _refusal(400, "InvalidParameterValueException", fault)
        if (fault := _second_of(data)) is not None:
            return _refusal(409, "ResourceConflictException", fault)
        return original(data)

    return create_esm


def _refusal(status: int, code: str, message: str) -> Any:
    error = {"Type": "User", "message": message, "__type": code}
    headers = {"Content-Type": "application/json", "x-amzn-errortype": code}
    return status, headers, json.dumps(error).encode()


def _second_of(mapping: Mapping[str, Any]) -> str | None:
    """Why a queue is not mapped to a function again; None where it is not mapped to it yet."""
    source, function = mapping.get("EventSourceArn"), str(mapping.get("FunctionName", ""))
    lambda_svc = seams.service_module("lambda_svc")
    _, configuration, _ = lambda_svc._get_func_record_for_ref(function)
    for there in lambda_svc._esms.values():
        if there["EventSourceArn"] == source and there["FunctionName"] == (configuration or {}).get("FunctionName"):
            name = f'SQS arn (" {source} ") and function (" {there["FunctionName"]} ")'
            wanted = f"Please update or delete the existing mapping with UUID {there['UUID']}"
            return f"An event source mapping with {name} already exists. {wanted}"
    return None


def _fault_of(mapping: Mapping[str, Any], why_not: WhyNot) -> str | None:
    """Why AWS makes no such mapping; None when it does, or when it is about no queue and no function of ours."""
    source = str(mapping.get("EventSourceArn", ""))
    function = mapping.get("FunctionName", "")
    _, configuration, _ = seams.service_module("lambda_svc")._get_func_record_for_ref(function)
    if not configuration or not source.startswith("arn:aws:sqs:"):
        return None
    if why_not(str(configuration["Role"]), source) is not None:
        return _REFUSAL
    queue = seams.service_module("sqs")._queue_by_arn(source)
    if queue is None:
        return f"Error occurred while ReceiveMessage. SQS Error Code: {_NO_QUEUE}."
    hidden, timeout = int(queue["attributes"].get("VisibilityTimeout", 30)), int(configuration["Timeout"])
    if hidden < timeout:
        return f"Queue visibility timeout: {hidden} seconds is less than Function timeout: {timeout} seconds"
    return None


def _let_stacks_fail(why_not: WhyNot) -> None:
    from ministack.services.cloudformation import provisioners

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        if fault := _fault_of(properties, why_not) or _second_of(properties):
            raise ValueError(fault)
        return provisioners._lambda_esm_create(logical_id, properties, stack)

    known = provisioners._RESOURCE_HANDLERS[_TYPE]
    provisioners._RESOURCE_HANDLERS[_TYPE] = {**known, "create": create}


def _pausing(original: Callable[..., int], why_not: WhyNot) -> Callable[..., int]:
    def concurrency(esm: dict[str, Any], function: Any, configuration: Mapping[str, Any], queue: Any = None) -> int:
        source = str(esm.get("EventSourceArn", ""))
        if _has_something_to_take(queue) and why_not(str(configuration["Role"]), source) is not None:
            esm["LastProcessingResult"] = "PROBLEM: Lambda execution role does not have sufficient permissions"
            return 0
        return original(esm, function, configuration, queue)

    return concurrency


def _has_something_to_take(queue: Mapping[str, Any] | None) -> bool:
    return queue is not None and any(message["visible_at"] <= time.time() for message in queue["messages"])
