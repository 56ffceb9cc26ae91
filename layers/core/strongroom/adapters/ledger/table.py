"""The ledger's table: items by key, written on conditions, with plain Python values in and out.

Numbers come back as int, times are stored as ISO 8601 text in UTC (they sort) and epoch seconds only for TTL.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.ledger.changes import Change, Key
from strongroom.adapters.ledger.expressions import Expressions
from strongroom.adapters.ledger.values import plain, typed
from strongroom.domain.errors import ConditionUnmetError

type Item = dict[str, Any]

_INDEX = "due"

ACTIONS_READ = ("dynamodb:GetItem", "dynamodb:Query")
ACTIONS_WRITE = ("dynamodb:PutItem", "dynamodb:UpdateItem")


def to_text(moment: datetime) -> str:
    """A moment as the ledger stores it: UTC, microseconds always present, so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def to_moment(text: str) -> datetime:
    """The moment that `to_text` stored."""
    return datetime.fromisoformat(text)


class Table(Protocol):
    """What the families of items ask of a table; `LedgerTable` is the one on DynamoDB, `MemoryTable` one in memory."""

    def get(self, key: Key) -> Item | None:
        """The item under the key, read consistently, or None."""

    def put_new(self, item: Item) -> bool:
        """Write the item unless its key is taken; True when it was written."""

    def put(self, item: Item) -> None:
        """Write the item, replacing what was there."""

    def change(self, key: Key, change: Change) -> Item | None:
        """Update the item when the condition holds and return it whole; None when the condition does not hold."""

    def change_all(self, changes: Mapping[Key, Change]) -> bool:
        """Update all of the items or none, each on its condition; True when all were updated."""

    def under(self, pk: str, *, prefix: str = "") -> Iterator[Item]:
        """Every item of a partition whose sort key begins with the prefix, in order."""

    def due(self, *, bucket: str, until: str) -> Iterator[Item]:
        """Every item of one bucket of the sparse index (`due_bucket`, `due_at`) that was due at `until` or before."""


class LedgerTable:
    """One DynamoDB table with string keys `pk` and `sk`."""

    def __init__(self, dynamodb: Any, name: str) -> None:
        """`dynamodb` is a DynamoDB client, `name` the table's."""
        self._dynamodb = dynamodb
        self._name = name

    def get(self, key: Key) -> Item | None:
        """The item under the key, read consistently, or None."""
        with aws_errors():
            answer = self._dynamodb.get_item(TableName=self._name, Key=_dump(key.item), ConsistentRead=True)
        return _load(answer["Item"]) if "Item" in answer else None

    def put_new(self, item: Item) -> bool:
        """Write the item unless its key is taken; True when it was written."""
        return self._put(item, ConditionExpression="attribute_not_exists(pk)")

    def put(self, item: Item) -> None:
        """Write the item, replacing what was there."""
        self._put(item)

    def change(self, key: Key, change: Change) -> Item | None:
        """Update the item when the condition holds and return it whole; None when the condition does not hold."""
        try:
            with aws_errors():
                answer = self._dynamodb.update_item(**self._update(key, change), ReturnValues="ALL_NEW")
        except ConditionUnmetError:
            return None
        return _load(answer["Attributes"])

    def change_all(self, changes: Mapping[Key, Change]) -> bool:
        """Update all of the items or none, each on its condition; True when all were updated."""
        updates = [{"Update": self._update(key, change)} for key, change in changes.items()]
        try:
            with aws_errors():
                self._dynamodb.transact_write_items(TransactItems=updates)
        except ConditionUnmetError:
            return False
        return True

    def under(self, pk: str, *, prefix: str = "") -> Iterator[Item]:
        """Every item of a partition whose sort key begins with the prefix, in order."""
        condition, values = "pk = :pk", {":pk": Key(pk, prefix).item["pk"]}
        if prefix:
            condition, values = f"{condition} AND begins_with(sk, :prefix)", values | {":prefix": prefix}
        yield from self._query(KeyConditionExpression=condition, values=values, ConsistentRead=True)

    def due(self, *, bucket: str, until: str) -> Iterator[Item]:
        """Every item of one bucket of the sparse index (`due_bucket`, `due_at`) that was due at `until` or before."""
        yield from self._query(
            IndexName=_INDEX,
            KeyConditionExpression="due_bucket = :bucket AND due_at <= :until",
            values={":bucket": bucket, ":until": until},
        )

    def _update(self, key: Key, change: Change) -> dict[str, Any]:
        said = Expressions()
        request = {
            "TableName": self._name,
            "Key": _dump(key.item),
            "UpdateExpression": said.update(change),
            "ConditionExpression": said.condition(change.when),
            "ExpressionAttributeNames": said.names,
        }
        # DynamoDB refuses an empty map of values.
        return request | ({"ExpressionAttributeValues": _dump(said.values)} if said.values else {})

    def _put(self, item: Item, **condition: str) -> bool:
        try:
            with aws_errors():
                self._dynamodb.put_item(TableName=self._name, Item=_dump(item), **condition)
        except ConditionUnmetError:
            return False
        return True

    def _query(self, *, values: Mapping[str, Any], **request: Any) -> Iterator[Item]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._name, ExpressionAttributeValues=_dump(dict(values)), **request
        )
        with aws_errors():
            for page in pages:
                yield from (_load(item) for item in page["Items"])


def _dump(item: Item) -> Item:
    return {name: typed(value) for name, value in item.items() if value is not None}


def _load(item: Item) -> Item:
    return {name: plain(value) for name, value in item.items()}
