"""Tags of S3 buckets, whose only common call replaces the whole set: read, merge, write.

The tags that CloudFormation put there (`aws:`) must be sent along: S3 refuses a set that would remove them.
"""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.tagging.service_tags import ServiceTags, as_list, as_mapping
from strongroom.domain.errors import TagsNotFoundError
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:PutBucketTagging")


def _read(s3: Any, arn: Arn) -> dict[str, str]:
    try:
        with aws_errors(str(arn)):
            return as_mapping(s3.get_bucket_tagging(Bucket=arn.resource)["TagSet"])
    except TagsNotFoundError:
        return {}


def _add(s3: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    merged = _read(s3, arn) | dict(tags)
    s3.put_bucket_tagging(Bucket=arn.resource, Tagging={"TagSet": as_list(merged)})


def _answers(s3: Any, arn: Arn) -> dict[str, Mapping[str, Any]]:
    return {"GetBucketVersioning": s3.get_bucket_versioning(Bucket=arn.resource)}


TAGS = ServiceTags(client="s3", read=_read, add=_add, answers=_answers)
