"""Which rights on a customer's key a call needs besides its own: services use the key in the caller's name.

Sources: SQS Developer Guide, "Key management"; SNS Developer Guide, "Managing encryption keys and costs"; DynamoDB
Developer Guide, "Encryption at rest: how it works"; Secrets Manager User Guide, "Secret encryption and decryption".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sandbox.seams import encrypted as seams
from sandbox.seams.iam.authority import Further


@dataclass(frozen=True, slots=True)
class KeyUse:
    """What is done with the key, and the code under which the service tells a refusal."""

    actions: tuple[str, ...]
    error_code: str = ""


_TO_READ: Final = ("kms:Decrypt",)
_TO_WRITE: Final = ("kms:GenerateDataKey", "kms:Decrypt")
_OF_QUEUES: Final = "KMS.AccessDeniedException"
_OF_TOPICS: Final = "KMSAccessDenied"
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
