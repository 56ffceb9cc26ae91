"""Which create actions take tags in the request itself, so that an SCP can refuse those that come without.

Where a call names several resources, only those that take the tags are listed: on the others the tag is always absent.
Source: Service Authorization Reference, September 2026. On any other action a `Null` deny would refuse every call.
"""

from typing import Final

_EVERYTHING: Final = ("*",)

# Each action, and the resources of the call that carry the tags.
TAGGABLE_CREATION: Final[dict[str, tuple[str, ...]]] = {
    "cloudformation:CreateStack": _EVERYTHING,
    "dsql:CreateCluster": _EVERYTHING,
    "dynamodb:CreateTable": _EVERYTHING,
    "ec2:CreateVolume": ("arn:aws:ec2:*:*:volume/*",),
    "ec2:RunInstances": ("arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*"),
    "eks:CreateCluster": _EVERYTHING,
    "elasticfilesystem:CreateFileSystem": _EVERYTHING,
    "fsx:CreateFileSystem": _EVERYTHING,
    "fsx:CreateFileSystemFromBackup": _EVERYTHING,
    "fsx:CreateVolume": ("arn:aws:fsx:*:*:volume/*",),
    "fsx:CreateVolumeFromBackup": _EVERYTHING,
    "rds:CreateDBCluster": _EVERYTHING,
    "rds:CreateDBInstance": _EVERYTHING,
    "rds:CreateDBInstanceReadReplica": _EVERYTHING,
    "rds:RestoreDBClusterFromS3": _EVERYTHING,
    "rds:RestoreDBClusterFromSnapshot": _EVERYTHING,
    "rds:RestoreDBClusterToPointInTime": _EVERYTHING,
    "rds:RestoreDBInstanceFromDBSnapshot": _EVERYTHING,
    "rds:RestoreDBInstanceFromS3": _EVERYTHING,
    "rds:RestoreDBInstanceToPointInTime": _EVERYTHING,
    "redshift-serverless:CreateNamespace": _EVERYTHING,
    "redshift:CreateCluster": _EVERYTHING,
    "s3:CreateBucket": _EVERYTHING,
    "storagegateway:CreateCachediSCSIVolume": _EVERYTHING,
    "storagegateway:CreateStorediSCSIVolume": _EVERYTHING,
    "timestream:CreateDatabase": _EVERYTHING,
    "timestream:CreateTable": _EVERYTHING,
}

UNTAGGABLE_CREATION: Final = frozenset(
    {
        "dynamodb:ImportTable",
        "dynamodb:RestoreTableFromBackup",
        "dynamodb:RestoreTableToPointInTime",
        "redshift:RestoreFromClusterSnapshot",
        "redshift-serverless:RestoreFromSnapshot",
        "s3:PutBucketTagging",
    }
)

UPSETS_TOOLS: Final[dict[str, str]] = {
    "ec2:RunInstances": (
        "Auto Scaling, EKS node groups and Elastic Beanstalk check their maker's right to start instances: each launch"
        " template must tag instances and volumes, or the group cannot be made"
    ),
    "s3:CreateBucket": "most tools create a bucket untagged and tag it afterwards: they would stop working",
}
