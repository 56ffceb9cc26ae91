"""The key that seals evidence: it signs inside KMS and never leaves it."""

import base64
import textwrap
from typing import Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.evidence.chain import ALGORITHM, EvidenceSeal

ACTIONS = ("kms:Sign", "kms:GetPublicKey")


class EvidenceKey:
    """One asymmetric KMS key, ECC_NIST_P256, SIGN_VERIFY."""

    def __init__(self, kms: Any, key: str) -> None:
        """`kms` is a client, `key` the key's id, ARN or alias."""
        self._kms = kms
        self._key = key

    def seal(self, *, number: int, digest: str, message: bytes) -> EvidenceSeal:
        """Sign the message, which tells the head's number and digest; the public key goes with the signature."""
        with aws_errors():
            signed = self._kms.sign(KeyId=self._key, Message=message, MessageType="RAW", SigningAlgorithm=ALGORITHM)
            public = self._kms.get_public_key(KeyId=self._key)["PublicKey"]
        return EvidenceSeal(
            number=number,
            digest=digest,
            signature=base64.b64encode(signed["Signature"]).decode(),
            key=signed["KeyId"],
            public_key=_pem(public),
        )


def _pem(der: bytes) -> str:
    lines = textwrap.wrap(base64.b64encode(der).decode(), 64)
    return "\n".join(("-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""))
