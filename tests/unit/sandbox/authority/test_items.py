"""What a DynamoDB call names: partition keys and attributes, however it spells them."""

from typing import Any

import pytest

from sandbox.authority.items import keys_of_call, keys_of_transaction

TABLE = "arn:aws:dynamodb:eu-west-1:222222222222:table/ceremonies"
KEY = {"pk": {"S": "STEP#1"}, "sk": {"S": "1"}}


def _partition_key(_table: str, index: str | None = None) -> str | None:
    return {None: "pk", "open": "bucket"}.get(index)


def _of(operation: str, **document: Any) -> dict[str, Any]:
    return keys_of_call(f"dynamodb:{operation}", {"TableName": "ceremonies", **document}, TABLE, _partition_key)


EXPRESSIONS = {
    "SET a = :v, b.c[0].d = if_not_exists(e, :v)": {"a", "b", "e"},
    "SET a=:v REMOVE b[1] ADD c :v DELETE d :v": {"a", "b", "c", "d"},
    "attribute_exists (a) AND NOT contains(b, :v)": {"a", "b"},
    "a BETWEEN :v AND :w OR size(b) > :v OR c IN (:v, d)": {"a", "b", "c", "d"},
    "#a.#b = :v": {"first"},
}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_names_the_attributes_at_its_top_level(expression: str) -> None:
    names = {"#a": "first", "#b": "second"}
    found = _of("UpdateItem", Key=KEY, UpdateExpression=expression, ExpressionAttributeNames=names)
    assert set(found["dynamodb:Attributes"]) == EXPRESSIONS[expression] | {"pk", "sk"}


def test_a_query_is_led_by_the_partition_key_of_what_it_reads() -> None:
    values = {":a": {"S": "STEP#1"}, ":b": {"S": "today"}}
    query = {"KeyConditionExpression": "pk = :a AND bucket = :b", "ExpressionAttributeValues": values}
    assert _of("Query", **query)["dynamodb:LeadingKeys"] == ["STEP#1"]
    assert _of("Query", IndexName="open", **query)["dynamodb:LeadingKeys"] == ["today"]
    assert "dynamodb:LeadingKeys" not in _of("Query", IndexName="absent", **query)


def test_a_batch_is_asked_table_by_table() -> None:
    other = {"PutRequest": {"Item": {"pk": {"S": "OTHER"}}}}
    mine = {"DeleteRequest": {"Key": KEY}}
    batch = {"RequestItems": {"other": [other], TABLE: [mine]}}
    found = keys_of_call("dynamodb:BatchWriteItem", batch, TABLE, _partition_key)
    assert found["dynamodb:LeadingKeys"] == ["STEP#1"]
    assert keys_of_call("dynamodb:BatchWriteItem", batch, f"{TABLE}-2", _partition_key) == {}


def test_the_selection_is_known_of_reads_and_what_is_returned_where_it_is_asked_for() -> None:
    assert _of("GetItem", Key=KEY)["dynamodb:Select"] == "ALL_ATTRIBUTES"
    assert _of("GetItem", Key=KEY, ProjectionExpression="a")["dynamodb:Select"] == "SPECIFIC_ATTRIBUTES"
    assert _of("Query", Select="COUNT")["dynamodb:Select"] == "COUNT"
    written = _of("PutItem", Item=KEY, ReturnValues="ALL_OLD")
    assert written["dynamodb:ReturnValues"] == "ALL_OLD"
    assert "dynamodb:Select" not in written


def test_a_transaction_is_as_many_calls_as_it_has_items() -> None:
    table = {"TableName": "ceremonies"}
    items = [
        {"Put": {**table, "Item": KEY}},
        {"ConditionCheck": {**table, "Key": {"pk": {"S": "OPEN"}}, "ConditionExpression": "attribute_exists(a)"}},
    ]
    first, second = keys_of_transaction({"TransactItems": items}, _partition_key)
    assert first["dynamodb:LeadingKeys"] == ["STEP#1"]
    assert second == {"dynamodb:LeadingKeys": ["OPEN"], "dynamodb:Attributes": ["a", "pk"]}
