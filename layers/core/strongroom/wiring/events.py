"""Handlers of queues that carry EventBridge events: each event on its own, failures reported one by one.

An event that cannot be parsed will not get better by trying again: it goes to the dead-letter queue at once, with the
reason. Any other failure leaves the message on its queue, which tries again and gives up to the same place.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import msgspec

from strongroom.adapters.aws.queues import bury
from strongroom.domain.errors import MalformedError, StrongroomError
from strongroom.domain.health.metrics import Measured
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.logs import log_decision, logger
from strongroom.runtime.metrics import put_metrics
from strongroom.runtime.platform import Platform, current_platform
from strongroom.runtime.settings import Setting

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

type Decide[Detail, Verdict] = Callable[[Event[Detail], Platform], Verdict]
type LambdaHandler = Callable[[dict[str, Any], Any], dict[str, list[dict[str, str]]]]


def each_event[Detail, Verdict](contract: type[Detail]) -> Callable[[Decide[Detail, Verdict]], LambdaHandler]:
    """Turn a function of one event into a Lambda handler of an SQS batch with partial-failure reporting."""
    decoder = msgspec.json.Decoder(Event[contract])  # type: ignore[valid-type]

    def decorate(decide: Decide[Detail, Verdict]) -> LambdaHandler:
        @functools.wraps(decide)
        def handler(batch: dict[str, Any], _context: Any) -> dict[str, list[dict[str, str]]]:
            attempts = [Attempt(record["messageId"]) for record in batch["Records"]]
            for attempt, record in zip(attempts, batch["Records"], strict=True):
                with attempt:
                    _take(record, decoder=decoder, decide=decide)
            return {"batchItemFailures": [{"itemIdentifier": each.message} for each in attempts if each.has_failed]}

        return handler

    return decorate


class Attempt:
    """One message's turn: whatever fails in it is logged, and keeps no other message from its own turn."""

    def __init__(self, message: str) -> None:
        """`message` is the message's id."""
        self.message = message
        self.has_failed = False

    def __enter__(self) -> None:
        """Begin."""

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
    record: dict[str, Any], *, decoder: msgspec.json.Decoder[Event[Detail]], decide: Decide[Detail, Verdict]
) -> None:
    platform = current_platform()
    try:
        event = decoder.decode(record["body"])
        verdict = decide(event, platform)
    except (msgspec.DecodeError, MalformedError, RecursionError) as error:
        logger.error("malformed event buried", reason=str(error), message_id=record["messageId"])
        came_from = record["eventSourceARN"]
        bury(platform.setting(Setting.DEAD_LETTERS), record["body"], str(error), came_from=came_from)
        return
    log_decision(verdict, correlation=event.id)
    if isinstance(verdict, Measured):
        put_metrics(verdict.measures, now=platform.now())
