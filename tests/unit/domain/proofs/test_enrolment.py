"""A passkey is somebody's because it has signed so itself."""

import hashlib
import json
from copy import replace

import pytest

from sandbox.passkeys import PASSKEYS
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.proofs.enrolment import enrolment_statement, why_not_enrolled
from strongroom.domain.proofs.policies import Passkey
from strongroom.domain.proofs.proof import Assertion
from strongroom.domain.written import bytes_of
from tests.builders.proving.passkeys import ORIGIN, an_assertion

NAMES = ("omar", "maria", "chiara")


def passkey_of(name: str) -> Passkey:
    key = PASSKEYS[name]
    return Passkey(id=key.id, public_key=bytes_of(key.public_key, of="key"), algorithm=key.algorithm)


def refusal(
    assertion: Assertion,
    name: str = "omar",
    *,
    subject: str = "",
    is_synced: bool = False,
    origins: tuple[str, ...] = (ORIGIN,),
) -> str:
    return why_not_enrolled(
        assertion,
        subject=subject or f"idp|{name}",
        passkey=passkey_of(name),
        is_synced=is_synced,
        rp_id="localhost",
        origins=origins,
        signatures=CryptographySignatures(),
    )


def enrolment_of(name: str, *, origin: str = ORIGIN) -> Assertion:
    return an_assertion(name, PASSKEYS[name].enrolment, origin=origin)


@pytest.mark.parametrize("name", NAMES, ids=["ES256", "EdDSA", "RS256"])
def test_a_passkey_that_signed_its_own_enrolment_is_its_holders(name: str) -> None:
    assert refusal(enrolment_of(name), name) == ""


def test_the_statement_says_whose_key_it_is_and_which() -> None:
    text = enrolment_statement(subject="idp|omar", credential="abc", public_key=b"key")
    assert json.loads(text) == {
        "credential": "abc",
        "format": "strongroom-enrolment/1",
        "public_key_sha256": hashlib.sha256(b"key").hexdigest(),
        "subject": "idp|omar",
    }
    assert text.isascii()


def test_another_persons_passkey_is_nobody_elses() -> None:
    assert refusal(enrolment_of("omar"), subject="idp|maria") == "the passkey signed something else"


def test_another_key_under_the_same_id_is_refused() -> None:
    stolen = replace(enrolment_of("omar"), signature=enrolment_of("sana").signature)
    assert refusal(stolen) == "the signature is not by the enrolled passkey"


def test_a_page_that_is_not_ours_enrols_nobody() -> None:
    assert (
        refusal(enrolment_of("omar", origin="http://evil.localhost:4566")) == "it was signed on a page that is not ours"
    )


def test_a_passkey_is_as_copyable_as_its_authenticator_says() -> None:
    assert refusal(enrolment_of("omar"), is_synced=True) == "the authenticator says synced: false"
