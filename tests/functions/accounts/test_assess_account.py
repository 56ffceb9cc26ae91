"""The function that judges accounts, fed with real sample events from its queue."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.accounts.owners import LedgerOwners
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.accounts.membership import AccountState
from strongroom.domain.alerts.complaints import Whose
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from tests.builders.places import REPORTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import World, batch, load_handler, settled_world

MOVED = AccountId("444455556666")
type Sample = Callable[[str], dict[str, Any]]


@pytest.fixture
def world(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> World:
    return settled_world(fake_clients, dynamodb, ledger_table)


def test_a_moved_account_is_judged_by_what_is_found_in_it(world: World, sample: Sample) -> None:
    world.settle_in(MOVED, vaults=set(), roles={"strongroom-backup", "strongroom-tagging"})
    [look] = world.onboard(sample("aws.organizations/MoveAccount"))
    assert look["state"] == "WAITING"
    (fact,) = world.post.facts
    assert fact["DetailType"] == "AccountAssessed"
    assert (fact["Detail"]["account"], fact["Detail"]["state"]) == (MOVED, "NOT_READY")
    assert fact["Detail"]["missing"] == [
        "role strongroom/strongroom-restore",
        "role strongroom/strongroom-restore-job",
        "role strongroom/strongroom-restore-after",
        "role strongroom/strongroom-bucket-names",
        "role strongroom/strongroom-copying",
        "vault local-prod-vault in eu-west-1",
    ]
    assert world.state_of(MOVED) is AccountState.NOT_READY
    assert world.clients.own["sts"].assumed == [f"arn:aws:iam::{MOVED}:role/strongroom/strongroom-inspection"]


def test_the_member_stack_makes_its_account_ready(world: World, sample: Sample) -> None:
    world.settle_in(REPORTS)
    world.show_signs(REPORTS, at=datetime.now(UTC) + timedelta(hours=1))
    world.onboard(sample("aws.cloudformation/StackStatusChange"))
    assert world.state_of(REPORTS) is AccountState.READY


def test_whose_an_account_is_stays_known_for_its_alerts(
    world: World, sample: Sample, ledger_table: LedgerTable, intent: Intent
) -> None:
    world.settle_in(REPORTS)
    world.onboard(sample("aws.cloudformation/StackStatusChange"))
    whose = LedgerOwners(ledger_table, intent=intent).of(REPORTS)
    assert whose == Whose(account_name="payments", owner=f"#owners-of-{REPORTS}", unit="Production")


def test_an_account_whose_tables_could_be_copied_nowhere_is_not_ready(world: World, sample: Sample) -> None:
    # Developer Guide, "Advanced DynamoDB backup": plans of a backup policy leave the choice to the account.
    world.settle_in(REPORTS, management={"DynamoDB": False, "EFS": True})
    world.onboard(sample("aws.cloudformation/StackStatusChange"))
    assert world.state_of(REPORTS) is AccountState.NOT_READY
    missing = world.post.facts[0]["Detail"]["missing"]
    assert missing == ["advanced DynamoDB backup (without it no copy leaves the account) in eu-west-1"]


@pytest.mark.parametrize("name", ["AccountDepartedOrganization", "RemoveAccountFromOrganization", "CloseAccountResult"])
def test_an_account_that_left_is_remembered_as_such(name: str, world: World, sample: Sample) -> None:
    world.organizations.left = {MOVED, REPORTS}
    load_handler("assess_account")(batch(sample(f"aws.organizations/{name}")), None)
    assert {world.state_of(MOVED), world.state_of(REPORTS)} == {AccountState.LEFT, None}


def test_a_refused_move_changes_nothing(world: World, sample: Sample) -> None:
    event = sample("aws.organizations/MoveAccount")
    event["detail"]["errorCode"] = "AccessDeniedException"
    load_handler("assess_account")(batch(event), None)
    assert (world.state_of(MOVED), world.post.facts) == (None, [])


def test_a_move_of_nobody_is_buried(world: World, sample: Sample) -> None:
    event = sample("aws.organizations/MoveAccount")
    event["detail"]["requestParameters"] = None
    assert load_handler("assess_account")(batch(event), None) == {"batchItemFailures": []}
    assert [letter["MessageAttributes"]["reason"]["StringValue"] for letter in world.post.buried] == [
        "MoveAccount names no account"
    ]
