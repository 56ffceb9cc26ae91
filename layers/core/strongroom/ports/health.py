"""What is asked about the health of Strongroom itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from strongroom.domain.health.heartbeats import BeatKey, Heartbeat
    from strongroom.domain.health.letters import Letter
    from strongroom.domain.health.replays import Progress, Replay
    from strongroom.domain.identifiers import AccountId


class HeartbeatBook(Protocol):
    """Remembers which forwarders must be heard; every change is made on what was read, and on nothing newer."""

    def find(self, key: BeatKey) -> Heartbeat | None:
        """The heartbeat as it is expected, or None where none was yet."""

    def of_account(self, account: AccountId) -> Iterator[Heartbeat]:
        """Those of every forwarder of the account that was ever expected to beat."""

    def keep(self, beat: Heartbeat, *, was: Heartbeat | None) -> bool:
        """Write what became of it over what was read; False when somebody else has written it since."""


class LetterBox(Protocol):
    """The dead letters, and the queues that they came from."""

    def letters(self) -> Iterator[Letter]:
        """Every letter that can be had, each hidden from others until it is put down again, or for ten minutes."""

    def put_down(self, letters: Iterable[Letter]) -> None:
        """Let others see the letters again."""

    def is_ours(self, queue: str) -> bool:
        """Whether the ARN is that of a queue that one of our functions reads."""

    def send_back(self, letter: Letter, *, to: str) -> None:
        """Put what it says on the queue, then take the letter out: it may be there twice, and is never lost."""


class FailureLog(Protocol):
    """What functions said of the messages that they failed on."""

    def why_failed(self, message: str, *, queue: str) -> str | None:
        """Why the function that reads the queue failed on the message the last time, None where no log says it."""


class EventArchive(Protocol):
    """Every event that was on the bus, as long as they are kept."""

    def start(self, replay: Replay) -> Progress:
        """Begin to hand the events in again; NotFoundError where a rule is not there."""

    def progress(self, name: str) -> Progress:
        """How far the replay of that name is."""


class DeadMan(Protocol):
    """Somebody outside who complains by himself when he is not called."""

    def call(self) -> None:
        """Say that all is well; TemporarilyUnavailableError where he does not hear it."""
