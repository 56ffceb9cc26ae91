"""A proof is a statement and one thing that was signed over it."""

from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.proof import Assertion, KeptToken, proof_of, proof_text, read_proof
from tests.builders.proving.signed_requests import MARIA, PROVIDER, a_statement, an_asked
from tests.builders.proving.signing import Authenticator

STATEMENT = a_statement(an_asked())
ASSERTION = Authenticator(name=MARIA).sign(STATEMENT.text)
TOKEN = PROVIDER.token(MARIA, STATEMENT.text)
PASSKEY = {"credential": "key", "authenticator_data": "AAAA", "client_data": "AQEB", "signature": "AgIC"}
KEPT = {"token": "a.b.c", "jwk": {"kty": "EC"}}


@pytest.mark.parametrize("signed", [ASSERTION, TOKEN], ids=["passkey", "token"])
def test_a_proof_reads_as_it_was_kept(signed: Assertion | KeptToken) -> None:
    text = proof_text(STATEMENT.text, signed=signed)
    proof = read_proof(text)
    assert (proof.statement, proof.signed, proof.digest) == (STATEMENT, signed, digest_of(text))


def test_the_kept_text_has_the_names_of_the_format() -> None:
    assertion = Assertion(credential="key", authenticator_data=b"\0\0\0", client_data=b"\1\1\1", signature=b"\2\2\2")
    assert proof_text("s", signed=assertion) == canonical_text({"statement": "s", "passkey": PASSKEY})
    token = KeptToken(token="a.b.c", jwk={"kty": "EC"})
    assert proof_text("s", signed=token) == canonical_text({"statement": "s", "id_token": KEPT})


def test_a_proof_that_lies_in_a_bundle_is_read_from_its_record() -> None:
    proof = proof_of({"statement": STATEMENT.text, "passkey": PASSKEY, "request": "text"}, digest="d")
    assert (proof.digest, proof.statement.text) == ("d", STATEMENT.text)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"statement": None}, "^statement is missing$"),
        ({"statement": ""}, "^statement is not a text$"),
        ({"statement": 1}, "^statement is not a text$"),
        ({"passkey": None}, "^a proof is by a passkey or by an ID token$"),
        ({"id_token": KEPT}, "^a proof is by a passkey or by an ID token$"),
        ({"comment": "x"}, "^comment does not belong here$"),
        ({"passkey": "key"}, "^a record is expected$"),
        ({"passkey": PASSKEY | {"user_handle": "AAAA"}}, "^user_handle does not belong here$"),
        ({"passkey": PASSKEY | {"credential": ""}}, "^credential is not a text$"),
        ({"passkey": PASSKEY | {"authenticator_data": "A"}}, "^authenticator_data is not base64url$"),
        ({"passkey": PASSKEY | {"client_data": "A"}}, "^client_data is not base64url$"),
        ({"passkey": PASSKEY | {"signature": "A"}}, "^signature is not base64url$"),
        ({"passkey": {"credential": "k"}}, "^authenticator_data is missing$"),
        ({"passkey": None, "id_token": "a.b.c"}, "^a record is expected$"),
        ({"passkey": None, "id_token": {"token": "a.b.c"}}, "^jwk is missing$"),
        ({"passkey": None, "id_token": {"jwk": {}}}, "^token is missing$"),
        ({"passkey": None, "id_token": KEPT | {"jwk": "EC"}}, "^jwk is not a record$"),
        ({"passkey": None, "id_token": KEPT | {"token": ""}}, "^token is not a text$"),
        ({"passkey": None, "id_token": KEPT | {"kid": "one"}}, "^kid does not belong here$"),
    ],
    ids=str,
)
def test_a_proof_of_another_form_is_refused(changes: dict[str, Any], reason: str) -> None:
    content = {"statement": STATEMENT.text, "passkey": PASSKEY} | changes
    kept = {name: value for name, value in content.items() if value is not None}
    with pytest.raises(MalformedRecordError, match=reason):
        read_proof(canonical_text(kept))


def test_a_proof_in_another_spelling_is_refused() -> None:
    with pytest.raises(MalformedRecordError, match="not the canonical form"):
        read_proof(proof_text(STATEMENT.text, signed=ASSERTION) + "\n")


def test_a_proof_whose_statement_has_another_spelling_is_refused() -> None:
    text = canonical_text({"statement": STATEMENT.text + " ", "passkey": PASSKEY})
    with pytest.raises(MalformedRecordError, match="not the canonical form"):
        read_proof(text)
