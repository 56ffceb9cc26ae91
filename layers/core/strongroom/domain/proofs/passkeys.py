"""Whether a passkey really signed a statement, its holder verified, on a page of ours.

Source: Web Authentication Level 3, section 7.2, "Verifying an Authentication Assertion".
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.written import base64url, json_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strongroom.domain.proofs.policies import Passkey
    from strongroom.domain.proofs.proof import Assertion
    from strongroom.domain.proofs.signatures import SignatureCheck

# Authenticator data: SHA-256 of the rp_id, flags, counter (WebAuthn, section 6.1). An assertion has nothing more.
_LENGTH: Final = 37
_FLAGS: Final = 32
_PRESENT, _VERIFIED, _MAY_BE_SYNCED, _IS_SYNCED, _HAS_MORE = 0x01, 0x04, 0x08, 0x10, 0xC0


def why_not_signed(
    assertion: Assertion,
    *,
    statement: str,
    passkey: Passkey,
    rp_id: str,
    origins: Sequence[str],
    device_bound: bool,
    signatures: SignatureCheck,
) -> str:
    """Why the assertion does not show that the passkey signed the statement on one of these origins; empty if it does.

    The counter is not judged: passkeys that are synced say 0 for ever.
    """
    if refusal := _client_refusal(assertion.client_data, statement=statement, origins=origins):
        return refusal
    if refusal := _device_refusal(assertion.authenticator_data, rp_id=rp_id, device_bound=device_bound):
        return refusal
    message = assertion.authenticator_data + hashlib.sha256(assertion.client_data).digest()
    is_good = signatures.by_key(
        assertion.signature, message, public_key=passkey.public_key, algorithm=passkey.algorithm
    )
    return "" if is_good else "the signature is not by the enrolled passkey"


def challenge_of(statement: str) -> str:
    """The challenge by which a passkey signs a statement, in base64url."""
    return base64url(hashlib.sha256(statement.encode()).digest())


def is_copyable(authenticator_data: bytes) -> bool:
    """Whether the authenticator says that the passkey may be copied to other devices (WebAuthn, section 6.1.3)."""
    return bool(authenticator_data[_FLAGS] & _MAY_BE_SYNCED)


def _client_refusal(client_data: bytes, *, statement: str, origins: Sequence[str]) -> str:
    """What the browser said; it may say more than we know (browsers add keys on purpose), but nothing twice."""
    try:
        said = json_of(client_data, of="the browser's data")
    except MalformedRecordError as error:
        return str(error)
    if not isinstance(said, dict) or said.get("type") != "webauthn.get":
        return "the browser's data is not of a signature"
    if said.get("challenge") != challenge_of(statement):
        return "the passkey signed something else"
    if said.get("origin") not in origins:
        return "it was signed on a page that is not ours"
    if said.get("crossOrigin", False) is not False or "topOrigin" in said:
        return "it was signed inside of somebody else's page"
    return ""


def _device_refusal(data: bytes, *, rp_id: str, device_bound: bool) -> str:
    if len(data) != _LENGTH:
        return "the authenticator's data is not as long as it must be"
    if data[:_FLAGS] != hashlib.sha256(rp_id.encode()).digest():
        return "the passkey belongs to another site"
    flags = data[_FLAGS]
    if not flags & _PRESENT or not flags & _VERIFIED:
        return "the passkey did not verify its holder"
    if flags & _HAS_MORE or (flags & _IS_SYNCED and not flags & _MAY_BE_SYNCED):
        return "the authenticator contradicts itself"
    if device_bound and is_copyable(data):
        return "the passkey may be copied to other devices, and the rules take none that may"
    return ""
