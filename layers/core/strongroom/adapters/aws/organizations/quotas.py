"""What Service Quotas says of AWS Organizations: it knows the organisation's quotas in one Region only.

Source: AWS Organizations User Guide, "Quotas for AWS Organizations". Neither name nor code of the quota is documented.
"""

import re
from typing import Final

from strongroom.adapters.aws.account_access import AccountClients
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AccessRefusedError, NotFoundError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.stacks.management import GLOBAL_REGION

ACTIONS = ("servicequotas:ListServiceQuotas",)

_ATTACHED: Final = re.compile(
    r"service control polic\w+ (attached |per ).*(root|ou|unit|account|target)", re.IGNORECASE
)


class OrganizationQuotas:
    """Quotas of the organisation, as the management account sees them."""

    def __init__(self, clients: AccountClients, *, management_account: AccountId) -> None:
        """`management_account` is the one whose quotas count."""
        self._clients = clients
        self._management_account = management_account

    def scps_per_target(self) -> int | None:
        """How many service control policies a target takes, None where Service Quotas does not say."""
        quotas = self._clients.client("service-quotas", account=self._management_account, region=GLOBAL_REGION)
        try:
            with aws_errors():
                pages = list(quotas.get_paginator("list_service_quotas").paginate(ServiceCode="organizations"))
        except (AccessRefusedError, NotFoundError):
            return None
        found = (quota for page in pages for quota in page["Quotas"] if _ATTACHED.search(quota["QuotaName"]))
        return min((int(quota["Value"]) for quota in found), default=None)
