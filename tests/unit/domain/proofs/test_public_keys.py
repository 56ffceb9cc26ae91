"""Keys are told from what is none by their form, as long as nothing has signed with them."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandbox.passkeys import PASSKEYS
from strongroom.domain.proofs.public_keys import why_no_key


def bytes_of(name: str) -> bytes:
    text = PASSKEYS[name].public_key
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


P256, ED25519, RSA = bytes_of("omar"), bytes_of("maria"), bytes_of("chiara")
P384 = ec.generate_private_key(ec.SECP384R1()).public_key()


def der(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def short_rsa() -> bytes:
    return der(rsa.generate_private_key(65537, 1024).public_key())  # noqa: S505 - it must be refused


def rsa_with_exponent(exponent: int) -> bytes:
    numbers = rsa.generate_private_key(65537, 2048).public_key().public_numbers()
    return der(rsa.RSAPublicNumbers(e=exponent, n=numbers.n).public_key())


@pytest.mark.parametrize(
    ("key", "algorithm"), [(P256, "ES256"), (ED25519, "EdDSA"), (RSA, "RS256")], ids=["P-256", "Ed25519", "RSA"]
)
def test_a_key_of_its_algorithm_is_one(key: bytes, algorithm: str) -> None:
    assert why_no_key(key, algorithm=algorithm) == ""


NO_KEYS = {
    "a key of another algorithm": (ED25519, "ES256", "no uncompressed point on P-256"),
    "another curve": (der(P384), "ES256", "no uncompressed point on P-256"),
    "a point that is cut off": (P256[:-1], "ES256", "no uncompressed point on P-256"),
    "a point with a byte more": (P256 + b"\0", "ES256", "no uncompressed point on P-256"),
    "P-256 as Ed25519": (P256, "EdDSA", "no key of Ed25519"),
    "Ed25519 with a byte more": (ED25519 + b"\0", "EdDSA", "no key of Ed25519"),
    "P-256 as RSA": (P256, "RS256", "no RSA key"),
    "nothing": (b"", "RS256", "no RSA key"),
    "RSA that is cut off": (RSA[:-1], "RS256", "no RSA key"),
    "RSA with a byte more": (RSA + b"\0", "RS256", "no RSA key"),
    "RSA that is too short": (short_rsa(), "RS256", "2048 bits or more"),
    "RSA with a small exponent": (rsa_with_exponent(3), "RS256", "exponent"),
    "an algorithm that nobody has": (P256, "ES384", "nothing signs here by ES384"),
}


@pytest.mark.parametrize(("key", "algorithm", "said"), NO_KEYS.values(), ids=NO_KEYS)
def test_what_is_no_key_is_told_why(key: bytes, algorithm: str, said: str) -> None:
    assert said in why_no_key(key, algorithm=algorithm)


@pytest.mark.parametrize("place", range(len(RSA) - 1), ids=str)
def test_no_byte_of_the_frame_of_an_rsa_key_can_be_missing(place: int) -> None:
    assert why_no_key(RSA[:place] + RSA[place + 1 :], algorithm="RS256")


def test_a_length_that_is_written_longer_than_it_is_makes_no_second_key_of_the_first() -> None:
    assert RSA[1:4] == bytes([0x82, 0x01, 0x22])
    longer = RSA[:1] + bytes([0x83, 0x00]) + RSA[2:]
    assert why_no_key(longer, algorithm="RS256")
