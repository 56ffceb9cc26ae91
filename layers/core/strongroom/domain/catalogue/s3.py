"""Buckets of S3, whose ARN names neither account nor Region."""

from typing import Final

from strongroom.domain.catalogue.model import EVERYTHING, Creation, ResourceType, Scope, Threat

TYPES: Final = (
    ResourceType(
        name="S3",
        label="S3 bucket",
        enters_air_gap=True,
        arn="arn:{partition}:s3:::{id}",
        creations=(
            Creation(
                call="s3:CreateBucket",
                request="bucketName",
                home="CreateBucketConfiguration.LocationConstraint",
                tagged=EVERYTHING,
                upsets="most tools create a bucket untagged and tag it afterwards: they would stop working",
            ),
        ),
        tagging=("s3:TagResource",),
        untagging=("s3:UntagResource",),
        unseen_tagging=("s3:PutBucketTagging",),
        is_indexed=True,
        is_scanned=True,
        threats=(
            Threat(
                call="s3:DeleteBucketTagging",
                what="remove the backup tag, and every other",
                target_keys=("bucketName",),
                scope=Scope.BACKUP_TAG,
            ),
        ),
    ),
)
