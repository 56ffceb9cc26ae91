"""Tags of VMware's virtual machines."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags, as_list, as_mapping
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("backup-gateway:ListTagsForResource", "backup-gateway:TagResource")


def _read(gateway: Any, arn: Arn) -> dict[str, str]:
    return as_mapping(gateway.list_tags_for_resource(ResourceArn=str(arn)).get("Tags", []))


def _add(gateway: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    gateway.tag_resource(ResourceARN=str(arn), Tags=as_list(tags))


TAGS = ServiceTags(client="backup-gateway", read=_read, add=_add)
