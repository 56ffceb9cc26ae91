"""The statement by which people agree to looser rules, and the file that carries it with what they signed.

Rules themselves are a text of the format `strongroom-policy/1`, so what is signed about them is of another format: a
text of the one can never stand for one of the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.proof import signed_content, signed_of
from strongroom.domain.proofs.statements import words_of_statement
from strongroom.domain.written import moment_of, moment_text, record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from strongroom.domain.proofs.proof import Assertion, KeptToken

STATEMENT_FORMAT: Final = "strongroom-policy-change/1"
EVIDENCE_FORMAT: Final = "strongroom-policy-evidence/1"
MOST_PROOFS: Final = 50
_KEYS: Final = ("after", "before", "expires_at", "format", "issued_at", "nonce")


class ChangeStatement(Struct, frozen=True, kw_only=True):
    """That all rules together, `before` by their digest, become those of the digest `after`."""

    text: str
    before: str
    after: str
    issued_at: datetime
    expires_at: datetime
    nonce: str


class ChangeProof(Struct, frozen=True, kw_only=True):
    """A signed statement about a change; `digest` is the SHA-256 of its canonical text."""

    digest: str
    statement: ChangeStatement
    signed: Assertion | KeptToken


class ChangeEvidence(Struct, frozen=True, kw_only=True):
    """The rules before and after as whoever signed saw them, and the proofs."""

    before: str
    after: str
    proofs: tuple[ChangeProof, ...]


def make_change(*, before: str, after: str, nonce: str, issued_at: datetime, expires_at: datetime) -> ChangeStatement:
    """What somebody shall sign; `before` and `after` are the rules' whole texts, `nonce` 128 bits in base64url."""
    return read_change(
        canonical_text(
            {
                "after": digest_of(after),
                "before": digest_of(before),
                "expires_at": moment_text(expires_at),
                "format": STATEMENT_FORMAT,
                "issued_at": moment_text(issued_at),
                "nonce": nonce,
            }
        )
    )


def read_change(text: str) -> ChangeStatement:
    """The statement of a canonical ASCII text; MalformedRecordError for anything else."""
    words = words_of_statement(text, keys=_KEYS, of_format=STATEMENT_FORMAT)
    return ChangeStatement(
        text=text,
        before=words["before"],
        after=words["after"],
        issued_at=moment_of(words["issued_at"], of="issued_at"),
        expires_at=moment_of(words["expires_at"], of="expires_at"),
        nonce=words["nonce"],
    )


def change_evidence_text(*, before: str, after: str, proofs: Iterable[tuple[str, Assertion | KeptToken]]) -> str:
    """The canonical text of the file: the rules' whole texts, and each statement with what was signed over it."""
    told = [{"statement": statement, **signed_content(signed)} for statement, signed in proofs]
    return canonical_text({"after": after, "before": before, "format": EVIDENCE_FORMAT, "proofs": told})


def read_change_evidence(text: str) -> ChangeEvidence:
    """The evidence of a canonical text; MalformedRecordError for anything else."""
    content = record_of(read_canonical(text), needed=("after", "before", "format", "proofs"))
    if content["format"] != EVIDENCE_FORMAT:
        raise MalformedRecordError(f"the evidence is not of the format {EVIDENCE_FORMAT}")
    proofs = content["proofs"]
    if not isinstance(proofs, list) or len(proofs) > MOST_PROOFS:
        raise MalformedRecordError(f"proofs is not a list of {MOST_PROOFS} at most")
    return ChangeEvidence(
        before=text_of(content["before"], of="before"),
        after=text_of(content["after"], of="after"),
        proofs=tuple(_proof(each) for each in proofs),
    )


def _proof(content: Any) -> ChangeProof:
    proof = record_of(content, needed=("statement",), known=("passkey", "id_token"))
    return ChangeProof(
        digest=digest_of(canonical_text(proof)),
        statement=read_change(text_of(proof["statement"], of="statement")),
        signed=signed_of(proof),
    )
