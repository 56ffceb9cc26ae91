"""A signature is good by a key of its own kind, and never a reason to fail."""

from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.written import base64url
from tests.builders.proving.signing import Authenticator, PrivateKey, Provider, a_key, a_signature

SIGNATURES = CryptographySignatures()
MESSAGE = b"what was said"
ALGORITHMS = ("ES256", "EdDSA", "RS256")
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def der(key: Any) -> bytes:
    spki: bytes = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return spki


def is_good_by_key(signature: bytes, key: Any, algorithm: str, message: bytes = MESSAGE) -> bool:
    return SIGNATURES.by_key(signature, message, public_key=der(key), algorithm=algorithm)


def is_good_by_jwk(signature: bytes, jwk: dict[str, Any], algorithm: str, message: bytes = MESSAGE) -> bool:
    return SIGNATURES.by_jwk(signature, message, jwk=jwk, algorithm=algorithm)


def side_by_side(signature: bytes) -> bytes:
    """An elliptic signature as JSON Web Signatures have it (RFC 7518, section 3.4)."""
    return b"".join(number.to_bytes(32) for number in decode_dss_signature(signature))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signature_is_good_by_its_own_key_and_for_its_own_message(algorithm: str) -> None:
    key = a_key("maria", algorithm)
    signature = a_signature(key, MESSAGE)
    assert is_good_by_key(signature, key, algorithm)
    assert not is_good_by_key(signature, key, algorithm, MESSAGE + b".")
    assert not is_good_by_key(signature[:-1], key, algorithm)
    assert not is_good_by_key(signature + b"\0", key, algorithm)
    assert not is_good_by_key(b"", key, algorithm)


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_a_signature_is_not_good_by_another_key(algorithm: str) -> None:
    assert not is_good_by_key(a_signature(a_key("maria", algorithm), MESSAGE), a_key("eve", algorithm), algorithm)


@pytest.mark.parametrize("made_by", ALGORITHMS)
@pytest.mark.parametrize("algorithm", [*ALGORITHMS, "ES384", "HS256", "none", ""])
def test_a_key_has_one_algorithm(made_by: str, algorithm: str) -> None:
    key = a_key("maria", made_by)
    assert is_good_by_key(a_signature(key, MESSAGE), key, algorithm) is (made_by == algorithm)


@dataclass(frozen=True)
class Weak:
    """A key with which nobody signs here, and its signature."""

    key: Any
    signature: bytes
    algorithm: str


