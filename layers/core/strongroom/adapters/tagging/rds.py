"""Tags of RDS instances and of Aurora, DocumentDB and Neptune clusters."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags, as_list, as_mapping
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("rds:ListTagsForResource", "rds:AddTagsToResource")


def _read(rds: Any, arn: Arn) -> dict[str, str]:
    return as_mapping(rds.list_tags_for_resource(ResourceName=str(arn))["TagList"])


def _add(rds: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    rds.add_tags_to_resource(ResourceName=str(arn), Tags=as_list(tags))


TAGS = ServiceTags(client="rds", read=_read, add=_add)
