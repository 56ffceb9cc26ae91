"""What is asked about the health of Strongroom itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.health.heartbeats import BeatKey, Heartbeat
    from strongroom.domain.identifiers import AccountId


class HeartbeatBook(Protocol):
    """Remembers which forwarders must be heard; every change is made on what was read, and on nothing newer."""

    def find(self, key: BeatKey) -> Heartbeat | None:
        """The heartbeat as it is expected, or None where none was yet."""

    def of_account(self, account: AccountId) -> Iterator[Heartbeat]:
        """Those of every forwarder of the account that was ever expected to beat."""

    def keep(self, beat: Heartbeat, *, was: Heartbeat | None) -> bool:
        """Write what became of it over what was read; False when somebody else has written it since."""