def short_key(bits: int) -> rsa.RSAPrivateKey:
    """A key that is too short, which is what must be refused."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def weak_keys() -> dict[str, Weak]:
    p384, p521 = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP521R1())
    k1 = ec.generate_private_key(ec.SECP256K1())
    short, almost = short_key(1024), short_key(2047)
    e448, old = ed448.Ed448PrivateKey.generate(), dsa.generate_private_key(key_size=2048)
    return {
        "P-384": Weak(p384, p384.sign(MESSAGE, ec.ECDSA(SHA256())), "ES256"),
        "P-521": Weak(p521, p521.sign(MESSAGE, ec.ECDSA(SHA256())), "ES256"),
        "secp256k1": Weak(k1, k1.sign(MESSAGE, ec.ECDSA(SHA256())), "ES256"),
        "RSA of 1024 bits": Weak(short, a_signature(short, MESSAGE), "RS256"),
        "RSA of 2047 bits": Weak(almost, a_signature(almost, MESSAGE), "RS256"),
        "Ed448": Weak(e448, e448.sign(MESSAGE), "EdDSA"),
        "DSA": Weak(old, old.sign(MESSAGE, SHA256()), "ES256"),
    }


def test_a_key_of_another_curve_or_length_signs_nothing() -> None:
    good = {name for name, weak in weak_keys().items() if is_good_by_key(weak.signature, weak.key, weak.algorithm)}
    assert good == set()


def test_a_signature_by_another_hash_or_padding_is_not_good() -> None:
    elliptic, other = a_key("maria"), a_key("maria", "RS256")
    assert isinstance(elliptic, ec.EllipticCurvePrivateKey)
    assert isinstance(other, rsa.RSAPrivateKey)
    assert not is_good_by_key(elliptic.sign(MESSAGE, ec.ECDSA(SHA384())), elliptic, "ES256")
    pss = PSS(mgf=MGF1(SHA256()), salt_length=32)
    assert not is_good_by_key(other.sign(MESSAGE, pss, SHA256()), other, "RS256")
    assert not is_good_by_key(other.sign(MESSAGE, PKCS1v15(), SHA384()), other, "RS256")


@pytest.mark.parametrize(
    "public_key",
    [b"", b"junk", der(a_key("maria"))[:-1], der(a_key("maria")) + b"\0"],
    ids=["none", "junk", "cut", "more"],
)
def test_what_is_no_key_signs_nothing(public_key: bytes) -> None:
    signature = a_signature(a_key("maria"), MESSAGE)
    assert SIGNATURES.by_key(signature, MESSAGE, public_key=public_key, algorithm="ES256") is False


def test_a_key_of_a_curve_that_nobody_knows_signs_nothing() -> None:
    # The last arc of P-256's object identifier (RFC 5480), changed to one that no curve has.
    known, unknown = bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d03017f")
    spki = Authenticator(name="maria").passkey.public_key
    assert known in spki
    signature = a_signature(a_key("maria"), MESSAGE)
    assert SIGNATURES.by_key(signature, MESSAGE, public_key=spki.replace(known, unknown), algorithm="ES256") is False


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_json_web_key_signs_as_a_token_has_it(algorithm: str) -> None:
    provider = Provider(algorithm=algorithm)
    signature = a_signature(provider.key, MESSAGE)
    kept = side_by_side(signature) if algorithm == "ES256" else signature
    assert is_good_by_jwk(kept, provider.jwk, algorithm)
    assert not is_good_by_jwk(kept, provider.jwk, algorithm, MESSAGE + b".")
    assert not is_good_by_jwk(kept, provider.jwk, "RS256" if algorithm == "ES256" else "ES256")
    assert not is_good_by_jwk(kept, provider.jwk, "EdDSA")
    assert not is_good_by_jwk(kept, provider.jwk, "HS256")


def test_a_tokens_elliptic_signature_has_two_halves_of_one_length() -> None:
    provider = Provider()
    in_der = a_signature(provider.key, MESSAGE)
    kept = side_by_side(in_der)
    for other in (in_der, kept[:-1], kept + b"\0", b"\0" + kept, kept[32:] + kept[:32], b"", bytes(64), b"\xff" * 64):
        assert not is_good_by_jwk(other, provider.jwk, "ES256")


def test_a_half_without_its_leading_zero_is_another_spelling_and_not_good() -> None:
    provider = Provider()
    spelled = ((number, side_by_side(a_signature(provider.key, b"%d" % number))) for number in range(10_000))
    number, kept = next((number, kept) for number, kept in spelled if kept[32] == 0)
    assert is_good_by_jwk(kept, provider.jwk, "ES256", b"%d" % number)
    assert not is_good_by_jwk(kept[:32] + kept[33:], provider.jwk, "ES256", b"%d" % number)


def test_the_mirrored_signature_of_the_same_person_is_as_good() -> None:
    # ECDSA has two signatures for each; whoever mirrors one makes another proof by the same person, no other person.
    r, s = decode_dss_signature(a_signature(a_key("maria"), MESSAGE))
    assert is_good_by_key(encode_dss_signature(r, ORDER - s), a_key("maria"), "ES256")


GOOD_EC, GOOD_RSA = Provider().jwk, Provider(algorithm="RS256").jwk


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "EC"},
        {"kty": "oct", "k": "AAAA"},
        {"kty": "RSA"},
        {"kty": "RSA", "n": "AAAA"},
        GOOD_RSA | {"n": ""},
        GOOD_RSA | {"n": "AAAAA"},
        GOOD_RSA | {"n": "ü"},
        GOOD_RSA | {"e": "AA"},
        GOOD_RSA | {"e": "AQ"},
        GOOD_RSA | {"e": "!!!!"},
        GOOD_RSA | {"kty": "EC"},
        GOOD_EC | {"kty": "RSA"},
        GOOD_EC | {"kty": "OKP"},
        GOOD_EC | {"y": "!!!!" + GOOD_EC["y"]},
        GOOD_EC | {"crv": "P-384"},
        GOOD_EC | {"crv": "secp256k1"},
        GOOD_EC | {"x": "AAAA"},
        GOOD_EC | {"y": GOOD_EC["x"]},
        GOOD_EC | {"x": "", "y": ""},
        GOOD_EC | {"y": "=" + GOOD_EC["y"]},
        {name: value for name, value in GOOD_EC.items() if name != "crv"},
    ],
    ids=lambda jwk: ",".join(f"{name}:{value[:6]}" for name, value in jwk.items()),
)
def test_what_is_no_json_web_key_signs_nothing(jwk: dict[str, Any]) -> None:
    signature = a_signature(Provider().key, MESSAGE)
    for algorithm, kept in (("ES256", side_by_side(signature)), ("RS256", signature)):
        assert is_good_by_jwk(kept, jwk, algorithm) is False


def test_a_short_json_web_key_signs_nothing() -> None:
    short = short_key(1024)
    numbers = short.public_key().public_numbers()
    jwk = {"kty": "RSA", "n": base64url(numbers.n.to_bytes(128)), "e": "AQAB"}
    assert not is_good_by_jwk(a_signature(short, MESSAGE), jwk, "RS256")


@given(st.binary(max_size=300), st.binary(max_size=100), st.sampled_from(ALGORITHMS))
def test_no_junk_is_good_and_none_raises(signature: bytes, public_key: bytes, algorithm: str) -> None:
    key: PrivateKey = a_key("maria", algorithm)
    assert not is_good_by_key(signature, key, algorithm)
    assert SIGNATURES.by_key(signature, MESSAGE, public_key=public_key, algorithm=algorithm) is False
    for jwk in (GOOD_EC, GOOD_RSA):
        assert is_good_by_jwk(signature, jwk, algorithm) is False
