"""A member's services as lists show them: page by page, as many a page as AWS has, and every call counted.

Timestream's client asks for its endpoint before its first call (Amazon Timestream Developer Guide, "The endpoint
discovery pattern"), and a role is assumed before all of them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from botocore import xform_name

from strongroom.adapters.aws.clients import MemberClients
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.inventory.lists import LISTS

# Of a middling account: so many in each Region, 210 in all, and so many buckets in each.
MIDDLING: Final = {
    "ec2:DescribeInstances": 40,
    "ec2:DescribeVolumes": 55,
    "rds:DescribeDBInstances": 15,
    "rds:DescribeDBClusters": 8,
    "elasticfilesystem:DescribeFileSystems": 10,
    "fsx:DescribeFileSystems": 5,
    "fsx:DescribeVolumes": 5,
    "redshift:DescribeClusters": 3,
    "ssm-sap:ListDatabases": 2,
    "cloudformation:DescribeStacks": 20,
    "dynamodb:ListTables": 25,
    "redshift-serverless:ListNamespaces": 2,
    "timestream:ListTables": 6,
    "storagegateway:ListVolumes": 2,
    "eks:ListClusters": 5,
    "dsql:ListClusters": 2,
    "backup-gateway:ListVirtualMachines": 5,
}
BUCKETS: Final = 8
_PAGE: Final = 100
_UUID: Final = "{0:08x}-0000-4000-8000-000000000000"
# How each list names its things: by a name, or the end of an ARN.
_NAMES: Final = {
    "ec2:DescribeInstances": "i-{0:017x}",
    "ec2:DescribeVolumes": "vol-{0:017x}",
    "rds:DescribeDBInstances": "arn:aws:rds:{1}:{2}:db:db-{0}",
    "rds:DescribeDBClusters": "arn:aws:rds:{1}:{2}:cluster:cluster-{0}",
    "elasticfilesystem:DescribeFileSystems": "arn:aws:elasticfilesystem:{1}:{2}:file-system/fs-{0:017x}",
    "fsx:DescribeFileSystems": "arn:aws:fsx:{1}:{2}:file-system/fs-{0:017x}",
    "fsx:DescribeVolumes": "arn:aws:fsx:{1}:{2}:volume/fs-{0:017x}/fsvol-{0:017x}",
    "redshift:DescribeClusters": "warehouse-{0}",
    "ssm-sap:ListDatabases": "arn:aws:ssm-sap:{1}:{2}:HANA/erp/DB/db{0}",
    "cloudformation:DescribeStacks": f"arn:aws:cloudformation:{{1}}:{{2}}:stack/stack-{{0}}/{_UUID}",
    "dynamodb:ListTables": "table-{0:05}",
    "redshift-serverless:ListNamespaces": f"arn:aws:redshift-serverless:{{1}}:{{2}}:namespace/{_UUID}",
    "timestream:ListTables": "arn:aws:timestream:{1}:{2}:database/metrics/table/table-{0}",
    "storagegateway:ListVolumes": "arn:aws:storagegateway:{1}:{2}:gateway/sgw-0A/volume/vol-{0:08X}",
    "eks:ListClusters": "cluster-{0}",
    "dsql:ListClusters": "arn:aws:dsql:{1}:{2}:cluster/{0:026}",
    "backup-gateway:ListVirtualMachines": "arn:aws:backup-gateway:{1}:{2}:vm/vm-{0}",
}


@dataclass
class Members(MemberClients):
    """One account in these Regions, in which everything but the `untagged` carries `tags`, by list and GetResources."""

    regions: tuple[Region, ...]
    account: AccountId
    tags: dict[str, str]
    times: int = 1
    untagged: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    made: dict[tuple[str, Region], "Service"] = field(default_factory=dict)

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        if account != self.account:
            raise AssertionError(f"{account} is another account")
        if not self.made:
            self.calls["sts:AssumeRole"] += 1
        return self.made.setdefault((service, region), Service(self, service, region))

    @property
    def things(self) -> int:
        """How many there are."""
        return self.times * len(self.regions) * (sum(MIDDLING.values()) + BUCKETS)


class Service:
    """A client of one service in one Region; of what is no list it answers nothing, and counts it."""

    def __init__(self, members: Members, name: str, region: Region) -> None:
        self.members, self.name, self.region = members, name, region
        self.lists = {
            xform_name(listing.call): name
            for name, (row, listing) in LISTS.items()
            if row.tags is not None and row.tags.client == self.name
        }

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def call(**asked: Any) -> dict[str, Any]:
            calls = self.members.calls
            if self.name == "timestream-write" and not calls[f"timestream:DescribeEndpoints in {self.region}"]:
                calls[f"timestream:DescribeEndpoints in {self.region}"] += 1
            calls[f"{self.name}:{operation}"] += 1
            if operation not in self.lists:
                raise AssertionError(f"{operation} asks of a single resource")
            return self._page(self.lists[operation], asked)

        return call

    def get_paginator(self, operation: str) -> Any:
        """The pages of GetResources."""
        assert operation == "get_resources"
        return self

    def paginate(self, *, ResourceTypeFilters: list[str], ResourcesPerPage: int, **_: Any) -> Iterator[dict[str, Any]]:  # noqa: N803 - boto3's spelling
        """Every thing of these services, so many a page."""
        arns = [arn for name in LISTS for arn in self._arns(name) if name.partition(":")[0] in ResourceTypeFilters]
        for begin in range(0, max(1, len(arns)), ResourcesPerPage):
            self.members.calls["tag:GetResources"] += 1
            some = arns[begin : begin + ResourcesPerPage]
            yield {"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": self._tags()} for arn in some]}

    def _page(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        _, listing = LISTS[name]
        size = listing.page or _PAGE
        begin = int(asked.get(listing.begin_at, 0))
        every = self._items(name)
        answer: Any = every[begin : begin + size]
        for step in reversed(re.findall(r"[^.\[\]]+", listing.items)):
            answer = {step: answer if isinstance(answer, list) else [answer]}
        following = {listing.next_at: str(begin + size)} if begin + size < len(every) else {}
        return {**answer, **following}

    def _items(self, name: str) -> list[Any]:
        _, listing = LISTS[name]
        if name == "s3:ListBuckets":
            return [
                {"Name": _bucket(number, region), "BucketRegion": region}
                for region in self.members.regions
                for number in range(BUCKETS * self.members.times)
            ]
        named = [self._name(name, number) for number in range(MIDDLING[name] * self.members.times)]
        if not listing.name:
            return named
        return [{listing.name: each, "Engine": "aurora-mysql", **self._shown(name, each)} for each in named]

    def _shown(self, name: str, named: str) -> dict[str, Any]:
        _, listing = LISTS[name]
        if listing.tags is None:
            return {}
        return {listing.tags: [] if named in self.members.untagged else self._tags()}

    def _arns(self, name: str) -> list[str]:
        row, listing = LISTS[name]
        if name == "s3:ListBuckets":
            return [f"arn:aws:s3:::{_bucket(number, self.region)}" for number in range(BUCKETS * self.members.times)]
        if listing.tags is not None:
            return []
        prefix = row.arn.format(partition="aws", region=self.region, account=self.members.account, id="")
        named = (self._name(name, number) for number in range(MIDDLING[name] * self.members.times))
        return [each if each.startswith("arn:") else f"{prefix}{each}" for each in named]

    def _name(self, name: str, number: int) -> str:
        return _NAMES[name].format(number, self.region, self.members.account)

    def _tags(self) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in self.members.tags.items()]


def _bucket(number: int, region: Region) -> str:
    return f"bucket-{number}-{region}"
