"""What Service Quotas says of AWS Organizations: it knows the organisation's quotas in one Region only.

Source: AWS Organizations User Guide, "Quotas for AWS Organizations". Neither name nor code of the quota is documented.
"""

import re
from typing import Final

from strongroom.adapters.aws.account_access import AccountClients
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AccessRefusedError, NotFoundError
from strongroom.domain.identifiers import AccountId, Region

ACTIONS = ("servicequotas:ListAWSDefaultServiceQuotas", "servicequotas:ListServiceQuotas")

# A quota is listed with the applied ones only where an applied value is known (API reference, ListServiceQuotas).
_LISTS: Final = ("list_service_quotas", "list_aws_default_service_quotas")
_ATTACHED: Final = re.compile(
    r"service control polic\w+ (attached |per ).*(root|ou|unit|account|target)", re.IGNORECASE
)


class OrganizationQuotas:
    """Quotas of the organisation, as the management account sees them."""

    def __init__(self, clients: AccountClients, *, management_account: AccountId, global_region: Region) -> None:
        """`management_account` is the one whose quotas count, `global_region` where they are known."""
        self._clients = clients
        self._management_account = management_account
        self._global_region = global_region

    def scps_per_target(self) -> int | None:
        """How many service control policies a target takes, None where Service Quotas does not say."""
        quotas = self._clients.client("service-quotas", account=self._management_account, region=self._global_region)
        try:
            with aws_errors():
                for operation in _LISTS:
                    pages = quotas.get_paginator(operation).paginate(ServiceCode="organizations")
                    listed = [quota for page in pages for quota in page["Quotas"]]
                    if found := [int(each["Value"]) for each in listed if _ATTACHED.search(each["QuotaName"])]:
                        return min(found)
        except (AccessRefusedError, NotFoundError):
            return None
        return None
