"""Policies bind DynamoDB calls to families of items, to attributes and to the transaction around them.

Sources: DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control" (`dynamodb:LeadingKeys`
is the partition key, with `ForAllValues` even for one item; `dynamodb:Attributes` names the key's attributes, too) and
"Using IAM with DynamoDB transactions" (each item is asked as PutItem, UpdateItem, DeleteItem, ConditionCheckItem or
GetItem, with `dynamodb:EnclosingOperation`); IAM User Guide, "Condition operators" (`ForAllValues` is true for a key
that is absent, hence `Null`).
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pytest

from sandbox.clients import client
from sandbox.settings import HOME_REGION
from tests.integration.authority.conftest import ACCOUNT, Role, Statement, a_name, a_role, allow, refusal

type Call = Callable[[Any, str, str], Any]
EVERY: Final = ("Get", "Put", "Update", "Delete", "ConditionCheck")
ACTIONS: Final = (
    *(f"dynamodb:{each}Item" for each in EVERY),
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
)


@pytest.fixture(scope="module")
def table(sandbox_host: object) -> str:
    """A table of items by `pk` and `sk`, with an index by `bucket`."""
    name = a_name()
    client("dynamodb", ACCOUNT).create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk", "bucket")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "open",
                "KeySchema": [{"AttributeName": "bucket", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    return name


def _arn(table: str) -> str:
    return f"arn:aws:dynamodb:{HOME_REGION}:{ACCOUNT}:table/{table}"


def _within(*families: str, also: dict[str, Any] | None = None, actions: tuple[str, ...] = ACTIONS) -> Statement:
    condition = {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(families)},
        "Null": {"dynamodb:LeadingKeys": "false"},
        **(also or {}),
    }
    return allow(*actions, Condition=condition)


def _key(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "1"}}


def _query(dynamodb: Any, table: str, pk: str) -> Any:
    values = {":pk": {"S": pk}}
    return dynamodb.query(TableName=table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=values)


def _query_range(dynamodb: Any, table: str, pk: str) -> Any:
    return dynamodb.query(
        TableName=table,
        KeyConditionExpression="(#p = :pk) AND begins_with(sk, :sk)",
        ExpressionAttributeNames={"#p": "pk"},
        ExpressionAttributeValues={":pk": {"S": pk}, ":sk": {"S": "STEP#"}},
    )


def _query_as_of_old(dynamodb: Any, table: str, pk: str) -> Any:
    condition = {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": pk}]}}
    return dynamodb.query(TableName=table, KeyConditions=condition)


def _query_index(dynamodb: Any, table: str, pk: str) -> Any:
    return dynamodb.query(
        TableName=table,
        IndexName="open",
        KeyConditionExpression="bucket = :pk",
        ExpressionAttributeValues={":pk": {"S": pk}},
    )


def _update(dynamodb: Any, table: str, pk: str) -> Any:
    values = {":x": {"S": "x"}}
    return dynamodb.update_item(
        TableName=table, Key=_key(pk), UpdateExpression="SET x = :x", ExpressionAttributeValues=values
    )


def _write(*requests: dict[str, Any]) -> Call:
    return lambda dynamodb, table, _: dynamodb.batch_write_item(RequestItems={table: list(requests)})


def _batch_put(dynamodb: Any, table: str, pk: str) -> Any:
    return _write({"PutRequest": {"Item": _key(pk)}})(dynamodb, table, pk)


def _batch_delete(dynamodb: Any, table: str, pk: str) -> Any:
    return _write({"DeleteRequest": {"Key": _key(pk)}})(dynamodb, table, pk)


CALLS: dict[str, Call] = {
    "GetItem": lambda dynamodb, table, pk: dynamodb.get_item(TableName=table, Key=_key(pk)),
    "PutItem": lambda dynamodb, table, pk: dynamodb.put_item(TableName=table, Item=_key(pk)),
    "UpdateItem": _update,
    "DeleteItem": lambda dynamodb, table, pk: dynamodb.delete_item(TableName=table, Key=_key(pk)),
    "Query": _query,
    "Query of a range": _query_range,
    "Query with KeyConditions": _query_as_of_old,
    "Query of an index": _query_index,
    "Query by the table's ARN": lambda dynamodb, table, pk: _query(dynamodb, _arn(table), pk),
    "BatchGetItem": lambda dynamodb, table, pk: dynamodb.batch_get_item(RequestItems={table: {"Keys": [_key(pk)]}}),
    "BatchWriteItem that puts": _batch_put,
    "BatchWriteItem that deletes": _batch_delete,
}


@pytest.fixture
def steps() -> Role:
    """A role that may touch nothing but steps."""
    return a_role(_within("STEP#*"))


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_held_to_the_partition_keys_of_its_items(name: str, table: str, steps: Role) -> None:
    dynamodb = steps.client("dynamodb")
    assert CALLS[name](dynamodb, table, "STEP#r-1")
    code, message = refusal(lambda: CALLS[name](dynamodb, table, "REQUEST#r-1"))
    assert code == "AccessDeniedException"
    assert f"dynamodb:{name.partition(' ')[0]}" in message


def test_every_key_of_a_batch_is_asked(table: str, steps: Role) -> None:
    mixed = [{"PutRequest": {"Item": _key(pk)}} for pk in ("STEP#r-1", "REQUEST#r-1")]
    assert refusal(lambda: _write(*mixed)(steps.client("dynamodb"), table, ""))[0] == "AccessDeniedException"


def test_a_scan_has_no_leading_keys(table: str) -> None:
    steps_only = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["STEP#*"]}}
    anybody = a_role(allow("dynamodb:Scan", Condition=steps_only))
    assert anybody.client("dynamodb").scan(TableName=table)
    anybody.may(_within("STEP#*"))
    assert refusal(lambda: anybody.client("dynamodb").scan(TableName=table))[0] == "AccessDeniedException"


def _transacted(kind: str, table: str, pk: str) -> dict[str, Any]:
    more: dict[str, dict[str, Any]] = {
        "Put": {"Item": _key(pk)},
        "Update": {
            "Key": _key(pk),
            "UpdateExpression": "SET x = :x",
            "ExpressionAttributeValues": {":x": {"S": "x"}},
        },
        "ConditionCheck": {"Key": _key(pk), "ConditionExpression": "attribute_not_exists(y)"},
    }
    return {kind: {"TableName": table, **more.get(kind, {"Key": _key(pk)})}}


def _transact(dynamodb: Any, *items: dict[str, Any]) -> Any:
    if "Get" in items[0]:
        return dynamodb.transact_get_items(TransactItems=list(items))
    return dynamodb.transact_write_items(TransactItems=list(items))


@pytest.mark.parametrize("kind", EVERY)
def test_each_item_of_a_transaction_is_asked_as_the_call_that_it_is(kind: str, table: str) -> None:
    action = f"dynamodb:{kind}Item"
    caller = a_role(_within("STEP#*", actions=(action,)))
    dynamodb = caller.client("dynamodb")
    assert _transact(dynamodb, _transacted(kind, table, "STEP#r-2"))
    own, foreign = _transacted(kind, table, "STEP#r-3"), _transacted(kind, table, "REQUEST#r-3")
    for items in ((foreign, own), (own, foreign)):
        code, message = refusal(partial(_transact, dynamodb, *items))
        assert code == "AccessDeniedException"
        assert action in message


def test_a_transaction_may_be_demanded(table: str) -> None:
    enclosed = {"ForAnyValue:StringEquals": {"dynamodb:EnclosingOperation": ["TransactWriteItems"]}}
    caller = a_role(_within("TICKET#*", "OPEN", also=enclosed, actions=("dynamodb:PutItem",)))
    dynamodb = caller.client("dynamodb")
    assert _transact(dynamodb, _transacted("Put", table, "TICKET#1"), _transacted("Put", table, "OPEN"))
    alone = refusal(lambda: dynamodb.put_item(TableName=table, Item=_key("TICKET#2")))
    assert alone[0] == "AccessDeniedException"


def _put_with(**more: str) -> Call:
    item = {name: {"S": value} for name, value in more.items()}
    return lambda dynamodb, table, _: dynamodb.put_item(TableName=table, Item={**_key("STEP#r-4"), **item})


def _update_with(expression: str, **more: Any) -> Call:
    values = {":x": {"S": "x"}}
    return lambda dynamodb, table, _: dynamodb.update_item(
        TableName=table,
        Key=_key("STEP#r-4"),
        UpdateExpression=expression,
        ExpressionAttributeValues=values,
        **more,
    )


def _get_some(projection: str) -> Call:
    return lambda dynamodb, table, _: dynamodb.get_item(
        TableName=table, Key=_key("STEP#r-4"), ProjectionExpression=projection
    )


WITHIN_ATTRIBUTES: dict[str, Call] = {
    "an item": _put_with(x="1"),
    "an update": _update_with("SET x = if_not_exists(x, :x) REMOVE y"),
    "a condition": _update_with("SET x = :x", ConditionExpression="attribute_not_exists(y) AND x <> :x"),
    "a projection": _get_some("x, y"),
}
OUTSIDE_OF_ATTRIBUTES: dict[str, Call] = {
    "an item": _put_with(x="1", outcome="RESTORED"),
    "an update": _update_with("SET x = :x, outcome = :x"),
    "an update by a placeholder": _update_with("SET #o.a[0].x = :x", ExpressionAttributeNames={"#o": "outcome"}),
    "what an update takes away": _update_with("SET x = :x REMOVE outcome"),
    "a condition": _update_with("SET x = :x", ConditionExpression="attribute_exists(outcome)"),
    "a projection": _get_some("x, outcome"),
}


@pytest.fixture
def limited() -> Any:
    """A client of a role that may name the key, `x` and `y` only."""
    attributes = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "x", "y"]}}
    return a_role(_within("STEP#*", also=attributes)).client("dynamodb")


@pytest.mark.parametrize("name", WITHIN_ATTRIBUTES)
def test_a_call_may_name_the_attributes_of_its_policy(name: str, table: str, limited: Any) -> None:
    assert WITHIN_ATTRIBUTES[name](limited, table, "")


@pytest.mark.parametrize("name", OUTSIDE_OF_ATTRIBUTES)
def test_a_call_may_name_no_other_attribute(name: str, table: str, limited: Any) -> None:
    assert refusal(lambda: OUTSIDE_OF_ATTRIBUTES[name](limited, table, ""))[0] == "AccessDeniedException"


def test_the_attributes_of_the_key_are_among_them(table: str) -> None:
    caller = a_role(allow("dynamodb:*", Condition={"ForAllValues:StringEquals": {"dynamodb:Attributes": ["x"]}}))
    assert refusal(lambda: _put_with(x="1")(caller.client("dynamodb"), table, ""))[0] == "AccessDeniedException"
