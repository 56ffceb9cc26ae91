"""What the state machine `restore_approval` hands to its tasks: the request's id, and never what to do with it."""

from typing import Final

import msgspec

from strongroom.domain import errors

_UNFORESEEN: Final = "a step failed in a way that nobody foresaw; the log of that step has the reason"
_LATE: Final = "a step did not answer in time; the log of that step has more"
_TIMED_OUT: Final = ("timeout", "timedout")


class RequestInput(msgspec.Struct, frozen=True):
    """A request by its id."""

    request_id: str


class ActInput(msgspec.Struct, frozen=True):
    """A request by its id, and the execution that carries it."""

    request_id: str
    execution: str


class DoorbellInput(msgspec.Struct, frozen=True):
    """A request by its id, and the token that wakes the judge."""

    request_id: str
    task_token: str


class _LambdaError(msgspec.Struct, frozen=True, rename="camel"):
    error_message: str


class ClosingInput(msgspec.Struct, frozen=True):
    """The execution that carries a ceremony, and the error that ended it where one did."""

    request_id: str
    execution: str
    reason: str = ""
    error: str = ""

    @property
    def explanation(self) -> str:
        """The reason in words: a failed function's own message out of the JSON that Lambda wraps around it.

        What was not raised on purpose has no words for people, and is in the log of its step.
        """
        if self.error and not _is_ours(self.error):
            return _LATE if self.error.lower().endswith(_TIMED_OUT) else _UNFORESEEN
        try:
            return msgspec.json.decode(self.reason, type=_LambdaError).error_message
        except msgspec.DecodeError:
            return self.reason or _UNFORESEEN


def _is_ours(name: str) -> bool:
    kind = getattr(errors, name, None)
    return isinstance(kind, type) and issubclass(kind, errors.StrongroomError)
