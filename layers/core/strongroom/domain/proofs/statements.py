"""The one thing that people sign: what they decide, on which request, under which rules, and until when."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.written import bytes_of, moment_of, moment_text, record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.proofs.asked import AskedRestore

FORMAT: Final = "strongroom-approval/1"
_NONCE_BYTES: Final = 16
_KEYS: Final = ("decision", "expires_at", "format", "issued_at", "nonce", "policy", "request", "request_digest")


class Decision(StrEnum):
    """What a person can say about a request; the first is the requester's own, by which it becomes one."""

    REQUEST = "request"
    APPROVE = "approve"
    DENY = "deny"
    CANCEL = "cancel"


class SignedText(Protocol):
    """Whatever people sign: its text, and when they say that they do."""

    @property
    def text(self) -> str:
        """What is signed, word by word."""

    @property
    def issued_at(self) -> datetime:
        """When it was made."""


class HandedOut(SignedText, Protocol):
    """A text that is handed out to be signed once, by its nonce."""

    @property
    def nonce(self) -> str:
        """128 bits in base64url."""


class Statement(Struct, frozen=True, kw_only=True):
    """What was signed, word by word in `text`; `policy` is the digest of the rules."""

    text: str
    decision: Decision
    request: str
    request_digest: str
    policy: str
    issued_at: datetime
    expires_at: datetime
    nonce: str


def make_statement(asked: AskedRestore, decision: Decision, *, nonce: str, issued_at: datetime) -> Statement:
    """What somebody shall sign; `nonce` is 128 bits in base64url."""
    return read_statement(
        canonical_text(
            {
                "decision": decision,
                "expires_at": moment_text(asked.act_before),
                "format": FORMAT,
                "issued_at": moment_text(issued_at),
                "nonce": nonce,
                "policy": asked.policy.digest,
                "request": asked.id,
                "request_digest": asked.digest,
            }
        )
    )


def read_statement(text: str) -> Statement:
    """The statement of a canonical ASCII text; MalformedRecordError for anything else, also for another ceremony's."""
    words = words_of_statement(text, keys=_KEYS, of_format=FORMAT)
    if words["decision"] not in set(Decision):
        raise MalformedRecordError("the statement's decision is none that is known")
    return Statement(
        text=text,
        decision=Decision(words["decision"]),
        request=words["request"],
        request_digest=words["request_digest"],
        policy=words["policy"],
        issued_at=moment_of(words["issued_at"], of="issued_at"),
        expires_at=moment_of(words["expires_at"], of="expires_at"),
        nonce=words["nonce"],
    )


def words_of_statement(
    text: str, *, keys: tuple[str, ...], of_format: str, known: tuple[str, ...] = ()
) -> Mapping[str, str]:
    """What a text says that somebody signs: exactly these keys, of this format, with a nonce of 128 bits.

    Those of `known` may be left out. MalformedRecordError for anything else, a statement of another format among it.
    """
    if not text.isascii():
        raise MalformedRecordError("a statement is ASCII text")
    content = record_of(read_canonical(text), needed=keys, known=known)
    words = {name: text_of(said, of=name) for name, said in content.items()}
    if words["format"] != of_format:
        raise MalformedRecordError(f"the statement is not of the format {of_format}")
    if len(bytes_of(words["nonce"], of="nonce")) != _NONCE_BYTES:
        raise MalformedRecordError("the statement's nonce does not have 128 bits")
    return words


def misses_request(statement: Statement, asked: AskedRestore) -> str:
    """Why the statement is not about this request; empty when it is."""
    if statement.request != asked.id or statement.request_digest != asked.digest:
        return "it was signed for another request"
    if statement.policy != asked.policy.digest:
        return "it was signed under other rules"
    if statement.expires_at != asked.act_before:
        return "it does not end when the request does"
    return ""
