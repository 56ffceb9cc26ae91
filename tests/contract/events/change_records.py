"""Records of calls that change tags, as CloudTrail would write them, made out of the shapes of AWS's models.

EC2's use wire names and `items`, S3 keeps its own case and has one tag without a list (public records); the others
begin each member with a small letter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from botocore.model import ListShape, Shape, StructureShape

from sandbox.clients import service_model
from strongroom.domain.calls import TAG_NOTICE
from strongroom.domain.catalogue.facets.tag_calls import TagCall
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.identifiers import Region
from strongroom.domain.partitions import partition_of
from strongroom.domain.tags.drift.changes import TAG_CALLS
from tests.contract.events.creation_records import ACCOUNT, IDS, REGION

type Document = dict[str, Any]

KEY: Final = "Backup"
VALUE: Final = "daily-prod"
MODELS: Final = {"tagging": "resourcegroupstaggingapi"}
MORE_IDS: Final = {"SAP HANA database": "HANA-1/DB/HDB", "virtual machine": "vm-1A2B3C"}
# The control API of S3, whose records nobody has published.
UNTOLD: Final = ("s3:TagResource", "s3:UntagResource")


@dataclass(frozen=True, kw_only=True)
class ChangeRecord:
    """A record of a change of one tag of one resource."""

    call: TagCall
    arn: str
    label: str
    request: Document
    account: str = ACCOUNT
    region: str = REGION

    @property
    def event(self) -> Document:
        """The event of EventBridge."""
        return {
            "id": f"{self.call.call} {self.label}",
            "source": f"aws.{self.call.service}",
            "detail-type": "AWS API Call via CloudTrail",
            "account": self.account,
            "region": self.region,
            "time": "2026-09-01T10:00:00Z",
            "detail": {
                "eventSource": f"{self.call.service}.amazonaws.com",
                "eventName": self.call.name,
                "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{self.account}:user/omar"},
                "requestParameters": self.request,
                "responseElements": None,
            },
        }


def a_notice(*, arn: str, keys: tuple[str, ...] = (KEY,), tags: Document | None = None) -> Document:
    """The event of a tag that has changed, as the guide prints it."""
    detail = {"changed-tag-keys": [*keys], "service": arn.split(":")[2], "resource-type": "x", "version": 3}
    return {
        "id": f"notice {arn}",
        "source": "aws.tag",
        "detail-type": TAG_NOTICE,
        "account": ACCOUNT,
        "region": REGION,
        "time": "2026-09-01T10:00:00Z",
        "resources": [arn],
        "detail": detail | {"tags": tags or {}},
    }


def records_of_changes(*, key: str = KEY, value: str = VALUE) -> Iterator[ChangeRecord]:
    """A record of each call on each type that it can change."""
    for call in TAG_CALLS.values():
        for row in ROWS:
            if call in row.tag_calls or (call.service == "tagging" and row.is_tagged):
                name = (IDS | MORE_IDS).get(row.label, "orders")
                arn = row.arn.format(
                    partition=partition_of(Region(REGION)).name, region=REGION, account=ACCOUNT, id=name
                )
                request = _request(call, arn=arn, name=name.rpartition("/")[2], key=key, value=value)
                yield ChangeRecord(call=call, arn=arn, label=row.label, request=request)


@cache
def shape_of(call: TagCall) -> StructureShape:
    """What AWS's models say that the call takes."""
    name = MODELS.get(call.service) or call.model or call.service
    shape = service_model(name).operation_model(call.name).input_shape
    assert isinstance(shape, StructureShape)
    return shape


def _request(call: TagCall, *, arn: str, name: str, key: str, value: str) -> Document:
    if call.service == "ec2":
        tag = {"key": key} | ({} if call.keys_at else {"value": value})
        return {"resourcesSet": {"items": [{"resourceId": name}]}, "tagSet": {"items": [tag]}}
    if call.call in UNTOLD:
        tags = {"tagKeys": [key]} if call.keys_at else {"tags": [{"key": key, "value": value}]}
        return {"resourceArn": arn} | tags
    if call.service == "s3":
        bucket = {"bucketName": name}
        return bucket | ({"Tagging": {"TagSet": {"Tag": {"Key": key, "Value": value}}}} if call.tags_at else {})
    members = shape_of(call).members
    return {
        _small(member): _filled(shape, call, arn=arn, name=name, key=key, value=value)
        for member, shape in members.items()
    }


def _filled(shape: Shape, call: TagCall, *, arn: str, name: str, key: str, value: str) -> Any:
    """What stands in a member: a list of tags or keys, a mapping of tags, or what is changed."""
    if isinstance(shape, StructureShape):
        first, second = shape.members
        return {_small(first): key, _small(second): value}
    if isinstance(shape, ListShape):
        if isinstance(shape.member, StructureShape):
            return [_filled(shape.member, call, arn=arn, name=name, key=key, value=value)]
        return [arn if "ARN" in shape.name.upper() else key]
    if shape.type_name == "map":
        return {key: value}
    return name if call.by_id else arn


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]
