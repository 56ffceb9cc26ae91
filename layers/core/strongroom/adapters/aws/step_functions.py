"""Step Functions: the ceremonies that are begun, and their tasks that wait for people."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AlreadyDoneError, NotFoundError


class RestoreCeremonies:
    """The state machine `restore_approval`."""

    ACTIONS = ("states:StartExecution",)

    def __init__(self, step_functions: Any, machine: str) -> None:
        """`step_functions` is a client, `machine` the state machine's ARN."""
        self._step_functions = step_functions
        self._machine = machine

    def begin(self, request_id: str) -> None:
        """Start the ceremony of the request; the execution's name makes starting it twice starting it once."""
        with suppress(AlreadyDoneError), aws_errors():
            self._step_functions.start_execution(
                stateMachineArn=self._machine, name=request_id, input=json.dumps({"request_id": request_id})
            )


class CeremonyExecutions:
    """The executions of the state machine `restore_approval`."""

    ACTIONS = ("states:DescribeExecution",)

    def __init__(self, step_functions: Any, machine: str) -> None:
        """`step_functions` is a client, `machine` the state machine's ARN."""
        self._step_functions = step_functions
        self._machine = machine

    def is_running(self, execution: str) -> bool:
        """Whether that execution, by its ARN, is one of our machine, and runs."""
        # `…:stateMachine:NAME` has executions `…:execution:NAME:ITS-NAME`.
        if not execution.startswith(f"{self._machine.replace('stateMachine', 'execution', 1)}:"):
            return False
        try:
            with aws_errors(absent=("ExecutionDoesNotExist", "InvalidArn")):
                described = self._step_functions.describe_execution(executionArn=execution)
        except NotFoundError:
            return False
        return (described["stateMachineArn"], described["status"]) == (self._machine, "RUNNING")


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
