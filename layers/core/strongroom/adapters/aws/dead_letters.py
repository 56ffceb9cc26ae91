"""The control plane's dead-letter queue, where an event that breaks its contract goes with the reason."""

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.errors import aws_errors

ACTIONS = ("sqs:SendMessage",)
_ATTRIBUTE_LIMIT = 1024


def bury(queue_url: str, body: str, reason: str) -> None:
    """Put the body on the queue; the message attribute `reason` says what is wrong with it."""
    with aws_errors():
        client("sqs").send_message(
            QueueUrl=queue_url,
            MessageBody=body,
            MessageAttributes={"reason": {"DataType": "String", "StringValue": reason[:_ATTRIBUTE_LIMIT] or "unknown"}},
        )
