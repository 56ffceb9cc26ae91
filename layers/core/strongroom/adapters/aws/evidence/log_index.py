"""The log's own table in the audit account: how far the log has come, and where each object stands in it.

An object is an item of its folder's partition; the head has a partition of its own. What is lost here is made again
out of the log's batches in the bucket.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import ConditionUnmetError, TemporarilyUnavailableError
from strongroom.domain.evidence.log.tiles import LogTree

if TYPE_CHECKING:
    from collections.abc import Iterator

ACTIONS = ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan")
_HEAD: Final = {"pk": {"S": "HEAD"}, "sk": {"S": "HEAD"}}
_FOLDERS: Final = 2  # `evidence/<id>/`; of what lies less deep, `policies/`

type _Item = dict[str, dict[str, str]]


class TableLogIndex:
    """One DynamoDB table with string keys `pk` and `sk`."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        """`dynamodb` is a client, `table` the table's name."""
        self._dynamodb = dynamodb
        self._table = table

    def tree(self) -> LogTree:
        """The log as it stands."""
        with aws_errors():
            item = self._dynamodb.get_item(TableName=self._table, Key=_HEAD, ConsistentRead=True).get("Item")
        if item is None:
            return LogTree()
        edge = tuple(tuple(map(bytes.fromhex, level)) for level in json.loads(item["edge"]["S"]))
        return LogTree(size=int(item["size"]["N"]), edge=edge)

    def move(self, *, before: LogTree, after: LogTree) -> None:
        """Let the log stand as it does after; TemporarilyUnavailableError when it did not stand as it did before."""
        edge = json.dumps([[each.hex() for each in level] for level in after.edge])
        item = _HEAD | {"size": {"N": str(after.size)}, "edge": {"S": edge}}
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if before.size:
            condition = {
                "ConditionExpression": "#size = :before",
                "ExpressionAttributeNames": {"#size": "size"},  # a word of DynamoDB's own
                "ExpressionAttributeValues": {":before": {"N": str(before.size)}},
            }
        try:
            with aws_errors():
                self._dynamodb.put_item(TableName=self._table, Item=item, **condition)
        except ConditionUnmetError as error:
            raise TemporarilyUnavailableError("somebody else moved the head of the log") from error

    def place(self, key: str, index: int) -> None:
        """Remember where the object stands."""
        folder = _folder(key)
        item = {"pk": {"S": folder}, "sk": {"S": key.removeprefix(folder)}, "index": {"N": str(index)}}
        with aws_errors():
            self._dynamodb.put_item(TableName=self._table, Item=item)

    def places(self, folder: str) -> dict[str, int]:
        """Where every object of the folder stands, by its key."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :folder",
            ExpressionAttributeValues={":folder": {"S": folder}},
            ConsistentRead=True,
        )
        return {_key(item): int(item["index"]["N"]) for item in _items(pages)}

    def placed(self) -> frozenset[str]:
        """The key of every object in the log."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table, ProjectionExpression="pk, sk", ConsistentRead=True
        )
        return frozenset(_key(item) for item in _items(pages) if item["pk"] != _HEAD["pk"])


def _items(pages: Any) -> Iterator[_Item]:
    with aws_errors():
        for page in pages:
            yield from page["Items"]


def _folder(key: str) -> str:
    folders = key.split("/")[:-1][:_FOLDERS]
    return "".join(f"{each}/" for each in folders)


def _key(item: _Item) -> str:
    return item["pk"]["S"] + item["sk"]["S"]
