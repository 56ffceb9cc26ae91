"""Private touches of MiniStack's executions, where AWS Step Functions refuses or ends what MiniStack lets pass.

On AWS a function that fails under `.waitForTaskToken` fails its task, so that `Retry` and `Catch` apply; MiniStack
forgets the error and waits for an answer that never comes. AWS also holds what is started to the documented limits
(Step Functions Developer Guide, "Quotas": 256 KiB of input or output, 25,000 events; "Service integration patterns").
Pinned by `tests/contract/seams/machines/test_executions.py`.
"""
# ruff: noqa: SLF001

import json
import threading
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Any, Final

from sandbox.machines.definitions import fault_of
from sandbox.machines.names import is_name
from sandbox.seams import host as seams
from sandbox.settings import Settings

_ENGINE: Final = "ministack.services.stepfunctions"
MOST_EVENTS: Final = 25_000
MOST_BYTES: Final = 256 * 1024
_awaited: ContextVar[str] = ContextVar("awaited", default="")

type _Answer = tuple[int, dict[str, str], bytes]
type _Call = Callable[[dict[str, Any]], _Answer]


class _HistoryFullError(Exception):
    """No state can catch it: there is no room left to write down what it would do."""


def install(_: Settings | None = None) -> None:
    """Fail tasks whose function fails, hold histories and answers to their limits, and refuse what cannot be run."""
    seams.replace(_ENGINE, "_invoke_with_callback", _telling_what_is_awaited)
    seams.replace(_ENGINE, "_call_lambda", _failing_the_task)
    seams.replace(_ENGINE, "_add_event", _ending_full_histories)
    seams.replace(_ENGINE, "_start_execution", _starting_once)
    seams.replace(_ENGINE, "_create_state_machine", _refusing_definitions)
    seams.replace(_ENGINE, "_update_state_machine", _refusing_definitions)
    seams.replace("ministack.services.cloudformation.provisioners", "_sfn_definition", _failing_stacks)


def _telling_what_is_awaited(original: Callable[..., Any]) -> Callable[..., Any]:
    def invoke_with_callback(resource: str, given: Any, token: str, state: dict[str, Any]) -> Any:
        ours = _awaited.set(token)
        pulse = _Pulse(token, state.get("HeartbeatSeconds"))
        try:
            with pulse:
                return original(resource, given, token, state)
        finally:
            _awaited.reset(ours)

    return invoke_with_callback


class _Pulse:
    """Ends a task that was silent for longer than its `HeartbeatSeconds`."""

    def __init__(self, token: str, seconds: float | None) -> None:
        """`seconds` is None where the state demands no heartbeats."""
        self._token = token
        self._seconds = seconds
        self._ended = threading.Event()

    def __enter__(self) -> None:
        if self._seconds is not None:
            # The stores of the engine answer for the account and Region of the context that they are asked in.
            watch = partial(copy_context().run, self._watch, float(self._seconds))
            threading.Thread(target=watch, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def _watch(self, seconds: float) -> None:
        heard = None
        while not self._ended.wait(seconds):
            waiting = seams.service_module("stepfunctions")._task_tokens.get(self._token)
            if waiting is None:
                return
            if waiting["heartbeat"] == heard:
                _fail(self._token, "States.HeartbeatTimeout", f"no heartbeat for {seconds:g} seconds")
                return
            heard = waiting["heartbeat"]


def _fail(token: str, error: str, cause: str) -> None:
    waiting = seams.service_module("stepfunctions")._task_tokens.get(token)
    if waiting is not None and not waiting["event"].is_set():
        waiting["error"] = {"Error": error, "Cause": cause}
        waiting["event"].set()


def _failing_the_task(original: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    engine = seams.service_module("stepfunctions")

    def call_lambda(function: str, event: Any) -> Any:
        try:
            result = original(function, event)
        except engine._ExecutionError as error:
            # What is awaited is told, because the engine drops the error of a function that was to hand on a token.
            _fail(_awaited.get(), error.error, error.cause)
            raise
        if len(json.dumps(result)) > MOST_BYTES:
            cause = f"The state/task returned a result with a size exceeding the maximum of {MOST_BYTES} bytes."
            raise engine._ExecutionError("States.DataLimitExceeded", cause)
        return result

    return call_lambda


def _ending_full_histories(original: Callable[..., Any]) -> Callable[..., Any]:
    def add_event(execution: dict[str, Any], kind: str, details: Any = None) -> Any:
        if len(execution["events"]) >= MOST_EVENTS and kind != "ExecutionFailed":
            raise _HistoryFullError(f"the execution reached the maximum number of history events ({MOST_EVENTS})")
        return original(execution, kind, details)

    return add_event


def _starting_once(original: _Call) -> _Call:
    """Refuse names and input as AWS does; the same name with the same input is the same execution while it runs."""
    engine = seams.service_module("stepfunctions")

    def start_execution(data: dict[str, Any]) -> _Answer:
        name, given = data.get("name"), data.get("input", "{}")
        if name is not None and not is_name(name):
            return _refused("InvalidName", f"Invalid Name: '{name}'")
        if not _is_json(given):
            return _refused("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{given[:80]}'")
        if name and (running := _running(engine, data["stateMachineArn"], name)) and running["input"] == given:
            started = {"executionArn": running["executionArn"], "startDate": running["startDate"]}
            answer: _Answer = engine.json_response(started)
            return answer
        return original(data)

    return start_execution


def _running(engine: Any, machine: str, name: str) -> dict[str, Any] | None:
    arn = machine.replace(":stateMachine:", ":execution:") + f":{name}"
    execution: dict[str, Any] | None = engine._executions.get(arn)
    return execution if execution is not None and execution["status"] == "RUNNING" else None


def _refusing_definitions(original: _Call) -> _Call:
    def store(data: dict[str, Any]) -> _Answer:
        definition = data.get("definition")
        if definition is not None and (fault := fault_of(definition)):
            return _refused("InvalidDefinition", f"Invalid State Machine Definition: '{fault}'")
        return original(data)

    return store


def _failing_stacks(original: Callable[..., str]) -> Callable[..., str]:
    def definition(properties: dict[str, Any]) -> str:
        text = original(properties)
        if fault := fault_of(text):
            raise ValueError(f"Invalid State Machine Definition: '{fault}'")
        return text

    return definition


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _refused(code: str, message: str) -> _Answer:
    answer: _Answer = seams.service_module("stepfunctions").error_response_json(code, message, 400)
    return answer
