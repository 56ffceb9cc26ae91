"""API calls, as CloudTrail recorded them, and what EventBridge tells of tags without saying who called."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote

from msgspec import Struct, field

from strongroom.domain.identifiers import AccountId, Region

# What AWS's services answer whoever has no right to a call.
DENIED: Final = (
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "Client.UnauthorizedOperation",
    "UnauthorizedOperation",
)
# The detail type of what `TagNotice` is.
TAG_NOTICE: Final = "Tag Change on Resource"
# What stands in a record in the place of what nobody shall read there.
_HIDDEN: Final = ("****", "HIDDEN_DUE_TO_SECURITY_REASONS")
_QUOTED_ARN: Final = ("arn%3A", "arn%3a")


class Heard[Subject](Struct, frozen=True, kw_only=True):
    """Something that an event told us; it comes again where we could not deal with it before."""

    subject: Subject
    is_again: bool = False


class ApiCall(Struct, frozen=True, kw_only=True):
    """One API call; `role` is the role behind a session, `request` its parameters, `response` what it answered.

    `source_identity` is the person behind a session, where it says so. `told_by` is the source of the event that
    brought the record, which nobody but AWS can spell `aws.…`; `at` is when the call was made. `owners` are the
    accounts of what was called upon, by ARN, where the record says so, as it does of buckets.
    """

    event_id: str
    account: AccountId
    region: Region
    source: str
    name: str
    caller: str
    caller_type: str
    role: str | None
    invoked_by: str | None
    request: Mapping[str, Any] | None
    response: Mapping[str, Any] | None
    error_code: str | None
    error_message: str | None
    source_identity: str | None = None
    told_by: str | None = None
    at: datetime | None = None
    owners: Mapping[str, str] = field(default_factory=dict)

    @property
    def action(self) -> str:
        """What was called, as `service:Name`; names alone collide across services."""
        return f"{self.source.removesuffix('.amazonaws.com')}:{self.name}"

    @property
    def is_denied(self) -> bool:
        """Whether the caller had no right to it."""
        return self.error_code in DENIED


class TagNotice(Struct, frozen=True, kw_only=True):
    """What EventBridge tells of a resource whose tags have changed: which keys, and all its tags, but never who did it.

    Resource Groups Tagging API, "Monitor tag changes with serverless workflows and Amazon EventBridge".
    """

    event_id: str
    account: AccountId
    region: Region
    resources: tuple[str, ...]
    keys: tuple[str, ...]
    tags: Mapping[str, str]
    at: datetime


def failed_of(call: ApiCall) -> frozenset[str]:
    """What a call of the tagging service named in vain: it answers what it could not do, and does not fail."""
    failed = (call.response or {}).get("failedResourcesMap")
    return frozenset(failed) if isinstance(failed, Mapping) else frozenset()


def texts_at(document: Mapping[str, Any] | None, path: str) -> tuple[str, ...]:
    """Every text that a dotted path leads to and that is told; `[]` takes what stands alone for a list of one.

    An ARN that was a part of a request's address is told as it stood there, with `%3A` for each colon (Amazon MSK
    Developer Guide, "Logging API calls with AWS CloudTrail").
    """
    texts = (each for each in values_at(document, path) if isinstance(each, str) and each not in _HIDDEN)
    return tuple(unquote(each) if each.startswith(_QUOTED_ARN) else each for each in texts)


def values_at(document: Mapping[str, Any] | None, path: str) -> tuple[Any, ...]:
    """Everything that a dotted path leads to, of whatever type."""
    return tuple(_walk(document, re.findall(r"[^.\[\]]+|\[\]", path)))


def _walk(node: Any, steps: list[str]) -> Iterator[Any]:
    if not steps:
        yield node
    elif steps[0] == "[]":
        for item in _items(node):
            yield from _walk(item, steps[1:])
    elif isinstance(node, Mapping) and steps[0] in node:
        yield from _walk(node[steps[0]], steps[1:])


def _items(node: Any) -> Iterable[Any]:
    """The items of a list; CloudTrail writes some lists of one without the list, and others not at all."""
    if isinstance(node, list):
        return node
    return () if node is None or node in _HIDDEN else (node,)
