"""Tags of SAP HANA databases."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("ssm-sap:ListTagsForResource", "ssm-sap:TagResource")


def _read(sap: Any, arn: Arn) -> dict[str, str]:
    return dict(sap.list_tags_for_resource(resourceArn=str(arn)).get("tags", {}))


def _add(sap: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    sap.tag_resource(resourceArn=str(arn), tags=dict(tags))


TAGS = ServiceTags(client="ssm-sap", read=_read, add=_add)
