"""Whose credentials act where."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError

from strongroom.adapters.aws import account_access
from strongroom.adapters.aws.account_access import AccountAccess
from strongroom.adapters.aws.clients import Credentials
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, WrongAccountError
from strongroom.domain.identifiers import AccountId, Region
from tests.builders.places import BACKUP_ACCOUNT, HOME
from tests.conftest import FakeSts
from tests.fakes.account_clients import refusal

MANAGEMENT = AccountId("111111111111")


@dataclass
class Sts(FakeSts):
    """Tells who asks; refuses or has no credentials on request."""

    account: str = MANAGEMENT
    trouble: Exception | None = None
    times_asked: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def get_caller_identity(self) -> dict[str, str]:
        if self.trouble is not None:
            raise self.trouble
        self.times_asked += 1
        return {"Account": self.account}

    def assume_role(self, **request: str) -> dict[str, Any]:
        if self.trouble is not None:
            raise self.trouble
        return super().assume_role(**request)


@dataclass
class Connections:
    """Stands where boto3's clients are made, and tells whose credentials each has."""

    sts: Sts = field(default_factory=Sts)

    def connect(self, service: str, *, region: Region, credentials: Credentials | None, patient: bool) -> Any:
        assert patient
        if service == "sts":
            return self.sts
        return (service, region, None if credentials is None else credentials.access_key)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Connections:
    """Installed instead of boto3's."""
    made = Connections()
    monkeypatch.setattr(account_access, "connect", made.connect)
    return made


@pytest.fixture
def clock() -> list[datetime]:
    """The time, which a test may move."""
    return [datetime.now(UTC)]


@pytest.fixture
def access(connections: Connections, clock: list[datetime]) -> AccountAccess:
    """An administrator's reach."""
    through = "OrganizationAccountAccessRole"
    return AccountAccess(MANAGEMENT, through=through, home_region=HOME, now=lambda: clock[0])


def test_management_acts_with_the_credentials_at_hand(access: AccountAccess, connections: Connections) -> None:
    assert access.client("backup", account=MANAGEMENT, region=HOME) == ("backup", HOME, None)
    assert connections.sts.assumed == []


def test_a_role_is_borrowed_anew_before_its_hour_is_over(
    access: AccountAccess, connections: Connections, clock: list[datetime]
) -> None:
    first = access.client("backup", account=BACKUP_ACCOUNT, region=HOME)
    clock[0] += timedelta(minutes=45)
    assert access.client("backup", account=BACKUP_ACCOUNT, region=HOME) is first
    clock[0] += timedelta(minutes=10)
    assert access.client("backup", account=BACKUP_ACCOUNT, region=HOME) is not first
    assert len(connections.sts.assumed) == 2


def test_another_account_is_entered_once_through_its_role(access: AccountAccess, connections: Connections) -> None:
    for service in ("backup", "iam"):
        assert access.client(service, account=BACKUP_ACCOUNT, region=HOME) == (service, HOME, BACKUP_ACCOUNT)
    assert connections.sts.assumed == ["arn:aws:iam::999999999999:role/OrganizationAccountAccessRole"]


def test_a_role_is_borrowed_in_the_partition_of_the_home_region(connections: Connections) -> None:
    home = Region("us-gov-west-1")
    AccountAccess(MANAGEMENT, through="Admin", home_region=home, now=lambda: datetime.now(UTC)).client(
        "backup", account=BACKUP_ACCOUNT, region=home
    )
    assert connections.sts.assumed == ["arn:aws-us-gov:iam::999999999999:role/Admin"]


def test_the_management_account_is_who_it_says(access: AccountAccess, connections: Connections) -> None:
    access.ensure_management_account()
    assert connections.sts.times_asked == 1
    assert connections.sts.assumed == []


def test_the_credentials_of_another_account_are_refused(access: AccountAccess, connections: Connections) -> None:
    connections.sts.account = BACKUP_ACCOUNT
    with pytest.raises(WrongAccountError, match="account 999999999999; use those of the management account 1111"):
        access.ensure_management_account()


def test_no_credentials_are_told_in_one_line(access: AccountAccess, connections: Connections) -> None:
    connections.sts.trouble = NoCredentialsError()
    with pytest.raises(CallRefusedError, match="Unable to locate credentials"):
        access.ensure_management_account()


def test_a_role_that_cannot_be_assumed_is_named(access: AccountAccess, connections: Connections) -> None:
    connections.sts.trouble = refusal("AccessDenied", "AssumeRole")
    with pytest.raises(AccessRefusedError, match=r"OrganizationAccountAccessRole cannot be assumed .*--through"):
        access.client("backup", account=BACKUP_ACCOUNT, region=HOME)
