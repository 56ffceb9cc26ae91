"""What executions of a ceremony are called: the one that carries it, and those that close what it left open."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

# In the state machine, too. No request's id holds it.
_CLOSING: Final = "-close-"
_OFTEN: Final = timedelta(minutes=10)


def closing_name(request_id: str, *, at: datetime) -> str:
    """The name of an execution that may close and nothing else, the same for ten minutes."""
    return f"{request_id}{_CLOSING}{int(at.timestamp() // _OFTEN.total_seconds())}"


def closed_execution(execution: str) -> str:
    """The ARN of the execution whose request that one was begun to close; empty for one that is begun for more."""
    own, parted, _ = execution.rpartition(_CLOSING)
    return own if parted else ""
