"""A passkey's signature counts for one statement, verified, on our page; of the rest nothing does."""

import hashlib
from copy import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.proofs.passkeys import challenge_of, why_not_signed
from strongroom.domain.proofs.policies import Passkey
from strongroom.domain.proofs.proof import Assertion
from strongroom.domain.written import base64url
from tests.builders.proving.signed_requests import EVE, MARIA, a_statement, an_asked
from tests.builders.proving.signing import ORIGIN, RP_ID, Authenticator, a_json

STATEMENT = a_statement(an_asked()).text
MARIAS = Authenticator(name=MARIA)
HONEST = MARIAS.sign(STATEMENT)
RP_HASH = hashlib.sha256(RP_ID.encode()).digest()
SIGNATURES = CryptographySignatures()


def refusal(
    assertion: Assertion,
    *,
    statement: str = STATEMENT,
    passkey: Passkey = MARIAS.passkey,
    device_bound: bool = False,
    origins: tuple[str, ...] = (ORIGIN,),
) -> str:
    return why_not_signed(
        assertion,
        statement=statement,
        passkey=passkey,
        rp_id=RP_ID,
        origins=origins,
        device_bound=device_bound,
        signatures=SIGNATURES,
    )


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "RS256"])
def test_a_signature_of_an_enrolled_passkey_counts(algorithm: str) -> None:
    authenticator = Authenticator(name=MARIA, algorithm=algorithm)
    assert refusal(authenticator.sign(STATEMENT), passkey=authenticator.passkey) == ""


def test_the_challenge_is_the_digest_of_the_statement() -> None:
    assert challenge_of("statement") == base64url(hashlib.sha256(b"statement").digest())


@pytest.mark.parametrize(
    "client",
    [
        {"crossOrigin": None},
        {"crossOrigin": False},
        {"other_keys_can_be_added_here": "do not compare clientDataJSON against a template"},
        {"tokenBinding": {"status": "supported"}},
    ],
    ids=["no crossOrigin", "crossOrigin false", "grease", "token binding"],
)
def test_a_browser_may_say_more(client: dict[str, Any]) -> None:
    assert refusal(MARIAS.sign(STATEMENT, **client)) == ""


def test_any_of_our_pages_may_have_asked() -> None:
    assert refusal(HONEST, origins=("https://other.example.com", ORIGIN)) == ""


ANOTHER_PAGE = "it was signed on a page that is not ours"
SOMETHING_ELSE = "the passkey signed something else"
FRAMED = "it was signed inside of somebody else's page"
NO_SIGNATURE = "the browser's data is not of a signature"


@pytest.mark.parametrize(
    ("client", "reason"),
    [
        ({"type": "webauthn.create"}, NO_SIGNATURE),
        ({"type": None}, NO_SIGNATURE),
        ({"type": ["webauthn.get"]}, NO_SIGNATURE),
        ({"challenge": challenge_of(STATEMENT + " ")}, SOMETHING_ELSE),
        ({"challenge": challenge_of(STATEMENT) + "="}, SOMETHING_ELSE),
        ({"challenge": None}, SOMETHING_ELSE),
        ({"origin": None}, ANOTHER_PAGE),
        ({"origin": "http://restore.example.com"}, ANOTHER_PAGE),
        ({"origin": "https://restore.example.com:8443"}, ANOTHER_PAGE),
        ({"origin": "https://restore.example.com/"}, ANOTHER_PAGE),
        ({"origin": "https://evil.restore.example.com"}, ANOTHER_PAGE),
        ({"origin": "https://example.com"}, ANOTHER_PAGE),
        ({"origin": "https://RESTORE.example.com"}, ANOTHER_PAGE),
        ({"origin": [ORIGIN]}, ANOTHER_PAGE),
        ({"crossOrigin": True}, FRAMED),
        ({"crossOrigin": 0}, FRAMED),
        ({"crossOrigin": ""}, FRAMED),
        ({"topOrigin": "https://evil.example.com"}, FRAMED),
        ({"topOrigin": ORIGIN}, FRAMED),
    ],
    ids=str,
)
def test_attack_29_what_was_signed_elsewhere_does_not_count(client: dict[str, Any], reason: str) -> None:
    assert refusal(MARIAS.sign(STATEMENT, **client)) == reason


def test_attack_29_a_top_origin_of_null_is_one() -> None:
    said = {"type": "webauthn.get", "challenge": challenge_of(STATEMENT), "origin": ORIGIN, "topOrigin": None}
    assert refusal(MARIAS.sign(STATEMENT, client_data=a_json(said))) == FRAMED


TWICE = "the browser's data is not JSON that says everything once"
CLIENT = a_json({"type": "webauthn.get", "challenge": challenge_of(STATEMENT), "origin": ORIGIN})


