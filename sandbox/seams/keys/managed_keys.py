"""A private touch of MiniStack's KMS: the keys that AWS manages, which nobody makes and every account has.

AWS KMS Developer Guide, "AWS managed keys": one for each service, under the alias `alias/aws/<service>`; AWS KMS API
Reference, "DescribeKey", whose `KeyManager` is AWS for them. Pinned by
`tests/contract/seams/keys/test_managed_keys.py`.
"""

import uuid
from collections.abc import Callable
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams.keys import encrypted
from sandbox.settings import Settings

SERVICES: Final = ("backup", "dynamodb", "ebs", "elasticfilesystem", "fsx", "rds", "s3")
_NAMESPACE: Final = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
_ALIAS: Final = "alias/aws/"
# Nobody is told when an account's key was made.
_MADE: Final = 1_700_000_000


def install(_: Settings | None = None) -> None:
    """Let DescribeKey tell of the keys that AWS manages."""
    seams.replace("ministack.services.kms", "_describe_key", _knowing_managed_keys)


def managed_key(service: str, *, account: str, region: str) -> str:
    """The ARN of the key `aws/<service>` that AWS keeps in an account and Region."""
    identity = uuid.uuid5(_NAMESPACE, f"{account}/{region}/aws/{service}")
    return f"arn:aws:kms:{region}:{account}:key/{identity}"


def key_arn(name: str) -> str | None:
    """The ARN of a key of the current scope by its id, ARN or alias, whoever manages it; None of what is no key."""
    return _managed(name) or encrypted.key_arn(name)


def _managed(name: str) -> str | None:
    account, region = seams.request_account(), seams.request_region()
    alias = name.rpartition(":")[2] if name.startswith(f"arn:aws:kms:{region}:{account}:") else name
    if alias.startswith(_ALIAS):
        return managed_key(alias.removeprefix(_ALIAS), account=account, region=region)
    known = (managed_key(each, account=account, region=region) for each in SERVICES)
    return next((arn for arn in known if name in {arn, arn.rpartition("/")[2]}), None)


def _knowing_managed_keys(original: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    kms = seams.service_module("kms")

    def describe(asked: dict[str, Any]) -> Any:
        arn = _managed(asked.get("KeyId", ""))
        return original(asked) if arn is None else kms.json_response({"KeyMetadata": _metadata(arn)})

    return describe


def _metadata(arn: str) -> dict[str, Any]:
    return {
        "AWSAccountId": arn.split(":")[4],
        "Arn": arn,
        "CreationDate": _MADE,
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "Description": "Default key that protects what a service keeps when no other key is defined",
        "Enabled": True,
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "KeyId": arn.rpartition("/")[2],
        "KeyManager": "AWS",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyState": "Enabled",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "MultiRegion": False,
        "Origin": "AWS_KMS",
    }
