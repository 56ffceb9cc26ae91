"""The switches of the organisation, as the management account turns them.

Source: AWS Organizations API reference.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.organizations.pages import paged
from strongroom.domain.errors import AlreadyDoneError, WrongAccountError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.rollout.desired import BACKUP
from strongroom.domain.rollout.live import LiveSwitches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.intent.model import Organization

ACTIONS = (
    "organizations:DescribeOrganization",
    "organizations:EnableAWSServiceAccess",
    "organizations:EnablePolicyType",
    "organizations:ListAWSServiceAccessForOrganization",
    "organizations:ListDelegatedAdministrators",
    "organizations:ListRoots",
    "organizations:RegisterDelegatedAdministrator",
)

_ENABLED = "ENABLED"


class OrganizationSwitches:
    """Policy types, trusted access and delegated administrators."""

    def __init__(self, clients: AccountClients, *, place: Organization, global_region: Region) -> None:
        """`place` is the organisation in the intent, `global_region` where it is asked."""
        self._clients = clients
        self._place = place
        self._global_region = global_region

    def read(self) -> LiveSwitches:
        """How the switches stand; WrongAccountError in another organization than the intent's."""
        with aws_errors():
            organizations = self._organizations
            described = organizations.describe_organization()["Organization"]
            if described["Id"] != self._place.id:
                raise WrongAccountError(
                    f"this is organization {described['Id']}, the intent is for {self._place.id} (organization.id)"
                )
            return LiveSwitches(
                feature_set=described["FeatureSet"],
                policy_types=frozenset(self._policy_types(organizations)),
                trusted_services=frozenset(
                    service["ServicePrincipal"]
                    for service in paged(
                        organizations, "list_aws_service_access_for_organization", "EnabledServicePrincipals"
                    )
                ),
                administrators=frozenset(
                    AccountId(account["Id"])
                    for account in paged(
                        organizations,
                        "list_delegated_administrators",
                        "DelegatedAdministrators",
                        ServicePrincipal=BACKUP,
                    )
                ),
            )

    def enable_type(self, policy_type: str) -> None:
        """Enable a policy type on the root."""
        with suppress(AlreadyDoneError), aws_errors():
            self._organizations.enable_policy_type(RootId=self._place.root_id, PolicyType=policy_type)

    def trust(self, principal: str) -> None:
        """Let the service act in every account; Organizations takes it twice."""
        with aws_errors():
            self._organizations.enable_aws_service_access(ServicePrincipal=principal)

    def delegate(self, account: AccountId, principal: str) -> None:
        """Make the account the service's delegated administrator."""
        with suppress(AlreadyDoneError), aws_errors():
            self._organizations.register_delegated_administrator(AccountId=account, ServicePrincipal=principal)

    @property
    def _organizations(self) -> Any:
        return self._clients.client("organizations", account=self._place.management_account, region=self._global_region)

    def _policy_types(self, organizations: Any) -> Iterator[str]:
        for root in paged(organizations, "list_roots", "Roots"):
            if root["Id"] == self._place.root_id:
                yield from (each["Type"] for each in root["PolicyTypes"] if each["Status"] == _ENABLED)
