"""What is asked of whoever publishes facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from strongroom.domain.facts import Fact


class Publisher(Protocol):
    """Says on the bus what happened."""

    def publish(self, fact: Fact) -> None:
        """Put the fact on the control plane's bus."""
