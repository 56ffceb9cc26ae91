"""The function that looks into an account on its way, fed with real sample events."""

from collections.abc import Callable
from typing import Any

import pytest

from strongroom.adapters.aws.clients import forget_clients
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.accounts.membership import AccountState
from strongroom.domain.identifiers import AccountId
from tests.builders.places import REPORTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import World, load_handler, settled_world

type Sample = Callable[[str], dict[str, Any]]


@pytest.fixture
def world(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> World:
    return settled_world(fake_clients, dynamodb, ledger_table)


def test_events_of_one_account_give_one_look_and_one_ready(world: World, sample: Sample) -> None:
    moved = AccountId("444455556666")
    world.settle_in(moved)
    names = ("CreateAccountResult", "AccountJoinedOrganization", "MoveAccount", "MoveAccount")
    looks = world.onboard(*(sample(f"aws.organizations/{name}") for name in names))
    assert {look["state"] for look in looks} == {"READY"}
    assert [fact["Detail"]["state"] for fact in world.post.facts] == ["READY"]


def test_a_member_stack_that_is_gone_makes_its_ready_account_not_ready(world: World, sample: Sample) -> None:
    world.settle_in(REPORTS)
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
