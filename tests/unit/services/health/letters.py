"""A box of dead letters, and what logs say of them, kept in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from strongroom.domain.health.letters import Letter


@dataclass
class FakeLetterBox:
    """Letters in a box; `hidden` are taken up, `queues` are ours, `sent` went back there."""

    held: list[Letter] = field(default_factory=list)
    queues: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    sent: list[tuple[Letter, str]] = field(default_factory=list)

    def letters(self) -> Iterator[Letter]:
        for letter in [*self.held]:
            self.hidden.add(letter.id)
            yield letter

    def put_down(self, letters: Iterable[Letter]) -> None:
        self.hidden -= {letter.id for letter in letters}

    def is_ours(self, queue: str) -> bool:
        return queue in self.queues

    def send_back(self, letter: Letter, *, to: str) -> None:
        self.sent.append((letter, to))
        self.held.remove(letter)
        self.hidden.discard(letter.id)


@dataclass
class FakeFailureLog:
    """What logs say, by the message's id."""

    said: dict[str, str] = field(default_factory=dict)

    def why_failed(self, message: str, *, queue: str) -> str | None:
        return self.said.get(message)