@pytest.mark.parametrize(
    ("client_data", "reason"),
    [
        (b"", TWICE),
        (b"{", TWICE),
        (b"\xff" + CLIENT, TWICE),
        (b"\xef\xbb\xbf" + CLIENT, TWICE),
        (CLIENT[:-1] + b"," + CLIENT[1:], TWICE),
        (CLIENT[:-1] + b',"origin":"https://evil.example.com"}', TWICE),
        (CLIENT[:-1] + b',"x":{"y":1,"y":2}}', TWICE),
        (CLIENT[:-1] + b',"x":NaN}', TWICE),
        (b"[" * 200_000, TWICE),
        (b"[" + CLIENT + b"]", NO_SIGNATURE),
        (b'"webauthn.get"', NO_SIGNATURE),
        (b"null", NO_SIGNATURE),
    ],
    ids=[
        "nothing",
        "cut",
        "no UTF-8",
        "mark",
        "all twice",
        "origin twice",
        "twice within",
        "no number",
        "deep",
        "list",
        "text",
        "null",
    ],
)
def test_browser_data_of_another_form_does_not_count(client_data: bytes, reason: str) -> None:
    assert refusal(MARIAS.sign(STATEMENT, client_data=client_data)) == reason


NOT_VERIFIED = "the passkey did not verify its holder"
AS_LONG = "the authenticator's data is not as long as it must be"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (RP_HASH + bytes([0x05]) + bytes(3), AS_LONG),
        (RP_HASH + bytes([0x05]) + bytes(5), AS_LONG),
        (RP_HASH + bytes([0x85]) + bytes(4) + b"\xa0", AS_LONG),
        (b"", AS_LONG),
        (hashlib.sha256(b"example.com").digest() + bytes([0x05]) + bytes(4), "the passkey belongs to another site"),
        (RP_HASH + bytes([0x00]) + bytes(4), NOT_VERIFIED),
        (RP_HASH + bytes([0x01]) + bytes(4), NOT_VERIFIED),
        (RP_HASH + bytes([0x04]) + bytes(4), NOT_VERIFIED),
        (RP_HASH + bytes([0xFA]) + bytes(4), NOT_VERIFIED),
        (RP_HASH + bytes([0x15]) + bytes(4), "the authenticator contradicts itself"),
        (RP_HASH + bytes([0x45]) + bytes(4), "the authenticator contradicts itself"),
        (RP_HASH + bytes([0x85]) + bytes(4), "the authenticator contradicts itself"),
        (RP_HASH + bytes([0x05]) + bytes(4), ""),
        (RP_HASH + bytes([0x05]) + b"\xff\xff\xff\xff", ""),
        (RP_HASH + bytes([0x0D]) + bytes(4), ""),
        (RP_HASH + bytes([0x1D]) + bytes(4), ""),
    ],
    ids=[
        "short", "long", "extension", "nothing", "parent site", "no flags", "present only", "verified only",
        "all but both", "synced, and may not be",
        "a key that is not there", "extensions that are not there",
        "honest", "counted", "may be synced", "synced",
    ],
)  # fmt: skip
def test_an_authenticator_says_that_its_holder_was_verified(data: bytes, reason: str) -> None:
    assert refusal(MARIAS.sign(STATEMENT, data=data)) == reason


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (0x05, ""),
        (0x0D, "the passkey may be copied to other devices, and the rules take none that may"),
        (0x1D, "the passkey may be copied to other devices, and the rules take none that may"),
    ],
    ids=["bound", "may be synced", "synced"],
)
def test_rules_may_take_only_passkeys_that_stay_on_their_device(flags: int, reason: str) -> None:
    assert refusal(MARIAS.sign(STATEMENT, flags=flags), device_bound=True) == reason


BY_ANOTHER = "the signature is not by the enrolled passkey"


def test_a_signature_by_another_key_does_not_count() -> None:
    assert refusal(Authenticator(name=EVE).sign(STATEMENT)) == BY_ANOTHER


def test_a_signature_under_another_algorithm_does_not_count() -> None:
    assert refusal(HONEST, passkey=replace(MARIAS.passkey, algorithm="EdDSA")) == BY_ANOTHER


def test_attack_29_a_signature_for_one_statement_is_none_for_another() -> None:
    assert refusal(HONEST, statement=STATEMENT.replace("approve", "deny")) == SOMETHING_ELSE


def bits(assertion: Assertion) -> list[tuple[str, int]]:
    """Every bit of everything that was signed and of the signature."""
    fields = ("authenticator_data", "client_data", "signature")
    return [(name, bit) for name in fields for bit in range(8 * len(getattr(assertion, name)))]


def flipped(assertion: Assertion, name: str, bit: int) -> Assertion:
    content = bytearray(getattr(assertion, name))
    content[bit // 8] ^= 1 << bit % 8
    changed: dict[str, Any] = {name: bytes(content)}
    return replace(assertion, **changed)


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "RS256"])
def test_no_assertion_counts_of_which_a_single_bit_was_changed(algorithm: str) -> None:
    authenticator = Authenticator(name=MARIA, algorithm=algorithm)
    honest = authenticator.sign(STATEMENT)
    every = bits(honest)
    assert [each for each in every if refusal(flipped(honest, *each), passkey=authenticator.passkey) == ""] == []


@given(st.binary(max_size=80), st.binary(max_size=200), st.binary(max_size=80))
def test_no_junk_counts_and_none_raises(data: bytes, client_data: bytes, signature: bytes) -> None:
    junk = Assertion(credential="key", authenticator_data=data, client_data=client_data, signature=signature)
    assert refusal(junk) != ""
    assert refusal(replace(HONEST, signature=signature)) == BY_ANOTHER
