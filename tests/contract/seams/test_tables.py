"""What we touch inside MiniStack's DynamoDB is still there, and tells the keys and the policies of tables."""

import inspect
import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

from sandbox.seams import host as seams
from sandbox.seams.dynamodb import tables

ACCOUNT, REGION = "222222222222", "eu-west-1"
POLICY: Final = '{"Statement": []}'
ARN = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/seam"


DESCRIBED: Final[dict[str, Any]] = {
    "TableName": "seam",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": each, "AttributeType": "S"} for each in ("pk", "bucket")],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "open",
            "KeySchema": [{"AttributeName": "bucket", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
}


@pytest.fixture(autouse=True)
def table() -> Iterator[None]:
    """A table with an index and a policy, in its account."""
    tables.keep_policies()
    with seams.request_scope(ACCOUNT, REGION):
        dynamodb._create_table({**DESCRIBED, "ResourcePolicy": POLICY})  # noqa: SLF001
        yield
        dynamodb._delete_table({"TableName": "seam"})  # noqa: SLF001
    seams.restore()


def test_what_is_replaced_or_called_still_takes_what_it_took() -> None:
    seams.restore()
    update = ["physical_id", "old_props", "new_props", "stack_name", "logical_id"]
    expected = {
        dynamodb._create_table: ["data"],  # noqa: SLF001
        dynamodb._put_resource_policy: ["data"],  # noqa: SLF001
        dynamodb.drop_stream_records: ["table_name", "table"],
        provisioners._ddb_update: update,  # noqa: SLF001
    }
    for function, parameters in expected.items():
        assert [*inspect.signature(function).parameters][: len(parameters)] == parameters


def test_a_table_and_its_index_have_partition_keys() -> None:
    assert (tables.partition_key("seam"), tables.partition_key("seam", "open")) == ("pk", "bucket")


def test_a_table_is_found_by_its_arn_from_anywhere() -> None:
    with seams.request_scope("333333333333", "eu-central-1"):
        assert tables.partition_key(ARN) == "pk"
        assert tables.partition_key("seam") is None


def test_what_is_absent_has_no_partition_key() -> None:
    assert (tables.partition_key("absent"), tables.partition_key("seam", "absent")) == (None, None)


def test_a_table_has_its_policy_until_it_is_deleted() -> None:
    assert tables.policy_of(ARN) == tables.policy_of(f"{ARN}/index/open") == (POLICY, ACCOUNT)
    dynamodb._delete_table({"TableName": "seam"})  # noqa: SLF001
    dynamodb._create_table(dict(DESCRIBED))  # noqa: SLF001
    assert tables.policy_of(ARN) is None
    with seams.request_scope("333333333333", REGION):
        assert tables.policy_of(ARN) == ("", ACCOUNT)
        assert tables.policy_of(f"{ARN}-absent") is None


def test_a_table_of_a_stack_has_the_policy_of_its_template() -> None:
    handlers = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]  # noqa: SLF001
    properties = {**DESCRIBED, "TableName": "of-stack", "ResourcePolicy": {"PolicyDocument": json.loads(POLICY)}}
    name, attributes = handlers["create"]("Table", properties, "stack")
    assert tables.policy_of(attributes["Arn"]) == (POLICY, ACCOUNT)
    handlers["update"](name, properties, {**properties, "ResourcePolicy": None}, "stack", "Table")
    assert tables.policy_of(attributes["Arn"]) is None
    handlers["delete"](name, properties)
