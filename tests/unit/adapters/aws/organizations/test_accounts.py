"""Every account of the organisation is found with its units, page by page."""

from typing import Any, ClassVar

import pytest

from strongroom.adapters.aws.organizations.accounts import OrganizationAccounts
from strongroom.domain.accounts.membership import Membership
from strongroom.domain.errors import AccessRefusedError
from tests.fakes.account_clients import refusal


class FakeOrganizations:
    """A root with a unit in a unit; each list has an empty page before its last."""

    units: ClassVar[dict[str, list[str]]] = {"r-1": ["ou-a"], "ou-a": ["ou-b"], "ou-b": []}
    accounts: ClassVar[dict[str, list[dict[str, str]]]] = {
        "r-1": [{"Id": "111111111111", "State": "ACTIVE", "Status": "ACTIVE"}],
        "ou-a": [{"Id": "222222222222", "Status": "SUSPENDED"}],
        "ou-b": [{"Id": "333333333333", "State": "CLOSED", "Status": "SUSPENDED"}],
    }

    def list_roots(self) -> dict[str, Any]:
        return {"Roots": [{"Id": "r-1"}]}

    def list_organizational_units_for_parent(self, *, ParentId: str, **_: str) -> dict[str, Any]:  # noqa: N803
        return {"OrganizationalUnits": [{"Id": each} for each in self.units[ParentId]]}

    def list_accounts_for_parent(self, *, ParentId: str, NextToken: str = "") -> dict[str, Any]:  # noqa: N803
        if not NextToken:
            return {"Accounts": [], "NextToken": "more"}
        return {"Accounts": self.accounts[ParentId]}


def test_every_account_is_listed_with_its_status_and_its_units_the_nearest_first() -> None:
    assert OrganizationAccounts(FakeOrganizations()).memberships() == {
        "111111111111": Membership(status="ACTIVE", units=()),
        "222222222222": Membership(status="SUSPENDED", units=("ou-a",)),
        "333333333333": Membership(status="CLOSED", units=("ou-b", "ou-a")),
    }


def test_whoever_may_not_list_them_says_so() -> None:
    class Closed(FakeOrganizations):
        def list_roots(self) -> dict[str, Any]:
            raise refusal("AccessDeniedException", "ListRoots")

    with pytest.raises(AccessRefusedError):
        OrganizationAccounts(Closed()).memberships()
