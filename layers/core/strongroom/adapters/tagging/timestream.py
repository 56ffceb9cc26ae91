"""Tags of tables of Timestream."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags, as_list, as_mapping
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("timestream:DescribeEndpoints", "timestream:ListTagsForResource", "timestream:TagResource")


def _read(timestream: Any, arn: Arn) -> dict[str, str]:
    return as_mapping(timestream.list_tags_for_resource(ResourceARN=str(arn)).get("Tags", []))


def _add(timestream: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    timestream.tag_resource(ResourceARN=str(arn), Tags=as_list(tags))


TAGS = ServiceTags(client="timestream-write", read=_read, add=_add)
