"""The keys of the log and of its witness: they sign inside KMS, in the audit account, for one function alone."""

from __future__ import annotations

from typing import Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import ConfigurationMissingError
from strongroom.domain.evidence.log.notes import ED25519_SPKI, NoteKey

_ALGORITHM: Final = "ED25519_SHA_512"
_KEY_BYTES: Final = 32


class LogKey:
    """The public half of one asymmetric KMS key, ECC_NIST_EDWARDS25519, SIGN_VERIFY."""

    ACTIONS: tuple[str, ...] = ("kms:GetPublicKey",)

    def __init__(self, kms: Any, key: str, *, name: str, kind: int) -> None:
        """`kms` is a client, `key` the key's ARN; `name` is its own in notes, `kind` what it signs there."""
        self._kms = kms
        self._key = key
        self._name = name
        self._kind = kind
        self._known: NoteKey | None = None

    def key(self) -> NoteKey:
        """The public key, by its name in notes."""
        if self._known is None:
            self._known = NoteKey(name=self._name, type=self._kind, public_key=self._public_key())
        return self._known

    def _public_key(self) -> bytes:
        with aws_errors():
            described: bytes = self._kms.get_public_key(KeyId=self._key)["PublicKey"]
        if not described.startswith(ED25519_SPKI) or len(described) != len(ED25519_SPKI) + _KEY_BYTES:
            raise ConfigurationMissingError(f"{self._key} is no key of the kind ECC_NIST_EDWARDS25519")
        return described.removeprefix(ED25519_SPKI)


class LogSigner(LogKey):
    """Such a key, which signs."""

    ACTIONS = (*LogKey.ACTIONS, "kms:Sign")

    def sign(self, message: bytes) -> bytes:
        """The signature over the message (RFC 8032), 64 bytes."""
        with aws_errors():
            answer = self._kms.sign(KeyId=self._key, Message=message, MessageType="RAW", SigningAlgorithm=_ALGORITHM)
        signature: bytes = answer["Signature"]
        return signature
