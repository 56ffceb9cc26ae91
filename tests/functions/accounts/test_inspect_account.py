"""The function that looks into an account on its way, fed with real sample events."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.aws.clients import forget_clients
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.accounts.membership import AccountState
from strongroom.domain.identifiers import AccountId
from tests.builders.places import REPORTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import World, batch, load_handler, settled_world

SOON = datetime.now(UTC) + timedelta(hours=1)
type Sample = Callable[[str], dict[str, Any]]


@pytest.fixture
def world(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> World:
    return settled_world(fake_clients, dynamodb, ledger_table)


def test_events_of_one_account_give_one_look_and_one_ready(world: World, sample: Sample) -> None:
    moved = AccountId("444455556666")
    world.settle_in(moved)
    world.show_signs(moved, at=SOON)
    names = ("CreateAccountResult", "AccountJoinedOrganization", "MoveAccount", "MoveAccount")
    looks = world.onboard(*(sample(f"aws.organizations/{name}") for name in names))
    assert {look["state"] for look in looks} == {"READY"}
    assert [fact["Detail"]["state"] for fact in world.post.facts] == ["READY"]


def test_what_has_every_piece_is_ready_once_it_is_heard_and_gone_through(world: World, sample: Sample) -> None:
    world.settle_in(REPORTS)
    [first] = world.onboard(sample("aws.cloudformation/StackStatusChange"))
    far = "heartbeat of the forwarder in us-east-1"
    assert first["missing"] == ("heartbeat of the forwarder in eu-west-1", far, "first inventory in eu-west-1")
    beat = sample("aws.events/heartbeat") | {"account": REPORTS, "time": SOON.isoformat()}
    assert load_handler("hear_heartbeat")(batch(beat), None) == {"batchItemFailures": []}
    step = {"account": REPORTS, "execution": world.execution(REPORTS)}
    assert load_handler("inspect_account")(step, None)["missing"] == (far, "first inventory in eu-west-1")
    assert load_handler("begin_inventory")(batch(sample("aws.events/tick")), None) == {"batchItemFailures": []}
    begun = [fact["Detail"]["account"] for fact in world.post.facts if fact["DetailType"] == "InventoryBegun"]
    assert begun == [REPORTS]
    world.show_signs(REPORTS, at=SOON)
    assert load_handler("inspect_account")(step, None)["state"] == "READY"


def test_a_member_stack_that_is_gone_makes_its_ready_account_not_ready(world: World, sample: Sample) -> None:
    world.settle_in(REPORTS)
    world.show_signs(REPORTS, at=SOON)
    world.onboard(sample("aws.cloudformation/StackStatusChange"))
    assert world.state_of(REPORTS) is AccountState.READY
    forget_clients()
    world.settle_in(REPORTS, vaults=set(), roles=set())
    deleted = sample("aws.cloudformation/StackStatusChange__deleted")
    [look] = world.onboard(deleted | {"id": "another"})
    assert look["state"] == "WAITING"
    assert "vault local-prod-vault in eu-west-1" in look["missing"]
    assert world.state_of(REPORTS) is AccountState.NOT_READY


def test_an_execution_without_the_claim_ends(world: World) -> None:
    look = load_handler("inspect_account")({"account": REPORTS, "execution": "one"}, None)
    assert look["state"] == "ENDED"
