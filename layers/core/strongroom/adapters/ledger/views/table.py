"""The views' table: what the ledger's can do, and reading a page, reading several keys at once, and removing."""

from collections.abc import Sequence
from typing import Final, Protocol

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import Item, LedgerTable, Table
from strongroom.adapters.ledger.values import plain, typed

ACTIONS: Final = ("dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:Query")

# DynamoDB takes no more keys at once (API reference, BatchGetItem).
MOST_KEYS: Final = 100


class ViewTable(Table, Protocol):
    """What the views ask of their table; `LedgerViewTable` is the one on DynamoDB, `MemoryViewTable` one in memory."""

    def page(self, pk: str, *, after: str = "", most: int, backwards: bool = False) -> list[Item]:
        """So many items of a partition in the order of their sort keys, beginning after one of them."""

    def several(self, keys: Sequence[Key]) -> list[Item]:
        """The items of up to `MOST_KEYS` keys that are there, in the order of the keys."""

    def remove(self, key: Key) -> None:
        """Take the item away, if it is there."""


class LedgerViewTable(LedgerTable):
    """The views' table on DynamoDB."""

    # Who reads and who writes the views say what they take of it.
    ACTIONS: Final = ()

    def page(self, pk: str, *, after: str = "", most: int, backwards: bool = False) -> list[Item]:
        """So many items of a partition in the order of their sort keys, beginning after one of them."""
        condition, values = "pk = :pk", {":pk": typed(Key(pk, after).item["pk"])}
        if after:
            condition += " AND sk < :after" if backwards else " AND sk > :after"
            values[":after"] = typed(after)
        with aws_errors():
            answer = self._dynamodb.query(
                TableName=self._name,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=values,
                ScanIndexForward=not backwards,
                ConsistentRead=True,
                Limit=most,
            )
        return [_load(item) for item in answer["Items"]]

    def several(self, keys: Sequence[Key]) -> list[Item]:
        """The items of up to `MOST_KEYS` keys that are there, in the order of the keys."""
        waiting = [{name: typed(value) for name, value in key.item.items()} for key in dict.fromkeys(keys)]
        found: dict[Key, Item] = {}
        while waiting:
            with aws_errors():
                answer = self._dynamodb.batch_get_item(RequestItems={self._name: {"Keys": waiting}})
            for item in map(_load, answer["Responses"].get(self._name, [])):
                found[Key(item["pk"], item["sk"])] = item
            waiting = answer.get("UnprocessedKeys", {}).get(self._name, {}).get("Keys", [])
        return [found[key] for key in dict.fromkeys(keys) if key in found]

    def remove(self, key: Key) -> None:
        """Take the item away, if it is there."""
        with aws_errors():
            self._dynamodb.delete_item(
                TableName=self._name, Key={name: typed(value) for name, value in key.item.items()}
            )


def _load(item: Item) -> Item:
    return {name: plain(value) for name, value in item.items() if name != "writer"}
