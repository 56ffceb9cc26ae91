"""The units and accounts of the organisation.

Source: AWS Organizations API reference.
"""

from typing import Any

from strongroom.adapters.aws.account_access import AccountClients
from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.organizations.pages import paged
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.preview.tree import LiveTree

ACTIONS = (
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListRoots",
)


class LiveOrganizationTree:
    """The tree as the management account sees it."""

    def __init__(self, clients: AccountClients, *, management_account: AccountId, global_region: Region) -> None:
        """`management_account` and `global_region` are where all calls are made."""
        self._clients = clients
        self._management_account = management_account
        self._global_region = global_region

    def read(self) -> LiveTree:
        """Every unit and every active account, level by level."""
        units: dict[str, str | None] = {}
        names: dict[str, str] = {}
        accounts: dict[AccountId, str] = {}
        client = self._clients.client("organizations", account=self._management_account, region=self._global_region)
        with aws_errors():
            pending: list[tuple[dict[str, Any], str | None]] = [
                (root, None) for root in paged(client, "list_roots", "Roots")
            ]
            while pending:
                unit, parent = pending.pop()
                place = unit["Id"]
                units[place], names[place] = parent, unit["Name"]
                for account in paged(client, "list_accounts_for_parent", "Accounts", ParentId=place):
                    # Status became State in 2026, and both are answered meanwhile.
                    if (account.get("State") or account["Status"]) == "ACTIVE":
                        accounts[AccountId(account["Id"])] = place
                        names[account["Id"]] = account["Name"]
                below = paged(client, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=place)
                pending += [(each, place) for each in below]
        return LiveTree(units=units, names=names, accounts=accounts)
