"""How a signature is checked: asked of whoever has the cryptography, because the domain has none."""

from collections.abc import Mapping
from typing import Protocol


class SignatureCheck(Protocol):
    """Checks signatures; what cannot be checked, an unknown algorithm or a key of another kind, is not good."""

    def by_key(self, signature: bytes, message: bytes, *, public_key: bytes, algorithm: str) -> bool:
        """Whether the signature is by this key, SubjectPublicKeyInfo in DER (RFC 5280).

        `algorithm` is ES256 with the signature in DER, RS256, or EdDSA (Ed25519), as authenticators sign (WebAuthn).
        """

    def by_jwk(self, signature: bytes, message: bytes, *, jwk: Mapping[str, str], algorithm: str) -> bool:
        """Whether the signature is by this JSON Web Key, ES256 with r and s side by side, or RS256 (RFC 7518)."""
