"""Passkeys and an identity provider in software, always the same keys: all is right unless a test says otherwise."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import read_canonical
from strongroom.domain.proofs.id_tokens import commitment_of
from strongroom.domain.proofs.passkeys import challenge_of
from strongroom.domain.proofs.policies import Passkey
from strongroom.domain.proofs.proof import Assertion, KeptToken
from strongroom.domain.written import base64url, moment_of

type PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

RP_ID: Final = "restore.example.com"
ORIGIN: Final = "https://restore.example.com"
ISSUER: Final = "https://login.example.com"
CLIENT: Final = "strongroom-page"
# Two primes of an RSA key for tests, of 1024 bits each.
_P: Final = int(
    "ceb94ccd65b4fd8edd52411684f6892baf85af5cd77817470e0890c97b1db1d5a8a87661545cb63c41bf5cb36176c25d"
    "25447d333d861b938edffa70354d174b7db888e742e28707cdfb919d0f43a910f14563815c885f545a251490fed8f4a2"
    "456f9539ef73c7fad48e174c58c3b8fe6b483e73ee3877e647ade9f53543c781",
    16,
)
_Q: Final = int(
    "ca2829fef0bbe85fe5392b4e0f1aba9cea482a5b233742d0bfa87238da532cf738b97a99ed9a83b45895d91b5da33917"
    "9930b894b9c8c8cd599aab21d5f0f1a5beb414be4667c603aa011feadd8a19f3b82b8162298bf1c25ae4a38410e7e0d5"
    "e57d05364256fd8c337021f3018dd74c4f2350a526b7d18cdfa2dce8611cef39",
    16,
)


def _rsa_key() -> rsa.RSAPrivateKey:
    e = 65537
    d = pow(e, -1, (_P - 1) * (_Q - 1))
    public = rsa.RSAPublicNumbers(e=e, n=_P * _Q)
    return rsa.RSAPrivateNumbers(
        p=_P, q=_Q, d=d, dmp1=d % (_P - 1), dmq1=d % (_Q - 1), iqmp=pow(_Q, -1, _P), public_numbers=public
    ).private_key()


@cache
def a_key(name: str, algorithm: str = "ES256") -> PrivateKey:
    """The private key of that name; all RSA keys are the same one."""
    seed = hashlib.sha256(name.encode()).digest()
    match algorithm:
        case "RS256":
            return _rsa_key()
        case "EdDSA":
            return ed25519.Ed25519PrivateKey.from_private_bytes(seed)
        case _:
            return ec.derive_private_key(int.from_bytes(seed), ec.SECP256R1())


def a_signature(key: PrivateKey, message: bytes) -> bytes:
    """The key's signature as an authenticator gives it, an elliptic one in DER; the same one each time."""
    match key:
        case ec.EllipticCurvePrivateKey():
            return key.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True))
        case rsa.RSAPrivateKey():
            return key.sign(message, PKCS1v15(), SHA256())
        case _:
            return key.sign(message)


def a_json(content: Any) -> bytes:
    """The content in JSON without blanks."""
    return json.dumps(content, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticator:
    """One passkey of one person."""

    name: str
    algorithm: str = "ES256"

    @property
    def key(self) -> PrivateKey:
        """What never leaves an authenticator."""
        return a_key(self.name, self.algorithm)

    @property
    def passkey(self) -> Passkey:
        """The passkey as it is enrolled."""
        spki = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return Passkey(id=base64url(self.name.encode()), public_key=spki, algorithm=self.algorithm)

    def sign(
        self,
        statement: str,
        *,
        data: bytes | None = None,
        rp_id: str = RP_ID,
        flags: int = 0x05,
        client_data: bytes | None = None,
        **client: Any,
    ) -> Assertion:
        """An assertion over the statement; what is named differs from what an honest browser says, None is left out."""
        usual = {
            "type": "webauthn.get",
            "challenge": challenge_of(statement),
            "origin": ORIGIN,
            "crossOrigin": False,
        }
        kept = {name: value for name, value in (usual | client).items() if value is not None}
        said = a_json(kept) if client_data is None else client_data
        if data is None:
            data = hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + bytes(4)
        return Assertion(
            credential=self.passkey.id,
            authenticator_data=data,
            client_data=said,
            signature=a_signature(self.key, data + hashlib.sha256(said).digest()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An identity provider that makes ID tokens whose nonce commits to a statement."""

    name: str = "provider"
    algorithm: str = "ES256"
    usual: dict[str, Any] = field(default_factory=lambda: {"iss": ISSUER, "aud": CLIENT, "acr": "phr"})

    @property
    def key(self) -> PrivateKey:
        """The key that signs its tokens."""
        return a_key(self.name, self.algorithm)

    @property
    def jwk(self) -> dict[str, str]:
        """The public half as it publishes it."""
        numbers = self.key.public_key().public_numbers()  # type: ignore[union-attr]
        if isinstance(numbers, rsa.RSAPublicNumbers):
            return {"kty": "RSA", "n": _number(numbers.n, 256), "e": "AQAB", "kid": "one"}
        return {"kty": "EC", "crv": "P-256", "x": _number(numbers.x, 32), "y": _number(numbers.y, 32), "kid": "one"}

    def claims(self, subject: str, statement: str, **changes: Any) -> dict[str, Any]:
        """What a token says of a login just before the statement; a claim of None is left out."""
        second = int(moment_of(read_canonical(statement)["issued_at"], of="issued_at").timestamp())
        usual = self.usual | {
            "sub": subject,
            "nonce": commitment_of(statement),
            "auth_time": second - 5,
            "iat": second + 2,
            "exp": second + int(timedelta(minutes=5).total_seconds()),
        }
        return {name: value for name, value in (usual | changes).items() if value is not None}

    def token(self, subject: str, statement: str, **changes: Any) -> KeptToken:
        """A token of that person over the statement."""
        return self.made(a_json(self.claims(subject, statement, **changes)))

    def made(self, payload: bytes, *, header: bytes | None = None, key: PrivateKey | None = None) -> KeptToken:
        """A token with that very payload and header, signed by the provider unless another key is given."""
        head = a_json({"alg": self.algorithm, "kid": "one", "typ": "JWT"}) if header is None else header
        message = f"{base64url(head)}.{base64url(payload)}"
        by = key or self.key
        signature = a_signature(by, message.encode())
        if isinstance(by, ec.EllipticCurvePrivateKey):
            signature = b"".join(number.to_bytes(32) for number in decode_dss_signature(signature))
        return KeptToken(token=f"{message}.{base64url(signature)}", jwk=self.jwk)


def _number(number: int, length: int) -> str:
    return base64url(number.to_bytes(length))


class RememberedSignatures:
    """The real check, which is asked once for each signature: the same few are judged many times."""

    def __init__(self) -> None:
        self._by_key = cache(CryptographySignatures().by_key)
        self._by_jwk = cache(_by_jwk)

    def by_key(self, signature: bytes, message: bytes, *, public_key: bytes, algorithm: str) -> bool:
        """As the real one."""
        return self._by_key(signature, message, public_key=public_key, algorithm=algorithm)

    def by_jwk(self, signature: bytes, message: bytes, *, jwk: Mapping[str, str], algorithm: str) -> bool:
        """As the real one."""
        return self._by_jwk(signature, message, tuple(sorted(jwk.items())), algorithm)


def _by_jwk(signature: bytes, message: bytes, jwk: tuple[tuple[str, str], ...], algorithm: str) -> bool:
    return CryptographySignatures().by_jwk(signature, message, jwk=dict(jwk), algorithm=algorithm)
