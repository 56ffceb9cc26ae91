"""One running sandbox for the integration tests of this session, and ears on its event buses."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.settings import HOME_REGION, Settings
from tests.integration.queues import let_rules_in


@pytest.fixture(scope="module")
def sandbox_host() -> Iterator[lifecycle.Sandbox]:
    """A whole sandbox on a free port, its clock fast; tests share it, so each uses names of its own."""
    with lifecycle.running(Settings(port=0, stack_set_seconds=0.1, schedule_scale=60.0)) as sandbox:
        yield sandbox


@dataclass
class Ear:
    """A queue behind a rule: what a rule target receives."""

    account: str
    region: str
    queue: str
    events: list[dict[str, Any]] = field(default_factory=list)

    def wait(self, seconds: float = 60.0, **detail: Any) -> dict[str, Any]:
        """The first event whose detail has these values; fails when none comes in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._receive()
            for event in self.events:
                if all(event["detail"].get(key) == value for key, value in detail.items()):
                    return event
            time.sleep(0.05)
        raise AssertionError(f"no event with {detail} among {[event['detail'] for event in self.events]}")

    def _receive(self) -> None:
        sqs = client("sqs", self.account, self.region)
        for message in sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", []):
            self.events.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])


@pytest.fixture
def listen(sandbox_host: lifecycle.Sandbox) -> Callable[..., Ear]:
    """Listen on a bus: `listen(account, {"source": ["aws.rds"]}, region=..., bus=...)`."""

    def on(account: str, pattern: dict[str, Any], *, region: str = HOME_REGION, bus: str = "default") -> Ear:
        name = f"ear-{uuid.uuid4().hex[:8]}"
        queue = client("sqs", account, region).create_queue(QueueName=name)["QueueUrl"]
        events = client("events", account, region)
        events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(pattern))
        arn = f"arn:aws:sqs:{region}:{account}:{name}"
        let_rules_in(account, region, queue, arn)
        target = {"Id": "queue", "Arn": arn}
        events.put_targets(Rule=name, EventBusName=bus, Targets=[target])
        return Ear(account, region, queue)

    return on
