"""Which rights on a customer's key a call needs besides its own: services use the key in the caller's name.

Sources: SQS Developer Guide, "Key management"; SNS Developer Guide, "Managing encryption keys and costs"; DynamoDB
Developer Guide, "Encryption at rest: how it works"; Secrets Manager User Guide, "Secret encryption and decryption"; S3
User Guide, "Protecting data with SSE-KMS".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sandbox.seams import objects
from sandbox.seams.iam.authority import Asked, Further
from sandbox.seams.keys import encrypted as seams


@dataclass(frozen=True, slots=True)
class KeyUse:
    """What is done with the key, and the code under which the service tells a refusal."""

    actions: tuple[str, ...]
    error_code: str = ""


_TO_READ: Final = ("kms:Decrypt",)
_TO_WRITE: Final = ("kms:GenerateDataKey", "kms:Decrypt")
_OF_QUEUES: Final = "KMS.AccessDeniedException"
_OF_TOPICS: Final = "KMSAccessDenied"
_WRITE: Final = "s3:PutObject"
_READS: Final = frozenset({"s3:GetObject", "s3:GetObjectVersion"})
_TABLE_CALLS: Final = (
    "GetItem",
    "BatchGetItem",
    "Query",
    "Scan",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "ConditionCheckItem",
)

USES: Final = {
    "sqs:SendMessage": KeyUse(_TO_WRITE, _OF_QUEUES),
    "sqs:SendMessageBatch": KeyUse(_TO_WRITE, _OF_QUEUES),
    "sqs:ReceiveMessage": KeyUse(_TO_READ, _OF_QUEUES),
    "sns:Publish": KeyUse(_TO_WRITE, _OF_TOPICS),
    "sns:PublishBatch": KeyUse(_TO_WRITE, _OF_TOPICS),
    "secretsmanager:GetSecretValue": KeyUse(_TO_READ),
    "secretsmanager:PutSecretValue": KeyUse(_TO_WRITE),
    "secretsmanager:UpdateSecret": KeyUse(_TO_WRITE),
    # The table's own key is decrypted for each principal, whether it reads or writes.
    **{f"dynamodb:{name}": KeyUse(_TO_READ) for name in _TABLE_CALLS},
}


def uses_of_keys(action: str, resource_arn: str) -> Iterator[Further]:
    """The questions about the customer's key under which the resource lies; none under AWS's own."""
    use = USES.get(action)
    key = seams.customer_key_of(resource_arn) if use else None
    if use is None or key is None:
        return
    service, region = resource_arn.split(":")[2:4]
    for each in use.actions:
        yield Further(each, key, {"kms:ViaService": f"{service}.{region}.amazonaws.com"}, use.error_code)


def uses_in_buckets(action: str, asked: Asked) -> Iterator[Further]:
    """The questions about the customer's key of an object; an upload in parts asks for all of them as it begins."""
    params, is_write = asked.request.params, action == _WRITE
    if (not is_write and action not in _READS) or (is_write and "uploadId" in params) or asked.method == "HEAD":
        return
    arn = asked.resource_arn
    key = objects.key_of_write(arn, asked.headers) if is_write else objects.key_of_object(arn, _version(asked))
    if key is None:
        return
    keys = {
        "kms:ViaService": f"s3.{key.split(':')[3]}.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": objects.encryption_context(arn),
    }
    for each in _uses_of_object(is_write=is_write, in_parts="uploads" in params):
        yield Further(each, key, keys)


def _uses_of_object(*, is_write: bool, in_parts: bool) -> tuple[str, ...]:
    if not is_write:
        return _TO_READ
    return _TO_WRITE if in_parts else ("kms:GenerateDataKey",)


def _version(asked: Asked) -> str:
    return asked.request.text("versionId") if asked.method == "GET" else ""
