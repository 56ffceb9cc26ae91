"""Handlers of calls that wait for an answer: a typed input, a frozen verdict, errors by their own names."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from strongroom.domain.errors import MalformedEventError, TemporarilyUnavailableError
from strongroom.runtime.logs import log_decision
from strongroom.runtime.platform import Platform, Surroundings, current_platform

type Handler = Callable[[dict[str, Any], Any], Any]


class Answer(Protocol):
    """A verdict, which is logged, and what goes with it, which is not."""

    @property
    def verdict(self) -> object:
        """What was decided."""


def each_step[Input, Verdict](
    contract: type[Input],
) -> Callable[[Callable[[Input, Platform], Verdict]], Handler]:
    """Turn a function of one task input into a Lambda handler whose answer is the verdict as JSON.

    The error's class name is what the state machine matches in `ErrorEquals`; whatever another try may mend leaves
    under the one name that is retried.
    """

    def decorate(act: Callable[[Input, Platform], Verdict]) -> Handler:
        @functools.wraps(act)
        def handler(payload: dict[str, Any], _context: Any) -> Any:
            verdict = _acted(payload, contract=contract, act=lambda request: act(request, current_platform()))
            log_decision(verdict, correlation=_request_of(payload))
            return msgspec.to_builtins(verdict)

        return handler

    return decorate


def each_call[Input, Answered: Answer](
    contract: type[Input],
) -> Callable[[Callable[[Input, Surroundings], Answered]], Handler]:
    """The same for a function that carries no intent: its verdict is logged, and the whole answer is the JSON."""

    def decorate(act: Callable[[Input, Surroundings], Answered]) -> Handler:
        @functools.wraps(act)
        def handler(payload: dict[str, Any], _context: Any) -> Any:
            answer = _acted(payload, contract=contract, act=lambda call: act(call, Surroundings()))
            log_decision(answer.verdict, correlation=_request_of(payload))
            return msgspec.to_builtins(answer)

        return handler

    return decorate


def _acted[Input, Result](
    payload: Mapping[str, Any], *, contract: type[Input], act: Callable[[Input], Result]
) -> Result:
    try:
        request = msgspec.convert(payload, contract)
    except msgspec.ValidationError as error:
        raise MalformedEventError(str(error)) from error
    try:
        return act(request)
    except TemporarilyUnavailableError as error:
        raise TemporarilyUnavailableError(str(error)) from error  # the machine knows no subclasses


def _request_of(payload: Mapping[str, Any]) -> str:
    return str(payload.get("request_id", ""))
