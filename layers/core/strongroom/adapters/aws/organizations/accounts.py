"""Every account of the organisation, with where it stands: read unit by unit, as a delegated administrator may.

Source: AWS Organizations API reference, ListRoots, ListOrganizationalUnitsForParent and ListAccountsForParent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.organizations.pages import paged
from strongroom.domain.accounts.membership import Membership
from strongroom.domain.identifiers import AccountId

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTIONS = (
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListRoots",
)


class OrganizationAccounts:
    """The accounts of the organisation."""

    def __init__(self, organizations: Any) -> None:
        """`organizations` is an Organizations client."""
        self._organizations = organizations

    def memberships(self) -> Mapping[AccountId, Membership]:
        """Every account, also one that is suspended, with its status and its units, the nearest first."""
        found: dict[AccountId, Membership] = {}
        with aws_errors("the accounts of the organisation cannot be listed"):
            roots = paged(self._organizations, "list_roots", "Roots")
            places: list[tuple[str, tuple[str, ...]]] = [(root["Id"], ()) for root in roots]
            while places:
                parent, units = places.pop()
                found |= self._accounts_in(parent, units)
                below = self._below("list_organizational_units_for_parent", "OrganizationalUnits", parent)
                places += [(unit["Id"], (unit["Id"], *units)) for unit in below]
        return found

    def _accounts_in(self, parent: str, units: tuple[str, ...]) -> dict[AccountId, Membership]:
        # Status became State in 2026, and both are answered meanwhile.
        return {
            AccountId(account["Id"]): Membership(status=account.get("State") or account["Status"], units=units)
            for account in self._below("list_accounts_for_parent", "Accounts", parent)
        }

    def _below(self, operation: str, key: str, parent: str) -> list[dict[str, Any]]:
        return list(paged(self._organizations, operation, key, ParentId=parent))
