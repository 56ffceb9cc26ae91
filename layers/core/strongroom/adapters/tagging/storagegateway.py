"""Tags of volumes of Storage Gateway."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags, as_list, as_mapping
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("storagegateway:AddTagsToResource", "storagegateway:ListTagsForResource")


def _read(gateway: Any, arn: Arn) -> dict[str, str]:
    pages = gateway.get_paginator("list_tags_for_resource").paginate(ResourceARN=str(arn))
    return as_mapping([tag for page in pages for tag in page.get("Tags", [])])


def _add(gateway: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    gateway.add_tags_to_resource(ResourceARN=str(arn), Tags=as_list(tags))


TAGS = ServiceTags(client="storagegateway", read=_read, add=_add)
