"""The organisation as a survey reads it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.organizations.survey import OrganizationSurvey
from strongroom.domain.errors import WrongAccountError
from strongroom.domain.identifiers import AccountId
from tests.builders.places import GLOBAL_REGION
from tests.fakes.account_clients import FakeAccountClients, refusal
from tests.fakes.moto_clients import moto_client

MANAGEMENT = AccountId("123456789012")  # moto's


@pytest.fixture
def organizations(platform_environment: None) -> Iterator[Any]:
    """An organisation of moto's."""
    with mock_aws():
        client = moto_client("organizations", "us-east-1")
        client.create_organization(FeatureSet="ALL")
        yield client


def survey_by(account: AccountId, client: Any = None) -> OrganizationSurvey:
    clients = FakeAccountClients() if client is None else FakeAccountClients(own={"organizations": client})
    return OrganizationSurvey(clients, account=account, global_region=GLOBAL_REGION)


def test_units_come_before_those_below_them_and_accounts_with_their_place(organizations: Any) -> None:
    root = organizations.list_roots()["Roots"][0]["Id"]
    outer = organizations.create_organizational_unit(ParentId=root, Name="Workloads")["OrganizationalUnit"]["Id"]
    inner = organizations.create_organizational_unit(ParentId=outer, Name="Cards")["OrganizationalUnit"]["Id"]
    created = organizations.create_account(AccountName="wallet", Email="wallet@example.com")["CreateAccountStatus"]
    organizations.move_account(AccountId=created["AccountId"], SourceParentId=root, DestinationParentId=inner)
    found = survey_by(MANAGEMENT).organization()
    assert (found.management_account, found.root_id) == (MANAGEMENT, root)
    assert found.units == (outer, inner)
    assert found.path(created["AccountId"]) == (root, outer, inner, created["AccountId"])
    assert found.tree.names[created["AccountId"]] == "wallet"


def test_another_account_than_the_management_account_is_refused(organizations: Any) -> None:
    with pytest.raises(WrongAccountError, match=f"999999999999; use those of the management account {MANAGEMENT}"):
        survey_by(AccountId("999999999999")).organization()


class Organizations:
    """A client where AWS Backup has a delegate, and two tag policies, of which one spells its key by its name only."""

    def list_delegated_administrators(self, ServicePrincipal: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        assert ServicePrincipal == "backup.amazonaws.com"
        return {"DelegatedAdministrators": [{"Id": "999999999999"}]}

    def list_policies(self, Filter: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        assert Filter == "TAG_POLICY"
        return {"Policies": [{"Id": "p-1"}, {"Id": "p-2"}]}

    def describe_policy(self, PolicyId: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        tags = {"p-1": {"backup": {"tag_key": {"@@assign": "Backup"}}}, "p-2": {"Stage": {}}}
        return {"Policy": {"Content": json.dumps({"tags": tags[PolicyId]})}}

    def describe_effective_policy(self, **_: str) -> dict[str, Any]:
        raise refusal("EffectivePolicyNotFoundException", "DescribeEffectivePolicy")


def test_the_delegates_of_aws_backup_are_told() -> None:
    assert survey_by(MANAGEMENT, Organizations()).administrators() == ("999999999999",)


def test_keys_of_tag_policies_are_told_as_they_are_to_be_spelled() -> None:
    assert survey_by(MANAGEMENT, Organizations()).tag_keys() == ("Backup", "Stage")


def test_an_account_without_a_policy_has_an_empty_one() -> None:
    assert survey_by(MANAGEMENT, Organizations()).effective_backup_policy(MANAGEMENT) == {}
