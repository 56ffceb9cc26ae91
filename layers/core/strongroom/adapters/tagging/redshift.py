"""Tags of clusters of Redshift."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags, as_list, as_mapping
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("redshift:CreateTags", "redshift:DescribeTags")


def _read(redshift: Any, arn: Arn) -> dict[str, str]:
    pages = redshift.get_paginator("describe_tags").paginate(ResourceName=str(arn))
    return as_mapping([tagged["Tag"] for page in pages for tagged in page.get("TaggedResources", [])])


def _add(redshift: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    redshift.create_tags(ResourceName=str(arn), Tags=as_list(tags))


TAGS = ServiceTags(client="redshift", read=_read, add=_add)
