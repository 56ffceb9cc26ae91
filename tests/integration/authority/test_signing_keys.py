"""A key that signs a log: Ed25519, and signed with by one role, whatever else the account's people may do.

Sources: KMS API Reference, CreateKey (`ECC_NIST_EDWARDS25519`), Sign (`ED25519_SHA_512` takes the message itself,
`MessageType` RAW, of at most 4,096 bytes) and GetPublicKey; RFC 8032; KMS Developer Guide, "Key policies" (nobody has
a permission that the policy does not give, and a denial counts for the account's root, too).
"""

import json
from functools import partial
from typing import Any, Final

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sandbox.clients import client
from sandbox.settings import AUDIT_ACCOUNT, BACKUP_ACCOUNT
from tests.integration.authority.conftest import Role, Statement, a_name, a_role, allow, document, refusal

SPEC: Final = {"KeySpec": "ECC_NIST_EDWARDS25519", "KeyUsage": "SIGN_VERIFY"}
HOW: Final = {"SigningAlgorithm": "ED25519_SHA_512", "MessageType": "RAW"}
ROOT: Final = {"AWS": f"arn:aws:iam::{AUDIT_ACCOUNT}:root"}


def _kms() -> Any:
    return client("kms", AUDIT_ACCOUNT)


def _only(signer: str) -> list[Statement]:
    return [
        allow("kms:*", Principal=ROOT),
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "kms:Sign",
            "Resource": "*",
            "Condition": {"ArnNotEquals": {"aws:PrincipalArn": signer}},
        },
    ]


@pytest.fixture
def signer() -> Role:
    """The one role that may sign."""
    return a_role(allow("kms:Sign"), account=AUDIT_ACCOUNT, path="/strongroom/")


@pytest.fixture
def key(signer: Role) -> str:
    """A key with which nobody but that role signs."""
    return str(_kms().create_key(**SPEC, Policy=document(*_only(signer.arn)))["KeyMetadata"]["Arn"])


def _public(key: str) -> Ed25519PublicKey:
    answer = _kms().get_public_key(KeyId=key)
    assert answer["KeySpec"] == SPEC["KeySpec"]
    assert "ED25519_SHA_512" in answer["SigningAlgorithms"]
    public = load_der_public_key(answer["PublicKey"])
    assert isinstance(public, Ed25519PublicKey)
    return public


def test_what_the_key_signs_is_verified_without_kms(key: str, signer: Role) -> None:
    message = b"a checkpoint"
    signature = signer.client("kms").sign(KeyId=key, Message=message, **HOW)["Signature"]
    _public(key).verify(signature, message)
    with pytest.raises(InvalidSignature):
        _public(key).verify(signature, b"another")
    assert _kms().verify(KeyId=key, Message=message, Signature=signature, **HOW)["SignatureValid"]
    wrong = refusal(lambda: _kms().verify(KeyId=key, Message=b"another", Signature=signature, **HOW))
    assert wrong[0] == "KMSInvalidSignatureException"


WRONG: dict[str, dict[str, Any]] = {
    "a digest for a message": {"MessageType": "DIGEST"},
    "another algorithm": {"SigningAlgorithm": "ECDSA_SHA_256"},
    "too long a message": {"Message": b"x" * 4097},
}


@pytest.mark.parametrize("name", WRONG)
def test_the_key_signs_messages_of_its_own_kind_only(name: str, key: str, signer: Role) -> None:
    # By which code a digest is refused is not documented.
    codes = {"ValidationException", "InvalidKeyUsageException", "UnsupportedOperationException"}
    asked = {"Message": b"x", **HOW, **WRONG[name]}
    assert refusal(lambda: signer.client("kms").sign(KeyId=key, **asked))[0] in codes


def test_the_longest_message_is_signed(key: str, signer: Role) -> None:
    assert signer.client("kms").sign(KeyId=key, Message=b"x" * 4096, **HOW)["Signature"]


def test_nobody_else_signs(key: str) -> None:
    administrator = a_role(allow("*"), account=AUDIT_ACCOUNT)
    namesake = a_role(allow("*"), account=BACKUP_ACCOUNT)
    for kms in (administrator.client("kms"), _kms(), namesake.client("kms"), client("kms", BACKUP_ACCOUNT)):
        code, message = refusal(partial(kms.sign, KeyId=key, Message=b"x", **HOW))
        assert code == "AccessDeniedException"
        assert "kms:Sign" in message


def test_an_administrator_still_reads_the_public_key(key: str) -> None:
    administrator = a_role(allow("kms:GetPublicKey"), account=AUDIT_ACCOUNT)
    assert administrator.client("kms").get_public_key(KeyId=key)["KeySpec"] == SPEC["KeySpec"]


def test_a_stack_makes_such_a_key(signer: Role) -> None:
    policy = json.loads(document(*_only(signer.arn)))
    resource = {"Type": "AWS::KMS::Key", "Properties": {**SPEC, "KeyPolicy": policy}}
    template = {"Resources": {"LogKey": resource}, "Outputs": {"Key": {"Value": {"Fn::GetAtt": ["LogKey", "Arn"]}}}}
    cloudformation, name = client("cloudformation", AUDIT_ACCOUNT), a_name()
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    [output] = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    key = output["OutputValue"]
    described = _kms().describe_key(KeyId=key)["KeyMetadata"]
    assert (described["KeySpec"], described["KeyUsage"]) == (SPEC["KeySpec"], SPEC["KeyUsage"])
    signature = signer.client("kms").sign(KeyId=key, Message=b"x", **HOW)["Signature"]
    _public(key).verify(signature, b"x")
    assert refusal(lambda: _kms().sign(KeyId=key, Message=b"x", **HOW))[0] == "AccessDeniedException"
