"""AWS Organizations, read as the delegated administrator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.organizations.pages import paged
from strongroom.domain.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.accounts.membership import Membership
    from strongroom.domain.identifiers import AccountId


class Organization:
    """The organisation that the control plane belongs to."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "membership": ("organizations:DescribeAccount", "organizations:ListParents"),
        "name_of": ("organizations:DescribeAccount",),
        "units_of": ("organizations:ListParents",),
        "effective_backup_policy": ("organizations:DescribeEffectivePolicy",),
    }

    def __init__(self, organizations: Any) -> None:
        """`organizations` is an Organizations client."""
        self._organizations = organizations

    def membership(self, account: AccountId) -> Membership | None:
        """The account's status and place, None for an account that is not in the organisation."""
        from strongroom.domain.accounts.membership import Membership  # who asks for units only does without it

        try:
            with aws_errors(f"account {account}"):
                described = self._organizations.describe_account(AccountId=account)["Account"]
            # AWS replaces Status by State in 2026 and answers both until then (API reference of DescribeAccount).
            return Membership(status=described.get("State") or described["Status"], units=self.units_of(account))
        except NotFoundError:
            return None

    def name_of(self, account: AccountId) -> str:
        """The account's name; empty for an account that is not in the organisation."""
        try:
            with aws_errors(f"account {account}"):
                return str(self._organizations.describe_account(AccountId=account)["Account"]["Name"])
        except NotFoundError:
            return ""

    def units_of(self, account: AccountId) -> tuple[str, ...]:
        """The ids of the account's organisational units, nearest first; NotFoundError for a foreign account."""
        units: list[str] = []
        child: str = account
        while True:
            with aws_errors(f"account {account}"):
                [parent] = paged(self._organizations, "list_parents", "Parents", ChildId=child)
            if parent["Type"] == "ROOT":
                return tuple(units)
            child = parent["Id"]
            units.append(child)

    def effective_backup_policy(self, account: AccountId) -> Mapping[str, Any]:
        """The backup policy that reaches the account, merged; empty where there is none."""
        try:
            with aws_errors(f"account {account}"):
                answer = self._organizations.describe_effective_policy(PolicyType="BACKUP_POLICY", TargetId=account)
        except NotFoundError:
            return {}
        content: dict[str, Any] = json.loads(answer["EffectivePolicy"]["PolicyContent"])
        return content
