"""Whose effective backup policy does not hold is asked for once a minute, for all accounts together."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.aws.organizations.invalid_policies import InvalidPolicies, KeptList
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId
from tests.fakes.account_clients import refusal

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
BAD, GOOD = AccountId("222222222222"), AccountId("333333333333")
CALL = "ListAccountsWithInvalidEffectivePolicy"


class Organizations:
    """Two pages of accounts, or a refusal."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.refuses = ""

    def list_accounts_with_invalid_effective_policy(self, **request: str) -> dict[str, Any]:
        self.asked.append(request)
        if self.refuses:
            raise refusal(self.refuses, CALL)
        if "NextToken" in request:
            return {"Accounts": [{"Id": BAD}]}
        return {"Accounts": [], "NextToken": "2"}


class Clock:
    """The time, which only a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_one_list_answers_for_every_account_and_for_a_minute() -> None:
    organizations, clock = Organizations(), Clock()
    kept = KeptList(clock=clock)
    found = [InvalidPolicies(organizations, kept=kept).has_invalid_policy(each) for each in (BAD, GOOD, BAD)]
    assert found == [True, False, True]
    assert [each["PolicyType"] for each in organizations.asked] == ["BACKUP_POLICY"] * 2
    clock.now += timedelta(seconds=60)
    InvalidPolicies(organizations, kept=kept).has_invalid_policy(GOOD)
    assert len(organizations.asked) == 4


@pytest.mark.parametrize("code", ["AccessDeniedException", "EffectivePolicyNotFoundException"])
def test_where_nobody_tells_nothing_is_known_to_be_wrong(code: str) -> None:
    organizations = Organizations()
    organizations.refuses = code
    assert not InvalidPolicies(organizations, kept=KeptList()).has_invalid_policy(BAD)


def test_organizations_that_is_too_busy_is_asked_again() -> None:
    organizations, kept = Organizations(), KeptList()
    organizations.refuses = "TooManyRequestsException"
    with pytest.raises(TemporarilyUnavailableError):
        InvalidPolicies(organizations, kept=kept).has_invalid_policy(BAD)
    organizations.refuses = ""
    assert InvalidPolicies(organizations, kept=kept).has_invalid_policy(BAD)
