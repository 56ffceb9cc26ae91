"""Handlers of queues that carry EventBridge events: each event on its own, failures reported one by one.

An event that cannot be parsed will not get better by trying again: it goes to the dead-letter queue at once, with the
reason. Any other failure leaves the message on its queue, which tries again and gives up to the same place.
"""

import functools
from collections.abc import Callable
from typing import Any

import msgspec
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, ExceptionInfo, FailureResponse
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from strongroom.domain.errors import MalformedError
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.logs import log_decision, logger
from strongroom.runtime.platform import Platform, current_platform

type Bury = Callable[[str, str, str], None]
type LambdaHandler = Callable[[dict[str, Any], Any], PartialItemFailureResponse]


def each_event[Detail, Verdict](
    contract: type[Detail], *, bury: Bury
) -> Callable[[Callable[[Event[Detail], Platform], Verdict]], LambdaHandler]:
    """Turn a function of one event into a Lambda handler of an SQS batch with partial-failure reporting.

    `bury(queue_url, body, reason)` puts an event that breaks its contract on the dead-letter queue.
    """
    decoder = msgspec.json.Decoder(Event[contract])  # type: ignore[valid-type]

    def decorate(decide: Callable[[Event[Detail], Platform], Verdict]) -> LambdaHandler:
        def take(record: SQSRecord) -> None:
            platform = current_platform()
            try:
                event = decoder.decode(record.body)
                verdict = decide(event, platform)
            except (msgspec.DecodeError, MalformedError) as error:
                logger.error("malformed event buried", reason=str(error), message_id=record.message_id)
                bury(platform.settings.dead_letters, record.body, str(error))
                return
            log_decision(verdict, correlation=event.id)

        @functools.wraps(decide)
        def handler(event: dict[str, Any], context: Any) -> PartialItemFailureResponse:
            processor = _LoudBatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
            with processor(event["Records"], take, lambda_context=context):
                processor.process()
            return processor.response()

        return handler

    return decorate


class _LoudBatchProcessor(BatchProcessor):
    """Says why an event failed; the library itself only reports that it did."""

    def failure_handler(self, record: Any, exception: ExceptionInfo) -> FailureResponse:
        """Log the failure, then report the message as failed."""
        error = exception[1]
        logger.error("event failed", error=type(error).__name__, message_id=record.message_id, exc_info=error)
        return super().failure_handler(record, exception)
