"""The control plane's dead-letter queue, as an administrator empties it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.health.letters import read_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from strongroom.domain.health.letters import Letter

ACTIONS = (
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
)

_BATCH: Final = 10
# Long enough for whoever works through them.
_HIDDEN_SECONDS: Final = 600
# SQS asks a sample of its servers, so that one empty answer says little (Developer Guide, "Amazon SQS short and long
# polling").
_EMPTY_ANSWERS: Final = 2
_WAIT_SECONDS: Final = 1


class DeadLetterBox:
    """The dead letters of one queue, and the queues that they came from."""

    def __init__(self, sqs: Any, url: str, *, queues: Mapping[str, str]) -> None:
        """`url` is the dead-letter queue's; `queues` are the URLs of those that functions read, by ARN."""
        self._sqs = sqs
        self._url = url
        self._queues = queues
        self._receipts: dict[str, str] = {}

    def letters(self) -> Iterator[Letter]:
        """Every letter that can be had, each hidden from others until it is put down again, or for ten minutes."""
        empty = 0
        while empty < _EMPTY_ANSWERS:
            fresh = [message for message in self._receive() if message["MessageId"] not in self._receipts]
            empty = 0 if fresh else empty + 1
            for message in fresh:
                self._receipts[message["MessageId"]] = message["ReceiptHandle"]
                yield read_letter(message)

    def put_down(self, letters: Iterable[Letter]) -> None:
        """Let others see the letters again."""
        for letter in letters:
            receipt = self._receipts.pop(letter.id)
            with aws_errors():
                self._sqs.change_message_visibility(QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=0)

    def is_ours(self, queue: str) -> bool:
        """Whether the ARN is that of a queue that one of our functions reads."""
        return queue in self._queues

    def send_back(self, letter: Letter, *, to: str) -> None:
        """Put what it says on the queue, then take the letter out: it may be there twice, and is never lost."""
        with aws_errors():
            self._sqs.send_message(QueueUrl=self._queues[to], MessageBody=letter.body)
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=self._receipts.pop(letter.id))

    def _receive(self) -> list[dict[str, Any]]:
        with aws_errors():
            answer = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=_BATCH,
                VisibilityTimeout=_HIDDEN_SECONDS,
                WaitTimeSeconds=_WAIT_SECONDS,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages
