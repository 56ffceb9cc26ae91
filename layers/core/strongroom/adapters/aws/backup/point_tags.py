"""The tags of recovery points, in whichever vault they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

AWS_OWN = "aws:"


def point_tags(list_tags: Callable[..., Mapping[str, Any]], recovery_point: str) -> dict[str, str]:
    """The recovery point's tags as far as AWS Backup can tell them, without those of AWS itself.

    `list_tags` is the method of the client that may look. AWS Backup tells no tags of the types that it does not fully
    manage (API reference of ListTags): none, then.
    """
    try:
        return listed_tags(list_tags, recovery_point)
    except NotFoundError:
        return {}


def listed_tags(list_tags: Callable[..., Mapping[str, Any]], recovery_point: str) -> dict[str, str]:
    """The recovery point's tags, without those of AWS itself; NotFoundError where AWS Backup cannot tell them.

    It is asked in the account of the recovery point: unlike calls that read what is shared, ListTags takes no account
    of a vault (API reference).
    """
    tags: dict[str, str] = {}
    request = {"ResourceArn": recovery_point}
    with aws_errors(f"the tags of {recovery_point} cannot be listed"):
        while True:
            page = list_tags(**request)
            tags |= {key: value for key, value in page.get("Tags", {}).items() if not key.startswith(AWS_OWN)}
            if not page.get("NextToken"):
                return tags
            request["NextToken"] = page["NextToken"]
