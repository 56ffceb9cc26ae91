"""The published rates of AWS Organizations: a burst, then as many as flow back.

Organizations User Guide, "Quotas and service limits", "Throttling limits".
"""

import pytest

from sandbox.organization.errors import OrganizationsError
from sandbox.organization.weather.rates import Rates

MANAGEMENT, DELEGATE = "111111111111", "999999999999"


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def taken(rates: Rates, operation: str, calls: int, caller: str = MANAGEMENT) -> int:
    """How many of so many calls at once are let through."""
    through = 0
    for _ in range(calls):
        try:
            rates.ensure_within(caller, operation)
        except OrganizationsError as error:
            assert error.code == "TooManyRequestsException"  # noqa: PT017 the code is what the SDK retries by
        else:
            through += 1
    return through


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rates(clock: Clock) -> Rates:
    held = Rates(clock)
    held.hold(held=True)
    return held


def test_a_burst_is_let_through_and_then_the_steady_rate(rates: Rates, clock: Clock) -> None:
    assert taken(rates, "ListAccounts", 20) == 12
    clock.now += 1
    assert taken(rates, "ListAccounts", 20) == 8
    clock.now += 60
    assert taken(rates, "ListAccounts", 20) == 12
    assert rates.refused == 28


def test_each_operation_and_each_account_has_a_bucket_of_its_own(rates: Rates) -> None:
    assert [taken(rates, "ListRoots", 3), taken(rates, "DescribeOrganization", 3)] == [2, 2]
    assert taken(rates, "ListRoots", 3, DELEGATE) == 2


def test_an_operation_without_a_published_rate_is_not_held(rates: Rates) -> None:
    assert taken(rates, "ListDelegatedAdministrators", 100) == 100


def test_nothing_is_held_until_the_stage_is_told(clock: Clock) -> None:
    assert taken(Rates(clock), "ListRoots", 100) == 100


def test_what_walks_the_tree_shares_one_bucket(rates: Rates, clock: Clock) -> None:
    assert taken(rates, "ListParents", 6) == 6
    assert [taken(rates, name, 2) for name in ("ListAccountsForParent", "ListOrganizationalUnitsForParent")] == [2, 0]
    clock.now += 1
    assert taken(rates, "ListOrganizationalUnitsForParent", 9) == 5


def test_others_may_have_taken_a_share(rates: Rates, clock: Clock) -> None:
    rates.hold(held=True, share=0.5)
    assert taken(rates, "DescribeAccount", 30) == 15
    clock.now += 1
    assert taken(rates, "DescribeAccount", 30) == 10
