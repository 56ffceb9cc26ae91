"""What is asked of wherever a ceremony keeps its indexes, clocks and bells: nothing of it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from strongroom.domain.chat import PostedMessage, Telling
    from strongroom.domain.proofs.statements import Statement
    from strongroom.domain.restores.drafts import Draft, OpenRequest


class Drafts(Protocol):
    """Keeps requests that nobody has signed yet."""

    def keep(self, draft: Draft) -> None:
        """Keep a new draft under its id."""

    def read(self, request_id: str) -> Draft:
        """The draft; NotFoundError when there is none."""


class OpenRequests(Protocol):
    """The list of requests, and the tickets that they use."""

    def open(self, request: OpenRequest) -> bool:
        """Use the ticket and list the request, both or none; False when another request has the ticket."""

    def latest(self, *, limit: int) -> tuple[OpenRequest, ...]:
        """The latest requests, newest first."""

    def close(self, request: OpenRequest, *, outcome: str, is_ticket_free: bool) -> None:
        """Remember how it ended, and give the ticket back where nothing came of it."""


class Bells(Protocol):
    """The token of the task that waits for people: it wakes the judge, and decides nothing."""

    def hang(self, request_id: str, token: str) -> None:
        """Keep the token, replacing that of an earlier round."""

    def token(self, request_id: str) -> str | None:
        """The token, or None."""


class Messages(Protocol):
    """Where requests are shown."""

    def keep(self, request_id: str, message: PostedMessage) -> None:
        """Keep where the message is; the first one stands."""

    def find(self, request_id: str) -> PostedMessage | None:
        """Where the message is, or None."""


class Tellings(Protocol):
    """How far people were told of requests."""

    def keep(self, request_id: str, telling: Telling) -> None:
        """Keep it, replacing what was kept before."""

    def find(self, request_id: str) -> Telling:
        """What was kept; nobody was told of a request of which nothing is kept."""


class Words(Protocol):
    """What people say of their decisions beside what they sign: for people to read, and proof of nothing."""

    def keep(self, request_id: str, proof: str, *, said: str) -> None:
        """Keep what was said with the proof of that digest; the first word stands."""

    def of(self, request_id: str) -> Mapping[str, str]:
        """What was said, by the digest of the proof."""


class OpenStatements(Protocol):
    """Statements that were handed out to be signed, by their nonce; each is used once."""

    def hand_out(self, statement: Statement, *, until: datetime) -> None:
        """Remember the statement until then."""

    def is_open(self, statement: Statement) -> bool:
        """Whether this very statement was handed out and not used yet."""

    def use(self, statement: Statement) -> bool:
        """Use it; False when somebody else did."""


class Limits(Protocol):
    """Counts what may be done so often only."""

    def count(self, name: str, *, most: int, within: timedelta, now: datetime) -> bool:
        """Count one more; False when there were as many already in this span of time."""


class Executions(Protocol):
    """The executions of the ceremony's state machine."""

    def is_running(self, execution: str) -> bool:
        """Whether that execution, by its ARN, is one of our machine, and runs."""
