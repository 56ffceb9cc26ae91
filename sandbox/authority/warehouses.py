"""What a table out of a snapshot of Redshift asks of whoever has it restored: the snapshot beside what it comes into.

Source: Service Authorization Reference, "Amazon Redshift" (RestoreTableFromClusterSnapshot: cluster and snapshot, both
required) and "Amazon Redshift Serverless" (RestoreTableFromSnapshot: namespace and snapshot, both required).
"""

from collections.abc import Iterator
from typing import Final

from sandbox.seams.iam.authority import Asked, Further
from sandbox.warehouses import serverless

_FROM_A_CLUSTERS: Final = "redshift:RestoreTableFromClusterSnapshot"
_FROM_A_NAMESPACES: Final = "redshift-serverless:RestoreTableFromSnapshot"


def snapshots_of_tables(action: str, asked: Asked) -> Iterator[Further]:
    """The question about the snapshot that a table is restored out of, which of a cluster is of the one named."""
    if action == _FROM_A_CLUSTERS:
        named = f"{asked.request.text('ClusterIdentifier')}/{asked.request.text('SnapshotIdentifier')}"
        yield Further(action, f"arn:aws:redshift:{asked.region}:{asked.account}:snapshot:{named}", {})
    if action == _FROM_A_NAMESPACES:
        name = str(asked.request.document.get("snapshotName", ""))
        yield Further(action, serverless.snapshot_arn(name, account=asked.account, region=asked.region), {})
