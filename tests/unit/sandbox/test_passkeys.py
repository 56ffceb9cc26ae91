"""The people of the sandbox sign in software, always alike, and are enrolled in its intent with exactly these keys."""

import base64

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key

from sandbox.example.deployment import INTENT
from sandbox.passkeys import PASSKEYS, enrolled_anew
from strongroom_cli.errors import IntentFileError
from strongroom_cli.intent.file import load_intent_file

HERE, ELSEWHERE = "http://localhost:4566", "http://localhost:40123"


@pytest.mark.parametrize("name", PASSKEYS)
def test_the_intent_has_everybodys_passkey_as_it_signs(name: str) -> None:
    key = PASSKEYS[name]
    answer = key.sign(key.enrolment, origin=HERE)
    [enrolled] = load_intent_file(INTENT)[0].people[name].passkeys
    assert (enrolled.id, enrolled.public_key, enrolled.algorithm) == (key.id, key.public_key, key.algorithm)
    assert enrolled.proof.signature == answer.signature
    assert (enrolled.proof.client_data, enrolled.proof.authenticator_data) == (
        answer.client_data,
        answer.authenticator_data,
    )


@pytest.mark.parametrize("name", PASSKEYS)
def test_what_a_browser_imports_is_the_key_that_signs(name: str) -> None:
    private = load_der_private_key(base64.b64decode(PASSKEYS[name].private_key), password=None)
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert base64.urlsafe_b64encode(public).decode().rstrip("=") == PASSKEYS[name].public_key


def test_on_another_port_everybody_is_enrolled_anew(tmp_path_factory: pytest.TempPathFactory) -> None:
    text = INTENT.read_text(encoding="utf-8")
    file = tmp_path_factory.mktemp("intent") / "strongroom.yaml"
    file.write_text(text.replace(":4566", ":40123"), encoding="utf-8")
    with pytest.raises(IntentFileError) as refused:
        load_intent_file(file)
    assert [each.code for each in refused.value.findings if each.level == "error"] == ["passkey-unproven"] * len(
        PASSKEYS
    )
    file.write_text(enrolled_anew(text.replace(":4566", ":40123"), before=HERE, after=ELSEWHERE), encoding="utf-8")
    intent, _ = load_intent_file(file)
    assert intent.restores is not None
    assert intent.restores.page is not None
    assert intent.restores.page.origins == (ELSEWHERE,)
