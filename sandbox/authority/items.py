"""The condition keys of a DynamoDB call: the partition keys and the attributes that it names.

Source: DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control". Key and item count as
named attributes, as do the top-level attributes of each expression; a scan has no leading keys.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

type Document = Mapping[str, Any]
type Item = Mapping[str, Mapping[str, Any]]
type PartitionKey = Callable[[str, str | None], str | None]

_IN_TRANSACTIONS: Final = {
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_READS: Final = frozenset({"GetItem", "BatchGetItem", "Query", "Scan"})
_EXPRESSIONS: Final = (
    "ProjectionExpression",
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "UpdateExpression",
)
_LEGACY: Final = ("AttributesToGet", "AttributeUpdates", "Expected", "ScanFilter", "QueryFilter", "KeyConditions")
_WORDS: Final = frozenset({"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"})
# A name at the top level: neither a step of a path, nor the name of a value, nor a function.
_NAME: Final = re.compile(r"(?<![\w.:#])(#\w+|[A-Za-z_]\w*)\b(?!\s*\()")
_EQUALS: Final = re.compile(r"(?P<name>#?\w+)\s*=\s*(?P<value>:\w+)")


def keys_of_call(action: str, document: Document, resource_arn: str, partition_key: PartitionKey) -> dict[str, Any]:
    """What a policy may ask of a call about a table; for a batch, of its part about the table of the ARN.

    `partition_key(table, index)` tells the attribute that is the partition key of a table, by name or ARN.
    """
    operation = action.removeprefix("dynamodb:")
    if "RequestItems" not in document:
        return _keys(operation, document, str(document.get("TableName", "")), partition_key)
    for table, part in document["RequestItems"].items():
        if table == resource_arn or resource_arn.endswith(f":table/{table}"):
            return _keys(operation, part if isinstance(part, Mapping) else {"Requests": part}, table, partition_key)
    return {}


def keys_of_transaction(document: Document, partition_key: PartitionKey) -> Iterator[dict[str, Any]]:
    """What a policy may ask of each item of a transaction, in their order."""
    for item in document.get("TransactItems", ()):
        for kind, operation in _IN_TRANSACTIONS.items():
            if kind in item:
                yield _keys(operation, item[kind], item[kind]["TableName"], partition_key)


def _keys(operation: str, document: Document, table: str, partition_key: PartitionKey) -> dict[str, Any]:
    named = [*_named_items(operation, document)]
    leading = partition_key(table, document.get("IndexName"))
    values = [_text(item[leading]) for item in named if leading is not None and leading in item]
    attributes = {*_attributes(document), *(name for item in named for name in item)}
    found: dict[str, Any] = {"dynamodb:LeadingKeys": values} if values else {}
    if attributes:
        found["dynamodb:Attributes"] = sorted(attributes)
    if "ReturnValues" in document:
        found["dynamodb:ReturnValues"] = document["ReturnValues"]
    if operation in _READS:
        found["dynamodb:Select"] = document.get("Select") or _selected(document)
    return found


def _selected(document: Document) -> str:
    chosen = "ProjectionExpression" in document or "AttributesToGet" in document
    return "SPECIFIC_ATTRIBUTES" if chosen else "ALL_ATTRIBUTES"


def _named_items(operation: str, document: Document) -> Iterator[Item]:
    match operation:
        case "Query":
            yield dict(_equalities(document))
        case "BatchGetItem":
            yield from document.get("Keys", ())
        case "BatchWriteItem":
            for request in document.get("Requests", ()):
                yield from (each.get("Item") or each["Key"] for each in request.values())
        case _:
            yield document.get("Item") or document.get("Key") or {}


def _equalities(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The attributes that a query holds to one value, in its expression or as older clients say it."""
    names, values = document.get("ExpressionAttributeNames", {}), document.get("ExpressionAttributeValues", {})
    for found in _EQUALS.finditer(document.get("KeyConditionExpression", "")):
        if found["value"] in values:
            yield names.get(found["name"], found["name"]), values[found["value"]]
    for name, condition in document.get("KeyConditions", {}).items():
        if condition.get("ComparisonOperator") == "EQ" and condition.get("AttributeValueList"):
            yield name, condition["AttributeValueList"][0]


def _attributes(document: Document) -> Iterator[str]:
    names = document.get("ExpressionAttributeNames", {})
    for member in _EXPRESSIONS:
        for found in _NAME.finditer(document.get(member, "")):
            name = found[0]
            if name.upper() not in _WORDS:
                yield names.get(name, name)
    for member in _LEGACY:
        yield from document.get(member, ())


def _text(value: Mapping[str, Any]) -> str:
    return str(next(iter(value.values()), ""))
