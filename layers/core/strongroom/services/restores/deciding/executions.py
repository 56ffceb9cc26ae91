"""Whether a step is taken by the execution that was begun with its request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.errors import ForeignExecutionError

if TYPE_CHECKING:
    from strongroom.ports.ceremony import Executions


def demand_own(execution: str, *, request_id: str, executions: Executions) -> None:
    """ForeignExecutionError unless it is the request's own execution, and runs.

    An execution's name is the end of its ARN, and a request begins one under its own id.
    """
    if execution.rpartition(":")[2] != request_id or not executions.is_running(execution):
        raise ForeignExecutionError("this execution is not the one that was begun with the request")
