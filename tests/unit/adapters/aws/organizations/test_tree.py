"""The units and accounts of an organisation."""

from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.organizations.tree import LiveOrganizationTree
from strongroom.domain.errors import AccessRefusedError
from strongroom.domain.identifiers import AccountId, Region
from tests.fakes.account_clients import FakeAccountClients, refusal
from tests.fakes.moto_clients import moto_client

MANAGEMENT, GLOBAL = AccountId("111111111111"), Region("us-east-1")


def test_every_unit_and_every_active_account_is_read_with_its_parent(platform_environment: None) -> None:
    with mock_aws():
        client = moto_client("organizations", "us-east-1")
        client.create_organization(FeatureSet="ALL")
        root = client.list_roots()["Roots"][0]["Id"]
        above = client.create_organizational_unit(ParentId=root, Name="Workloads")["OrganizationalUnit"]["Id"]
        below = client.create_organizational_unit(ParentId=above, Name="PCI")["OrganizationalUnit"]["Id"]
        made = client.create_account(AccountName="payments", Email="payments@example.org")["CreateAccountStatus"]
        client.move_account(AccountId=made["AccountId"], SourceParentId=root, DestinationParentId=below)
        closed = client.create_account(AccountName="closed", Email="closed@example.org")["CreateAccountStatus"]
        client.close_account(AccountId=closed["AccountId"])
        tree = LiveOrganizationTree(FakeAccountClients(), management_account=MANAGEMENT, global_region=GLOBAL).read()
    assert tree.units == {root: None, above: root, below: above}
    assert (tree.names[above], tree.names[below]) == ("Workloads", "PCI")
    assert tree.accounts[made["AccountId"]] == below
    assert closed["AccountId"] not in tree.accounts


def test_who_may_not_list_gets_no_tree() -> None:
    class Refusing:
        def list_roots(self) -> dict[str, Any]:
            raise refusal("AccessDeniedException", "ListRoots")

    clients = FakeAccountClients(own={"organizations": Refusing()})
    with pytest.raises(AccessRefusedError):
        LiveOrganizationTree(clients, management_account=MANAGEMENT, global_region=GLOBAL).read()
