"""Buckets of S3, whose ARN names neither account nor Region."""

from typing import Final

from strongroom.domain.catalogue.facets.creations import Creation, Evidence, Sign
from strongroom.domain.catalogue.facets.tag_calls import TagCall
from strongroom.domain.catalogue.facets.tagging import Limit, Tagging
from strongroom.domain.catalogue.model import EVERYTHING, Listing, ResourceType, Scope, Threat

TYPES: Final = (
    ResourceType(
        name="S3",
        label="S3 bucket",
        enters_air_gap=True,
        arn="arn:{partition}:s3:::{id}",
        # A directory bucket, whose name ends so, is no resource of AWS Backup.
        id_shape=r"(?!.*--x-s3$)[A-Za-z0-9._-]{1,255}",
        wants_opt_in=True,
        is_incremental=True,
        is_continuous=True,
        listing=Listing(
            call="ListBuckets",
            items="Buckets[]",
            name="Name",
            made_at="CreationDate",
            begin_at="ContinuationToken",
            next_at="ContinuationToken",
            size="MaxBuckets",
            page=10000,
            action="s3:ListAllMyBuckets",
            is_of_account=True,
            home="BucketRegion",
        ),
        creations=(
            Creation(
                call="s3:CreateBucket",
                request=("bucketName",),
                home="CreateBucketConfiguration.LocationConstraint",
                evidence=Evidence.RECORDED,
                source="public records; the answer is never there",
                tagged=EVERYTHING,
                upsets="most tools create a bucket untagged and tag it afterwards: they would stop working",
            ),
        ),
        tags=Tagging(
            is_listed_by_tag=True,
            client="s3",
            write="s3:PutBucketTagging",
            read="GetBucketTagging",
            tags="TagSet",
            replaces_set=True,
            instead="s3:TagResource",
            not_yet=("OperationAborted",),
            gone=("NoSuchBucket",),
        ),
        limits=(
            Limit(
                fact="without versioning it has no backups",
                lifted_by="versioning",
                read="GetBucketVersioning",
                unless=Sign(paths=("response.Status",), values=("Enabled",)),
                stops_backups=True,
                is_passing=True,
            ),
        ),
        tagging=("s3:TagResource",),
        untagging=("s3:UntagResource",),
        unseen_tagging=("s3:PutBucketTagging",),
        tag_calls=(
            # One tag stands without a list (public records).
            TagCall(
                call="s3:PutBucketTagging",
                named_at=("bucketName",),
                tags_at=("Tagging.TagSet.Tag[]",),
                by_id=True,
                replaces=True,
            ),
            TagCall(call="s3:DeleteBucketTagging", named_at=("bucketName",), by_id=True, replaces=True),
            TagCall(
                call="s3:TagResource",
                named_at=("resourceArn", "ResourceArn"),
                tags_at=("tags[]", "Tags[]", "Tags.Tag[]"),
            ),
            TagCall(
                call="s3:UntagResource",
                named_at=("resourceArn", "ResourceArn"),
                keys_at=("tagKeys[]", "TagKeys[]", "TagKeys.member[]"),
            ),
        ),
        is_indexed=True,
        is_scanned=True,
        is_restored_here=True,
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
