"""What we touch of time to live inside MiniStack's DynamoDB is still there, and refuses what DynamoDB refuses."""

import inspect
import json
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import dynamodb

from sandbox.seams import host as seams
from sandbox.seams.dynamodb import time_to_live

ACCOUNT, REGION = "222222222222", "eu-west-1"
KEY = {"AttributeName": "pk", "KeyType": "HASH"}
TABLE = {
    "TableName": "seam",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [KEY],
}


class Table:
    """A table of that account, and the time."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def update(self, *, on: bool, attribute: str = "expires", table: str = "seam") -> str:
        """What UpdateTimeToLive says against it; empty where it is done."""
        wish: dict[str, Any] = {"Enabled": on, "AttributeName": attribute}
        request = {"TableName": table, "TimeToLiveSpecification": wish}
        status, _, body = dynamodb._update_ttl(request)  # noqa: SLF001
        return "" if status == 200 else str(json.loads(body)["message"])


@pytest.fixture
def table() -> Iterator[Table]:
    found = Table()
    time_to_live.be_strict(lambda: found.now)
    with seams.request_scope(ACCOUNT, REGION):
        dynamodb._create_table(TABLE)  # noqa: SLF001
        yield found
        dynamodb._delete_table({"TableName": "seam"})  # noqa: SLF001
    seams.restore()


def test_what_is_replaced_still_takes_what_it_took() -> None:
    seams.restore()
    assert [*inspect.signature(dynamodb._update_ttl).parameters] == ["data"]  # noqa: SLF001


def test_it_is_changed_once_in_an_hour(table: Table) -> None:
    assert table.update(on=True) == ""
    assert "multiple times" in table.update(on=False)
    table.now += 3600
    assert table.update(on=False) == ""


def test_what_is_so_already_is_refused(table: Table) -> None:
    assert "already disabled" in table.update(on=False)
    assert table.update(on=True) == ""
    table.now += 3600
    assert "already enabled" in table.update(on=True)
    assert "different AttributeName: current AttributeName is expires" in table.update(on=True, attribute="other")


def test_of_a_table_that_is_not_there_it_is_refused_as_before(table: Table) -> None:
    assert "not found" in table.update(on=True, table="nowhere")
