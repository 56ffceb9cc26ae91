"""Tags of EFS file systems."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags, as_list, as_mapping
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("elasticfilesystem:ListTagsForResource", "elasticfilesystem:TagResource")


def _read(efs: Any, arn: Arn) -> dict[str, str]:
    tags: list[dict[str, str]] = []
    page = efs.list_tags_for_resource(ResourceId=arn.name)
    while True:
        tags.extend(page["Tags"])
        if not page.get("NextToken"):
            return as_mapping(tags)
        page = efs.list_tags_for_resource(ResourceId=arn.name, NextToken=page["NextToken"])


def _add(efs: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    efs.tag_resource(ResourceId=arn.name, Tags=as_list(tags))


TAGS = ServiceTags(client="efs", read=_read, add=_add)
