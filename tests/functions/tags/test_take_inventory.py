"""The function that goes through an account, told by our own event."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore import xform_name

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.tags.inventory.lists import LISTS
from strongroom.domain.tags.inventory.runs import Run
from tests.builders.places import PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.account_clients import refusal
from tests.fakes.control_plane import FakeOrganizations, FakePost, batch, load_handler

RUN = "2026-09-01T06:15:00Z"
ORDERS = "arn:aws:rds:eu-west-1:222222222222:db:orders"


class EmptyService:
    """A service that lists nothing, and counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, operation: str) -> Any:
        self.asked.append(operation)
        return lambda **_: {}


class RefusingService:
    """A service that lets nobody ask."""

    def __getattr__(self, operation: str) -> Any:
        raise refusal("AccessDeniedException", operation)


class Databases(EmptyService):
    """RDS with one database, in no tier."""

    def __init__(self) -> None:
        super().__init__()
        self.tags = {"team": "payments"}

    def describe_db_instances(self) -> dict[str, Any]:
        return {"DBInstances": [{"DBInstanceArn": ORDERS, "TagList": self._listed()}]}

    def list_tags_for_resource(self, **_: str) -> dict[str, Any]:
        return {"TagList": self._listed()}

    def add_tags_to_resource(self, **asked: Any) -> None:
        self.tags |= {tag["Key"]: tag["Value"] for tag in asked["Tags"]}

    def _listed(self) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]


class Tagging:
    """The tagging API, which has nothing of ours."""

    def get_paginator(self, _: str) -> Any:
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return [{"ResourceTagMappingList": []}]


@pytest.fixture
def post(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> FakePost:
    """The control plane's own clients, a member's services, and an inventory that has begun."""
    fake = FakePost()
    fake_clients.own |= {"events": fake, "sns": fake, "sqs": fake, "dynamodb": dynamodb}
    fake_clients.own["organizations"] = FakeOrganizations()
    for row, _ in LISTS.values():
        if row.tags is not None:
            fake_clients.member[PAYMENTS, row.tags.client] = EmptyService()
    fake_clients.member[PAYMENTS, "rds"] = Databases()
    fake_clients.member[PAYMENTS, "resourcegroupstaggingapi"] = Tagging()
    fake_clients.member[PAYMENTS, "dsql"] = RefusingService()
    LedgerInventories(ledger_table).keep_run(Run(id=RUN, begun_at=datetime.now(UTC)))
    return fake


def test_what_no_event_told_is_tagged_as_if_it_had_one(
    post: FakePost, fake_clients: FakeClients, sample: Callable[[str], dict[str, Any]], ledger_table: LedgerTable
) -> None:
    assert load_handler("take_inventory")(batch(sample("strongroom/InventoryBegun")), None) == {"batchItemFailures": []}
    assert fake_clients.member[PAYMENTS, "rds"].tags == {"team": "payments", "Backup": "daily-prod"}
    [fact] = [each["Detail"] for each in post.facts]
    assert (fact["resource"], fact["state"]) == (ORDERS, "TAGGED")
    [mark] = LedgerInventories(ledger_table).marks(RUN)
    assert (mark.listed, mark.found, [*mark.unread]) == (1, {"RDS instance": 1}, ["dsql:ListClusters"])
    assert mark.ended_at is not None


def test_every_list_is_asked_for(
    post: FakePost, fake_clients: FakeClients, sample: Callable[[str], dict[str, Any]]
) -> None:
    load_handler("take_inventory")(batch(sample("strongroom/InventoryBegun")), None)
    for name, (row, listing) in LISTS.items():
        service = row.tags and fake_clients.member[PAYMENTS, row.tags.client]
        if isinstance(service, EmptyService) and name != "rds:DescribeDBInstances":
            assert service.asked.count(xform_name(listing.call)) == 1, name


def test_an_event_that_names_no_account_is_buried(
    post: FakePost, sample: Callable[[str], dict[str, Any]], ledger_table: LedgerTable
) -> None:
    event = sample("strongroom/InventoryBegun")
    event["detail"]["account"] = "12"
    assert load_handler("take_inventory")(batch(event), None) == {"batchItemFailures": []}
    assert len(post.buried) == 1
    assert ledger_table.get(Key(f"SWEEP#{RUN}", "12#eu-west-1")) is None
