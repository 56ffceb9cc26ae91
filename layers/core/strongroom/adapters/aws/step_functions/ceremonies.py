"""Ceremonies of restores: begun, looked at, and the tasks that wait for people."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AlreadyDoneError, NotFoundError
from strongroom.domain.restores.executions import closing_name

_ENDED: Final = ("ABORTED", "FAILED", "SUCCEEDED", "TIMED_OUT")


class RestoreCeremonies:
    """The state machine `restore_approval`."""

    ACTIONS = ("states:StartExecution",)

    def __init__(self, step_functions: Any, machine: str) -> None:
        """`step_functions` is a client, `machine` the state machine's ARN."""
        self._step_functions = step_functions
        self._machine = machine

    def begin(self, request_id: str) -> bool:
        """Start the ceremony of the request; the execution's name makes starting it twice starting it once.

        False when it has ended: Step Functions answers the same name and input with the same execution while that runs,
        and refuses the name then (API Reference, StartExecution).
        """
        return self._start(request_id, name=request_id)

    def begin_closing(self, request_id: str, *, now: datetime) -> None:
        """Start the closing of what a ceremony that has ended left open; its name allows one in ten minutes."""
        self._start(request_id, name=closing_name(request_id, at=now))

    def _start(self, request_id: str, *, name: str) -> bool:
        try:
            with aws_errors():
                self._step_functions.start_execution(
                    stateMachineArn=self._machine, name=name, input=json.dumps({"request_id": request_id})
                )
        except AlreadyDoneError:
            return False
        return True


class CeremonyExecutions:
    """The executions of the state machine `restore_approval`."""

    ACTIONS = ("states:DescribeExecution",)

    def __init__(self, step_functions: Any, machine: str) -> None:
        """`step_functions` is a client, `machine` the state machine's ARN."""
        self._step_functions = step_functions
        self._machine = machine

    def is_running(self, execution: str) -> bool:
        """Whether that execution, by its ARN, is one of our machine, and runs."""
        return self._described(execution).get("status") == "RUNNING"

    def ended_at(self, execution: str) -> datetime | None:
        """When that execution, by its ARN, ended; None while it runs, and where our machine has none of that name."""
        described = self._described(execution)
        # One that waits to be redriven has stopped, and will run again.
        return described.get("stopDate") if described.get("status") in _ENDED else None

    def _described(self, execution: str) -> Mapping[str, Any]:
        """The execution, if it is one of our machine."""
        # `…:stateMachine:NAME` has executions `…:execution:NAME:ITS-NAME`.
        if not execution.startswith(f"{self._machine.replace('stateMachine', 'execution', 1)}:"):
            return {}
        try:
            with aws_errors(absent=("ExecutionDoesNotExist", "InvalidArn")):
                described: Mapping[str, Any] = self._step_functions.describe_execution(executionArn=execution)
        except NotFoundError:
            return {}
        return described if described["stateMachineArn"] == self._machine else {}


class CallbackTasks:
    """Tasks that wait with a token."""

    ACTIONS = ("states:SendTaskSuccess",)

    def __init__(self, step_functions: Any) -> None:
        """`step_functions` is a client."""
        self._step_functions = step_functions

    def succeed(self, token: str, output: Mapping[str, str]) -> bool:
        """Let the task go on; False when it is closed already."""
        try:
            with aws_errors():
                self._step_functions.send_task_success(taskToken=token, output=json.dumps(dict(output)))
        except AlreadyDoneError:
            return False
        return True
