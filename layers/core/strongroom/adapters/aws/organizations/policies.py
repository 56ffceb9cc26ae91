"""The organisation's policies: documents, attachments, and the tree that they hang in.

Source: AWS Organizations API reference.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from strongroom.adapters.aws.account_access import AccountClients
from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.organizations.pages import paged
from strongroom.domain.errors import AlreadyDoneError, NotFoundError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.rollout.live import LiveAttachment, LivePolicy, LiveResourcePolicy
from strongroom.domain.stacks.attached_policies import BACKUP_POLICY, SERVICE_CONTROL_POLICY, AttachedPolicy

ACTIONS = (
    "organizations:AttachPolicy",
    "organizations:DescribePolicy",
    "organizations:DescribeResourcePolicy",
    "organizations:DetachPolicy",
    "organizations:ListAccountsForParent",
    "organizations:ListAccountsWithInvalidEffectivePolicy",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListParents",
    "organizations:ListPolicies",
    "organizations:ListPoliciesForTarget",
    "organizations:ListTargetsForPolicy",
    "organizations:UpdatePolicy",
)


class OrganizationPolicies:
    """Backup policies and service control policies, as the management account sees and changes them."""

    def __init__(self, clients: AccountClients, *, management_account: AccountId, global_region: Region) -> None:
        """`management_account` and `global_region` are where all calls are made."""
        self._clients = clients
        self._management_account = management_account
        self._global_region = global_region
        self._paths: dict[str, tuple[str, ...]] = {}

    def policies(self, ours: frozenset[str]) -> tuple[LivePolicy, ...]:
        """Every policy of both types; attachments of ours and of backup policies, and documents of what hangs."""
        with aws_errors():
            return tuple(
                self._policy(summary, is_ours=summary["Name"] in ours)
                for policy_type in (BACKUP_POLICY, SERVICE_CONTROL_POLICY)
                for summary in self._paged("list_policies", "Policies", Filter=policy_type)
            )

    def attached(self, target: str) -> tuple[LiveAttachment, ...]:
        """Every policy of both types that is attached to the target itself; none where there is no target."""
        try:
            with aws_errors():
                return tuple(
                    LiveAttachment(name=summary["Name"], type=policy_type)
                    for policy_type in (BACKUP_POLICY, SERVICE_CONTROL_POLICY)
                    for summary in self._paged(
                        "list_policies_for_target", "Policies", TargetId=target, Filter=policy_type
                    )
                )
        except NotFoundError:
            return ()

    def resource_policy(self) -> LiveResourcePolicy | None:
        """The organisation's resource policy, None when it has none."""
        try:
            with aws_errors():
                answer = self._organizations.describe_resource_policy()["ResourcePolicy"]
        except NotFoundError:
            return None
        statements = json.loads(answer["Content"])["Statement"]
        return LiveResourcePolicy(statements=tuple([statements] if isinstance(statements, dict) else statements))

    def path(self, target: str) -> tuple[str, ...] | None:
        """The ids from the root to the target, None for what does not exist."""
        try:
            with aws_errors():
                return self._path(target)
        except NotFoundError:
            return None

    def accounts_below(self, target: str) -> tuple[AccountId, ...]:
        """The active accounts in a unit and in those below it, or the account itself; none where there is no unit."""
        if not target.startswith(("r-", "ou-")):
            return (AccountId(target),)
        try:
            with aws_errors():
                return tuple(self._accounts_below(target))
        except NotFoundError:
            return ()

    def accounts_with_invalid_policy(self) -> tuple[str, ...]:
        """The accounts whose effective backup policy is not valid; none while the type is not enabled."""
        accounts = self._paged("list_accounts_with_invalid_effective_policy", "Accounts", PolicyType=BACKUP_POLICY)
        try:
            with aws_errors():
                return tuple(account["Id"] for account in accounts)
        except NotFoundError:
            return ()

    def write(self, policy_id: str, policy: AttachedPolicy) -> None:
        """Write document and description over those of the policy."""
        content = json.dumps(policy.document, separators=(",", ":"))
        with aws_errors():
            self._organizations.update_policy(PolicyId=policy_id, Description=policy.description, Content=content)

    def attach(self, policy_id: str, target: str) -> None:
        """Attach the policy."""
        with suppress(AlreadyDoneError), aws_errors():
            self._organizations.attach_policy(PolicyId=policy_id, TargetId=target)

    def detach(self, policy_id: str, target: str) -> None:
        """Detach the policy."""
        with suppress(AlreadyDoneError), aws_errors():
            self._organizations.detach_policy(PolicyId=policy_id, TargetId=target)

    @property
    def _organizations(self) -> Any:
        return self._clients.client("organizations", account=self._management_account, region=self._global_region)

    def _policy(self, summary: dict[str, Any], *, is_ours: bool) -> LivePolicy:
        identifier, policy_type = summary["Id"], summary["Type"]
        hangs = is_ours or policy_type == BACKUP_POLICY
        found = self._paged("list_targets_for_policy", "Targets", PolicyId=identifier) if hangs else iter(())
        targets = tuple(target["TargetId"] for target in found)
        return LivePolicy(
            id=identifier,
            name=summary["Name"],
            type=policy_type,
            description=summary.get("Description", ""),
            document=self._document(identifier) if is_ours or targets else None,
            targets=targets,
        )

    def _document(self, identifier: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(
            self._organizations.describe_policy(PolicyId=identifier)["Policy"]["Content"]
        )
        return content

    def _path(self, target: str) -> tuple[str, ...]:
        if target.startswith("r-"):
            return (target,)
        if target not in self._paths:
            [parent] = self._paged("list_parents", "Parents", ChildId=target)
            self._paths[target] = (*self._path(parent["Id"]), target)
        return self._paths[target]

    def _accounts_below(self, unit: str) -> Iterator[AccountId]:
        for account in self._paged("list_accounts_for_parent", "Accounts", ParentId=unit):
            # AWS replaces Status by State in 2026 and answers both until then (API reference of ListAccountsForParent).
            if (account.get("State") or account["Status"]) == "ACTIVE":
                yield AccountId(account["Id"])
        for below in self._paged("list_organizational_units_for_parent", "OrganizationalUnits", ParentId=unit):
            yield from self._accounts_below(below["Id"])

    def _paged(self, operation: str, key: str, **request: str) -> Iterator[dict[str, Any]]:
        return paged(self._organizations, operation, key, **request)
