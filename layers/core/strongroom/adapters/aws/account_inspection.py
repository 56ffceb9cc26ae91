"""What single accounts have besides their stacks: service-linked roles, Regions, what AWS Config records, a bucket."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from strongroom.adapters.aws.account_access import AccountClients
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, NotFoundError
from strongroom.domain.identifiers import AccountId, Region

ACTIONS = (
    "account:GetRegionOptStatus",
    "config:DescribeConfigurationRecorderStatus",
    "config:DescribeConfigurationRecorders",
    "iam:CreateServiceLinkedRole",
    "iam:ListRoles",
    "s3:GetBucketLocation",
)

# What a framework needs recorded (AWS Backup Developer Guide, "Turning on resource tracking").
_RECORDED: Final = frozenset(
    f"AWS::Backup::{name}" for name in ("BackupPlan", "BackupSelection", "BackupVault", "RecoveryPoint")
)
_AT_ONCE: Final = 16  # there may be thousands of accounts


class AccountInspection:
    """Looks into accounts as their administrator."""

    def __init__(self, clients: AccountClients, *, global_region: Region) -> None:
        """`clients` reach every account; `global_region` is where IAM is asked."""
        self._clients = clients
        self._global_region = global_region

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

    def unrecorded(
        self, places: Sequence[tuple[AccountId, Region]]
    ) -> Mapping[tuple[AccountId, Region], frozenset[str] | None]:
        """The types of AWS Backup that AWS Config does not record in each place, None where it cannot be entered."""
        return _at_each(places, self._unrecorded)

    def _unrecorded(self, place: tuple[AccountId, Region]) -> frozenset[str] | None:
        account, region = place
        try:
            config = self._clients.client("config", account=account, region=region)
            with aws_errors():
                states = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
                recorders = config.describe_configuration_recorders()["ConfigurationRecorders"]
        except AccessRefusedError:
            return None
        at_work = {state["name"] for state in states if state["recording"]}
        groups = (recorder.get("recordingGroup", {}) for recorder in recorders if recorder["name"] in at_work)
        return frozenset(_RECORDED.difference(*(_recorded(group) for group in groups)))

    def opt_statuses(self, places: Sequence[tuple[AccountId, Region]]) -> Mapping[tuple[AccountId, Region], str | None]:
        """Whether the Region is on in the account, as AWS has it, of each place; None where it cannot be entered."""
        return _at_each(places, self._opt_status)

    def _opt_status(self, place: tuple[AccountId, Region]) -> str | None:
        account, region = place
        try:
            management = self._clients.client("account", account=account, region=self._global_region)
            with aws_errors():
                status: str = management.get_region_opt_status(RegionName=region)["RegionOptStatus"]
        except AccessRefusedError:
            return None
        return status

    def has_bucket(self, name: str, *, account: AccountId, region: Region) -> bool:
        """Whether the name of a bucket is taken; S3 refuses to look into one that belongs to somebody else."""
        s3 = self._clients.client("s3", account=account, region=region)
        try:
            with aws_errors():
                s3.get_bucket_location(Bucket=name)
        except NotFoundError:
            return False
        except AccessRefusedError:
            return True
        return True

    def _iam(self, account: AccountId) -> Any:
        return self._clients.client("iam", account=account, region=self._global_region)


def _at_each[Found](
    places: Sequence[tuple[AccountId, Region]], look: Callable[[tuple[AccountId, Region]], Found]
) -> dict[tuple[AccountId, Region], Found]:
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return dict(zip(places, pool.map(look, places), strict=True))


def _recorded(group: Mapping[str, Any]) -> frozenset[str]:
    """Of our types those that a recording group covers, by its strategy (AWS Config API reference, RecordingGroup)."""
    if group.get("recordingStrategy", {}).get("useOnly") == "EXCLUSION_BY_RESOURCE_TYPES":
        return _RECORDED.difference(group.get("exclusionByResourceTypes", {}).get("resourceTypes", ()))
    if group.get("allSupported", not group):
        return _RECORDED
    return _RECORDED.intersection(group.get("resourceTypes", ()))
