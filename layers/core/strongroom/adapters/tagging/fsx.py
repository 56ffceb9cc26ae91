"""Tags of file systems and of volumes of FSx: those of a volume of ONTAP are its own."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags, as_list, as_mapping
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("fsx:ListTagsForResource", "fsx:TagResource")


def _read(fsx: Any, arn: Arn) -> dict[str, str]:
    pages = fsx.get_paginator("list_tags_for_resource").paginate(ResourceARN=str(arn))
    return as_mapping([tag for page in pages for tag in page.get("Tags", [])])


def _add(fsx: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    fsx.tag_resource(ResourceARN=str(arn), Tags=as_list(tags))


TAGS = ServiceTags(client="fsx", read=_read, add=_add)
