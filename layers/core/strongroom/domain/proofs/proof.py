"""A proof as it lies in the evidence: a statement, and what an authenticator or an identity provider signed over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from msgspec import Struct

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.statements import read_statement
from strongroom.domain.written import base64url, bytes_of, record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.proofs.statements import SignedText, Statement

_ASSERTION: Final = ("authenticator_data", "client_data", "credential", "signature")


class Assertion(Struct, frozen=True, kw_only=True):
    """What a passkey answered (WebAuthn, section 5.2.2); `credential` is its id in base64url."""

    credential: str
    authenticator_data: bytes
    client_data: bytes
    signature: bytes


class KeptToken(Struct, frozen=True, kw_only=True):
    """An ID token in compact form, and the key that verified it (RFC 7517)."""

    token: str
    jwk: Mapping[str, Any]


class SomethingSigned(Protocol):
    """A statement of any kind with what was signed over it."""

    @property
    def statement(self) -> SignedText:
        """What was said."""

    @property
    def signed(self) -> Assertion | KeptToken:
        """What an authenticator or an identity provider signed."""


class Proof(Struct, frozen=True, kw_only=True):
    """A signed statement; `digest` is the SHA-256 of the canonical text, by which the proof is named."""

    digest: str
    statement: Statement
    signed: Assertion | KeptToken


def read_proof(text: str) -> Proof:
    """The proof of a canonical text; MalformedRecordError for anything else."""
    content = record_of(read_canonical(text), needed=("statement",), known=("passkey", "id_token"))
    return proof_of(content, digest=digest_of(text))


def proof_of(content: Mapping[str, Any], *, digest: str) -> Proof:
    """The proof of a record that has a statement, and one of `passkey` and `id_token`."""
    return Proof(
        digest=digest,
        statement=read_statement(text_of(content["statement"], of="statement")),
        signed=signed_of(content),
    )


def signed_of(content: Mapping[str, Any]) -> Assertion | KeptToken:
    """What was signed, of a record that has one of `passkey` and `id_token`."""
    if ("passkey" in content) is ("id_token" in content):
        raise MalformedRecordError("a proof is by a passkey or by an ID token")
    return _assertion(content["passkey"]) if "passkey" in content else _token(content["id_token"])


def proof_text(statement: str, *, signed: Assertion | KeptToken) -> str:
    """The canonical text under which the proof is kept."""
    return canonical_text({"statement": statement, **signed_content(signed)})


def signed_content(signed: Assertion | KeptToken) -> dict[str, Any]:
    """What was signed, as the proof's text has it."""
    if isinstance(signed, KeptToken):
        return {"id_token": {"token": signed.token, "jwk": dict(signed.jwk)}}
    return {
        "passkey": {
            "credential": signed.credential,
            "authenticator_data": base64url(signed.authenticator_data),
            "client_data": base64url(signed.client_data),
            "signature": base64url(signed.signature),
        }
    }


def _assertion(content: Any) -> Assertion:
    passkey = record_of(content, needed=_ASSERTION)
    return Assertion(
        credential=text_of(passkey["credential"], of="credential"),
        authenticator_data=bytes_of(passkey["authenticator_data"], of="authenticator_data"),
        client_data=bytes_of(passkey["client_data"], of="client_data"),
        signature=bytes_of(passkey["signature"], of="signature"),
    )


def _token(content: Any) -> KeptToken:
    kept = record_of(content, needed=("jwk", "token"))
    if not isinstance(kept["jwk"], dict):
        raise MalformedRecordError("jwk is not a record")
    return KeptToken(token=text_of(kept["token"], of="token"), jwk=kept["jwk"])
