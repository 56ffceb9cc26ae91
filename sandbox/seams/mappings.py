"""Private touches of MiniStack's event source mappings, which AWS makes and reads with the rights of the function.

Pinned by `tests/contract/seams/test_mappings.py`.
"""
# ruff: noqa: SLF001

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.seams import host as seams

_LAMBDA: Final = "ministack.services.lambda_svc"
_TYPE: Final = "AWS::Lambda::EventSourceMapping"
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
        if _may_receive(data, why_not):
            return original(data)
        error = {"Type": "User", "message": _REFUSAL, "__type": "InvalidParameterValueException"}
        headers = {"Content-Type": "application/json", "x-amzn-errortype": "InvalidParameterValueException"}
        return 400, headers, json.dumps(error).encode()

    return create_esm


def _may_receive(mapping: Mapping[str, Any], why_not: WhyNot) -> bool:
    source = str(mapping.get("EventSourceArn", ""))
    function = mapping.get("FunctionName", "")
    _, configuration, _ = seams.service_module("lambda_svc")._get_func_record_for_ref(function)
    if not configuration or not source.startswith("arn:aws:sqs:"):
        return True
    return why_not(str(configuration["Role"]), source) is None


def _let_stacks_fail(why_not: WhyNot) -> None:
    from ministack.services.cloudformation import provisioners

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        if not _may_receive(properties, why_not):
            raise ValueError(_REFUSAL)
        return provisioners._lambda_esm_create(logical_id, properties, stack)

    known = provisioners._RESOURCE_HANDLERS[_TYPE]
    provisioners._RESOURCE_HANDLERS[_TYPE] = {**known, "create": create}


def _pausing(original: Callable[..., int], why_not: WhyNot) -> Callable[..., int]:
    def concurrency(esm: dict[str, Any], function: Any, configuration: Mapping[str, Any], queue: Any = None) -> int:
        source = str(esm.get("EventSourceArn", ""))
        if queue is not None and queue["messages"] and why_not(str(configuration["Role"]), source) is not None:
            esm["LastProcessingResult"] = "PROBLEM: Lambda execution role does not have sufficient permissions"
            return 0
        return original(esm, function, configuration, queue)

    return concurrency
