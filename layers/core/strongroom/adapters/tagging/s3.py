"""Tags of S3 buckets, whose only common call replaces the whole set: read, merge, write.

The tags that CloudFormation put there (`aws:`) must be sent along: S3 refuses a set that would remove them. A bucket
whose tags decide about access takes sets no more, but single tags of S3's control API (API references of PutBucketAbac
and PutBucketTagging); with which code it refuses a set is not published.

The name of a bucket does not say whose it is, and may be taken by another account once the bucket is deleted: each call
names the owner that it expects, and S3 refuses it for a bucket of anybody else's (Amazon S3 User Guide, "Verifying
bucket ownership with bucket owner condition").
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.tagging.service_tags import OtherTags, ServiceTags, as_list, as_mapping
from strongroom.domain.errors import TagsNotFoundError
from strongroom.domain.identifiers import AccountId, Arn

MEMBER_ACTIONS = ("s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:PutBucketTagging", "s3:TagResource")


class _OwnBuckets(Struct, frozen=True):
    """A client of S3, and the account whose buckets alone it touches."""

    s3: Any
    owner: AccountId

    def bucket(self, arn: Arn) -> dict[str, str]:
        """How a call names the bucket."""
        return {"Bucket": arn.resource, "ExpectedBucketOwner": self.owner}


def _read(own: _OwnBuckets, arn: Arn) -> dict[str, str]:
    try:
        with aws_errors(str(arn)):
            return as_mapping(own.s3.get_bucket_tagging(**own.bucket(arn))["TagSet"])
    except TagsNotFoundError:
        return {}


def _add(own: _OwnBuckets, arn: Arn, tags: Mapping[str, str]) -> None:
    merged = _read(own, arn) | dict(tags)
    own.s3.put_bucket_tagging(**own.bucket(arn), Tagging={"TagSet": as_list(merged)})


def _add_one_by_one(s3control: Any, arn: Arn, tags: Mapping[str, str], account: AccountId) -> None:
    s3control.tag_resource(AccountId=account, ResourceArn=str(arn), Tags=as_list(tags))


def _answers(own: _OwnBuckets, arn: Arn) -> dict[str, Mapping[str, Any]]:
    return {"GetBucketVersioning": own.s3.get_bucket_versioning(**own.bucket(arn))}


TAGS = ServiceTags(
    client="s3",
    read=_read,
    add=_add,
    answers=_answers,
    otherwise=OtherTags(client="s3control", add=_add_one_by_one),
    of_account=_OwnBuckets,
)
