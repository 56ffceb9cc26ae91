"""Clusters of EKS: composite recovery points, in which that of a cluster's objects and those of its volumes lie nested.

Developer Guide, "Amazon EKS backups" and "Restore an Amazon EKS cluster". The objects are the rows of a table `objects`
of the cluster's own disk: namespace, kind and name. Clusters that a restore makes are not played, nor are volumes that
it brings back with its objects. Which words AWS Backup tells of a backup no page says.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any, Final

from sandbox.backup_service.resources.cloudformation_stack import Member, members_of
from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    RestoreRefusedError,
)
from sandbox.backup_service.surroundings import AccountServices
from sandbox.seams.backup import InternalCallError

_MOST_NAMESPACES: Final = 5
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS objects (namespace TEXT, kind TEXT, name TEXT, UNIQUE (namespace, kind, name))"
)
# EKS User Guide, "Store Kubernetes volumes with Amazon EBS": the driver tags what it makes for a cluster.
_OWNED: Final = "kubernetes.io/cluster/{name}"


class EksCluster:
    """A cluster of EKS."""

    resource_type = "EKS"
    selector = "arn:aws:eks:*:*:cluster/*"
    is_fully_managed = True
    has_cold_storage = False
    restores_tags = True
    required_metadata = ("clusterName",)

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a cluster of EKS."""
        return arn.startswith("arn:aws:eks:") and ":cluster/" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:
        """`arn:aws:backup:R:A:recovery-point:composite:eks/<cluster>-<uuid>`, as the guide's examples have it."""
        return f"arn:aws:backup:{region}:{account}:recovery-point:composite:eks/{_name(resource_arn)}-{unique}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every cluster."""
        names = (await services.call("eks", "ListClusters")).get("clusters", [])
        clusters = [(await services.call("eks", "DescribeCluster", name=name))["cluster"] for name in names]
        return [Resource(each["arn"], each.get("tags", {})) for each in clusters]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """The objects of the cluster, and the volumes that belong to it."""
        name = _name(arn)
        try:
            await services.call("eks", "DescribeCluster", name=name)
        except InternalCallError as error:
            raise ResourceGoneError(f"Cluster {arn} does not exist") from error
        disks = services.surroundings.disks
        disks.execute(arn, _TABLE)
        answer = await services.call(
            "ec2", "DescribeVolumes", Filters=[{"Name": "tag-key", "Values": [_OWNED.format(name=name)]}]
        )
        place = services.place
        return Capture(
            metadata={"clusterName": name},
            content=tuple(
                Member(each["VolumeId"], f"arn:aws:ec2:{place.region}:{place.account}:volume/{each['VolumeId']}")
                for each in answer.get("Volumes", [])
            ),
            configuration={"objects": tuple(_rows(disks.image(arn)))},
        )

    async def restore(
        self,
        services: AccountServices,
        capture: Capture,
        metadata: Metadata,
        recovery_point_arn: str,  # noqa: ARG002
    ) -> str:
        """Put objects into a cluster that is there; what it has already stays as it is."""
        if metadata.is_true("newCluster"):
            raise RestoreRefusedError("Restores into a new cluster are not played here")
        if members_of(capture) and not metadata.is_true("restoreKubernetesManifestsOnly"):
            raise RestoreRefusedError("An Availability Zone is required for each EBS volume, in nestedRestoreJobs")
        wanted, name = _wanted(metadata), metadata.get("clusterName")
        try:
            cluster = (await services.call("eks", "DescribeCluster", name=name))["cluster"]
        except InternalCallError as error:
            raise RestoreRefusedError(f"Cluster {name} was not found") from error
        if cluster["status"] != "ACTIVE":
            raise RestoreRefusedError(f"Cluster {name} is {cluster['status']}")
        disks, arn = services.surroundings.disks, str(cluster["arn"])
        disks.execute(arn, _TABLE)
        for row in capture.configuration["objects"]:
            if wanted is None or row[0] in wanted:
                disks.execute(arn, "INSERT OR IGNORE INTO objects VALUES (?, ?, ?)", row)
        return arn

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the cluster."""
        await services.call("eks", "TagResource", resourceArn=arn, tags=dict(tags))


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


def _wanted(metadata: Metadata) -> frozenset[str] | None:
    """The namespaces that are restored; None for all: without the flag nobody reads which are named."""
    if not metadata.is_true("namespaceLevelRestore"):
        return None
    named = json.loads(metadata.get("namespaces") or "[]")
    if not 1 <= len(named) <= _MOST_NAMESPACES:
        raise RestoreRefusedError(f"One to {_MOST_NAMESPACES} namespaces are restored at once")
    return frozenset(named)


def _rows(image: bytes) -> Iterator[tuple[Any, ...]]:
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(image)
        yield from database.execute("SELECT namespace, kind, name FROM objects ORDER BY 1, 2, 3").fetchall()
