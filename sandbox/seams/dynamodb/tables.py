"""Private touches of MiniStack's DynamoDB; pinned by `tests/contract/seams/test_tables.py`.

MiniStack keeps the resource policy of a table where it is put, and nowhere asks for it; a template's it forgets.
"""
# ruff: noqa: SLF001

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

from sandbox.seams import host as seams

_TABLES: Final = "ministack.services.dynamodb"
_TYPE: Final = "AWS::DynamoDB::Table"

type Properties = dict[str, Any]
type Made = tuple[str, dict[str, Any]]


def partition_key(table: str, index: str | None = None) -> str | None:
    """The attribute that is the partition key of a table, by name or ARN, or of its index; None where it is absent."""
    with _lying(table) as record:
        schema = (record or {}).get("KeySchema", ())
        if index is not None:
            schema = _schema_of(record or {}, index)
        return next((str(key["AttributeName"]) for key in schema if key["KeyType"] == "HASH"), None)


def policy_of(resource_arn: str) -> tuple[str, str] | None:
    """The policy of a table, or of the table of an index, and its owner; None for no table, or for one without.

    A table of another account has one: where nothing is written, nobody else is let in.
    """
    table = resource_arn.partition("/index/")[0]
    with _lying(table) as record:
        kept = seams.service_module("dynamodb")._resource_policies.get(table) if record else None
        owner = seams.request_account()
    if record is None or (kept is None and owner == seams.request_account()):
        return None
    return (kept["Policy"] if kept else "", owner)


def _schema_of(record: dict[str, Any], index: str) -> Any:
    indexes = [*(record.get("GlobalSecondaryIndexes") or ()), *(record.get("LocalSecondaryIndexes") or ())]
    return next((each["KeySchema"] for each in indexes if each["IndexName"] == index), ())


@contextmanager
def _lying(table: str) -> Iterator[dict[str, Any] | None]:
    """The record of a table where it lies: in the account and Region of its ARN, else of the current scope."""
    parts = table.split(":", 5)
    account, region = (parts[4], parts[3]) if len(parts) == 6 else (seams.request_account(), seams.request_region())
    with seams.request_scope(account, region):
        yield seams.service_module("dynamodb")._tables.get(table.rpartition(":")[2].removeprefix("table/"))


# --- Policies that come and go with their table ------------------------------


def keep_policies() -> None:
    """Let tables have the policies of their templates and of CreateTable, and lose them when they are deleted."""
    from ministack.services.cloudformation import provisioners

    seams.replace(_TABLES, "_create_table", _with_policy)
    seams.replace(_TABLES, "drop_stream_records", _dropping_the_policy)
    handlers = provisioners._RESOURCE_HANDLERS[_TYPE]
    made, changed = _made_with_policy(handlers["create"]), _changed_with_policy(provisioners._ddb_update)
    provisioners._RESOURCE_HANDLERS[_TYPE] = {**handlers, "create": made, "update": changed}


def _with_policy(original: Callable[[Properties], Any]) -> Callable[[Properties], Any]:
    def create_table(data: Properties) -> Any:
        answer = original(data)
        if answer[0] < HTTPStatus.BAD_REQUEST and (policy := data.get("ResourcePolicy")):
            _put(json.loads(answer[2])["TableDescription"]["TableArn"], policy)
        return answer

    return create_table


def _dropping_the_policy(original: Callable[..., Any]) -> Callable[..., Any]:
    def drop_stream_records(name: str, table: Mapping[str, Any] | None, *more: Any) -> Any:
        if table is not None:
            seams.service_module("dynamodb")._resource_policies.pop(table["TableArn"], None)
        return original(name, table, *more)

    return drop_stream_records


def _made_with_policy(original: Callable[..., Made]) -> Callable[..., Made]:
    def create(logical_id: str, properties: Properties, stack: str) -> Made:
        name, attributes = original(logical_id, properties, stack)
        _keep(attributes["Arn"], properties)
        return name, attributes

    return create


def _changed_with_policy(original: Callable[..., Made]) -> Callable[..., Made]:
    def update(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None) -> Made:
        name, attributes = original(physical_id, old, new, stack, logical_id)
        _keep(attributes["Arn"], new)
        return name, attributes

    return update


def _keep(arn: str, properties: Properties) -> None:
    document = (properties.get("ResourcePolicy") or {}).get("PolicyDocument")
    if document is None:
        seams.service_module("dynamodb")._resource_policies.pop(arn, None)
    else:
        _put(arn, document if isinstance(document, str) else json.dumps(document))


def _put(arn: str, policy: str) -> None:
    status, _, body = seams.service_module("dynamodb")._put_resource_policy({"ResourceArn": arn, "Policy": policy})
    if status >= HTTPStatus.BAD_REQUEST:
        raise ValueError(f"DynamoDB refuses the policy of {arn}: {body!r}")
