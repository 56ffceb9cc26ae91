"""Instances of RDS, and the clusters of RDS, Aurora, DocumentDB and Neptune.

From the AWS Backup Developer Guide, "Restoring an RDS database", "Restoring an Amazon Aurora cluster", "Restoring a
DocumentDB cluster", "Restoring a Neptune cluster"; the Amazon RDS API Reference, RestoreDBInstanceFromDBSnapshot and
RestoreDBClusterFromSnapshot. That a DBSnapshotIdentifier sent back ends the job is from public records.
"""

from copy import replace
from typing import Final

from strongroom.domain.catalogue import rds
from strongroom.domain.restores.kinds.estimates import Estimate, Pace
from strongroom.domain.restores.kinds.finishing import SENTENCES, MachineStep
from strongroom.domain.restores.kinds.model import Barred, Name, RestoreKind, Shape
from strongroom.domain.restores.kinds.spelled import (
    asked,
    carried,
    chosen,
    encrypted_by,
    fixed,
    flags,
    named,
    never,
    never_added,
    never_public,
    number,
    offer,
    place,
    size_class,
    speed,
    zones,
)

_INSTANCES, _AURORA, _DOCUMENT_DB, _NEPTUNE = rds.TYPES
_FAST: Final = ("io1", "io2")
_IDENTIFIER: Final = Name(
    shape=rds.NAME_SHAPE,
    rule=rds.NAME_RULE,
    before="no instance and no cluster of the account has the name, which is one name for both",
    after="its ARN follows from the name",
)
_MEMBERSHIP: Final = ("Domain", "DomainAuthSecretArn", "DomainDnsIps", "DomainFqdn", "DomainOu")

_PROTECTED: Final = SENTENCES[MachineStep.DELETION_PROTECTION]
_WRITER: Final = SENTENCES[MachineStep.WRITER]
_READERS: Final = SENTENCES[MachineStep.READERS]
_ALARMS: Final = SENTENCES[MachineStep.ALARMS]

_CLUSTERS_ESTIMATE: Final = Estimate(pace=Pace(fixed=25, per_gib=0.02))

INSTANCE: Final = RestoreKind(
    row=_INSTANCES,
    target=_IDENTIFIER,
    keys=(
        *named("DBInstanceIdentifier"),
        *place("DBSubnetGroupName"),
        *place("VpcSecurityGroupIds", shape=Shape.LIST),
        *offer("DBParameterGroupName", unset="default."),
        *offer("OptionGroupName", unset="default:"),
        *fixed("PubliclyAccessible", "false"),
        *fixed("DeletionProtection", "true"),
        *fixed("CopyTagsToSnapshot", "true"),
        *size_class("DBInstanceClass"),
        *number("AllocatedStorage", least=1, grows=True),
        *number("BackupRetentionPeriod", most=35),
        # AWS Backup tells port 0, and RDS takes no such port (API reference, RestoreDBInstanceFromDBSnapshot).
        *number("Port", least=1150, most=65535, unset="0"),
        *carried("Engine", "LicenseModel"),
        *chosen("CACertificateIdentifier", "EngineLifecycleSupport", "NetworkType", "PreferredBackupWindow"),
        *chosen("StorageType"),
        *chosen("EnableCloudwatchLogsExports", shape=Shape.LIST),
        *carried("ProcessorFeatures", shape=Shape.JSON),
        *flags("AutoMinorVersionUpgrade", "DedicatedLogVolume", "EnableIAMDatabaseAuthentication"),
        *zones("MultiAZ", "true"),
        # The speed of a small gp3 cannot be said, and that of io1 and io2 must be.
        *speed("Iops", of="StorageType", kinds=_FAST, needs=_FAST),
        *asked("StorageThroughput", shape=Shape.NUMBER),
        *never("AvailabilityZone", "BackupTarget", "DBClusterSnapshotIdentifier", "DBName", "DBSnapshotIdentifier"),
        *never("Encrypted", "EngineVersion", "MasterUsername", "MasterUserSecretKmsKeyId", "TdeCredentialPassword"),
        # The network is told for information, and follows from the subnet group.
        *never("vpcId"),
        *never_added(*_MEMBERSHIP, "KmsKeyId", "TdeCredentialArn"),
        *never("CustomIamInstanceProfile", "DomainIAMRoleName", barred=Barred.ROLE),
    ),
    time_key="RestoreTime",
    steps=(
        _ALARMS,
        "Set the parameters that its parameter group does not, and reboot where one waits for it.",
        "Point its secret, its proxies and its read replicas at the new instance, or make them anew.",
    ),
    comes_back="the data, the engine, the class, the storage, and whether it lies in two zones",
    lost="the endpoint, read replicas, proxies, the managed secret, roles of features, the alarms",
    pace="about 12 minutes and 2 seconds for each GiB; blocks arrive when they are first read",
    estimate=Estimate(pace=Pace(fixed=12, per_gib=0.03)),
)

