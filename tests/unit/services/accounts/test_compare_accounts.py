"""The daily comparison finds what no event told: accounts that are new, and accounts that are gone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.accounts.membership import AccountState, Membership
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId
from strongroom.services.accounts.assess_account import assess_account
from strongroom.services.accounts.compare_accounts import (
    AccountComparisonNeeds,
    ComparisonVerdict,
    compare_accounts,
)
from strongroom.services.accounts.reassess_accounts import reassess_accounts
from tests.builders.accounts import IN_PRODUCTION, IN_SANDBOX
from tests.builders.places import REPORTS
from tests.unit.services.accounts.surroundings import EMPTY, World

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
MANAGEMENT = AccountId("111111111111")
OTHER = AccountId("444444444444")
ROOT = Membership(status="ACTIVE", units=())


@dataclass
class FakeList:
    """The list of all accounts."""

    accounts: dict[AccountId, Membership]

    def memberships(self) -> dict[AccountId, Membership]:
        return self.accounts


def compare(world: World, **accounts: Membership) -> ComparisonVerdict:
    """Compare with a list of the management account and these, each named `a` and its number."""
    listed = FakeList({MANAGEMENT: ROOT, **{AccountId(name[1:]): each for name, each in accounts.items()}})
    needs = AccountComparisonNeeds(placing=world.placing, listed=listed, book=world.book)
    world.book.compared = None
    verdict = compare_accounts(needs=needs, now=NOW)
    assert verdict is not None
    assert world.book.compared == NOW
    return verdict


def test_a_governed_account_without_a_row_is_seen_to(world: World) -> None:
    verdict = compare(world, a444444444444=IN_PRODUCTION)
    assert (verdict.accounts, verdict.unannounced, verdict.departed) == (2, (OTHER,), ())
    assert [*world.machine.begun.values()] == [OTHER]


def test_an_account_that_moved_in_without_a_word_is_seen_to(world: World) -> None:
    world.organization.memberships[REPORTS] = IN_SANDBOX
    assess_account(REPORTS, needs=world.needs, now=NOW)
    assert compare(world, a555555555555=IN_PRODUCTION).unannounced == (REPORTS,)


@pytest.mark.parametrize(
    ("accounts", "state"),
    [
        pytest.param({}, AccountState.LEFT, id="gone"),
        pytest.param({"a555555555555": IN_SANDBOX}, AccountState.NOT_GOVERNED, id="moved out"),
    ],
)
def test_a_row_whose_account_is_governed_no_more_ends_with_an_alert(
    accounts: dict[str, Membership], state: AccountState, world: World
) -> None:
    assess_account(REPORTS, needs=world.needs, now=NOW)
    assert compare(world, **accounts).departed == (REPORTS,)
    assert world.book.known[REPORTS].state is state
    assert world.alerts.kinds == [AlertKind.PROTECTION_ENDED]
    assert compare(world, **accounts).departed == ()


def test_where_list_and_ledger_agree_nothing_is_done(world: World) -> None:
    assess_account(REPORTS, needs=world.needs, now=NOW)
    verdict = compare(world, a555555555555=IN_PRODUCTION, a444444444444=IN_SANDBOX)
    assert (verdict.unannounced, verdict.departed, world.machine.begun) == ((), (), {})


@pytest.mark.parametrize(("hours", "is_done"), [(23, False), (24, True)])
def test_it_is_done_once_a_day(hours: int, *, is_done: bool, world: World) -> None:
    compare(world)
    needs = AccountComparisonNeeds(placing=world.placing, listed=FakeList({MANAGEMENT: ROOT}), book=world.book)
    assert (compare_accounts(needs=needs, now=NOW + timedelta(hours=hours)) is not None) is is_done


def test_a_list_without_the_management_account_is_not_believed(world: World) -> None:
    assess_account(REPORTS, needs=world.needs, now=NOW)
    needs = AccountComparisonNeeds(placing=world.placing, listed=FakeList({}), book=world.book)
    with pytest.raises(TemporarilyUnavailableError):
        compare_accounts(needs=needs, now=NOW)
    assert world.book.compared is None
    assert world.book.known[REPORTS].state is AccountState.READY


def test_a_ready_account_whose_stack_is_gone_is_found_within_the_day(world: World) -> None:
    assess_account(REPORTS, needs=world.needs, now=NOW)
    world.members.inspections[REPORTS] = EMPTY
    assert reassess_accounts(needs=world.needs, now=NOW + timedelta(hours=12)).not_ready == ()
    assert reassess_accounts(needs=world.needs, now=NOW + timedelta(days=1)).not_ready == (REPORTS,)
    assert world.book.known[REPORTS].state is AccountState.NOT_READY
