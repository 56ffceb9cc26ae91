"""Remediations of copies: begun."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.copies.promises import Promise
from strongroom.domain.errors import AlreadyDoneError


class CopyRemediations:
    """The state machine `copy_remediation`."""

    ACTIONS = ("states:StartExecution",)

    def __init__(self, connect: Callable[[], Any], machine: str) -> None:
        """`connect` makes a client when it is needed, which is rare; `machine` is the state machine's ARN."""
        self._connect = connect
        self._machine = machine

    def begin(self, promise: Promise, *, attempt: int) -> None:
        """Start the execution, whose name is the promise's and the attempt's; once, however often it is asked for."""
        key = {
            "recovery_point": promise.recovery_point,
            "destination": promise.destination,
            "night": promise.night or "",
            "account": promise.account,
        }
        with suppress(AlreadyDoneError), aws_errors():
            self._connect().start_execution(
                stateMachineArn=self._machine, name=_remediation_name(promise, attempt), input=json.dumps(key)
            )


def _remediation_name(promise: Promise, attempt: int) -> str:
    # A name has room for 80 characters, and an ARN has more (API reference, StartExecution).
    return f"{hashlib.sha256(promise.subject.encode()).hexdigest()[:48]}-{attempt}"
