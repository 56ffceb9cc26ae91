"""Whoever is outside of AWS: tickets and chat; and the tasks that wait for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import (
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.restores.showing.card import Card
from strongroom.domain.restores.tickets.ticket import Ticket
from tests.builders.restores import (
    a_ticket,
)


@dataclass
class FakeTickets:
    """A ticket system with one ticket."""

    ticket: Ticket | None = field(default_factory=a_ticket)
    comments: list[str] = field(default_factory=list)
    is_down: bool = False

    def read(self, key: str) -> Ticket:
        self._answer()
        if self.ticket is None:
            raise NotFoundError(f"there is no ticket {key}")
        return self.ticket

    def comment(self, key: str, text: str) -> None:
        self._answer()
        self.comments.append(text)

    def _answer(self) -> None:
        if self.is_down:
            raise TemporarilyUnavailableError("the ticket system cannot be reached")


@dataclass
class FakeTasks:
    """The state machine's waiting tasks: a token can be answered once."""

    answered: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: int = 0

    def succeed(self, token: str, output: Mapping[str, str]) -> bool:
        self.calls += 1
        if token in self.answered:
            return False
        self.answered[token] = dict(output)
        return True


@dataclass
class FakeBoard:
    """Slack's channel for restores."""

    shown: list[Card] = field(default_factory=list)
    updated: list[Card] = field(default_factory=list)
    endings: list[Card] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    refusal: StrongroomError | None = None

    @property
    def closed(self) -> list[str]:
        return [card.ending for card in self.endings]

    @property
    def numbers(self) -> list[str]:
        return [card.number for card in self.shown]

    def post(self, card: Card, *, page: str) -> PostedMessage:
        self._answer()
        self.shown.append(card)
        self.pages.append(page)
        return PostedMessage(channel="C0RESTORE", ts=f"17.{len(self.shown)}")

    def update(self, message: PostedMessage, card: Card, *, page: str) -> None:
        self._answer()
        self.updated.append(card)

    def close(self, message: PostedMessage, card: Card) -> None:
        self._answer()
        self.endings.append(card)

    def _answer(self) -> None:
        if self.refusal:
            raise self.refusal
