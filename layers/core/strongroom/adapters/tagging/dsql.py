"""Tags of clusters of Aurora DSQL."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("dsql:ListTagsForResource", "dsql:TagResource")


def _read(dsql: Any, arn: Arn) -> dict[str, str]:
    return dict(dsql.list_tags_for_resource(resourceArn=str(arn)).get("tags", {}))


def _add(dsql: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    dsql.tag_resource(resourceArn=str(arn), tags=dict(tags))


TAGS = ServiceTags(client="dsql", read=_read, add=_add)
