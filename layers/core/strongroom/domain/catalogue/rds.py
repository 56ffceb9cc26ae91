"""Databases of RDS, Aurora, DocumentDB and Neptune: instances, and clusters under one ARN.

CloudTrail flattens the answers of RDS; older records nest them.
"""

from copy import replace
from typing import Final

from strongroom.domain.catalogue.facets.creations import Cover, Creation, Evidence, Kind, Named, Origin, Sign
from strongroom.domain.catalogue.facets.tag_calls import keyed_calls
from strongroom.domain.catalogue.facets.tagging import Limit, Tagging
from strongroom.domain.catalogue.model import (
    CopyKey,
    Listing,
    NativeBackups,
    Reach,
    ResourceType,
    Scope,
    Threat,
)

# How instances and clusters are called (API reference, RestoreDBInstanceFromDBSnapshot, `DBInstanceIdentifier`).
NAME_SHAPE: Final = r"[a-z](?:-?[a-z0-9]){0,62}"
NAME_RULE: Final = "1 to 63 lower-case letters, digits and single hyphens, a letter first"

_INSTANCE_MADE: Final = ("dBInstanceArn", "dBInstance.dBInstanceArn")
_CLUSTER_MADE: Final = ("dBClusterArn", "dBCluster.dBClusterArn")
_SNAPSHOT_KEYS: Final = ("dBSnapshotIdentifier", "dBClusterSnapshotIdentifier")
_INSTANCES: Final = ("arn:{partition}:rds:*:*:db:*",)
_CLUSTERS: Final = ("arn:{partition}:rds:*:*:cluster:*",)
_ID: Final = r"[a-z][a-z0-9-]{0,62}"
_DATABASE: Final = Named(
    label="RDS instance",
    arn="arn:{partition}:rds:{region}:{account}:db:{id}",
    id_shape=_ID,
    is_id_lower_case=True,
)
_DATABASES: Final = replace(
    _DATABASE, label="database cluster", arn="arn:{partition}:rds:{region}:{account}:cluster:{id}"
)
_SNAPSHOT: Final = "arn:{partition}:rds:{region}:{account}:snapshot:{id}"
_CLUSTER_SNAPSHOT: Final = "arn:{partition}:rds:{region}:{account}:cluster-snapshot:{id}"
_INSTANCE_LISTING: Final = Listing(
    call="DescribeDBInstances",
    items="DBInstances[]",
    name="DBInstanceArn",
    tags="TagList",
    made_at="InstanceCreateTime",
    state="DBInstanceStatus",
    ended=("deleting",),
    begin_at="Marker",
    next_at="Marker",
    page=100,
)
# It answers the clusters of all four engines.
_CLUSTER_LISTING: Final = Listing(
    call="DescribeDBClusters",
    items="DBClusters[]",
    name="DBClusterArn",
    tags="TagList",
    made_at="ClusterCreateTime",
    state="Status",
    ended=("deleting",),
    begin_at="Marker",
    next_at="Marker",
    page=100,
)
_MEMBER: Final = Cover(
    sign=Sign(paths=("request.dBClusterIdentifier", "response.dBClusterIdentifier")),
    by="its cluster",
    named_at=("response.dBClusterIdentifier", "request.dBClusterIdentifier"),
)
# What is encrypted with no key named is encrypted with AWS's own (API reference of CreateDBInstance, `KmsKeyId`).
_ENCRYPTED: Final = Sign(paths=("request.storageEncrypted",), values=("true",))
_NAMED_KEY: Final = Sign(paths=("request.kmsKeyId",))
# A replica lies under the key of its source (API reference of CreateDBCluster, `KmsKeyId`).
_REPLICA: Final = Sign(paths=("request.replicationSourceIdentifier",))
_UNDER_AWS_KEY: Final = Limit(
    fact="under the AWS-managed key of RDS its backups are copied to no other account",
    lifted_by="a key of yours",
    shown=(Sign(paths=("request.kmsKeyId",), values=("alias/aws/rds", "*:alias/aws/rds")),),
    read="the answer's kmsKeyId, then DescribeKey",
    of_key=True,
    key_at=("response.kmsKeyId", "response.dBInstance.kmsKeyId", "response.dBCluster.kmsKeyId", "request.kmsKeyId"),
)
_UNDER_NO_NAMED_KEY: Final = replace(_UNDER_AWS_KEY, shown=(_ENCRYPTED,), missing=(_NAMED_KEY,))
_INSTANCE_TAGS: Final = Tagging(
    is_listed_by_tag=True,
    client="rds",
    write="rds:AddTagsToResource",
    read="ListTagsForResource",
    tags="TagList",
    when="at once, or when its state allows",
    not_yet=("InvalidDBInstanceState", "InvalidDBInstanceStateFault"),
    gone=("DBInstanceNotFound", "DBInstanceNotFoundFault"),
)
_CLUSTER_TAGS: Final = replace(
    _INSTANCE_TAGS,
    not_yet=("InvalidDBClusterStateFault",),
    gone=("DBClusterNotFound", "DBClusterNotFoundFault"),
)
_TAGGING: Final = ("rds:AddTagsToResource",)
_UNTAGGING: Final = ("rds:RemoveTagsFromResource",)
_TAG_CALLS: Final = keyed_calls(*_TAGGING, *_UNTAGGING, named_at="resourceName")
_UNTAGGED: Final = Threat(
    call="rds:RemoveTagsFromResource",
    what="remove the backup tag",
    target_keys=("resourceName",),
    scope=Scope.BACKUP_TAG,
)

