"""Clusters of Redshift.

Source: Amazon Redshift API Reference, DescribeClusters.
"""

from copy import replace
from typing import Final

from strongroom.domain.restores.settings.reading import Afterwards, Reading

_CLUSTER: Final = Reading(
    what="cluster",
    service="redshift",
    call="describe_clusters",
    action="redshift:DescribeClusters",
    by=(("ClusterIdentifier", "{name}"),),
    at="Clusters/0",
    keeps=(
        *("AllowVersionUpgrade", "AutomatedSnapshotRetentionPeriod", "AvailabilityZoneRelocationStatus"),
        *("ClusterSubnetGroupName", "DBName", "Encrypted", "Endpoint/Address", "Endpoint/Port", "EnhancedVpcRouting"),
        *("KmsKeyId", "MaintenanceTrackName", "ManualSnapshotRetentionPeriod", "MultiAZ", "NodeType"),
        *("NumberOfNodes", "PreferredMaintenanceWindow", "PubliclyAccessible", "VpcSecurityGroups/VpcSecurityGroupId"),
    ),
    afterwards=Afterwards.RESTORED,
)
CLUSTER: Final = (
    _CLUSTER,
    replace(_CLUSTER, what="roles", at="Clusters/0/IamRoles", keeps=("IamRoleArn",), afterwards=Afterwards.CANNOT),
    replace(
        _CLUSTER,
        what="parameter groups",
        at="Clusters/0/ClusterParameterGroups",
        keeps=("ParameterGroupName",),
        afterwards=Afterwards.CANNOT,
    ),
    replace(_CLUSTER, what="snapshot schedule", keeps=("SnapshotScheduleIdentifier",), afterwards=Afterwards.CANNOT),
    replace(_CLUSTER, what="tags", at="Clusters/0/Tags", keeps=(), pairs=("Key", "Value"), afterwards=Afterwards.DONE),
)