_CLUSTER_KEYS: Final = (
    *named("DBClusterIdentifier"),
    *place("DBSubnetGroupName"),
    *place("VpcSecurityGroupIds", shape=Shape.LIST),
    *encrypted_by("KmsKeyId"),
    *offer("DBClusterParameterGroupName", unset="default."),
    *fixed("CopyTagsToSnapshot", "true"),
    *carried("Engine"),
    *chosen("EngineVersion", "NetworkType", "StorageType"),
    *number("Port", least=1150, most=65535, unset="0"),
    *chosen("EnableCloudwatchLogsExports", shape=Shape.LIST),
    *chosen("ServerlessV2ScalingConfiguration", shape=Shape.JSON),
    *never("AvailabilityZones", "DBSnapshotIdentifier", "DeletionProtection", "EnableInternetAccessGateway"),
    *never("Domain", "MonitoringInterval", "PerformanceInsightsKMSKeyId", "SnapshotIdentifier"),
    # With copy-on-write what is restored hangs on the live cluster.
    *never("Encrypted", "MasterUsername", "RestoreType", "vpcId"),
    *never_public("PubliclyAccessible"),
    *never("AssociatedRoles", "DomainIAMRoleName", "MonitoringRoleArn", barred=Barred.ROLE),
)
_OF_RDS: Final = (
    *offer("OptionGroupName", unset="default:"),
    *carried("DatabaseName", "EngineMode"),
    *chosen("EngineLifecycleSupport", "PreferredBackupWindow"),
    *chosen("ScalingConfiguration", shape=Shape.JSON),
    *flags("EnableIAMDatabaseAuthentication", "EnablePerformanceInsights"),
    *number("BacktrackWindow"),
    *number("BackupRetentionPeriod", most=35),
)

AURORA: Final = RestoreKind(
    row=_AURORA,
    target=_IDENTIFIER,
    keys=(*_CLUSTER_KEYS, *_OF_RDS),
    time_key="restoreToTime",
    steps=(
        _PROTECTED,
        _WRITER,
        _READERS,
        _ALARMS,
        "Make its writer and its readers where the machine could not: nothing answers before there is one.",
    ),
    comes_back="the data and the cluster's settings, under a key of the profile",
    lost="every instance, the endpoints, roles of features, the activity stream, the alarms",
    pace="about 25 minutes and a second for each GiB, then 10 minutes for the writer",
    estimate=_CLUSTERS_ESTIMATE,
)
MULTI_AZ_CLUSTER: Final = RestoreKind(
    called="RDS cluster",
    row=rds.MULTI_AZ,
    target=_IDENTIFIER,
    keys=(
        *_CLUSTER_KEYS,
        *_OF_RDS,
        *size_class("DBClusterInstanceClass"),
        *speed("Iops", of="StorageType", kinds=_FAST, needs=_FAST),
    ),
    steps=(_PROTECTED, _ALARMS, "Look whether its instances came with it."),
    comes_back="the data and the cluster's settings, under a key of the profile",
    lost="the endpoints and the alarms",
    pace="about 25 minutes and a second for each GiB; it is never copied, and never continuous",
    estimate=_CLUSTERS_ESTIMATE,
)
DOCUMENT_DB: Final = RestoreKind(
    row=_DOCUMENT_DB,
    target=_IDENTIFIER,
    keys=_CLUSTER_KEYS,
    steps=(
        _PROTECTED,
        _WRITER,
        _READERS,
        _ALARMS,
        "Make its instances where the machine could not: nothing answers before there is one.",
    ),
    comes_back="the data and the cluster's settings, under a key of the profile",
    lost="every instance, the endpoints, the alarms",
    pace="about 25 minutes and a second for each GiB, then 10 minutes for the first instance",
    estimate=_CLUSTERS_ESTIMATE,
)
NEPTUNE: Final = replace(
    DOCUMENT_DB,
    row=_NEPTUNE,
    keys=(
        *_CLUSTER_KEYS,
        *offer("OptionGroupName", unset="default:"),
        *carried("DatabaseName"),
        *flags("EnableIAMDatabaseAuthentication"),
    ),
)

KINDS: Final = (INSTANCE, MULTI_AZ_CLUSTER, AURORA, DOCUMENT_DB, NEPTUNE)
