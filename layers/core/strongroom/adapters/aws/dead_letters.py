"""The control plane's dead-letter queue, where an event that breaks its contract goes with the reason."""

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.health.letters import CAME_FROM, REASON

ACTIONS = ("sqs:SendMessage",)
_ATTRIBUTE_LIMIT = 1024


def bury(queue_url: str, body: str, reason: str, *, came_from: str) -> None:
    """Put the body on the queue; its attributes say what is wrong with it, and by which queue's ARN it came."""
    with aws_errors():
        client("sqs").send_message(
            QueueUrl=queue_url,
            MessageBody=body,
            MessageAttributes={
                REASON: {"DataType": "String", "StringValue": reason[:_ATTRIBUTE_LIMIT] or "unknown"},
                CAME_FROM: {"DataType": "String", "StringValue": came_from},
            },
        )
