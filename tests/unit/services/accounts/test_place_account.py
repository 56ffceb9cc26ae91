"""Where an account stands is read once for each event, and the path read last wins, however events come."""

import random
from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.accounts.onboardings import LedgerOnboardings
from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.accounts.events import AccountNotice, Follow
from strongroom.domain.accounts.membership import AccountState, AccountVerdict
from strongroom.domain.identifiers import AccountId
from strongroom.services.accounts.assess_account import assess_account
from strongroom.services.accounts.place_account import Begun, place_account
from tests.builders.accounts import IN_PRODUCTION, IN_SANDBOX
from tests.builders.places import REPORTS
from tests.unit.services.accounts.surroundings import World

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
ACCOUNTS = [AccountId(f"{number:012}") for number in range(200)]


def a_notice(account: AccountId = REPORTS, event: str = "e-1") -> AccountNotice:
    """A move of the account."""
    return AccountNotice(account=account, reason=f"MoveAccount of {account}", follow=Follow.JUDGE, event_id=event)


def test_a_governed_account_is_seen_to_once_for_each_event(world: World) -> None:
    for _ in range(2):
        verdict = place_account(REPORTS, notice=a_notice(), needs=world.placing, now=NOW)
        assert isinstance(verdict, Begun)
    assert len(world.machine.begun) == 1
    place_account(REPORTS, notice=a_notice(event="e-2"), needs=world.placing, now=NOW)
    assert len(world.machine.begun) == 2
    assert all(len(name) == len("onboard-222222222222-") + 16 for name in world.machine.begun)


def test_an_account_outside_every_target_is_remembered_with_its_owner(world: World) -> None:
    world.organization.owners[REPORTS] = "#reports"
    assess_account(REPORTS, needs=world.needs, now=NOW)
    world.organization.memberships[REPORTS] = IN_SANDBOX
    verdict = place_account(REPORTS, notice=a_notice(), needs=world.placing, now=NOW)
    assert isinstance(verdict, AccountVerdict)
    assert verdict.state is AccountState.NOT_GOVERNED
    assert world.book.known[REPORTS].owner == "#reports"
    assert world.machine.begun == {}


def stood(seed: int, world: World) -> dict[AccountId, object]:
    """What the ledger says of 200 accounts after their moves, shuffled and doubled by that seed."""
    table = MemoryTable()
    world.organization.memberships = {
        account: IN_PRODUCTION if number % 2 else IN_SANDBOX for number, account in enumerate(ACCOUNTS)
    }
    needs = replace(world.placing, onboardings=LedgerOnboardings(table))
    needs = replace(needs, assessment=replace(needs.assessment, book=LedgerAccounts(table)))
    chance = random.Random(seed)  # noqa: S311 the same shuffles each time
    events = [(account, f"e-{account}") for account in ACCOUNTS]
    events += chance.choices(events, k=40)
    chance.shuffle(events)
    for second, (account, event) in enumerate(events):
        at = NOW + timedelta(seconds=second)
        place_account(account, notice=a_notice(account, event), needs=needs, now=at)
    rows = {account: (table.get(Key(f"ACCOUNT#{account}", "ONBOARDING")) or {}) for account in ACCOUNTS}
    states = {account: (table.get(Key(f"ACCOUNT#{account}", "STATE")) or {}) for account in ACCOUNTS}
    return {
        account: (rows[account].get("units"), rows[account].get("status"), states[account].get("state"))
        for account in ACCOUNTS
    }


def test_ten_shuffles_and_doublings_give_the_same_ledger(world: World) -> None:
    first = stood(0, world)
    assert len(first) == len(ACCOUNTS)
    for seed in range(1, 10):
        assert stood(seed, world) == first
    assert len(world.machine.begun) == len(ACCOUNTS) // 2


@pytest.mark.parametrize("late", [True, False], ids=["reordered", "in order"])
def test_a_path_that_was_read_earlier_never_wins(late: bool, world: World) -> None:  # noqa: FBT001
    order = [(IN_SANDBOX, NOW + timedelta(seconds=1)), (IN_PRODUCTION, NOW)]
    for membership, at in order if late else reversed(order):
        world.organization.memberships[REPORTS] = membership
        place_account(REPORTS, notice=a_notice(), needs=world.placing, now=at)
    found = world.onboardings.find(REPORTS)
    assert found is not None
    assert found.membership == IN_SANDBOX
