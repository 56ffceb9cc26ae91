"""The organisation's switches, read and turned, twice without harm."""

from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass, field
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.organizations.switches import OrganizationSwitches
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, WrongAccountError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import BACKUP
from tests.builders.places import BACKUP_ACCOUNT, GLOBAL_REGION
from tests.fakes.account_clients import FakeAccountClients, Pages, refusal
from tests.fakes.moto_clients import moto_client


@dataclass
class Organizations:
    """moto's, which does not know that AWS Backup has delegated administrators."""

    moto: Any
    administrators: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.moto, name)

    def get_paginator(self, operation: str) -> Any:
        own = operation == "list_delegated_administrators"
        return Pages(self.list_delegated_administrators) if own else self.moto.get_paginator(operation)

    def list_delegated_administrators(self, **request: str) -> dict[str, Any]:
        assert request == {"ServicePrincipal": BACKUP}
        return {"DelegatedAdministrators": [{"Id": account} for account in self.administrators]}

    def register_delegated_administrator(self, *, AccountId: str, ServicePrincipal: str) -> None:  # noqa: N803 AWS's names
        assert ServicePrincipal == BACKUP
        if AccountId in self.administrators:
            raise refusal("AccountAlreadyRegisteredException", "RegisterDelegatedAdministrator")
        self.administrators.append(AccountId)


@dataclass
class Estate:
    """A fresh organisation and the adapter on it."""

    switches: OrganizationSwitches
    clients: FakeAccountClients


@pytest.fixture
def estate(intent: Intent, platform_environment: None) -> Iterator[Estate]:
    """An organisation of moto's, its ids in the intent."""
    with mock_aws():
        organizations = moto_client("organizations", "us-east-1")
        created = organizations.create_organization(FeatureSet="ALL")["Organization"]
        root = organizations.list_roots()["Roots"][0]
        place = replace(
            intent.organization,
            id=created["Id"],
            root_id=root["Id"],
            management_account=AccountId(created["MasterAccountId"]),
        )
        clients = FakeAccountClients(own={"organizations": Organizations(organizations)})
        yield Estate(OrganizationSwitches(clients, place=place, global_region=GLOBAL_REGION), clients)


def test_what_is_switched_on_is_read_back(estate: Estate) -> None:
    account = BACKUP_ACCOUNT
    assert BACKUP not in estate.switches.read().trusted_services
    for _ in range(2):
        estate.switches.enable_type("BACKUP_POLICY")
        estate.switches.trust(BACKUP)
        estate.switches.delegate(account, BACKUP)
    found = estate.switches.read()
    assert found.feature_set == "ALL"
    assert "BACKUP_POLICY" in found.policy_types
    assert BACKUP in found.trusted_services
    assert found.administrators == {account}


def test_the_organization_of_somebody_else_is_refused(estate: Estate, intent: Intent) -> None:
    with pytest.raises(WrongAccountError, match=r"organization\.id"):
        OrganizationSwitches(estate.clients, place=intent.organization, global_region=GLOBAL_REGION).read()


def test_organizations_is_asked_in_the_management_account(estate: Estate) -> None:
    estate.switches.read()
    assert {place[2] for place in estate.clients.asked} == {"us-east-1"}


@dataclass
class Refusing:
    """Organizations that refuses every call with one code."""

    code: str

    def describe_organization(self) -> dict[str, Any]:
        raise refusal(self.code, "DescribeOrganization", "line one\nline two")


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("AccessDeniedException", AccessRefusedError), ("AWSOrganizationsNotInUseException", CallRefusedError)],
)
def test_a_refusal_is_told_in_one_line(code: str, meaning: type[Exception], intent: Intent) -> None:
    clients = FakeAccountClients(own={"organizations": Refusing(code)})
    with pytest.raises(meaning, match=f"DescribeOrganization answered {code}: line one line two"):
        OrganizationSwitches(clients, place=intent.organization, global_region=GLOBAL_REGION).read()
