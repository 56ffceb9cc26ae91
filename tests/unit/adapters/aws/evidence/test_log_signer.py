"""A key in KMS signs notes as Ed25519 does; any other kind of key is noticed before it signs."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from strongroom.adapters.aws.evidence.log_signer import LogSigner
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.errors import ConfigurationMissingError
from strongroom.domain.evidence.log.notes import LOG_TYPE, Note, is_signed, sign_as_log
from tests.builders.proving.signing import a_key, a_signature
from tests.fakes.aws_failures import FailingClient, answered

KEY = "arn:aws:kms:eu-west-1:888888888888:key/1"
NAME = "strongroom.example/log"
TEXT = "strongroom.example/log\n1\nAAAA\n"


class FakeKms:
    """KMS with one key."""

    def __init__(self, algorithm: str = "EdDSA") -> None:
        self.key = a_key("log", algorithm)
        self.asked: list[dict[str, Any]] = []

    def get_public_key(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        spki = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {"PublicKey": spki}

    def sign(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        return {"Signature": a_signature(self.key, request["Message"])}


def test_what_it_signs_is_good_under_the_key_that_it_names() -> None:
    signer = LogSigner(FakeKms(), KEY, name=NAME, kind=LOG_TYPE)
    line = sign_as_log(TEXT, key=signer.key(), sign=signer.sign)
    note = Note(text=TEXT, lines=(line,))
    assert is_signed(note, line, key=signer.key(), signatures=CryptographySignatures())


def test_the_message_is_signed_and_not_its_hash_and_the_key_is_asked_for_once() -> None:
    kms = FakeKms()
    signer = LogSigner(kms, KEY, name=NAME, kind=LOG_TYPE)
    signer.key()
    signer.key()
    signer.sign(b"message")
    assert kms.asked == [
        {"KeyId": KEY},
        {"KeyId": KEY, "Message": b"message", "MessageType": "RAW", "SigningAlgorithm": "ED25519_SHA_512"},
    ]


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_key_of_another_kind_is_noticed(algorithm: str) -> None:
    with pytest.raises(ConfigurationMissingError, match="is no key of the kind ECC_NIST_EDWARDS25519"):
        LogSigner(FakeKms(algorithm), KEY, name=NAME, kind=LOG_TYPE).key()


def test_a_key_that_may_not_be_used_is_a_fault_of_the_set_up() -> None:
    signer = LogSigner(FailingClient(answered("AccessDeniedException")), KEY, name=NAME, kind=LOG_TYPE)
    for ask in (signer.key, lambda: signer.sign(b"message")):
        with pytest.raises(ConfigurationMissingError):
            ask()
