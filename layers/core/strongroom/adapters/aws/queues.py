"""The control plane's own queues: where malformed events are buried, clicks handed on, and inventories asked for."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.health.letters import CAME_FROM, REASON

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.chat import SignedClick
    from strongroom.domain.tags.inventory.runs import InventoryOrder

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


class ClickQueue:
    """Hands clicks to whoever carries them out, with the bytes that Slack signed: the queue is not believed either."""

    def __init__(self, connect: Callable[[], Any], url: str, *, account: str, region: str) -> None:
        """`connect` makes a client when it is needed; `url` is the queue's, `account` and `region` are our own."""
        self._connect = connect
        self._url = url
        self._place = {"account": account, "region": region}

    def hand_on(self, click: SignedClick, *, now: datetime) -> None:
        """Put the click on the queue, in the envelope that every event has."""
        event = self._place | {
            "id": hashlib.sha256(click.signature.encode()).hexdigest()[:32],
            "source": "strongroom",
            "detail-type": "SlackClick",
            "time": now.isoformat(),
            "detail": {
                "body": click.body.decode(),
                "timestamp": click.timestamp,
                "signature": click.signature,
            },
        }
        with aws_errors():
            self._connect().send_message(QueueUrl=self._url, MessageBody=json.dumps(event))


class WishQueue:
    """Asks for inventories, beside the ticks that begin one each day."""

    def __init__(self, sqs: Any, url: str, *, account: str, region: str) -> None:
        """`sqs` is a client of the queue's account and Region, `url` the queue's; `account` and `region` are ours."""
        self._sqs = sqs
        self._url = url
        self._place = {"account": account, "region": region}

    def send(self, order: InventoryOrder, *, now: datetime) -> None:
        """Put the wish on the queue, in the envelope that every event has."""
        detail = {"is_asked": order.is_asked, "accounts": list(order.accounts)}
        event = self._place | {
            "id": hashlib.sha256(json.dumps([detail, now.isoformat()]).encode()).hexdigest()[:32],
            "source": "strongroom",
            "detail-type": "InventoryAsked",
            "time": now.isoformat(),
            "detail": detail,
        }
        with aws_errors():
            self._sqs.send_message(QueueUrl=self._url, MessageBody=json.dumps(event))
