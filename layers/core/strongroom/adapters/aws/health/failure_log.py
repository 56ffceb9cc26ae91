"""What a function's log says of a message that it failed on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTIONS = ("logs:FilterLogEvents",)


class FunctionLogs:
    """The logs of the functions behind queues."""

    def __init__(self, logs: Any, *, functions: Mapping[str, str]) -> None:
        """`functions` are the names of the functions that read queues, by the queue's ARN."""
        self._logs = logs
        self._functions = functions

    def why_failed(self, message: str, *, queue: str) -> str | None:
        """Why the function that reads the queue failed on the message the last time, None where no log says it."""
        function = self._functions.get(queue)
        if function is None:
            return None
        pages = self._logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{function}", filterPattern=f'{{ $.message_id = "{message}" }}'
        )
        try:
            with aws_errors():
                said = [_reason(event["message"]) for page in pages for event in page["events"]]
        except NotFoundError:
            return None
        return next((reason for reason in reversed(said) if reason), None)


def _reason(line: str) -> str | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    reason = told.get("reason") if isinstance(told, dict) else None
    return reason if isinstance(reason, str) and reason else None
