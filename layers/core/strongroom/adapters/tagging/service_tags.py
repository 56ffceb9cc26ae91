"""What every service's file in this package offers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Arn
from strongroom.domain.tags.seen import Seen


class ServiceTags(Struct, frozen=True, kw_only=True):
    """How one service reads and adds tags, under botocore's name for it; `add` leaves other tags as they are.

    `answers` asks the service what else the judge wants to know, by the name of the call, and `settings` names the call
    of AWS Backup that tells it for a whole account and Region. `shown` reads the tags of what is known to be there,
    where that takes less. `many` is of a service that does it for many at once, and `otherwise` of one of which some
    things refuse `add`. `of_account` is of a service whose ARNs name no account: its client, as the other functions
    take it, which touches nothing that is not of that account.
    """

    client: str
    read: Callable[[Any, Arn], dict[str, str]]
    add: Callable[[Any, Arn, Mapping[str, str]], None]
    answers: Callable[[Any, Arn], dict[str, Mapping[str, Any]]] | None = None
    settings: str | None = None
    shown: Callable[[Any, Arn], dict[str, str]] | None = None
    many: "ManyTags | None" = None
    otherwise: "OtherTags | None" = None
    of_account: Callable[[Any, AccountId], Any] | None = None


class OtherTags(Struct, frozen=True, kw_only=True):
    """Another client of the service by which tags are added to what refuses the first, and lets itself be read.

    It asks for the account, and may not ask whose the thing is: `read` does.
    """

    client: str
    add: Callable[[Any, Arn, Mapping[str, str], AccountId], None]


class ManyTags(Struct, frozen=True, kw_only=True):
    """How a service does it for many at once; what it does not have is not in its answers."""

    look: Callable[[Any, Sequence[Arn]], dict[str, Seen]]
    add: Callable[[Any, Sequence[Arn], Mapping[str, str]], None]
    shown: Callable[[Any, Sequence[Arn]], dict[str, Mapping[str, str]]]


def as_mapping(tags: list[dict[str, str]]) -> dict[str, str]:
    """The tags of AWS's usual list of Key and Value pairs."""
    return {tag["Key"]: tag["Value"] for tag in tags}


def as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """AWS's usual list of Key and Value pairs, in the order of the keys."""
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags)]
