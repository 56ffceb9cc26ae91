"""Databases of RDS, Aurora, DocumentDB and Neptune: instances, and clusters under one ARN.

CloudTrail flattens the answers of RDS; older records nest them.
"""

from dataclasses import replace
from typing import Final

from strongroom.domain.catalogue.model import (
    CopyKey,
    Creation,
    MetadataRules,
    NativeBackups,
    Pairing,
    Reach,
    ResourceType,
    Scope,
    Threat,
)

_INSTANCE_MADE: Final = ("dBInstanceArn", "dBInstance.dBInstanceArn")
_CLUSTER_MADE: Final = ("dBClusterArn", "dBCluster.dBClusterArn")
_SNAPSHOT_KEYS: Final = ("dBSnapshotIdentifier", "dBClusterSnapshotIdentifier")
_INSTANCES: Final = ("arn:{partition}:rds:*:*:db:*",)
_CLUSTERS: Final = ("arn:{partition}:rds:*:*:cluster:*",)
_TAGGING: Final = ("rds:AddTagsToResource",)
_UNTAGGING: Final = ("rds:RemoveTagsFromResource",)
_UNTAGGED: Final = Threat(
    call="rds:RemoveTagsFromResource",
    what="remove the backup tag",
    target_keys=("resourceName",),
    scope=Scope.BACKUP_TAG,
)

_INSTANCE: Final = ResourceType(
    name="RDS",
    label="RDS instance",
    arn="arn:{partition}:rds:{region}:{account}:db:{id}",
    is_id_lower_case=True,
    creations=(
        Creation(
            call="rds:CreateDBInstance",
            response=_INSTANCE_MADE,
            request="dBInstanceIdentifier",
            tagged=_INSTANCES,
        ),
        Creation(
            call="rds:RestoreDBInstanceFromDBSnapshot",
            response=_INSTANCE_MADE,
            request="dBInstanceIdentifier",
            tagged=_INSTANCES,
        ),
        Creation(
            call="rds:RestoreDBInstanceToPointInTime",
            response=_INSTANCE_MADE,
            request="targetDBInstanceIdentifier",
            tagged=_INSTANCES,
        ),
        Creation(call="rds:CreateDBInstanceReadReplica", tagged=_INSTANCES),
        Creation(call="rds:RestoreDBInstanceFromS3", tagged=_INSTANCES),
    ),
    tagging=_TAGGING,
    untagging=_UNTAGGING,
    native=NativeBackups(
        arns=("arn:{partition}:rds:*:*:snapshot:awsbackup:*",),
        is_named=True,
        changes=("rds:DeleteDBSnapshot", "rds:ModifyDBSnapshotAttribute"),
        readings=("rds:CopyDBSnapshot", "rds:StartExportTask"),
        restores=("rds:RestoreDBInstanceFromDBSnapshot",),
        unmarked=("rds:DeleteDBInstanceAutomatedBackup",),
    ),
    restore=MetadataRules(
        name_key="DBInstanceIdentifier",
        name_shape=r"[a-z](?:-?[a-z0-9]){0,62}",
        name_rule="1 to 63 lower-case letters, digits and single hyphens, a letter first",
        allowed=(
            "AllocatedStorage",
            "AutoMinorVersionUpgrade",
            "AvailabilityZone",
            "CopyTagsToSnapshot",
            "DBInstanceClass",
            "DBParameterGroupName",
            "DBSubnetGroupName",
            "DeletionProtection",
            "Engine",
            "Iops",
            "LicenseModel",
            "MultiAZ",
            "OptionGroupName",
            "Port",
            "PubliclyAccessible",
            "StorageThroughput",
            "StorageType",
            "VpcSecurityGroupIds",
        ),
        forced={"PubliclyAccessible": "false"},
        refused={"PubliclyAccessible": "true", "DeletionProtection": "false"},
        # The old zone may be full, or forbidden beside Multi-AZ; the speed of a small gp3 cannot be said, and that of
        # io1 and io2 must be.
        asked=("AvailabilityZone", "Iops", "StorageThroughput"),
        # AWS Backup tells port 0, and RDS takes no such port (API reference, RestoreDBInstanceFromDBSnapshot).
        numbers={"Port": range(1150, 65536)},
        defaults={"DBParameterGroupName": "default.", "OptionGroupName": "default:"},
        lists=("VpcSecurityGroupIds",),
        # Without them the database comes to lie in the default VPC, or the job fails where there is none.
        demanded=("DBSubnetGroupName", "VpcSecurityGroupIds"),
        pairings=(
            Pairing(key="MultiAZ", value="true", other="AvailabilityZone", is_needed=False),
            Pairing(key="StorageType", value="io1", other="Iops", is_needed=True),
            Pairing(key="StorageType", value="io2", other="Iops", is_needed=True),
        ),
        # vpcId is none of them: it is told for information, and follows from the subnet group.
        risks=(
            "CustomIamInstanceProfile",
            "DBSubnetGroupName",
            "Domain",
            "DomainIAMRoleName",
            "KmsKeyId",
            "PubliclyAccessible",
            "TdeCredentialArn",
            "VpcSecurityGroupIds",
        ),
    ),
    threats=(
        Threat(
            call="rds:DeleteDBSnapshot",
            what="delete the snapshot behind a backup",
            target_keys=_SNAPSHOT_KEYS,
            scope=Scope.NATIVE_BACKUP,
        ),
        Threat(
            call="rds:ModifyDBSnapshotAttribute",
            what="share the snapshot behind a backup",
            target_keys=_SNAPSHOT_KEYS,
            scope=Scope.NATIVE_BACKUP,
        ),
        _UNTAGGED,
    ),
)

