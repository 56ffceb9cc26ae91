"""What a restore out of a snapshot of Redshift asks of its caller: the snapshot beside what it goes into, or the key.

Source: Service Authorization Reference, "Amazon Redshift" (RestoreTableFromClusterSnapshot: cluster and snapshot, both
required) and "Amazon Redshift Serverless" (RestoreTableFromSnapshot: namespace and snapshot, both required;
RestoreFromSnapshot: the snapshot, and uses of the namespace's key).
"""

from collections.abc import Iterator
from typing import Final

from sandbox.seams.iam.authority import Asked, Further
from sandbox.warehouses import serverless

_FROM_A_CLUSTERS: Final = "redshift:RestoreTableFromClusterSnapshot"
_FROM_A_NAMESPACES: Final = "redshift-serverless:RestoreTableFromSnapshot"
_OVER_A_NAMESPACE: Final = "redshift-serverless:RestoreFromSnapshot"
_USES: Final = ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey")


def snapshots_and_keys(action: str, asked: Asked) -> Iterator[Further]:
    """The questions about the snapshot of a table, which of a cluster is of the one named, and a namespace's key."""
    if action == _FROM_A_CLUSTERS:
        named = f"{asked.request.text('ClusterIdentifier')}/{asked.request.text('SnapshotIdentifier')}"
        yield Further(action, f"arn:aws:redshift:{asked.region}:{asked.account}:snapshot:{named}", {})
    if action == _FROM_A_NAMESPACES:
        name = str(asked.request.document.get("snapshotName", ""))
        yield Further(action, serverless.snapshot_arn(name, account=asked.account, region=asked.region), {})
    if action == _OVER_A_NAMESPACE:
        name = str(asked.request.document.get("namespaceName", ""))
        key = serverless.key_of(name, account=asked.account, region=asked.region)
        via = {"kms:ViaService": f"redshift-serverless.{asked.region}.amazonaws.com"}
        yield from (Further(use, key, via) for use in _USES if key)
