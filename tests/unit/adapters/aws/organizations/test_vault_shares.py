"""With whom vaults are shared, as the sandbox's AWS RAM tells it, and how that is changed."""

from typing import Any

import pytest

from sandbox.sharing.store import Place, Shares, SharingError, World
from strongroom.adapters.aws.organizations.vault_shares import OrganizationVaultShares
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.steps import ShareVault
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, a_vault_arn
from tests.fakes.account_clients import FakeAccountClients, Pages, refusal

GAPPED = a_vault_arn("gapped")
REPORTS = "333333333333"


class Ram:
    """AWS RAM of the backup account."""

    def __init__(self) -> None:
        self.is_on = True
        self.unknown = False
        world = World(may_be_shared={GAPPED: True}.get, is_inside=lambda _: True, shares_inside=lambda: self.is_on)
        self.store = Shares(world)

    def _ask(self, call: Any, operation: str, request: dict[str, Any]) -> Any:
        if self.unknown:
            raise refusal("UnknownResourceException", operation)
        try:
            return call(Place(BACKUP_ACCOUNT, HOME), request)
        except SharingError as error:
            raise refusal(error.code, operation, error.message) from error

    def create_resource_share(self, **request: Any) -> Any:
        return self._ask(self.store.create, "CreateResourceShare", request)

    def associate_resource_share(self, **request: Any) -> Any:
        return self._ask(self.store.associate, "AssociateResourceShare", request)

    def disassociate_resource_share(self, **request: Any) -> Any:
        return self._ask(self.store.disassociate, "DisassociateResourceShare", request)

    def enable_sharing_with_aws_organization(self) -> Any:
        self.is_on = True
        return {"returnValue": True}

    def get_paginator(self, operation: str) -> Any:
        assert operation == "get_resource_share_associations"
        return Pages(lambda **request: self._ask(self.store.associations, "GetResourceShareAssociations", request))


@pytest.fixture
def ram() -> Ram:
    return Ram()


@pytest.fixture
def shares(ram: Ram, intent: Intent) -> OrganizationVaultShares:
    return OrganizationVaultShares(FakeAccountClients(own={"ram": ram}), place=intent.organization)


def act(share: str = "", *, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> ShareVault:
    return ShareVault(vault=GAPPED, name="strongroom-gapped", share=share, added=added, removed=removed)  # type: ignore[arg-type]


def test_a_share_is_made_and_changed_and_told(shares: OrganizationVaultShares, ram: Ram) -> None:
    assert shares.shares(GAPPED) == ()
    shares.share(act(added=(PAYMENTS, REPORTS)))
    [made] = shares.shares(GAPPED)
    assert (made.name, made.principals) == ("strongroom-gapped", frozenset({PAYMENTS, REPORTS}))
    [kept] = ram.store.kept.values()
    assert not kept.takes_strangers
    shares.share(act(made.arn, added=("555555555555",), removed=(REPORTS,)))
    [changed] = shares.shares(GAPPED)
    assert (changed.arn, changed.principals) == (made.arn, frozenset({PAYMENTS, "555555555555"}))


def test_while_the_organisation_does_not_share_it_is_too_early(shares: OrganizationVaultShares, ram: Ram) -> None:
    ram.is_on = False
    with pytest.raises(TemporarilyUnavailableError, match="have not enabled sharing"):
        shares.share(act(added=(PAYMENTS,)))
    shares.enable()
    shares.share(act(added=(PAYMENTS,)))
    assert shares.shares(GAPPED)


def test_a_vault_that_does_not_exist_is_shared_with_nobody(shares: OrganizationVaultShares, ram: Ram) -> None:
    ram.unknown = True
    assert shares.shares(GAPPED) == ()
