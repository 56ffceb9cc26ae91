"""What EventBridge tells of tags that have changed, beside the record of the call: every tag, and never who did it.

Resource Groups Tagging API User Guide, "Monitor tag changes with serverless workflows and Amazon EventBridge", whose
event is of EC2; AWS lists no services, and public tests have one of S3. So EC2 and S3 tell here, and nobody else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams.tagging.listing import tags_now
from sandbox.wire.calls import read_call
from sandbox.wire.requests import MalformedBodyError, Request, Signature

SOURCE: Final = "aws.tag"
TAG_CHANGE: Final = "Tag Change on Resource"
_CALLS: Final = {"CreateTags", "DeleteTags", "PutBucketTagging", "DeleteBucketTagging"}
_KINDS: Final = {"i": "instance", "vol": "volume"}


@dataclass(frozen=True, slots=True)
class Before:
    """The tags of what a call is about to change."""

    account: str
    region: str
    tags: dict[str, dict[str, str]]


def tags_before(signature: Signature, request: Request) -> Before | None:
    """The tags of what the call names; None where it changes none of which anything is told."""
    if signature.service not in {"ec2", "s3"} or not (b"Tags" in request.body or "tagging" in request.query):
        return None
    try:
        call = read_call(signature.service, request)
    except MalformedBodyError:
        return None
    account = _account_of(signature.access_key)
    if call is None or account is None or call.operation.name not in _CALLS:
        return None
    place = (account, signature.region)
    return Before(*place, {arn: _tags(arn, *place) for arn in _named(call.parameters, *place)})


def notices_after(before: Before | None) -> Iterator[tuple[Any, ...]]:
    """An event for each thing whose tags are others now."""
    if before is None:
        return
    place = (before.account, before.region)
    for arn, old in before.tags.items():
        tags = _tags(arn, *place)
        changed = sorted(key for key in old.keys() | tags.keys() if old.get(key) != tags.get(key))
        if changed:
            service, kind = arn.split(":")[2], arn.split(":", 5)[5].partition("/")[0]
            detail = {
                "changed-tag-keys": changed,
                "service": service,
                "resource-type": "bucket" if service == "s3" else kind,
                "version": 1,
                "tags": tags,
            }
            yield SOURCE, TAG_CHANGE, detail, *place, [arn]


def _account_of(access_key: str) -> str | None:
    """The account that somebody signs for, before MiniStack has taken the request: a root's key is its account."""
    if re.fullmatch("[0-9]{12}", access_key):
        return access_key
    caller = seams.caller(access_key)
    return None if caller is None else caller.arn.split(":")[4]


def _tags(arn: str, account: str, region: str) -> dict[str, str]:
    return tags_now(arn, account=account, region=region)


def _named(parameters: dict[str, Any], account: str, region: str) -> Iterator[str]:
    if "Bucket" in parameters:
        yield f"arn:aws:s3:::{parameters['Bucket']}"
    for name in parameters.get("Resources", ()):
        if kind := _KINDS.get(str(name).partition("-")[0]):
            yield f"arn:aws:ec2:{region}:{account}:{kind}/{name}"
