"""What every service's file in this package offers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from strongroom.domain.identifiers import Arn


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTags:
    """How one service reads and adds tags, under botocore's name for it; `add` leaves other tags as they are."""

    client: str
    read: Callable[[Any, Arn], dict[str, str]]
    add: Callable[[Any, Arn, Mapping[str, str]], None]


def as_mapping(tags: list[dict[str, str]]) -> dict[str, str]:
    """The tags of AWS's usual list of Key and Value pairs."""
    return {tag["Key"]: tag["Value"] for tag in tags}


def as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """AWS's usual list of Key and Value pairs, in the order of the keys."""
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags)]
