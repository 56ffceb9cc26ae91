"""The organisation, read from Organizations."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.domain.accounts.membership import Membership
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, NotFoundError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId
from tests.fakes.moto_clients import moto_client

NOBODY = AccountId("000000000001")


@pytest.fixture
def organizations() -> Iterator[Any]:
    with mock_aws():
        client = moto_client("organizations", "us-east-1")
        client.create_organization(FeatureSet="ALL")
        yield client


def new_account(organizations: Any) -> AccountId:
    status = organizations.create_account(Email="reports@strongroom.example", AccountName="reports")
    return AccountId(status["CreateAccountStatus"]["AccountId"])


def test_units_are_listed_nearest_first_and_without_the_root(organizations: Any) -> None:
    account = new_account(organizations)
    root = organizations.list_roots()["Roots"][0]["Id"]
    outer = organizations.create_organizational_unit(ParentId=root, Name="Production")["OrganizationalUnit"]["Id"]
    inner = organizations.create_organizational_unit(ParentId=outer, Name="Payments")["OrganizationalUnit"]["Id"]
    assert Organization(organizations).units_of(account) == ()
    organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=inner)
    assert Organization(organizations).units_of(account) == (inner, outer)
    assert Organization(organizations).membership(account) == Membership(
        status="ACTIVE", units=(inner, outer), name="reports"
    )


def test_an_account_is_whose_its_tag_says(organizations: Any) -> None:
    account = new_account(organizations)
    tags = [{"Key": "Owner", "Value": "somebody else"}, {"Key": "owner", "Value": "#reports"}]
    organizations.tag_resource(ResourceId=account, Tags=tags)
    assert Organization(organizations).owner_of(account) == "#reports"


def test_a_foreign_account_is_nobodys(organizations: Any) -> None:
    assert Organization(organizations).owner_of(NOBODY) == ""


def test_a_foreign_account_is_no_member_and_in_no_unit(organizations: Any) -> None:
    assert Organization(organizations).membership(NOBODY) is None


class Described:
    """Answers DescribeAccount as an SDK does that knows paths, and nothing else."""

    def __init__(self, *paths: str) -> None:
        self.paths = paths

    def describe_account(self, *, AccountId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        return {"Account": {"Id": AccountId, "Name": "reports", "State": "ACTIVE", "Paths": list(self.paths)}}

    def list_parents(self, **_: str) -> dict[str, Any]:
        return {"Parents": [{"Type": "ROOT", "Id": "r-a1b2"}]}


@pytest.mark.parametrize(
    ("paths", "units"),
    [
        pytest.param(
            ("o-a1b2c3d4e5/r-a1b2/ou-a1b2-outer111/ou-a1b2-inner111/000000000001/",),
            ("ou-a1b2-inner111", "ou-a1b2-outer111"),
            id="a unit in a unit",
        ),
        pytest.param(("o-a1b2c3d4e5/r-a1b2/000000000001/",), (), id="the root"),
        pytest.param((), (), id="none told: the tree is climbed"),
        pytest.param(("o-a1b2c3d4e5/r-a1b2/ou-a1b2-inner111/", "o-a1b2c3d4e5/r-a1b2/"), (), id="more than one"),
    ],
)
def test_one_call_tells_the_whole_path(paths: tuple[str, ...], units: tuple[str, ...]) -> None:
    organization = Organization(Described(*paths))
    assert organization.membership(NOBODY) == Membership(status="ACTIVE", units=units, name="reports")
    assert organization.units_of(NOBODY) == units


class FakeOrganizations:
    """Answers the effective policy, or refuses everything for one reason."""

    def __init__(self, *, content: str = "{}", refusal: str = "") -> None:
        self.content = content
        self.refusal = refusal
        self.asked: list[dict[str, str]] = []

    def describe_effective_policy(self, **request: str) -> dict[str, Any]:
        self.asked.append(request)
        self._refuse("DescribeEffectivePolicy")
        return {"EffectivePolicy": {"PolicyContent": self.content}}

    def describe_account(self, *, AccountId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self._refuse("DescribeAccount")
        return {"Account": {"Id": AccountId}}

    def list_parents(self, **_: str) -> dict[str, Any]:
        self._refuse("ListParents")
        return {"Parents": [{"Type": "ROOT", "Id": "r-1"}]}

    def _refuse(self, operation: str) -> None:
        if self.refusal:
            raise ClientError({"Error": {"Code": self.refusal, "Message": ""}}, operation)


class PagedParents:
    """The first page of every list is empty, as AWS documents; the SDK is one that drops `Paths`."""

    def describe_account(self, *, AccountId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        return {"Account": {"Id": AccountId}}

    def list_parents(self, *, ChildId: str, NextToken: str = "") -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        if not NextToken:
            return {"Parents": [], "NextToken": "1"}
        above = {"222222222222": ("ou-1", "ORGANIZATIONAL_UNIT"), "ou-1": ("r-1", "ROOT")}[ChildId]
        return {"Parents": [{"Id": above[0], "Type": above[1]}]}


def test_units_are_found_behind_empty_pages() -> None:
    assert Organization(PagedParents()).units_of(AccountId("222222222222")) == ("ou-1",)


def test_the_effective_policy_is_parsed() -> None:
    fake = FakeOrganizations(content='{"plans": {"daily": {}}}')
    assert Organization(fake).effective_backup_policy(NOBODY) == {"plans": {"daily": {}}}
    assert fake.asked == [{"PolicyType": "BACKUP_POLICY", "TargetId": NOBODY}]


def test_no_effective_policy_is_an_empty_one() -> None:
    fake = FakeOrganizations(refusal="EffectivePolicyNotFoundException")
    assert Organization(fake).effective_backup_policy(NOBODY) == {}


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("AccountNotFoundException", NotFoundError),
        ("TooManyRequestsException", TemporarilyUnavailableError),
        ("AccessDeniedException", AccessRefusedError),
        ("InvalidInputException", CallRefusedError),
    ],
)
def test_a_refusal_is_translated(code: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        Organization(FakeOrganizations(refusal=code)).units_of(NOBODY)


def test_an_account_is_known_by_its_name_and_a_foreign_one_by_none(organizations: Any) -> None:
    account = new_account(organizations)
    assert (Organization(organizations).name_of(account), Organization(organizations).name_of(NOBODY)) == (
        "reports",
        "",
    )
