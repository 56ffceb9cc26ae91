"""Whether a step is taken by the execution that was begun with its request."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import ForeignExecutionError, TemporarilyUnavailableError
from strongroom.domain.restores.executions import closed_execution

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.ceremony import Executions

# A function may run on after its execution has ended, for as long as functions may run.
_LAST_WORDS: Final = timedelta(minutes=1)


def demand_own(execution: str, *, request_id: str, executions: Executions) -> None:
    """ForeignExecutionError unless it is the request's own execution, and runs.

    An execution's name is the end of its ARN, and a request begins one under its own id.
    """
    if execution.rpartition(":")[2] != request_id or not executions.is_running(execution):
        raise ForeignExecutionError("this execution is not the one that was begun with the request")


def demand_closing(execution: str, *, request_id: str, executions: Executions, now: datetime) -> None:
    """The same for the end of a ceremony, which an execution may bring that was begun when the request's own was over.

    TemporarilyUnavailableError while a function of that one may still be at work.
    """
    own = closed_execution(execution)
    if not own:
        demand_own(execution, request_id=request_id, executions=executions)
        return
    ended_at = executions.ended_at(own) if own.rpartition(":")[2] == request_id else None
    if ended_at is None or not executions.is_running(execution):
        raise ForeignExecutionError("this execution may not close the request: its own one has not ended")
    if now - ended_at < _LAST_WORDS:
        raise TemporarilyUnavailableError("what carried the request has only just ended")