_INSTANCE: Final = ResourceType(
    name="RDS",
    label="RDS instance",
    arn=_DATABASE.arn,
    id_shape=_ID,
    is_incremental=True,
    is_continuous=True,
    is_id_lower_case=True,
    wants_opt_in=True,
    listing=_INSTANCE_LISTING,
    creations=(
        Creation(
            call="rds:CreateDBInstance",
            response=_INSTANCE_MADE,
            request=("dBInstanceIdentifier",),
            covers=(_MEMBER,),
            evidence=Evidence.RECORDED,
            source="Amazon RDS User Guide; public records, that of 2016 without an ARN",
            tagged=_INSTANCES,
        ),
        Creation(
            call="rds:RestoreDBInstanceFromDBSnapshot",
            response=_INSTANCE_MADE,
            request=("dBInstanceIdentifier",),
            covers=(_MEMBER,),
            kind=Kind.RESTORE,
            origins=(
                Origin(paths=("request.dBSnapshotIdentifier",), arn=_SNAPSHOT),
                Origin(paths=("request.dBClusterSnapshotIdentifier",), arn=_CLUSTER_SNAPSHOT),
            ),
            evidence=Evidence.RECORDED,
            source="public records of 2024",
            tagged=_INSTANCES,
        ),
        Creation(
            call="rds:RestoreDBInstanceToPointInTime",
            response=_INSTANCE_MADE,
            request=("targetDBInstanceIdentifier",),
            kind=Kind.RESTORE,
            origins=(Origin(paths=("request.sourceDBInstanceIdentifier",), arn=_DATABASE.arn),),
            evidence=Evidence.RECORDED,
            source="public record of 2022, of a restore by AWS Backup",
            tagged=_INSTANCES,
        ),
        Creation(
            call="rds:CreateDBInstanceReadReplica",
            response=_INSTANCE_MADE,
            request=("dBInstanceIdentifier",),
            covers=(_MEMBER,),
            kind=Kind.REPLICA,
            origins=(
                Origin(paths=("request.sourceDBInstanceIdentifier",), arn=_DATABASE.arn),
                Origin(paths=("request.sourceDBClusterIdentifier",), arn=_DATABASES.arn),
            ),
            tagged=_INSTANCES,
        ),
        Creation(
            call="rds:RestoreDBInstanceFromS3",
            response=_INSTANCE_MADE,
            request=("dBInstanceIdentifier",),
            kind=Kind.IMPORT,
            evidence=Evidence.RECORDED,
            source="public record of 2024",
            tagged=_INSTANCES,
        ),
    ),
    tags=_INSTANCE_TAGS,
    limits=(_UNDER_AWS_KEY, _UNDER_NO_NAMED_KEY),
    tagging=_TAGGING,
    untagging=_UNTAGGING,
    tag_calls=_TAG_CALLS,
    native=NativeBackups(
        arns=("arn:{partition}:rds:*:*:snapshot:awsbackup:*",),
        is_named=True,
        changes=("rds:DeleteDBSnapshot", "rds:ModifyDBSnapshotAttribute"),
        readings=("rds:CopyDBSnapshot", "rds:StartExportTask"),
        restores=("rds:RestoreDBInstanceFromDBSnapshot",),
        unmarked=("rds:DeleteDBInstanceAutomatedBackup",),
    ),
    is_restored_here=True,
    # AWS Backup Developer Guide, "Restoring an RDS database": KmsKeyId is for information only.
    keeps_key=True,
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

# A policy cannot tell the four apart, nor can the name of a call: what makes a cluster stands here, once.
_CLUSTER: Final = ResourceType(
    name="Aurora",
    label="database cluster",
    enters_air_gap=True,
    arn=_DATABASES.arn,
    id_shape=_ID,
    engines=("aurora*",),
    wants_opt_in=True,
    is_continuous=True,
    is_id_lower_case=True,
    listing=_CLUSTER_LISTING,
    creations=(
        Creation(
            call="rds:CreateDBCluster",
            response=_CLUSTER_MADE,
            request=("dBClusterIdentifier",),
            kind_when=((Sign(paths=("request.replicationSourceIdentifier",)), Kind.REPLICA),),
            origins=(Origin(paths=("request.replicationSourceIdentifier",), arn=_DATABASES.arn),),
            evidence=Evidence.RECORDED,
            source="public record of 2021",
            tagged=_CLUSTERS,
        ),
        Creation(
            call="rds:RestoreDBClusterFromSnapshot",
            response=_CLUSTER_MADE,
            request=("dBClusterIdentifier",),
            kind=Kind.RESTORE,
            origins=(
                Origin(paths=("request.snapshotIdentifier",), arn=_CLUSTER_SNAPSHOT),
                Origin(paths=("request.snapshotIdentifier",), arn=_SNAPSHOT),
            ),
            evidence=Evidence.RECORDED,
            source="public record of 2022",
            tagged=_CLUSTERS,
        ),
        Creation(
            call="rds:RestoreDBClusterToPointInTime",
            response=_CLUSTER_MADE,
            request=("dBClusterIdentifier",),
            kind=Kind.RESTORE,
            kind_when=((Sign(paths=("request.restoreType",), values=("copy-on-write",)), Kind.CLONE),),
            origins=(Origin(paths=("request.sourceDBClusterIdentifier",), arn=_DATABASES.arn),),
            evidence=Evidence.RECORDED,
            source="public record of 2021",
            tagged=_CLUSTERS,
        ),
        Creation(
            call="rds:RestoreDBClusterFromS3",
            response=_CLUSTER_MADE,
            request=("dBClusterIdentifier",),
            kind=Kind.IMPORT,
            tagged=_CLUSTERS,
        ),
        # The green one may be named later only; at the switchover it takes the blue one's name, and so its ARN.
        Creation(
            call="rds:CreateBlueGreenDeployment",
            response=("target", "blueGreenDeployment.target"),
            names=(_DATABASE, _DATABASES),
            kind=Kind.CLONE,
            origins=(
                Origin(paths=("request.source",), arn=_DATABASE.arn),
                Origin(paths=("request.source",), arn=_DATABASES.arn),
            ),
        ),
    ),
    tags=_CLUSTER_TAGS,
    limits=(_UNDER_AWS_KEY, replace(_UNDER_NO_NAMED_KEY, missing=(_NAMED_KEY, _REPLICA))),
    tagging=_TAGGING,
    untagging=_UNTAGGING,
    tag_calls=_TAG_CALLS,
    copy_key=CopyKey.AS_SOURCE,
    native=NativeBackups(
        arns=("arn:{partition}:rds:*:*:cluster-snapshot:awsbackup:*",),
        is_named=True,
        changes=("rds:DeleteDBClusterSnapshot", "rds:ModifyDBClusterSnapshotAttribute"),
        readings=("rds:CopyDBClusterSnapshot", "rds:StartExportTask"),
        restores=("rds:RestoreDBClusterFromSnapshot",),
        unmarked=("rds:DeleteDBClusterAutomatedBackup",),
    ),
    is_restored_here=True,
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
    replace(
        _CLUSTER,
        name="DocumentDB",
        label="DocumentDB cluster",
        engines=("docdb",),
        wants_opt_in=False,
        creations=(),
        opt_in_reach=Reach.NOWHERE,
        is_continuous=False,
    ),
    replace(
        _CLUSTER,
        name="Neptune",
        label="Neptune cluster",
        engines=("neptune",),
        wants_opt_in=False,
        creations=(),
        opt_in_reach=Reach.REGIONS,
        is_continuous=False,
    ),
)

# It has the ARN of a cluster and the name of an instance: no policy selects it by itself.
MULTI_AZ: Final = replace(
    _CLUSTER,
    name="RDS",
    label="Multi-AZ database cluster",
    engines=("mysql", "postgres"),
    creations=(),
    reach=Reach.NOWHERE,
    enters_air_gap=False,
    is_continuous=False,
    wants_opt_in=False,
    limits=(
        Limit(
            fact="its backups stay in its own account and Region, and none is continuous",
            lifted_by="an instance, or a cluster of Aurora",
        ),
    ),
)
