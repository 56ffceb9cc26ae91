"""Tags of DynamoDB tables; a table can be tagged only once it is ACTIVE."""

from collections.abc import Mapping
from typing import Any

from strongroom.adapters.tagging.service_tags import ServiceTags, as_list, as_mapping
from strongroom.domain.errors import NotFoundError, ResourceNotReadyError
from strongroom.domain.identifiers import Arn

MEMBER_ACTIONS = ("dynamodb:DescribeTable", "dynamodb:ListTagsOfResource", "dynamodb:TagResource")


def _read(dynamodb: Any, arn: Arn) -> dict[str, str]:
    status = dynamodb.describe_table(TableName=arn.name)["Table"]["TableStatus"]
    if status == "DELETING":
        raise NotFoundError(f"{arn} is being deleted")
    if status == "CREATING":
        raise ResourceNotReadyError(f"{arn} is {status}: a table can be tagged once it is ACTIVE")
    return _shown(dynamodb, arn)


def _shown(dynamodb: Any, arn: Arn) -> dict[str, str]:
    pages = dynamodb.get_paginator("list_tags_of_resource").paginate(ResourceArn=str(arn))
    return as_mapping([tag for page in pages for tag in page["Tags"]])


def _add(dynamodb: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    dynamodb.tag_resource(ResourceArn=str(arn), Tags=as_list(tags))


TAGS = ServiceTags(client="dynamodb", read=_read, add=_add, settings="DescribeRegionSettings", shown=_shown)