# A policy cannot tell the three apart, nor can the name of a call: what makes a cluster stands here, once.
# A Multi-AZ cluster of RDS has such an ARN, too, and cannot be told apart either, although it is copied nowhere.
_CLUSTER: Final = ResourceType(
    name="Aurora",
    label="database cluster",
    enters_air_gap=True,
    arn="arn:{partition}:rds:{region}:{account}:cluster:{id}",
    is_id_lower_case=True,
    creations=(
        Creation(call="rds:CreateDBCluster", response=_CLUSTER_MADE, request="dBClusterIdentifier", tagged=_CLUSTERS),
        Creation(
            call="rds:RestoreDBClusterFromSnapshot",
            response=_CLUSTER_MADE,
            request="dBClusterIdentifier",
            tagged=_CLUSTERS,
        ),
        Creation(
            call="rds:RestoreDBClusterToPointInTime",
            response=_CLUSTER_MADE,
            request="dBClusterIdentifier",
            tagged=_CLUSTERS,
        ),
        Creation(call="rds:RestoreDBClusterFromS3", tagged=_CLUSTERS),
    ),
    tagging=_TAGGING,
    untagging=_UNTAGGING,
    copy_key=CopyKey.AS_SOURCE,
    native=NativeBackups(
        arns=("arn:{partition}:rds:*:*:cluster-snapshot:awsbackup:*",),
        is_named=True,
        changes=("rds:DeleteDBClusterSnapshot", "rds:ModifyDBClusterSnapshotAttribute"),
        readings=("rds:CopyDBClusterSnapshot", "rds:StartExportTask"),
        restores=("rds:RestoreDBClusterFromSnapshot",),
        unmarked=("rds:DeleteDBClusterAutomatedBackup",),
    ),
    threats=(
        Threat(
            call="rds:DeleteDBClusterSnapshot",
            what="delete the snapshot behind a backup",
            target_keys=_SNAPSHOT_KEYS,
            scope=Scope.NATIVE_BACKUP,
        ),
        Threat(
            call="rds:ModifyDBClusterSnapshotAttribute",
            what="share the snapshot behind a backup",
            target_keys=_SNAPSHOT_KEYS,
            scope=Scope.NATIVE_BACKUP,
        ),
        _UNTAGGED,
    ),
)

TYPES: Final = (
    _INSTANCE,
    _CLUSTER,
    replace(_CLUSTER, name="DocumentDB", label="DocumentDB cluster", creations=(), opt_in_reach=Reach.NOWHERE),
    replace(_CLUSTER, name="Neptune", label="Neptune cluster", creations=(), opt_in_reach=Reach.REGIONS),
)
