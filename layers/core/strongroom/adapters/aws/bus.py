"""The control plane's event bus: our facts go out here."""

from __future__ import annotations

import json
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.values import asdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from strongroom.domain.facts import Fact

ACTIONS = ("events:PutEvents",)
SOURCE = "strongroom"
# So many entries a call takes, of 256 KB together (EventBridge API Reference, "PutEvents").
_AT_ONCE: Final = 10


class Bus:
    """Publishes facts on one event bus."""

    def __init__(self, events: Callable[[], Any], name: str) -> None:
        """`events` gives an EventBridge client when it is needed, `name` the bus's name or ARN."""
        self._events = events
        self._name = name

    def publish(self, fact: Fact) -> None:
        """Put the fact on the bus; TemporarilyUnavailableError when the bus did not take it."""
        self.publish_all([fact])

    def publish_all(self, facts: Sequence[Fact]) -> None:
        """Put the facts on the bus, ten in a call; TemporarilyUnavailableError when the bus did not take one."""
        for some in batched(facts, _AT_ONCE, strict=False):
            with aws_errors():
                answer = self._events().put_events(Entries=[self._entry(fact) for fact in some])
            if answer["FailedEntryCount"]:
                names = ", ".join(dict.fromkeys(type(fact).__name__ for fact in some))
                raise TemporarilyUnavailableError(f"the bus did not take {names}: {answer['Entries']}")

    def _entry(self, fact: Fact) -> dict[str, Any]:
        return {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": type(fact).__name__,
            "Detail": json.dumps(asdict(fact)),
            "Resources": [fact.resource],
        }
