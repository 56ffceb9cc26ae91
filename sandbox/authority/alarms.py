"""What an alarm asks of whoever makes it with tags: to tag it, too.

Source: Amazon CloudWatch API Reference, PutMetricAlarm, "Tags": both permissions are needed.
"""

from collections.abc import Iterator
from typing import Final

from sandbox.seams.iam.authority import Asked, Further
from sandbox.seams.request_facts import tag_keys

_PUT: Final = "cloudwatch:PutMetricAlarm"


def tags_of_alarms(action: str, asked: Asked) -> Iterator[Further]:
    """The question about the tags that an alarm is made with."""
    tags = asked.request.document.get("Tags") if action == _PUT else None
    if tags:
        keys = tag_keys({str(each["Key"]): str(each["Value"]) for each in tags})
        yield Further("cloudwatch:TagResource", asked.resource_arn, keys)
