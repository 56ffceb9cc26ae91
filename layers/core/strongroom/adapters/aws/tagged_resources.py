"""What accounts have that AWS Backup could protect, with its tags, and how large volumes and databases are.

Sources: API references of the Resource Groups Tagging API (what never had a tag is not listed), Amazon EC2 and RDS.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from strongroom.adapters.aws.account_access import AccountClients
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AccessRefusedError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.preview.resources.inventory import Resource, types_of

ACTIONS = ("ec2:DescribeVolumes", "rds:DescribeDBInstances", "tag:GetResources")

_AT_ONCE: Final = 16  # there may be thousands of accounts
_GIGABYTES_A_GIBIBYTE: Final = 1.073741824


class TaggedResources:
    """Looks into accounts as their administrator, and changes nothing."""

    def __init__(self, clients: AccountClients) -> None:
        """`clients` reach every account."""
        self._clients = clients

    def resources(
        self, places: Sequence[tuple[AccountId, Region]]
    ) -> Mapping[tuple[AccountId, Region], tuple[Resource, ...] | None]:
        """What is in each place, None where it cannot be entered."""
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            return dict(zip(places, pool.map(self._resources, places), strict=True))

    def _resources(self, place: tuple[AccountId, Region]) -> tuple[Resource, ...] | None:
        try:
            with aws_errors():
                sizes = dict(self._sizes(place))
                found = [self._resource(entry, place, sizes) for entry in self._tagged(place)]
        except AccessRefusedError:
            return None
        return tuple(resource for resource in found if types_of(resource))

    def _tagged(self, place: tuple[AccountId, Region]) -> Iterator[dict[str, Any]]:
        for page in self._client("resourcegroupstaggingapi", place).get_paginator("get_resources").paginate():
            yield from page["ResourceTagMappingList"]

    def _resource(self, entry: dict[str, Any], place: tuple[AccountId, Region], sizes: Mapping[str, float]) -> Resource:
        arn: str = entry["ResourceARN"]
        return Resource(
            arn=arn,
            account=place[0],
            region=place[1],
            tags={tag["Key"]: tag["Value"] for tag in entry["Tags"]},
            gigabytes=sizes.get(arn.rpartition("/")[2]) if ":volume/vol-" in arn else sizes.get(arn),
        )

    def _sizes(self, place: tuple[AccountId, Region]) -> Iterator[tuple[str, float]]:
        """Gigabytes of volumes by their ids, of databases by their ARNs."""
        for page in self._client("ec2", place).get_paginator("describe_volumes").paginate():
            for volume in page["Volumes"]:
                yield volume["VolumeId"], volume["Size"] * _GIGABYTES_A_GIBIBYTE
        for page in self._client("rds", place).get_paginator("describe_db_instances").paginate():
            for database in page["DBInstances"]:
                yield database["DBInstanceArn"], database["AllocatedStorage"] * _GIGABYTES_A_GIBIBYTE

    def _client(self, service: str, place: tuple[AccountId, Region]) -> Any:
        account, region = place
        return self._clients.client(service, account=account, region=region)
