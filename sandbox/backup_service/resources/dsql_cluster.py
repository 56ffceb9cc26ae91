"""Clusters of Aurora DSQL: fully managed by AWS Backup, and restored into a new cluster that gets its id then.

AWS Backup Developer Guide, "Amazon Aurora DSQL restore". Of restores into several Regions nothing is played.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    RestoreRefusedError,
)
from sandbox.backup_service.surroundings import AccountServices
from sandbox.seams.backup import InternalCallError

_REGIONS: Final = "regionalConfig"
_SETTINGS: Final = frozenset({"isDeletionProtectionEnabled", "kmsKeyId", "region"})


class DsqlCluster:
    """A cluster of Aurora DSQL."""

    resource_type = "Aurora DSQL"
    selector = "arn:aws:dsql:*:*:cluster/*"
    is_fully_managed = True
    has_cold_storage = True
    restores_tags = True
    required_metadata = (_REGIONS,)
    # What AWS Backup tells of a backup, the cluster's id and its size, it does not take (public records of October
    # 2026).
    known_metadata = (_REGIONS, "peerRegion", "useMultiRegionOrchestration", "witnessRegion")

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a cluster of Aurora DSQL."""
        return arn.startswith("arn:aws:dsql:") and ":cluster/" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:backup:R:A:recovery-point:<uuid>`."""
        return f"arn:aws:backup:{region}:{account}:recovery-point:{unique}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every cluster."""
        arns = [str(each["arn"]) for each in (await services.call("dsql", "ListClusters")).get("clusters", [])]
        return [
            Resource(arn, (await services.call("dsql", "ListTagsForResource", resourceArn=arn)).get("tags", {}))
            for arn in arns
        ]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """What AWS Backup tells of a backup: whose it is, and how large."""
        name = arn.rpartition("/")[2]
        try:
            cluster = await services.call("dsql", "GetCluster", identifier=name)
        except InternalCallError as error:
            raise ResourceGoneError(f"Cluster {arn} does not exist") from error
        encryption = cluster["encryptionDetails"]
        is_own = encryption["encryptionType"] == "CUSTOMER_MANAGED_KMS_KEY"
        return Capture(
            metadata={"cluster_id": name, "backup_size_bytes": "0"},
            key_arn=str(encryption["kmsKeyArn"]) if is_own else None,
        )

    async def restore(
        self,
        services: AccountServices,
        capture: Capture,  # noqa: ARG002 nothing of the old cluster's settings comes back
        metadata: Metadata,
        recovery_point_arn: str,  # noqa: ARG002
    ) -> str:
        """A new cluster of one Region."""
        wanted = _wanted(metadata, services.place.region)
        request = {"deletionProtectionEnabled": bool(wanted.get("isDeletionProtectionEnabled", True))}
        if key := wanted.get("kmsKeyId"):
            request["kmsEncryptionKey"] = key
        made = await services.call("dsql", "CreateCluster", **request)
        told = {name: made[name] for name in ("identifier", "arn", "deletionProtectionEnabled")}
        services.record("dsql.amazonaws.com", "CreateCluster", request, told | {"status": "CREATING"})
        return str(made["arn"])

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the cluster."""
        await services.call("dsql", "TagResource", resourceArn=arn, tags=dict(tags))


def _wanted(metadata: Metadata, here: str) -> dict[str, Any]:
    """The settings of the one Region; RestoreRefusedError where they are of another one, or none."""
    regions = json.loads(metadata.get(_REGIONS) or "")
    if metadata.is_true("useMultiRegionOrchestration") or not isinstance(regions, list) or len(regions) != 1:
        raise RestoreRefusedError("Restores of clusters of several Regions are not played here")
    [wanted] = regions
    if not isinstance(wanted, dict) or wanted.get("region", here) != here:
        raise RestoreRefusedError(f"{_REGIONS} names no settings of {here}")
    if unknown := sorted(wanted.keys() - _SETTINGS):
        raise RestoreRefusedError(f"Unknown in {_REGIONS}: {', '.join(unknown)}")
    return wanted
