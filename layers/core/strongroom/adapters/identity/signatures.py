"""Signatures of passkeys, identity providers and logs, checked by the `cryptography` package.

Importing this module imports none of it: only functions that check signatures pay for that.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTIONS: tuple[str, ...] = ()

_LEAST_RSA_BITS = 2048
_P256 = "secp256r1"
_HALF = 32


class CryptographySignatures:
    """The check of signatures; what cannot be checked is not good."""

    def by_key(self, signature: bytes, message: bytes, *, public_key: bytes, algorithm: str) -> bool:
        """Whether the signature is by this key, SubjectPublicKeyInfo in DER; ES256 signs in DER."""
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_der_public_key

        try:
            key = load_der_public_key(public_key)
        except (ValueError, UnsupportedAlgorithm):
            return False
        return _is_good(signature, message, key=key, algorithm=algorithm)

    def by_jwk(self, signature: bytes, message: bytes, *, jwk: Mapping[str, str], algorithm: str) -> bool:
        """Whether the signature is by this JSON Web Key; ES256 signs with r and s side by side."""
        from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

        try:
            key = _key_of(jwk)
        except (KeyError, ValueError):
            return False
        if algorithm != "ES256":
            return _is_good(signature, message, key=key, algorithm=algorithm)
        if len(signature) != 2 * _HALF:
            return False
        r, s = (int.from_bytes(half) for half in (signature[:_HALF], signature[_HALF:]))
        return _is_good(encode_dss_signature(r, s), message, key=key, algorithm=algorithm)


def _is_good(signature: bytes, message: bytes, *, key: Any, algorithm: str) -> bool:
    """By the key's own kind: an algorithm that does not belong to it is no algorithm of it."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        match algorithm, key:
            case "ES256", EllipticCurvePublicKey() if key.curve.name == _P256:
                key.verify(signature, message, ECDSA(SHA256()))
            case "RS256", RSAPublicKey() if key.key_size >= _LEAST_RSA_BITS:
                key.verify(signature, message, PKCS1v15(), SHA256())
            case "EdDSA", Ed25519PublicKey():
                key.verify(signature, message)
            case _:
                return False
    except InvalidSignature:
        return False
    return True


def _key_of(jwk: Mapping[str, str]) -> Any:
    """The public key, None for one of another kind; KeyError or ValueError for what is no key."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    if jwk["kty"] == "RSA":
        return RSAPublicNumbers(e=_number(jwk["e"]), n=_number(jwk["n"])).public_key()
    if jwk["kty"] == "EC" and jwk["crv"] == "P-256":
        return EllipticCurvePublicNumbers(x=_number(jwk["x"]), y=_number(jwk["y"]), curve=SECP256R1()).public_key()
    return None


def _number(text: str) -> int:
    return int.from_bytes(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
