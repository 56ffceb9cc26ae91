"""Tags of EC2 instances and EBS volumes."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags, as_list, as_mapping
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("ec2:DescribeTags", "ec2:CreateTags")


def _read(ec2: Any, arn: Arn) -> dict[str, str]:
    # DescribeTags answers an empty list for what does not exist; CreateTags is what tells a resource that is gone.
    pages = ec2.get_paginator("describe_tags").paginate(Filters=[{"Name": "resource-id", "Values": [arn.name]}])
    return as_mapping([tag for page in pages for tag in page["Tags"]])


def _add(ec2: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    ec2.create_tags(Resources=[arn.name], Tags=as_list(tags))


TAGS = ServiceTags(client="ec2", read=_read, add=_add)
