"""Handlers of queues that carry EventBridge events: each event on its own, failures reported one by one.

An event that cannot be parsed will not get better by trying again: it goes to the dead-letter queue at once, with the
reason. Any other failure leaves the message on its queue, which tries again and gives up to the same place.
"""

from __future__ import annotations

import functools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Self

import msgspec
from msgspec import Struct

from strongroom.adapters.aws.queues import bury
from strongroom.domain.calls import Heard
from strongroom.domain.errors import MalformedError, StrongroomError
from strongroom.domain.health.metrics import Measured, Metric
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.logs import log_decision, logger
from strongroom.runtime.metrics import put_metrics
from strongroom.runtime.platform import Platform, current_platform
from strongroom.runtime.settings import Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

# What a failure of all events of a batch is logged by; each is then tried by itself.
_TOGETHER: Final = "the whole batch"

type Measures = Mapping[Metric, float]
type Decide[Detail, Verdict] = Callable[[Event[Detail], Platform], Verdict]
type LambdaHandler = Callable[[dict[str, Any], Any], dict[str, list[dict[str, str]]]]


def each_event[Detail, Verdict](contract: type[Detail]) -> Callable[[Decide[Detail, Verdict]], LambdaHandler]:
    """Turn a function of one event into a Lambda handler of an SQS batch with partial-failure reporting."""
    decoder = msgspec.json.Decoder(Event[contract])  # type: ignore[valid-type]

    def decorate(decide: Decide[Detail, Verdict]) -> LambdaHandler:
        @functools.wraps(decide)
        def handler(batch: dict[str, Any], _context: Any) -> dict[str, list[dict[str, str]]]:
            attempts = [Attempt(record["messageId"]) for record in batch["Records"]]
            with _measuring() as measured:
                for attempt, record in zip(attempts, batch["Records"], strict=True):
                    with attempt:
                        _take(record, decoder=decoder, decide=decide, measured=measured)
            return {"batchItemFailures": [{"itemIdentifier": each.message} for each in attempts if each.has_failed]}

        return handler

    return decorate


type DecideMany[Subject, Verdict] = Callable[[Sequence[Heard[Subject]], Platform], Sequence[Verdict | StrongroomError]]


def each_batch[Detail, Subject, Verdict](
    contract: type[Detail], *, read: Callable[[Event[Detail]], Subject]
) -> Callable[[DecideMany[Subject, Verdict]], LambdaHandler]:
    """Turn a function of many events into a Lambda handler of an SQS batch; each event has an answer of its own.

    Where a fault of the program ends it for all, each is tried by itself, so that the others come to their end.
    """
    decoder = msgspec.json.Decoder(Event[contract])  # type: ignore[valid-type]

    def decorate(decide: DecideMany[Subject, Verdict]) -> LambdaHandler:
        @functools.wraps(decide)
        def handler(batch: dict[str, Any], _context: Any) -> dict[str, list[dict[str, str]]]:
            platform = current_platform()
            attempts = [Attempt(record["messageId"]) for record in batch["Records"]]
            parsed: list[_Parsed[Subject]] = []
            for attempt, record in zip(attempts, batch["Records"], strict=True):
                with attempt, _burying(record):
                    parsed.append(_parse(record, attempt, decoder=decoder, read=read))
            answers: Sequence[Verdict | StrongroomError] = ()
            with Attempt(_TOGETHER) as together:
                answers = decide([each.heard for each in parsed], platform)
            if together.has_failed:
                _decide_alone(parsed, decide, platform)
            with _measuring() as measured:
                for each, answer in zip(parsed, answers, strict=not together.has_failed):
                    with each.attempt, _burying(each.record):
                        _answer(each, answer, measured=measured)
            return {"batchItemFailures": [{"itemIdentifier": each.message} for each in attempts if each.has_failed]}

        return handler

    return decorate


class _Parsed[Subject](Struct, frozen=True, kw_only=True):
    """A message that could be read, and its turn."""

    attempt: Attempt
    record: dict[str, Any]
    event_id: str
    heard: Heard[Subject]


def _parse[Detail, Subject](
    record: dict[str, Any],
    attempt: Attempt,
    *,
    decoder: msgspec.json.Decoder[Event[Detail]],
    read: Callable[[Event[Detail]], Subject],
) -> _Parsed[Subject]:
    event = decoder.decode(record["body"])
    is_again = record["attributes"].get("ApproximateReceiveCount", "1") != "1"
    heard = Heard(subject=read(event), is_again=is_again)
    return _Parsed(attempt=attempt, record=record, event_id=event.id, heard=heard)


def _decide_alone[Subject, Verdict](
    parsed: Sequence[_Parsed[Subject]], decide: DecideMany[Subject, Verdict], platform: Platform
) -> None:
    with _measuring() as measured:
        for each in parsed:
            with each.attempt, _burying(each.record):
                [answer] = decide([each.heard], platform)
                _answer(each, answer, measured=measured)


def _answer[Subject](parsed: _Parsed[Subject], answer: object, *, measured: list[Measures]) -> None:
    if isinstance(answer, StrongroomError):
        raise answer
    log_decision(answer, correlation=parsed.event_id)
    if isinstance(answer, Measured):
        measured.append(answer.measures)


@contextmanager
def _measuring() -> Iterator[list[Measures]]:
    """What is measured in the batch, on one line, also where an error ends it: each line that is logged costs.

    Where Lambda ends the process, at its timeout or for want of memory, what was measured until then is lost.
    """
    measured: list[Measures] = []
    try:
        yield measured
    finally:
        if measured:
            put_metrics(measured, now=current_platform().now())


@contextmanager
def _burying(record: dict[str, Any]) -> Iterator[None]:
    """Bury the message where it cannot be read: it will not get better by trying again."""
    try:
        yield
    except (msgspec.DecodeError, MalformedError, RecursionError) as error:
        logger.error("malformed event buried", reason=str(error), message_id=record["messageId"])
        came_from = record["eventSourceARN"]
        bury(current_platform().setting(Setting.DEAD_LETTERS), record["body"], str(error), came_from=came_from)


class Attempt:
    """One message's turn: whatever fails in it is logged, and keeps no other message from its own turn."""

    def __init__(self, message: str) -> None:
        """`message` is the message's id."""
        self.message = message
        self.has_failed = False

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: TracebackType | None) -> bool:
        """Keep the error, unless it ends the whole process."""
        if not isinstance(error, Exception):
            return False
        # A fault of the program has no sentence for people, and its traceback stands beside it.
        reason = str(error) if isinstance(error, StrongroomError) else "of a fault in the program: see its log"
        logger.error("event failed", error=type(error).__name__, reason=reason, message_id=self.message, exc_info=error)
        self.has_failed = True
        return True


def _take[Detail, Verdict](
    record: dict[str, Any],
    *,
    decoder: msgspec.json.Decoder[Event[Detail]],
    decide: Decide[Detail, Verdict],
    measured: list[Measures],
) -> None:
    with _burying(record):
        platform = current_platform()
        event = decoder.decode(record["body"])
        verdict = decide(event, platform)
        log_decision(verdict, correlation=event.id)
        if isinstance(verdict, Measured):
            measured.append(verdict.measures)
