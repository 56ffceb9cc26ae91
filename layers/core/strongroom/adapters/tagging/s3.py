"""Tags of S3 buckets, whose only common call replaces the whole set: read, merge, write.

The tags that CloudFormation put there (`aws:`) must be sent along: S3 refuses a set that would remove them. A bucket
whose tags decide about access takes sets no more, but single tags of S3's control API (API references of PutBucketAbac
and PutBucketTagging); with which code it refuses a set is not published.
"""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.tagging.service_tags import OtherTags, ServiceTags, as_list, as_mapping
from strongroom.domain.errors import TagsNotFoundError
from strongroom.domain.identifiers import AccountId, Arn

MEMBER_ACTIONS = ("s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:PutBucketTagging", "s3:TagResource")


def _read(s3: Any, arn: Arn) -> dict[str, str]:
    try:
        with aws_errors(str(arn)):
            return as_mapping(s3.get_bucket_tagging(Bucket=arn.resource)["TagSet"])
    except TagsNotFoundError:
        return {}


def _add(s3: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    merged = _read(s3, arn) | dict(tags)
    s3.put_bucket_tagging(Bucket=arn.resource, Tagging={"TagSet": as_list(merged)})


def _add_one_by_one(s3control: Any, arn: Arn, tags: Mapping[str, str], account: AccountId) -> None:
    s3control.tag_resource(AccountId=account, ResourceArn=str(arn), Tags=as_list(tags))


def _answers(s3: Any, arn: Arn) -> dict[str, Mapping[str, Any]]:
    return {"GetBucketVersioning": s3.get_bucket_versioning(Bucket=arn.resource)}


TAGS = ServiceTags(
    client="s3",
    read=_read,
    add=_add,
    answers=_answers,
    otherwise=OtherTags(client="s3control", add=_add_one_by_one),
)
