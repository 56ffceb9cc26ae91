"""The control plane's event bus: our facts go out here."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import TemporarilyUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.domain.facts import Fact

ACTIONS = ("events:PutEvents",)
SOURCE = "strongroom"


class Bus:
    """Publishes facts on one event bus."""

    def __init__(self, events: Callable[[], Any], name: str) -> None:
        """`events` gives an EventBridge client when it is needed, `name` the bus's name or ARN."""
        self._events = events
        self._name = name

    def publish(self, fact: Fact) -> None:
        """Put the fact on the bus; TemporarilyUnavailableError when the bus did not take it."""
        entry = {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": type(fact).__name__,
            "Detail": json.dumps(asdict(fact)),
            "Resources": [fact.resource],
        }
        with aws_errors():
            answer = self._events().put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise TemporarilyUnavailableError(f"the bus did not take {type(fact).__name__}: {answer['Entries']}")
