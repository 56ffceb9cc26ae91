"""Which accounts a policy reaches: below its targets, as a delegated administrator may list them.

Source: AWS Organizations API reference, ListTargetsForPolicy, ListAccountsForParent and
ListOrganizationalUnitsForParent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.organizations.pages import paged
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import AccountId, is_account_id

if TYPE_CHECKING:
    from collections.abc import Iterator

ACTIONS = (
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListTargetsForPolicy",
)


class PolicyReach:
    """The accounts below targets of policies."""

    def __init__(self, organizations: Any) -> None:
        """`organizations` is an Organizations client."""
        self._organizations = organizations

    def targets_of(self, policy: str) -> tuple[str, ...]:
        """The ids of the root, units and accounts that the policy is attached to; none where it is gone."""
        try:
            with aws_errors(f"policy {policy}"):
                targets = paged(self._organizations, "list_targets_for_policy", "Targets", PolicyId=policy)
                return tuple(target["TargetId"] for target in targets)
        except NotFoundError:
            return ()

    def accounts_below(self, target: str) -> Iterator[AccountId]:
        """The accounts in a unit or the root and in all units below it, or the account itself."""
        if is_account_id(target):
            yield AccountId(target)
            return
        try:
            with aws_errors(f"the accounts below {target}"):
                accounts = list(self._below("list_accounts_for_parent", "Accounts", target))
                units = list(self._below("list_organizational_units_for_parent", "OrganizationalUnits", target))
        except NotFoundError:
            return
        yield from (AccountId(account["Id"]) for account in accounts)
        for unit in units:
            yield from self.accounts_below(unit["Id"])

    def _below(self, operation: str, key: str, parent: str) -> Iterator[dict[str, Any]]:
        return paged(self._organizations, operation, key, ParentId=parent)
