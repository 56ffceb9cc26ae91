"""What we touch inside MiniStack of queues, topics, tables, secrets and log groups still tells their keys."""

import inspect
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import kms
from ministack.services.cloudformation import provisioners

from sandbox.seams import host as seams
from sandbox.seams.keys import encrypted

ACCOUNT, REGION = "222222222222", "eu-west-1"


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    encrypted.keep_keys_of_stacks(lambda _, group: "no" if group.endswith("refused") else None)
    with seams.request_scope(ACCOUNT, REGION):
        yield


@pytest.fixture
def key() -> str:
    """The ARN of a new key."""
    _, _, body = kms._create_key({})  # noqa: SLF001
    return str(json.loads(body)["KeyMetadata"]["Arn"])


def _create(type_: str, **properties: Any) -> str:
    """Let a stack make a resource; answers its ARN."""
    made = provisioners._RESOURCE_HANDLERS[type_]["create"](f"It{uuid.uuid4().hex[:8]}", properties, "stack")  # noqa: SLF001
    physical_id, attributes = made
    return str(attributes.get("Arn") or physical_id)


TABLE = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}


def test_what_a_stack_makes_lies_under_the_key_that_it_names(key: str) -> None:
    sse = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    for arn in (
        _create("AWS::SQS::Queue", KmsMasterKeyId=key.rpartition("/")[2]),
        _create("AWS::SNS::Topic", KmsMasterKeyId=key),
        _create("AWS::DynamoDB::Table", **TABLE, SSESpecification=sse),
        _create("AWS::SecretsManager::Secret", KmsKeyId=key),
    ):
        assert encrypted.customer_key_of(arn) == key


def test_what_names_no_key_or_the_one_of_aws_lies_under_none_of_a_customer() -> None:
    for arn in (
        _create("AWS::SQS::Queue"),
        _create("AWS::SNS::Topic", KmsMasterKeyId="alias/aws/sns"),
        _create("AWS::DynamoDB::Table", **TABLE, SSESpecification={"SSEEnabled": True}),
        _create("AWS::SecretsManager::Secret"),
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:nowhere",
        "arn:aws:s3:::bucket",
        "*",
    ):
        assert encrypted.customer_key_of(arn) is None


def test_a_log_group_under_a_key_that_is_refused_is_not_made(key: str) -> None:
    assert _create("AWS::Logs::LogGroup", LogGroupName="taken", KmsKeyId=key)
    with pytest.raises(ValueError, match="no"):
        _create("AWS::Logs::LogGroup", LogGroupName="refused", KmsKeyId=key)
    assert "refused" not in seams.service_module("cloudwatch_logs")._log_groups  # noqa: SLF001


def test_the_creators_still_take_what_they_took() -> None:
    for name in ("_sns_create", "_ddb_create", "_cwlogs_create"):
        parameters = list(inspect.signature(getattr(provisioners, name)).parameters)
        assert parameters == ["logical_id", "props", "stack_name"]
