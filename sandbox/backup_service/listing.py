"""Filters and pages of the List operations."""

import base64
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sandbox.backup_service.errors import InvalidParameterValueException
from sandbox.backup_service.surroundings import Document

DEFAULT_PAGE = 1000
# Jobs are listed that long.
LISTED = timedelta(days=30)


def page(items: Sequence[Document], request: Document, member: str) -> Document:
    """One page of a list, with a token if there is more."""
    start = _offset(request.get("NextToken"))
    size = int(request.get("MaxResults") or DEFAULT_PAGE)
    answer: Document = {member: list(items[start : start + size])}
    if start + size < len(items):
        answer["NextToken"] = base64.urlsafe_b64encode(str(start + size).encode()).decode()
    return answer


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token.encode()))
    except ValueError as error:
        raise InvalidParameterValueException("Invalid NextToken") from error


def keep[T](things: Iterable[T], request: Document, filters: dict[str, Callable[[T], Any]]) -> list[T]:
    """The things that pass every filter the request sets; filters named Before or After compare times."""
    chosen = list(things)
    for name, read in filters.items():
        if (wanted := request.get(name)) is not None:
            chosen = [thing for thing in chosen if _passes(name, read(thing), wanted)]
    return chosen


def _passes(name: str, actual: Any, wanted: Any) -> bool:
    if name.endswith(("Before", "After")):
        if not isinstance(actual, datetime):
            return False
        return bool(actual <= wanted if name.endswith("Before") else actual >= wanted)
    return bool(actual == wanted)
