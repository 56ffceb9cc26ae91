"""What is asked of wherever a ceremony keeps its indexes, clocks and bells: nothing of it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from strongroom.domain.chat import PostedMessage
    from strongroom.domain.proofs.statements import HandedOut
    from strongroom.domain.restores.approving.logins import BrowserSecret, Login
    from strongroom.domain.restores.drafts import Draft, OpenRequest
    from strongroom.domain.restores.showing.reach import Telling


class Drafts(Protocol):
    """Keeps requests that nobody has signed yet."""

    def keep(self, draft: Draft) -> None:
        """Keep a new draft under its id."""

    def read(self, request_id: str) -> Draft:
        """The draft; NotFoundError when there is none."""


class OpenRequests(Protocol):
    """The list of requests, and the tickets that they use."""

    def open(self, request: OpenRequest, *, follows: str = "") -> bool:
        """Use the ticket and list the request, both or none.

        False when another request has the ticket, and for one that has ended: it takes no ticket again. There is one
        place for urgent requests, which is free for the one that `follows` the last that took it.
        """

    def latest(self, *, limit: int, now: datetime) -> tuple[OpenRequest, ...]:
        """The latest requests, newest first."""

    def unended(self, *, now: datetime) -> tuple[OpenRequest, ...]:
        """The requests that have not ended, or of whose end somebody does not know yet, newest first."""

    def ended_urgently(self, *, now: datetime) -> tuple[OpenRequest, ...]:
        """The urgent requests of the last two months that have ended, newest first."""

    def ended_lately(self, *, now: datetime) -> tuple[OpenRequest, ...]:
        """The requests that have ended and were asked for in the days that one lives at most, newest first."""

    def foreign(self, *, now: datetime) -> tuple[str, ...]:
        """The places of the lines that nobody has written who opens requests; everything else passes them by."""

    def find(self, request_id: str, *, now: datetime) -> OpenRequest | None:
        """The request's line, or None where it is not listed."""

    def close(self, request: OpenRequest, *, outcome: str, is_ticket_free: bool, untold: tuple[str, ...] = ()) -> None:
        """Give the ticket back where nothing came of it, then remember how it ended and who is still to be told."""

    def tell(self, request: OpenRequest, *, untold: tuple[str, ...]) -> None:
        """Remember who does not know of the end yet."""


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

    def remember(self, request_id: str, telling: Telling) -> None:
        """Keep who has been told, and who could not be reached, since when and why."""

    def telling(self, request_id: str) -> Telling:
        """Who has been told; nobody before anybody was."""


class Words(Protocol):
    """What people say of their decisions beside what they sign: for people to read, and proof of nothing."""

    def keep(self, request_id: str, proof: str, *, said: str) -> None:
        """Keep what was said with the proof of that digest; the first word stands."""

    def of(self, request_id: str) -> Mapping[str, str]:
        """What was said, by the digest of the proof."""


class OpenStatements(Protocol):
    """Statements that were handed out to be signed, by their nonce; each is used once."""

    def hand_out(self, statement: HandedOut, *, until: datetime) -> None:
        """Remember the statement until then."""

    def is_open(self, statement: HandedOut) -> bool:
        """Whether this very statement was handed out and not used yet."""

    def use(self, statement: HandedOut) -> bool:
        """Use it; False when somebody else did."""


class OpenLogins(Protocol):
    """Logins that began on the page, each by the secret of the browser in which it did, and used once."""

    def begin(self, login: Login, *, secret: BrowserSecret, until: datetime) -> None:
        """Remember the login until then; of the secret its hash alone."""

    def find(self, secret: BrowserSecret) -> Login | None:
        """The login that began in that browser, used or not; None where there is none, or it was too long ago."""

    def use(self, secret: BrowserSecret) -> bool:
        """Use it; False when it was used."""


class LoginIssuer(Protocol):
    """The identity provider, where people log in for one statement."""

    def address(self, *, nonce: str, secret: BrowserSecret) -> str:
        """Where the browser goes to log in; the token will hold the nonce."""

    def token(self, code: str, *, secret: BrowserSecret) -> str:
        """The ID token for the code that the browser brought back; NotAuthenticatedError for another."""


class Limits(Protocol):
    """Counts what may be done so often only."""

    def count(self, name: str, *, most: int, within: timedelta, now: datetime) -> bool:
        """Count one more; False when there were as many already in this span of time."""

    def give_back(self, name: str, *, within: timedelta, now: datetime) -> None:
        """Count one less of what was counted at that time, because nothing came of it."""

    def is_reached(self, name: str, *, most: int, within: timedelta, now: datetime) -> bool:
        """Whether there were as many in this span of time; counts nothing."""


class Executions(Protocol):
    """The executions of the ceremony's state machine."""

    def is_running(self, execution: str) -> bool:
        """Whether that execution, by its ARN, is one of our machine, and runs."""

    def ended_at(self, execution: str) -> datetime | None:
        """When that execution, by its ARN, ended; None while it runs, and where our machine has none of that name."""
