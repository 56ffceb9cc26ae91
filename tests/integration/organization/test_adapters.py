"""The product reads the whole organisation from lists whose pages may be empty."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from sandbox.clients import client
from sandbox.organization import seed
from sandbox.settings import BACKUP_ACCOUNT, MANAGEMENT_ACCOUNT, OU_SANDBOX, ROOT_ID
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.aws.organizations.policies import OrganizationPolicies
from strongroom.domain.accounts.events import read_notice
from strongroom.domain.accounts.membership import AccountState, AccountVerdict, Membership, judge_membership
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.organizations import AccountChange
from tests.builders.places import GLOBAL_REGION
from tests.fakes.account_clients import FakeAccountClients


@pytest.fixture
def cabinet(management: Any) -> OrganizationPolicies:
    """The command's view of the policies, in the management account."""
    clients = FakeAccountClients(own={"organizations": management})
    return OrganizationPolicies(clients, management_account=AccountId(MANAGEMENT_ACCOUNT), global_region=GLOBAL_REGION)


@pytest.mark.parametrize("account", seed.ACCOUNTS, ids=[account.name for account in seed.ACCOUNTS])
def test_the_units_of_every_account_are_found(account: seed.SeedAccount, cabinet: OrganizationPolicies) -> None:
    units = () if account.parent == ROOT_ID else (account.parent,)
    assert Organization(client("organizations", BACKUP_ACCOUNT)).units_of(AccountId(account.id)) == units
    assert cabinet.path(account.id) == (ROOT_ID, *units, account.id)


def test_every_account_below_is_found(cabinet: OrganizationPolicies) -> None:
    assert set(cabinet.accounts_below(ROOT_ID)) == {account.id for account in seed.ACCOUNTS}
    assert set(cabinet.accounts_below(OU_SANDBOX)) == {a.id for a in seed.ACCOUNTS if a.parent == OU_SANDBOX}


def test_a_closed_account_is_taken_for_one_that_left_as_soon_as_it_is_told(
    management: Any, create: Callable[[str], str], heard: Callable[[str], Any], intent: Intent
) -> None:
    account = AccountId(create("closed"))
    directory = Organization(client("organizations", BACKUP_ACCOUNT))
    management.close_account(AccountId=account)
    event = msgspec.convert(heard("CloseAccountResult"), Event[AccountChange])
    assert read_notice(event.detail.observed(event), intent=intent).account == account
    membership = directory.membership(account)
    assert membership == Membership(status="SUSPENDED", units=(), name="closed")
    verdict = judge_membership(account, membership=membership, intent=intent)
    assert isinstance(verdict, AccountVerdict)
    assert verdict.state is AccountState.LEFT
