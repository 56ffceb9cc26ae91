"""Many events at once are answered within the published rates, of which others use a half, in simulated time."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.organization.errors import OrganizationsError
from sandbox.organization.weather.rates import Rates
from strongroom.adapters.aws.organizations.accounts import OrganizationAccounts
from strongroom.adapters.aws.organizations.pace import AccountsByList, Pace, PacedClient, PacedMemberships
from strongroom.domain.identifiers import AccountId
from tests.fakes.many.virtual_time import BEGAN, VirtualTime

PAGE = 20
CALL = 0.06  # seconds
WORKERS = 2
LATER = timedelta(seconds=30)


@dataclass
class Organizations:
    """Accounts by number, with rates; `knows_paths` is not so for an older SDK."""

    time: VirtualTime
    size: int
    knows_paths: bool = True
    calls: list[str] = field(default_factory=list)
    rates: Rates = field(init=False)

    def __post_init__(self) -> None:
        self.rates = Rates(self.time.monotonic)
        self.rates.hold(held=True, share=0.5)

    def describe_account(self, *, AccountId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self._answer("DescribeAccount")
        return {"Account": self._account(int(AccountId))}

    def list_accounts(self, *, NextToken: str = "0") -> dict[str, Any]:  # noqa: N803
        self._answer("ListAccounts")
        first = int(NextToken)
        accounts = [self._account(each) for each in range(first, min(first + PAGE, self.size))]
        return {"Accounts": accounts, **({"NextToken": str(first + PAGE)} if first + PAGE < self.size else {})}

    def list_parents(self, *, ChildId: str) -> dict[str, Any]:  # noqa: N803
        self._answer("ListParents")
        if ChildId.startswith("ou-"):
            return {"Parents": [{"Id": "r-a1b2", "Type": "ROOT"}]}
        return {"Parents": [{"Id": "ou-a1b2-prod0001", "Type": "ORGANIZATIONAL_UNIT"}]}

    def list_roots(self) -> dict[str, Any]:
        return {"Roots": [{"Id": "r-a1b2"}]}

    def list_organizational_units_for_parent(self, *, ParentId: str) -> dict[str, Any]:  # noqa: N803
        return {"OrganizationalUnits": [{"Id": "ou-a1b2-prod0001"}] if ParentId == "r-a1b2" else []}

    def list_accounts_for_parent(self, *, ParentId: str) -> dict[str, Any]:  # noqa: N803
        numbers = range(self.size) if ParentId == "ou-a1b2-prod0001" else ()
        return {"Accounts": [self._account(each) for each in numbers]}

    def _account(self, number: int) -> dict[str, Any]:
        account = {"Id": f"{number:012}", "Name": "any", "Status": "ACTIVE"}
        path = f"o-a1b2c3d4e5/r-a1b2/ou-a1b2-prod0001/{number:012}/"
        return account | ({"Paths": [path]} if self.knows_paths else {})

    def _answer(self, operation: str) -> None:
        self.calls.append(operation)
        self.time.sleep(CALL)
        try:
            self.rates.ensure_within("999999999999", operation)
        except OrganizationsError as error:
            raise ClientError({"Error": {"Code": error.code, "Message": ""}}, operation) from error


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime()


def answer(time: VirtualTime, organizations: Organizations, events: int) -> tuple[list[AccountId], float]:
    """Have two workers ask about so many events; the accounts that were answered, and the second of the last."""
    waiting = deque(AccountId(f"{number % organizations.size:012}") for number in range(events))
    answered: list[AccountId] = []

    def work() -> None:
        pace = Pace(clock=lambda: time.now() + LATER, sleep=time.sleep)
        while waiting:
            account = waiting.popleft()
            found = PacedMemberships(organizations, pace=pace, since=BEGAN).membership(account)
            assert found is not None
            assert found.units == ("ou-a1b2-prod0001",)
            answered.append(account)
            time.sleep(CALL)  # the ledger

    time.run(*[work] * WORKERS)
    return answered, time.seconds


@pytest.mark.parametrize(
    ("events", "accounts", "seconds", "calls"),
    [
        pytest.param(20, 220, 100, 20, id="few"),
        pytest.param(200, 220, 100, 210, id="200 at once"),
        pytest.param(5_000, 5_000, 480, 1_010, id="5,000 at once"),
    ],
)
def test_every_event_is_answered_in_time_and_none_is_refused(
    events: int, accounts: int, seconds: int, calls: int, time: VirtualTime
) -> None:
    organizations = Organizations(time, accounts)
    answered, last = answer(time, organizations, events)
    assert len(answered) == events
    assert organizations.rates.refused == 0
    assert len(organizations.calls) <= calls
    assert last <= seconds


def test_an_sdk_that_drops_paths_climbs_within_the_rates(time: VirtualTime) -> None:
    organizations = Organizations(time, 220, knows_paths=False)
    answered, _ = answer(time, organizations, 60)
    assert len(answered) == 60
    assert organizations.rates.refused == 0
    assert organizations.calls.count("ListParents") == 120


@pytest.fixture
def unheld(time: VirtualTime, monkeypatch: pytest.MonkeyPatch) -> Organizations:
    """An organisation in which no time passes but by hand."""
    organizations = Organizations(time, 30)
    organizations.rates.hold(held=False)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return organizations


def test_a_list_answers_what_happened_before_it_and_nothing_later(unheld: Organizations) -> None:
    pace = Pace(clock=unheld.time.now, sleep=lambda _: None)

    def ask(since: datetime) -> list[str]:
        unheld.calls.clear()
        PacedMemberships(unheld, pace=pace, since=since).membership(AccountId("000000000001"))
        return unheld.calls

    long_ago, now = BEGAN - timedelta(minutes=5), BEGAN
    assert [ask(long_ago) for _ in range(25)][-1] == ["DescribeAccount"]
    assert ask(long_ago) == ["ListAccounts"] * 2
    assert ask(long_ago) == []
    assert ask(now) == ["DescribeAccount"]  # the list may not show that yet, and the next is a minute away
    unheld.time.seconds = 59.0
    assert ask(now) == ["DescribeAccount"]
    unheld.time.seconds = 60.0
    assert [ask(now) for _ in range(26)][-1] == ["ListAccounts"] * 2


def test_who_is_not_in_the_list_is_a_stranger(unheld: Organizations) -> None:
    pace = Pace(clock=unheld.time.now, sleep=lambda _: None)
    asked = PacedMemberships(unheld, pace=pace, since=BEGAN - timedelta(minutes=5))
    for _ in range(26):
        asked.membership(AccountId("000000000001"))
    assert asked.membership(AccountId("999999999999")) is None


@pytest.mark.parametrize("knows_paths", [True, False], ids=["by one list", "by the tree"])
def test_all_accounts_are_listed(knows_paths: bool, unheld: Organizations) -> None:  # noqa: FBT001
    unheld.knows_paths = knows_paths
    paced = PacedClient(unheld, Pace(clock=unheld.time.now, sleep=lambda _: None))
    found = AccountsByList(paced, tree=OrganizationAccounts(paced)).memberships()
    assert len(found) == unheld.size
    assert {each.units for each in found.values()} == {("ou-a1b2-prod0001",)}
