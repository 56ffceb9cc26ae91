"""The passkeys of the sandbox's people, in software: always the same keys, for drivers and browsers to sign with.

They protect nothing: whoever reads this file has them. What an authenticator answers: Web Authentication Level 3,
sections 5.8.1 and 6.1.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sandbox.people import PEOPLE, Person

RP_ID: Final = "localhost"
_USED: Final = 0x05  # somebody is there, and was verified
_ALGORITHMS: Final[dict[str, "Algorithm"]] = {"maria": "EdDSA", "chiara": "RS256"}
# Two primes of 1024 bits, because an RSA key is not derived from a name as quickly as the others.
_P: Final = int(
    "e6e18006b81ac1c1f8e8fcef675b92015504f801b9701544070c10a75a0a2b5e653a75948dff7d57e12317e32787b462"
    "ca4684fe307359664f160d0392e5bc477ef9f3532631468a85abd62badbd269be6992a602bc6458ea07ea9e0cf2c66eb"
    "7b9ff3836078a0f5d5046038d3d1858ec29d6bb00e06546a74771c6c5c8902cd",
    16,
)
_Q: Final = int(
    "c1821b0ff3e9597ceb13b1620cf159a31b19b7454c8b27ad10d240e24432035f045ebcfc5c3ff3aa484ccc616a7ab077"
    "b7ef90625ed260e3139ed2d7b16469a7293bda2acfc5ed1cb238783a87caa65085c45f7fee3fe1d257d27a300fea3336"
    "2c46783c006d8d9b640141bc659a412893c058efc2799b3a3400eb51c67d01d9",
    16,
)
_EXPONENT: Final = 65_537

type Algorithm = Literal["ES256", "EdDSA", "RS256"]
type PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Answer:
    """What a passkey answers, in base64url, as `navigator.credentials.get` gives it to a page."""

    credential: str
    authenticator_data: str
    client_data: str
    signature: str


@dataclass(frozen=True, slots=True)
class SoftwarePasskey:
    """One person's passkey; the same statement gets the same answer each time."""

    person: Person

    @property
    def id(self) -> str:
        """The credential's id in base64url, of 16 bytes."""
        return _base64url(_seed("credential", self.person.name)[:16])

    @property
    def algorithm(self) -> Algorithm:
        """By what it signs."""
        return _ALGORITHMS.get(self.person.name, "ES256")

    @property
    def public_key(self) -> str:
        """SubjectPublicKeyInfo in base64url."""
        key = _private_key(self.person.name, self.algorithm).public_key()
        return _base64url(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    @property
    def private_key(self) -> str:
        """PKCS#8 in base64, as Chrome's virtual authenticator imports it."""
        key = _private_key(self.person.name, self.algorithm)
        return base64.b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()

    @property
    def enrolment(self) -> str:
        """The statement by which it says whose it is."""
        content = {
            "credential": self.id,
            "format": "strongroom-enrolment/1",
            "public_key_sha256": hashlib.sha256(_bytes(self.public_key)).hexdigest(),
            "subject": self.person.subject,
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":"))

    def sign(self, statement: str, *, origin: str) -> Answer:
        """What it answers when a page of that origin asks it to sign the statement."""
        challenge = _base64url(hashlib.sha256(statement.encode()).digest())
        said = {"type": "webauthn.get", "challenge": challenge, "origin": origin, "crossOrigin": False}
        client_data = json.dumps(said, separators=(",", ":")).encode()
        data = hashlib.sha256(RP_ID.encode()).digest() + bytes([_USED]) + bytes(4)
        signature = _signature(
            _private_key(self.person.name, self.algorithm), data + hashlib.sha256(client_data).digest()
        )
        return Answer(
            credential=self.id,
            authenticator_data=_base64url(data),
            client_data=_base64url(client_data),
            signature=_base64url(signature),
        )


PASSKEYS: Final = {person.name: SoftwarePasskey(person) for person in PEOPLE}


def enrolled_anew(intent: str, *, before: str, after: str) -> str:
    """The text of an intent whose passkeys were enrolled on a page of one origin, enrolled on a page of another."""
    for passkey in PASSKEYS.values():
        old, new = (passkey.sign(passkey.enrolment, origin=origin) for origin in (before, after))
        intent = intent.replace(old.client_data, new.client_data).replace(old.signature, new.signature)
    return intent


@cache
def _private_key(name: str, algorithm: Algorithm) -> PrivateKey:
    match algorithm:
        case "RS256":
            return _rsa_key()
        case "EdDSA":
            return ed25519.Ed25519PrivateKey.from_private_bytes(_seed("key", name))
        case _:
            return ec.derive_private_key(int.from_bytes(_seed("key", name)), ec.SECP256R1())


def _rsa_key() -> rsa.RSAPrivateKey:
    d = pow(_EXPONENT, -1, (_P - 1) * (_Q - 1))
    return rsa.RSAPrivateNumbers(
        p=_P,
        q=_Q,
        d=d,
        dmp1=d % (_P - 1),
        dmq1=d % (_Q - 1),
        iqmp=pow(_Q, -1, _P),
        public_numbers=rsa.RSAPublicNumbers(e=_EXPONENT, n=_P * _Q),
    ).private_key()


def _signature(key: PrivateKey, message: bytes) -> bytes:
    match key:
        case ec.EllipticCurvePrivateKey():
            return key.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True))
        case rsa.RSAPrivateKey():
            return key.sign(message, PKCS1v15(), SHA256())
        case _:
            return key.sign(message)


def _seed(what: str, name: str) -> bytes:
    return hashlib.sha256(f"strongroom sandbox {what} {name}".encode()).digest()


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
