"""Clusters of Redshift and namespaces of Redshift Serverless."""

from typing import Final

from strongroom.domain.catalogue.facets.creations import Creation, Evidence, Kind, Origin
from strongroom.domain.catalogue.facets.tag_calls import keyed_calls, tag_resource_calls
from strongroom.domain.catalogue.facets.tagging import Limit, Tagging
from strongroom.domain.catalogue.model import (
    EVERYTHING,
    Effect,
    Listing,
    NativeBackups,
    OwnCall,
    Reach,
    ResourceType,
    Scope,
    Threat,
)

TABLE_CALL: Final = "redshift:RestoreTableFromClusterSnapshot"
NAMESPACE_CALL: Final = "redshift-serverless:RestoreFromSnapshot"
NAMESPACE_TABLE_CALL: Final = "redshift-serverless:RestoreTableFromSnapshot"

# CloudTrail flattens the answers of Redshift, and they hold no ARN.
_MADE: Final = ("clusterIdentifier", "cluster.clusterIdentifier")
_CLUSTER: Final = "arn:{partition}:redshift:{region}:{account}:cluster:{id}"
_STAYS: Final = Limit(
    fact="its backups stay in its own account and Region",
    lifted_by="the service's own copies of snapshots, which AWS Backup does not see",
)

TYPES: Final = (
    ResourceType(
        name="Redshift",
        label="Redshift cluster",
        arn=_CLUSTER,
        id_shape=r"[a-z][a-z0-9-]{0,62}",
        is_id_lower_case=True,
        listing=Listing(
            call="DescribeClusters",
            items="Clusters[]",
            name="ClusterIdentifier",
            tags="Tags",
            made_at="ClusterCreateTime",
            state="ClusterStatus",
            ended=("deleting", "final-snapshot"),
            begin_at="Marker",
            next_at="Marker",
            page=100,
        ),
        creations=(
            Creation(
                call="redshift:CreateCluster",
                response=_MADE,
                request=("clusterIdentifier",),
                evidence=Evidence.RECORDED,
                source="public record of 2021; Amazon Redshift Management Guide of 2017",
                tagged=EVERYTHING,
            ),
            Creation(
                call="redshift:RestoreFromClusterSnapshot",
                response=_MADE,
                request=("clusterIdentifier",),
                kind=Kind.RESTORE,
                origins=(Origin(paths=("request.snapshotClusterIdentifier",), arn=_CLUSTER),),
                source="flattened as the record of CreateCluster",
            ),
        ),
        tags=Tagging(
            client="redshift",
            write="redshift:CreateTags",
            read="DescribeTags",
            tags="TaggedResources[].Tag",
            when="once it is no longer creating",
            not_yet=("InvalidClusterStateFault", "InvalidClusterState"),
            gone=("ClusterNotFound", "ResourceNotFoundFault"),
        ),
        limits=(_STAYS,),
        tagging=("redshift:CreateTags",),
        untagging=("redshift:DeleteTags",),
        tag_calls=keyed_calls("redshift:CreateTags", "redshift:DeleteTags", named_at="resourceName"),
        reach=Reach.NOWHERE,
        native=NativeBackups(
            arns=("arn:{partition}:redshift:*:*:snapshot:*/awsbackup:*",),
            is_named=True,
            changes=(
                "redshift:AuthorizeSnapshotAccess",
                "redshift:BatchDeleteClusterSnapshots",
                "redshift:BatchModifyClusterSnapshots",
                "redshift:DeleteClusterSnapshot",
                "redshift:ModifyClusterSnapshot",
            ),
            readings=("redshift:CopyClusterSnapshot", "redshift:RestoreTableFromClusterSnapshot"),
            restores=("redshift:RestoreFromClusterSnapshot",),
        ),
        is_restored_here=True,
        own_calls=(OwnCall(call=TABLE_CALL, what="restore of a table of Redshift", effect=Effect.ADDS),),
        threats=(
            Threat(
                call=TABLE_CALL,
                what="take a table out of a backup",
                target_keys=("snapshotIdentifier",),
                scope=Scope.NATIVE_RESTORE,
            ),
        ),
    ),
    ResourceType(
        name="Redshift Serverless",
        label="Redshift Serverless namespace",
        arn="arn:{partition}:redshift-serverless:{region}:{account}:namespace/{id}",
        id_shape=r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        listing=Listing(
            call="ListNamespaces",
            items="namespaces[]",
            name="namespaceArn",
            made_at="creationDate",
            state="status",
            ended=("DELETING",),
            begin_at="nextToken",
            next_at="nextToken",
            size="maxResults",
            page=100,
        ),
        creations=(
            # The request has the name and the ARN an identifier: without an answer nothing leads to it.
            Creation(
                call="redshift-serverless:CreateNamespace",
                response=("namespace.namespaceArn",),
                evidence=Evidence.PUBLISHED,
                source="Amazon Redshift Management Guide of 2022",
                tagged=EVERYTHING,
            ),
            # Both restore into a namespace that is there already.
            Creation(
                call="redshift-serverless:RestoreFromSnapshot",
                response=("namespace.namespaceArn",),
                kind=Kind.RESTORE,
            ),
            Creation(
                call="redshift-serverless:RestoreFromRecoveryPoint",
                response=("namespace.namespaceArn",),
                kind=Kind.RESTORE,
            ),
        ),
        tags=Tagging(
            client="redshift-serverless",
            write="redshift-serverless:TagResource",
            read="ListTagsForResource",
            tags="tags",
            not_yet=("ConflictException",),
            gone=("ResourceNotFoundException",),
        ),
        limits=(_STAYS,),
        tagging=("redshift-serverless:TagResource",),
        untagging=("redshift-serverless:UntagResource",),
        tag_calls=tag_resource_calls("redshift-serverless", named_at="resourceArn"),
        reach=Reach.NOWHERE,
        native=NativeBackups(
            arns=("arn:{partition}:redshift-serverless:*:*:snapshot/*",),
            changes=("redshift-serverless:DeleteSnapshot", "redshift-serverless:UpdateSnapshot"),
            restores=("redshift-serverless:RestoreFromSnapshot", "redshift-serverless:RestoreTableFromSnapshot"),
        ),
        is_restored_as_written=True,
        own_calls=(
            OwnCall(call=NAMESPACE_TABLE_CALL, what="restore of a table of Redshift Serverless", effect=Effect.ADDS),
            OwnCall(
                call=NAMESPACE_CALL,
                what="overwriting of a namespace",
                effect=Effect.OVERWRITES,
                unproved="it was asked for, and the namespace is available; neither the snapshot that it is out of nor "
                "a restore that failed is told by Redshift Serverless, so look at its data",
            ),
        ),
        threats=(
            Threat(
                call=NAMESPACE_CALL,
                what="overwrite a namespace out of a backup",
                target_keys=("snapshotName", "snapshotArn"),
                scope=Scope.CEREMONY,
            ),
            Threat(
                call=NAMESPACE_TABLE_CALL,
                what="take a table out of a backup",
                target_keys=("snapshotName",),
                # No name tells a snapshot of AWS Backup's from a team's own.
                scope=Scope.CEREMONY,
            ),
        ),
    ),
)
