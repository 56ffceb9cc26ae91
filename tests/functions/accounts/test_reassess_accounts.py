"""The scheduled function that judges accounts again, fed with its schedule's event."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.accounts.membership import AccountState
from tests.builders.places import PRODUCTION, REPORTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import World, batch, load_handler, settled_world

MANAGEMENT = "111111111111"
TICK = {
    "version": "0",
    "id": "t-1",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "999999999999",
    "time": "2026-09-01T10:00:00Z",
    "region": "eu-west-1",
    "resources": [],
    "detail": {},
}


@pytest.fixture
def world(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> World:
    return settled_world(fake_clients, dynamodb, ledger_table)


def test_the_schedule_complains_about_an_account_that_stays_not_ready(
    world: World, sample: Callable[[str], dict[str, Any]]
) -> None:
    world.settle_in(REPORTS, vaults=set())
    world.onboard(sample("aws.cloudformation/StackStatusChange"))
    load_handler("reassess_accounts")(batch(TICK), None)
    assert world.post.announced == []
    make_older(world, by=timedelta(hours=4))
    for _ in range(2):
        load_handler("reassess_accounts")(batch(TICK), None)
    (alert,) = world.post.announced
    assert (alert["kind"], alert["status"], alert["resource"]) == ("account-not-ready", "opened", REPORTS)
    assert "vault local-prod-vault in eu-west-1" in alert["reason"]


def test_an_account_that_nobody_announced_is_seen_to_and_becomes_ready(world: World) -> None:
    world.settle_in(REPORTS)
    world.show_signs(REPORTS, at=datetime.now(UTC) + timedelta(hours=1))
    world.organizations.listed = {MANAGEMENT: "", REPORTS: f"{PRODUCTION}/"}
    assert load_handler("reassess_accounts")(batch(TICK), None) == {"batchItemFailures": []}
    [name] = world.machines.started
    step = {"account": REPORTS, "execution": name}
    assert load_handler("claim_account")(step, None)["state"] == "CLAIMED"
    assert load_handler("inspect_account")(step, None)["state"] == "READY"
    assert world.state_of(REPORTS) is AccountState.READY


def make_older(world: World, *, by: timedelta) -> None:
    since = datetime.now(UTC) - by
    world.clients.own["dynamodb"].update_item(
        TableName="ledger",
        Key={"pk": {"S": f"ACCOUNT#{REPORTS}"}, "sk": {"S": "STATE"}},
        UpdateExpression="SET not_ready_since = :since, due_at = :since",
        ExpressionAttributeValues={":since": {"S": since.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}},
    )
