"""Tags of namespaces of Redshift Serverless, which spells keys and values small."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("redshift-serverless:ListTagsForResource", "redshift-serverless:TagResource")


def _read(redshift: Any, arn: Arn) -> dict[str, str]:
    tags = redshift.list_tags_for_resource(resourceArn=str(arn)).get("tags", [])
    return {tag["key"]: tag["value"] for tag in tags}


def _add(redshift: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    pairs = [{"key": key, "value": tags[key]} for key in sorted(tags)]
    redshift.tag_resource(resourceArn=str(arn), tags=pairs)


TAGS = ServiceTags(client="redshift-serverless", read=_read, add=_add)
