"""The ledger's table: items by key, written on conditions, with plain Python values in and out.

Numbers come back as int, times are stored as ISO 8601 text in UTC (they sort) and epoch seconds only for TTL.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import replace
from datetime import UTC, datetime
from itertools import batched, count
from typing import TYPE_CHECKING, Any, Final, Protocol
from uuid import uuid4

from msgspec import to_builtins

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.ledger.changes import Change, Key
from strongroom.adapters.ledger.expressions import Expressions
from strongroom.adapters.ledger.values import plain, typed
from strongroom.domain.errors import ConditionUnmetError, ItemUnreadableError, MalformedError

type Item = dict[str, Any]

_INDEX: Final = "due"
_PAGE: Final = 100
# So many keys one request takes (API reference, "BatchGetItem"), and so often what it left out is asked for again.
BATCH: Final = 100
_BATCH_TRIES: Final = 3
# Who wrote an item last: nobody's business but the table's.
_WRITER: Final = "writer"

# What reading raises of an attribute that is missing, or of another type, or spelled in another way.
_UNREADABLE: Final = (KeyError, TypeError, AttributeError, ValueError, MalformedError)

# All that the index holds, so that no write of anything else costs one of the index, too.
LISTED: Final = ("pk", "sk", "due_bucket", "due_at", "account")

ACTIONS_READ = ("dynamodb:GetItem", "dynamodb:Query")
ACTIONS_READ_MANY = ("dynamodb:BatchGetItem",)
ACTIONS_WRITE = ("dynamodb:PutItem", "dynamodb:UpdateItem")


def to_text(moment: datetime) -> str:
    """A moment as the ledger stores it: UTC, microseconds always present, so that text order is time order."""
    text: str = to_builtins(moment.astimezone(UTC))
    return text if moment.microsecond else f"{text[:-1]}.000000Z"


# The moment that `to_text` stored.
to_moment: Final[Callable[[str], datetime]] = datetime.fromisoformat


def read_item[Kept](item: Item | None, read: Callable[[Item], Kept]) -> Kept | None:
    """What the item holds, None where there is none; ItemUnreadableError where another release wrote it otherwise."""
    if item is None:
        return None
    try:
        return read(item)
    except _UNREADABLE as error:
        reason = (
            f"the item {item['pk']} / {item['sk']} cannot be read ({error!r}): go on with the release that wrote it"
        )
        raise ItemUnreadableError(reason, due_at=_due_at(item)) from error


def _due_at(item: Item) -> datetime | None:
    try:
        return to_moment(item["due_at"])
    except _UNREADABLE:
        return None


def listed(item: Item) -> Item:
    """What the index holds of the item."""
    return {name: item[name] for name in LISTED if name in item}


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

    def under(self, pk: str, *, prefix: str = "", is_latest: bool = True) -> Iterator[Item]:
        """Every item of a partition whose sort key begins with the prefix, in order; not `is_latest` costs half."""

    def newest(self, pk: str) -> Iterator[Item]:
        """The items of a partition, the last in order first; no more is read than is asked for, but for a page."""

    def due(self, *, bucket: str, until: str, since: str | None = None) -> Iterator[Item]:
        """Every item of one bucket of the sparse index (`due_bucket`, `due_at`), due from `since` to `until`."""


class TableOfMany(Protocol):
    """What is asked of a table by whoever reads many items at once."""

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """The items under the keys as they stood a moment ago; what is missing is not there, or was not told."""


if TYPE_CHECKING:  # at run time nobody pays for a class that only says both

    class WholeTable(Table, TableOfMany, Protocol):
        """A table of which many items are read at once."""


def _new_writers() -> Callable[[], str]:
    """A name for each write, which no other write of its item has; every item has one, so that it is no longer."""
    process, numbers = uuid4().hex[:16], count(1)
    return lambda: f"{process}/{next(numbers)}"


class LedgerTable:
    """One DynamoDB table with string keys `pk` and `sk`.

    The SDK repeats a write whose answer was lost, and the repetition fails the condition that the write itself has
    undone. So each write on a condition leaves its name in the item: one that fails on its own name has succeeded.
    """

    def __init__(self, dynamodb: Any, name: str) -> None:
        """`dynamodb` is a DynamoDB client, `name` the table's."""
        self._dynamodb = dynamodb
        self._name = name
        self._new_writer = _new_writers()

    def get(self, key: Key) -> Item | None:
        """The item under the key, read consistently, or None."""
        with aws_errors():
            answer = self._dynamodb.get_item(TableName=self._name, Key=_dump(key.item), ConsistentRead=True)
        return _load(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """The items under the keys as they stood a moment ago; what is missing is not there, or was not told."""
        found: dict[Key, Item] = {}
        for batch in batched(dict.fromkeys(keys), BATCH, strict=False):
            items = map(_load, self._batch([_dump(key.item) for key in batch]))
            found |= {Key(item["pk"], item["sk"]): item for item in items}
        return found

    def put_new(self, item: Item) -> bool:
        """Write the item unless its key is taken; True when it was written."""
        writer = self._new_writer()
        try:
            with aws_errors():
                self._dynamodb.put_item(
                    TableName=self._name,
                    Item=_dump(item | {_WRITER: writer}),
                    ConditionExpression="attribute_not_exists(pk)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ConditionUnmetError as error:
            return _own(error, writer) is not None
        return True

    def put(self, item: Item) -> None:
        """Write the item, replacing what was there."""
        with aws_errors():
            self._dynamodb.put_item(TableName=self._name, Item=_dump(item))

    def change(self, key: Key, change: Change) -> Item | None:
        """Update the item when the condition holds and return it whole; None when the condition does not hold."""
        writer = self._new_writer()
        try:
            with aws_errors():
                answer = self._dynamodb.update_item(
                    **self._update(key, change, writer=writer),
                    ReturnValues="ALL_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ConditionUnmetError as error:
            return _own(error, writer)
        return _load(answer["Attributes"])

    def change_all(self, changes: Mapping[Key, Change]) -> bool:
        """Update all of the items or none, each on its condition; True when all were updated."""
        writer = self._new_writer()
        updates = [{"Update": self._update(key, change, writer=writer)} for key, change in changes.items()]
        try:
            with aws_errors():
                # The SDK adds a token, by which DynamoDB knows a repetition itself.
                self._dynamodb.transact_write_items(TransactItems=updates)
        except ConditionUnmetError:
            return False
        return True

    def under(self, pk: str, *, prefix: str = "", is_latest: bool = True) -> Iterator[Item]:
        """Every item of a partition whose sort key begins with the prefix, in order; not `is_latest` costs half."""
        condition, values = "pk = :pk", {":pk": Key(pk, prefix).item["pk"]}
        if prefix:
            condition, values = f"{condition} AND begins_with(sk, :prefix)", values | {":prefix": prefix}
        yield from self._query(KeyConditionExpression=condition, values=values, ConsistentRead=is_latest)

    def newest(self, pk: str) -> Iterator[Item]:
        """The items of a partition, the last in order first; no more is read than is asked for, but for a page."""
        yield from self._query(
            KeyConditionExpression="pk = :pk",
            values={":pk": Key(pk, "").item["pk"]},
            ConsistentRead=True,
            ScanIndexForward=False,
            PaginationConfig={"PageSize": _PAGE},
        )

    def due(self, *, bucket: str, until: str, since: str | None = None) -> Iterator[Item]:
        """What the sparse index has of one bucket's items that were due from `since` to `until`, the earliest first."""
        span = "due_at <= :until" if since is None else "due_at BETWEEN :since AND :until"
        values = {":bucket": bucket, ":until": until} | ({} if since is None else {":since": since})
        condition = f"due_bucket = :bucket AND {span}"
        yield from map(listed, self._query(IndexName=_INDEX, KeyConditionExpression=condition, values=values))

    def _batch(self, keys: list[Item]) -> Iterator[Item]:
        for _ in range(_BATCH_TRIES):
            if not keys:
                return
            with aws_errors():
                answer = self._dynamodb.batch_get_item(RequestItems={self._name: {"Keys": keys}})
            yield from answer["Responses"].get(self._name, ())
            keys = answer.get("UnprocessedKeys", {}).get(self._name, {}).get("Keys", [])

    def _update(self, key: Key, change: Change, *, writer: str) -> dict[str, Any]:
        said, signed = Expressions(), replace(change, set={**change.set, _WRITER: writer})
        request = {
            "TableName": self._name,
            "Key": _dump(key.item),
            "UpdateExpression": said.update(signed),
            "ConditionExpression": said.condition(change.when),
            "ExpressionAttributeNames": said.names,
        }
        # DynamoDB refuses an empty map of values.
        return request | ({"ExpressionAttributeValues": _dump(said.values)} if said.values else {})

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
    return {name: plain(value) for name, value in item.items() if name != _WRITER}


def _own(refusal: ConditionUnmetError, writer: str) -> Item | None:
    """The item as this very write has left it; None where somebody else's is the reason of the refusal."""
    answer = getattr(refusal.__cause__, "response", {})
    item = answer.get("Item", {})
    return _load(item) if plain(item.get(_WRITER, {"S": ""})) == writer else None
