"""Instances of RDS, and clusters of RDS, Aurora, DocumentDB and Neptune.

Source: Amazon RDS API Reference, the operations named; those of DocumentDB and Neptune are the same.
"""

from copy import replace
from typing import Final

from strongroom.domain.restores.settings.reading import Afterwards, Reading, Unread

# What instances and clusters call the same.
_OF_BOTH: Final = (
    *("AssociatedRoles/RoleArn", "AutoMinorVersionUpgrade", "BackupRetentionPeriod", "CopyTagsToSnapshot"),
    *("DatabaseInsightsMode", "DeletionProtection", "DomainMemberships/Domain", "EnabledCloudwatchLogsExports"),
    *("Engine", "EngineLifecycleSupport", "EngineVersion", "IAMDatabaseAuthenticationEnabled", "Iops", "KmsKeyId"),
    *("MonitoringInterval", "MonitoringRoleArn", "MultiAZ", "NetworkType", "PerformanceInsightsEnabled"),
    *("PerformanceInsightsRetentionPeriod", "PreferredBackupWindow", "PreferredMaintenanceWindow"),
    *("PubliclyAccessible", "StorageEncrypted", "StorageThroughput", "StorageType"),
    "VpcSecurityGroups/VpcSecurityGroupId",
)
_LOST_OF_BOTH: Final = ("AssociatedRoles/RoleArn", "MonitoringInterval", "MonitoringRoleArn")
_PARAMETER: Final = ("ParameterName", "ParameterValue")

_INSTANCE: Final = Reading(
    what="instance",
    service="rds",
    call="describe_db_instances",
    action="rds:DescribeDBInstances",
    by=(("DBInstanceIdentifier", "{name}"),),
    at="DBInstances/0",
    keeps=(
        *_OF_BOTH,
        *("AllocatedStorage", "CACertificateIdentifier", "DBInstanceClass", "DBSubnetGroup/DBSubnetGroupName"),
        *("DedicatedLogVolume", "Endpoint/Address", "Endpoint/Port", "LicenseModel", "MaxAllocatedStorage"),
        *("OptionGroupMemberships/OptionGroupName", "ProcessorFeatures", "ReadReplicaDBInstanceIdentifiers"),
    ),
    afterwards=Afterwards.RESTORED,
    # An instance keeps the key of its snapshot, which may be that of a copy.
    lost=(
        *_LOST_OF_BOTH,
        *("KmsKeyId", "OptionGroupMemberships/OptionGroupName", "ReadReplicaDBInstanceIdentifiers"),
    ),
)
_CLUSTER: Final = Reading(
    what="cluster",
    service="rds",
    call="describe_db_clusters",
    action="rds:DescribeDBClusters",
    by=(("DBClusterIdentifier", "{name}"),),
    at="DBClusters/0",
    keeps=(
        *_OF_BOTH,
        *("ActivityStreamMode", "BacktrackWindow", "CustomEndpoints", "DBClusterInstanceClass", "DBSubnetGroup"),
        *("Endpoint", "EngineMode", "GlobalClusterIdentifier", "HttpEndpointEnabled", "Port", "ReaderEndpoint"),
        *("ScalingConfigurationInfo", "ServerlessV2ScalingConfiguration"),
    ),
    afterwards=Afterwards.RESTORED,
    lost=(*_LOST_OF_BOTH, "CustomEndpoints", "GlobalClusterIdentifier"),
)

INSTANCE: Final = (
    _INSTANCE,
    replace(
        _INSTANCE,
        what="parameter groups",
        at="DBInstances/0/DBParameterGroups",
        keeps=("DBParameterGroupName",),
        afterwards=Afterwards.CANNOT,
    ),
    Reading(
        what="parameters",
        service="rds",
        call="describe_db_parameters",
        action="rds:DescribeDBParameters",
        by=(("DBParameterGroupName", "{each}"), ("Source", "user")),
        each="parameter groups:DBParameterGroupName",
        at="Parameters",
        pairs=_PARAMETER,
    ),
    replace(
        _INSTANCE,
        what="tags",
        at="DBInstances/0/TagList",
        keeps=(),
        pairs=("Key", "Value"),
        afterwards=Afterwards.DONE,
    ),
)
CLUSTER: Final = (
    _CLUSTER,
    replace(_CLUSTER, what="parameter groups", keeps=("DBClusterParameterGroup",), afterwards=Afterwards.CANNOT),
    Reading(
        what="parameters",
        service="rds",
        call="describe_db_cluster_parameters",
        action="rds:DescribeDBClusterParameters",
        by=(("DBClusterParameterGroupName", "{each}"), ("Source", "user")),
        each="parameter groups:DBClusterParameterGroup",
        at="Parameters",
        pairs=_PARAMETER,
    ),
    replace(
        _CLUSTER,
        what="members",
        at="DBClusters/0/DBClusterMembers",
        keeps=("DBInstanceIdentifier", "IsClusterWriter", "PromotionTier"),
        afterwards=Afterwards.DONE,
    ),
    Reading(
        what="instances",
        service="rds",
        call="describe_db_instances",
        action="rds:DescribeDBInstances",
        by=(("DBInstanceIdentifier", "{each}"),),
        each="members:DBInstanceIdentifier",
        at="DBInstances",
        keeps=(
            *("DBInstanceClass", "DBInstanceIdentifier", "DBParameterGroups/DBParameterGroupName", "PromotionTier"),
            *("PreferredMaintenanceWindow", "PubliclyAccessible"),
        ),
        afterwards=Afterwards.DONE,
    ),
    replace(
        _CLUSTER,
        what="tags",
        at="DBClusters/0/TagList",
        keeps=(),
        pairs=("Key", "Value"),
        afterwards=Afterwards.DONE,
    ),
)
UNREAD: Final = (
    Unread(what="the master password", reason="it is a secret"),
    Unread(what="settings of options", reason="some of them are secrets; the option group says which there are"),
)
