"""What a new passkey signs about itself: whose it is. With that nobody enrols a key that they do not hold."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from strongroom.domain.canonical import canonical_text
from strongroom.domain.proofs.passkeys import is_copyable, why_not_signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strongroom.domain.proofs.policies import Passkey
    from strongroom.domain.proofs.proof import Assertion
    from strongroom.domain.proofs.signatures import SignatureCheck

FORMAT: Final = "strongroom-enrolment/1"


def enrolment_statement(*, subject: str, credential: str, public_key: bytes) -> str:
    """What the passkey signs: its id, the SHA-256 of its SubjectPublicKeyInfo, and the subject of its holder."""
    return canonical_text(
        {
            "credential": credential,
            "format": FORMAT,
            "public_key_sha256": hashlib.sha256(public_key).hexdigest(),
            "subject": subject,
        }
    )


def why_not_enrolled(
    assertion: Assertion,
    *,
    subject: str,
    passkey: Passkey,
    is_synced: bool,
    rp_id: str,
    origins: Sequence[str],
    signatures: SignatureCheck,
) -> str:
    """Why the passkey has not shown that it is this person's, and copied as it is said to be; empty if it has."""
    refusal = why_not_signed(
        assertion,
        statement=enrolment_statement(subject=subject, credential=passkey.id, public_key=passkey.public_key),
        passkey=passkey,
        rp_id=rp_id,
        origins=origins,
        device_bound=False,
        signatures=signatures,
    )
    if refusal:
        return refusal
    if is_copyable(assertion.authenticator_data) is not is_synced:
        return f"the authenticator says synced: {str(not is_synced).lower()}"
    return ""
