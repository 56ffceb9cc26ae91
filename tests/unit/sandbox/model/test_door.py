"""What the front door remembers."""

import asyncio
from typing import Any

from sandbox.model import door

SIGNED = {
    "authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20261126/eu-west-1/sqs/aws4_request, Signature=0",
    "x-amz-target": "AmazonSQS.ListQueues",
    "content-type": "application/x-amz-json-1.0",
}


def test_what_an_earlier_sandbox_was_asked_is_forgotten() -> None:
    ask(door.held_to_the_model(no_queues))
    assert door.called == {("sqs", "ListQueues"): 1}
    door.held_to_the_model(no_queues)
    assert not door.called


async def no_queues(_scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


def ask(app: Any) -> None:
    headers = [(name.encode(), value.encode()) for name, value in SIGNED.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(_message: Any) -> None:
        """Nobody reads the answer."""

    asyncio.run(app(scope, receive, send))
