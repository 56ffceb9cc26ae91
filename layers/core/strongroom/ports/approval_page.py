"""What is asked of wherever requests lie, to show one of them to whoever holds its link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.proofs.asked import AskedRestore
    from strongroom.domain.restores.showing.approval_view import Around, Judged


class LinkedRequest(Struct, frozen=True):
    """A request's canonical text, and the SHA-256 of the tokens in its links, in hexadecimal digits.

    `account_name` is what its account is called, empty where nobody knows.
    """

    text: str
    view_digest: str
    chat_digest: str
    account_name: str = ""


class LinkedRequests(Protocol):
    """Keeps requests from the moment that they are planned."""

    def read(self, request_id: str) -> LinkedRequest:
        """The request; NotFoundError where there is none."""


class KeptProof(Struct, frozen=True, kw_only=True):
    """Something that was signed, as it lies in the evidence: under `key`, its statement, and the log's proof of it.

    The proof of the log is empty until it has seen the object. `jwk` is the public key that verified an ID token, by
    which whoever has that token makes the object's text anew; empty of a passkey.
    """

    key: str
    statement: str
    logged: str
    jwk: Mapping[str, Any] = field(default_factory=dict)


class KeptProofs(Protocol):
    """Knows what people signed."""

    def read(self, request_id: str, digest: str) -> KeptProof | None:
        """The proof of that SHA-256; None where there is none."""


class RequestStandings(Protocol):
    """Knows what has become of requests."""

    def read(self, asked: AskedRestore, *, now: datetime) -> Judged | None:
        """Where the request stands; None while its requester has not signed it."""


class RequestSurroundings(Protocol):
    """Knows the names and sentences that belong to a request."""

    def of(self, asked: AskedRestore) -> Around:
        """What is shown beside the request's text."""
