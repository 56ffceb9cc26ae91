"""Tags of clusters of EKS."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("eks:ListTagsForResource", "eks:TagResource")


def _read(eks: Any, arn: Arn) -> dict[str, str]:
    return dict(eks.list_tags_for_resource(resourceArn=str(arn)).get("tags", {}))


def _add(eks: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    eks.tag_resource(resourceArn=str(arn), tags=dict(tags))


TAGS = ServiceTags(client="eks", read=_read, add=_add)
