"""What lies under a customer's key is used by whoever may use the key.

Sources: KMS Developer Guide, "Key policies" ("No AWS principal, including the account root user or key creator, has
any permissions to a KMS key unless they are explicitly allowed"); SQS Developer Guide, "Key management"; SNS Developer
Guide, "Managing encryption keys"; DynamoDB Developer Guide, "DynamoDB encryption at rest: how it works"; Secrets
Manager User Guide, "Secret encryption and decryption".
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.clients import client
from sandbox.settings import HOME_REGION, PAYMENTS_ACCOUNT
from tests.integration.authority.conftest import ACCOUNT, a_key, a_name, a_role, allow, document, refusal

type Use = Callable[[Any], Any]


@dataclass(frozen=True)
class Kept:
    """Something under a key: how it is made, the call that uses it, and what the call asks of the key."""

    service: str
    make: Callable[[str], Use]
    action: str
    keys: tuple[str, ...]
    code: str


def _queue(key: str) -> str:
    attributes = {"KmsMasterKeyId": key}
    return str(client("sqs", ACCOUNT).create_queue(QueueName=a_name(), Attributes=attributes)["QueueUrl"])


def _send(key: str) -> Use:
    url = _queue(key)
    return lambda sqs: sqs.send_message(QueueUrl=url, MessageBody="x")


def _receive(key: str) -> Use:
    url = _queue(key)
    return lambda sqs: sqs.receive_message(QueueUrl=url)


def _publish(key: str) -> Use:
    arn = client("sns", ACCOUNT).create_topic(Name=a_name(), Attributes={"KmsMasterKeyId": key})["TopicArn"]
    return lambda sns: sns.publish(TopicArn=arn, Message="x")


def _table(key: str) -> str:
    name = a_name()
    client("dynamodb", ACCOUNT).create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
    )
    return name


def _put_item(key: str) -> Use:
    table = _table(key)
    return lambda dynamodb: dynamodb.put_item(TableName=table, Item={"id": {"S": "1"}})


def _query(key: str) -> Use:
    question = {"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "1"}}}
    table = _table(key)
    return lambda dynamodb: dynamodb.query(TableName=table, **question)


def _secret(key: str) -> Use:
    name = a_name()
    client("secretsmanager", ACCOUNT).create_secret(Name=name, SecretString="{}", KmsKeyId=key)
    return lambda secrets: secrets.get_secret_value(SecretId=name)


WRITE, READ = ("kms:GenerateDataKey", "kms:Decrypt"), ("kms:Decrypt",)
KEPT = {
    "a message is sent": Kept("sqs", _send, "sqs:SendMessage", WRITE, "KMS.AccessDeniedException"),
    "a message is received": Kept("sqs", _receive, "sqs:ReceiveMessage", READ, "KMS.AccessDeniedException"),
    "a message is published": Kept("sns", _publish, "sns:Publish", WRITE, "KMSAccessDenied"),
    "an item is put": Kept("dynamodb", _put_item, "dynamodb:PutItem", READ, "AccessDeniedException"),
    "a table is read": Kept("dynamodb", _query, "dynamodb:Query", READ, "AccessDeniedException"),
    "a secret is read": Kept("secretsmanager", _secret, "secretsmanager:GetSecretValue", READ, "AccessDeniedException"),
}


@pytest.mark.parametrize("what", KEPT)
def test_the_caller_must_be_allowed_to_use_the_key(what: str) -> None:
    kept = KEPT[what]
    key = a_key()
    use = kept.make(key)
    caller = a_role(allow(kept.action))
    for missing in kept.keys:
        caller.may(allow(kept.action), *(allow(each, resource=key) for each in kept.keys if each != missing))
        code, message = refusal(lambda: use(caller.client(kept.service)))
        assert code == kept.code
        assert f"{missing} on resource: {key}" in message
    via = {"StringEquals": {"kms:ViaService": f"{kept.service}.{HOME_REGION}.amazonaws.com"}}
    caller.may(allow(kept.action), allow(*kept.keys, resource=key, Condition=via))
    assert use(caller.client(kept.service))


def test_what_lies_under_no_key_of_a_customer_asks_no_key() -> None:
    url = client("sqs", ACCOUNT).create_queue(QueueName=a_name())["QueueUrl"]
    caller = a_role(allow("sqs:SendMessage"))
    assert caller.client("sqs").send_message(QueueUrl=url, MessageBody="x")


def test_a_root_uses_no_key_whose_policy_does_not_name_it() -> None:
    kms = client("kms", ACCOUNT)
    other = {"AWS": a_role().arn}
    key = kms.create_key(Policy=document(allow("kms:*", Principal=other)))["KeyMetadata"]["KeyId"]
    code, message = refusal(lambda: kms.generate_data_key(KeyId=key, KeySpec="AES_256"))
    assert code == "AccessDeniedException"
    assert f"arn:aws:iam::{ACCOUNT}:root is not authorized to perform: kms:GenerateDataKey" in message
    governed = kms.create_key()["KeyMetadata"]["KeyId"]
    assert kms.generate_data_key(KeyId=governed, KeySpec="AES_256")["Plaintext"]


def test_the_policy_of_another_accounts_key_is_asked() -> None:
    key = a_key(account=PAYMENTS_ACCOUNT)
    url = _queue(key)
    sender = a_role(allow("sqs:SendMessage"), allow("kms:*"))
    assert refusal(lambda: sender.client("sqs").send_message(QueueUrl=url, MessageBody="x"))[0].startswith("KMS.")
    statements = json.loads(client("kms", PAYMENTS_ACCOUNT).get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    statements["Statement"].append(allow(*WRITE, Principal={"AWS": sender.arn}))
    client("kms", PAYMENTS_ACCOUNT).put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(statements))
    assert sender.client("sqs").send_message(QueueUrl=url, MessageBody="x")
