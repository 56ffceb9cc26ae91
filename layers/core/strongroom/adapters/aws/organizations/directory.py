"""AWS Organizations, read as the delegated administrator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.organizations.pages import paged
from strongroom.domain.accounts.paths import units_in
from strongroom.domain.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.accounts.membership import Membership
    from strongroom.domain.identifiers import AccountId


# The key of an account's tag that says whose it is.
_OWNER: Final = "owner"


class Organization:
    """The organisation that the control plane belongs to."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "membership": ("organizations:DescribeAccount", "organizations:ListParents"),
        "owner_of": ("organizations:ListTagsForResource",),
        "name_of": ("organizations:DescribeAccount",),
        "units_of": ("organizations:DescribeAccount", "organizations:ListParents"),
        "effective_backup_policy": ("organizations:DescribeEffectivePolicy",),
    }

    def __init__(self, organizations: Any) -> None:
        """`organizations` is an Organizations client."""
        self._organizations = organizations

    def membership(self, account: AccountId) -> Membership | None:
        """The account's status and place, None for an account that is not in the organisation."""
        try:
            described = self._described(account)
            return membership_of(described, self._units_of(described))
        except NotFoundError:
            return None

    def owner_of(self, account: AccountId) -> str:
        """The value of the account's tag `owner`, empty where it has none, or is not in the organisation."""
        try:
            with aws_errors(f"account {account}"):
                tags = paged(self._organizations, "list_tags_for_resource", "Tags", ResourceId=account)
                return next((str(tag["Value"]) for tag in tags if tag["Key"] == _OWNER), "")
        except NotFoundError:
            return ""

    def name_of(self, account: AccountId) -> str:
        """The account's name; empty for an account that is not in the organisation."""
        try:
            return str(self._described(account)["Name"])
        except NotFoundError:
            return ""

    def units_of(self, account: AccountId) -> tuple[str, ...]:
        """The ids of the account's organisational units, nearest first; NotFoundError for a foreign account."""
        return self._units_of(self._described(account))

    def effective_backup_policy(self, account: AccountId) -> Mapping[str, Any]:
        """The backup policy that reaches the account, merged; empty where there is none."""
        try:
            with aws_errors(f"account {account}"):
                answer = self._organizations.describe_effective_policy(PolicyType="BACKUP_POLICY", TargetId=account)
        except NotFoundError:
            return {}
        content: dict[str, Any] = json.loads(answer["EffectivePolicy"]["PolicyContent"])
        return content

    def _described(self, account: AccountId) -> Mapping[str, Any]:
        with aws_errors(f"account {account}"):
            described: Mapping[str, Any] = self._organizations.describe_account(AccountId=account)["Account"]
        return described

    def _units_of(self, described: Mapping[str, Any]) -> tuple[str, ...]:
        """By one call where the SDK knows `Paths`; an older one leaves them out, and the tree is climbed."""
        units = units_in(described.get("Paths", ()))
        return self._climbed(described["Id"]) if units is None else units

    def _climbed(self, account: str) -> tuple[str, ...]:
        units: list[str] = []
        child = account
        while True:
            with aws_errors(f"account {account}"):
                [parent] = paged(self._organizations, "list_parents", "Parents", ChildId=child)
            if parent["Type"] == "ROOT":
                return tuple(units)
            child = parent["Id"]
            units.append(child)


def membership_of(account: Mapping[str, Any], units: tuple[str, ...]) -> Membership:
    """An account as Organizations answers it."""
    from strongroom.domain.accounts.membership import Membership  # who asks for units only does without it

    # AWS replaces Status by State in 2026 and answers both until then (API reference of DescribeAccount).
    status = account.get("State") or account["Status"]
    return Membership(status=status, units=units, name=account.get("Name", ""))
