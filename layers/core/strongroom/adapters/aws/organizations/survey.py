"""The organisation as a survey reads it: its tree, its delegates, and what tag policies are about.

Source: AWS Organizations API reference; AWS Organizations User Guide, "Tag policy syntax and examples".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.aws.organizations.pages import paged
from strongroom.adapters.aws.organizations.tree import LiveOrganizationTree
from strongroom.domain.errors import WrongAccountError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.rollout.desired import BACKUP
from strongroom.domain.survey.found import OrganizationFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.adapters.aws.account_access import AccountClients

ACTIONS = (
    "organizations:DescribeOrganization",
    "organizations:DescribePolicy",
    "organizations:ListDelegatedAdministrators",
    "organizations:ListPolicies",
)


class OrganizationSurvey:
    """The organisation as its management account sees it."""

    def __init__(self, clients: AccountClients, *, account: AccountId, global_region: Region) -> None:
        """`account` is the one that the credentials belong to, `global_region` where Organizations is asked."""
        self._clients = clients
        self._account = account
        self._global_region = global_region

    def organization(self) -> OrganizationFound:
        """Id, root, units and active accounts; WrongAccountError outside the management account."""
        with aws_errors():
            described = self._organizations.describe_organization()["Organization"]
            if described["MasterAccountId"] != self._account:
                raise WrongAccountError(
                    f"these credentials belong to account {self._account}; use those of the management account "
                    f"{described['MasterAccountId']}"
                )
        tree = LiveOrganizationTree(self._clients, management_account=self._account, global_region=self._global_region)
        return OrganizationFound(id=described["Id"], management_account=self._account, tree=tree.read())

    def administrators(self) -> tuple[AccountId, ...]:
        """The delegated administrators of AWS Backup."""
        with aws_errors():
            found = paged(
                self._organizations, "list_delegated_administrators", "DelegatedAdministrators", ServicePrincipal=BACKUP
            )
            return tuple(AccountId(each["Id"]) for each in found)

    def effective_backup_policy(self, account: AccountId) -> Mapping[str, Any]:
        """The backup policy that AWS merges for the account; empty where there is none."""
        return Organization(self._organizations).effective_backup_policy(account)

    def tag_keys(self) -> tuple[str, ...]:
        """The keys that tag policies are about, as they are to be spelled."""
        with aws_errors():
            listed = paged(self._organizations, "list_policies", "Policies", Filter="TAG_POLICY")
            documents = [self._document(each["Id"]) for each in listed]
        tags = [(name, tag) for document in documents for name, tag in document.get("tags", {}).items()]
        return tuple(dict.fromkeys(tag.get("tag_key", {}).get("@@assign", name) for name, tag in tags))

    @property
    def _organizations(self) -> Any:
        return self._clients.client("organizations", account=self._account, region=self._global_region)

    def _document(self, policy: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._organizations.describe_policy(PolicyId=policy)["Policy"]["Content"])
        return content
