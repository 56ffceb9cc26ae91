"""What a table out of a snapshot of Redshift asks of whoever has it restored: the snapshot beside the cluster.

Source: Service Authorization Reference, "Amazon Redshift" (RestoreTableFromClusterSnapshot: cluster and snapshot, both
required).
"""

from collections.abc import Iterator
from typing import Final

from sandbox.seams.iam.authority import Asked, Further

_RESTORE: Final = "redshift:RestoreTableFromClusterSnapshot"


def snapshots_of_tables(action: str, asked: Asked) -> Iterator[Further]:
    """The question about the snapshot that a table is restored out of, which is of the cluster that is named."""
    if action != _RESTORE:
        return
    named = f"{asked.request.text('ClusterIdentifier')}/{asked.request.text('SnapshotIdentifier')}"
    yield Further(action, f"arn:aws:redshift:{asked.region}:{asked.account}:snapshot:{named}", {})
