"""Every private touch of MiniStack's Step Functions.

AWS takes definitions in YAML, evaluates `TimeoutSeconds` of a JSONata task, and authorises the answer to a task on the
state machine that waits for it, and invokes a function with the rights of the machine's role; MiniStack reads JSON
only, takes what is written as a timeout for the number itself, does not know whose task a token belongs to, and lets
every machine invoke every function.
"""
# ruff: noqa: SLF001

import json
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

import yaml

from sandbox.seams import host as seams
from sandbox.settings import Settings

_ENGINE = "ministack.services.stepfunctions"
_running: ContextVar[str] = ContextVar("running", default="")
_machines: dict[str, str] = {}


def install(_: Settings | None = None) -> None:
    """Let definitions be YAML, timeouts be evaluated before their task runs, and tokens know their machine."""
    _machines.clear()
    seams.replace(_ENGINE, "_execute_task", _evaluating_timeouts)
    seams.replace(_ENGINE, "_invoke_with_callback", _remembering_tokens)
    seams.replace("ministack.services.cloudformation.provisioners", "_sfn_definition", _reading_yaml)


def ask_before_invoking(why_not: Callable[[str, str], str | None]) -> None:
    """Ask `why_not(role_arn, function_arn)` before a machine invokes; its answer fails the task as AWS fails it."""

    def build(original: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
        engine = seams.service_module("stepfunctions")
        functions = seams.service_module("lambda_svc")

        @wraps(original)
        def call_lambda(function: str, event: Any) -> Any:
            machine = engine._state_machines.get(_running.get()) or {}
            _, configuration, _ = functions._get_func_record_for_ref(function)
            if machine and configuration and (why := why_not(machine["roleArn"], configuration["FunctionArn"])):
                cause = f"{why} (Service: Lambda, Status Code: 403)"
                raise engine._ExecutionError("Lambda.AWSLambdaException", cause)
            return original(function, event)

        return call_lambda

    seams.replace(_ENGINE, "_call_lambda", build)


def machine_of(token: str) -> str | None:
    """The ARN of the state machine whose task the token answers, None for a token that nobody waits for."""
    return _machines.get(token)


def _evaluating_timeouts(original: Callable[..., Any]) -> Callable[..., Any]:
    engine = seams.service_module("stepfunctions")

    def execute_task(state: dict[str, Any], given: Any, execution: Any, context: Any) -> Any:
        _running.set(str(execution.get("stateMachineArn", "")))
        if isinstance(state.get("TimeoutSeconds"), str):
            seconds = engine._jsonata_state_field(state, "TimeoutSeconds", "number", given, context)
            state = state | {"TimeoutSeconds": seconds}
        return original(state, given, execution, context)

    return execute_task


def _remembering_tokens(original: Callable[..., Any]) -> Callable[..., Any]:
    def invoke_with_callback(resource: str, given: Any, token: str, state: dict[str, Any]) -> Any:
        _machines[token] = _running.get()
        return original(resource, given, token, state)

    return invoke_with_callback


def _reading_yaml(original: Callable[..., str]) -> Callable[..., str]:
    def definition(properties: dict[str, Any]) -> str:
        return json.dumps(yaml.load(original(properties), Loader=yaml.CSafeLoader))

    return definition
