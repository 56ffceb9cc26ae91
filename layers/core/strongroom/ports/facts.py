"""What is asked of whoever publishes facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strongroom.domain.facts import Fact


class ManyPublisher(Protocol):
    """Says on the bus what happened, much of it at once."""

    def publish_all(self, facts: Sequence[Fact]) -> None:
        """Put the facts on the control plane's bus."""


class Publisher(Protocol):
    """Says on the bus what happened."""

    def publish(self, fact: Fact) -> None:
        """Put the fact on the control plane's bus."""
