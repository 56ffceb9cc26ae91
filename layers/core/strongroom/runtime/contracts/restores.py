"""What the state machine `restore_approval` hands to its tasks: the request's id, and never what to do with it."""

import msgspec


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
        """The reason in words: a failed function's own message out of the JSON that Lambda wraps around it."""
        try:
            said = msgspec.json.decode(self.reason, type=_LambdaError).error_message
        except msgspec.DecodeError:
            said = self.reason
        return f"{self.error}: {said}" if self.error else said
