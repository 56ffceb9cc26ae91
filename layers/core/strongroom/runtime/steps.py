"""Handlers of state machine tasks: a typed input, a frozen verdict, errors by their own names."""

import functools
from collections.abc import Callable
from typing import Any

import msgspec

from strongroom.domain.errors import MalformedEventError, TemporarilyUnavailableError
from strongroom.runtime.logs import log_decision
from strongroom.runtime.platform import Platform, current_platform


def each_step[Input, Verdict](
    contract: type[Input],
) -> Callable[[Callable[[Input, Platform], Verdict]], Callable[[dict[str, Any], Any], Any]]:
    """Turn a function of one task input into a Lambda handler whose answer is the verdict as JSON.

    The error's class name is what the state machine matches in `ErrorEquals`; whatever another try may mend leaves
    under the one name that is retried.
    """

    def decorate(act: Callable[[Input, Platform], Verdict]) -> Callable[[dict[str, Any], Any], Any]:
        @functools.wraps(act)
        def handler(payload: dict[str, Any], _context: Any) -> Any:
            try:
                request = msgspec.convert(payload, contract)
            except msgspec.ValidationError as error:
                raise MalformedEventError(str(error)) from error
            try:
                verdict = act(request, current_platform())
            except TemporarilyUnavailableError as error:
                raise TemporarilyUnavailableError(str(error)) from error  # the machine knows no subclasses
            log_decision(verdict, correlation=str(payload.get("request_id", "")))
            return msgspec.to_builtins(verdict)

        return handler

    return decorate
