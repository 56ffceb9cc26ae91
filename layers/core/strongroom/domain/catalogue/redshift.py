"""Clusters of Redshift and namespaces of Redshift Serverless."""

from typing import Final

from strongroom.domain.catalogue.model import EVERYTHING, Creation, NativeBackups, Reach, ResourceType

TYPES: Final = (
    ResourceType(
        name="Redshift",
        label="Redshift cluster",
        arn="arn:{partition}:redshift:{region}:{account}:cluster:{id}",
        creations=(
            Creation(call="redshift:CreateCluster", tagged=EVERYTHING),
            Creation(call="redshift:RestoreFromClusterSnapshot"),
        ),
        tagging=("redshift:CreateTags",),
        untagging=("redshift:DeleteTags",),
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
    ),
    ResourceType(
        name="Redshift Serverless",
        label="Redshift Serverless namespace",
        arn="arn:{partition}:redshift-serverless:{region}:{account}:namespace/{id}",
        creations=(
            Creation(call="redshift-serverless:CreateNamespace", tagged=EVERYTHING),
            Creation(call="redshift-serverless:RestoreFromSnapshot"),
        ),
        tagging=("redshift-serverless:TagResource",),
        untagging=("redshift-serverless:UntagResource",),
        reach=Reach.NOWHERE,
        native=NativeBackups(
            arns=("arn:{partition}:redshift-serverless:*:*:snapshot/*",),
            changes=("redshift-serverless:DeleteSnapshot", "redshift-serverless:UpdateSnapshot"),
            restores=("redshift-serverless:RestoreFromSnapshot",),
        ),
    ),
)
