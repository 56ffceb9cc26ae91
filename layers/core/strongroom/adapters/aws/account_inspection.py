"""What single accounts need besides their stacks: service-linked roles, and AWS Config at work."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from strongroom.adapters.aws.account_access import AccountClients
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AccessRefusedError, CallRefusedError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.stacks.management import GLOBAL_REGION

ACTIONS = (
    "config:DescribeConfigurationRecorderStatus",
    "iam:CreateServiceLinkedRole",
    "iam:ListRoles",
)

_AT_ONCE: Final = 16  # there may be thousands of accounts


class AccountInspection:
    """Looks into accounts as their administrator."""

    def __init__(self, clients: AccountClients) -> None:
        """`clients` reach every account."""
        self._clients = clients

    def has_service_linked_role(self, account: AccountId, service: str) -> bool:
        """Whether the service has its role; found by its path, because names follow no rule."""
        with aws_errors():
            pages = self._iam(account).get_paginator("list_roles").paginate(PathPrefix=f"/aws-service-role/{service}/")
            return any(page["Roles"] for page in pages)

    def create_service_linked_role(self, account: AccountId, service: str) -> None:
        """Give the service its role, unless it has one."""
        try:
            with aws_errors():
                self._iam(account).create_service_linked_role(AWSServiceName=service)
        except CallRefusedError:
            # IAM answers InvalidInput both for a name that is taken and for a service that it does not know.
            if not self.has_service_linked_role(account, service):
                raise

    def recorders(self, places: Sequence[tuple[AccountId, Region]]) -> Mapping[tuple[AccountId, Region], bool | None]:
        """Whether a recorder of AWS Config is at work in each place, None where the account cannot be entered."""
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            return dict(zip(places, pool.map(self._is_recording, places), strict=True))

    def _is_recording(self, place: tuple[AccountId, Region]) -> bool | None:
        account, region = place
        try:
            config = self._clients.client("config", account=account, region=region)
            with aws_errors():
                recorders = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
        except AccessRefusedError:
            return None
        return any(recorder["recording"] for recorder in recorders)

    def _iam(self, account: AccountId) -> Any:
        return self._clients.client("iam", account=account, region=GLOBAL_REGION)
