"""Lists of AWS Organizations, page by page: a page may be empty although more follow.

Source: AWS Organizations API reference, the List operations.
"""

from collections.abc import Iterator
from typing import Any


def paged(organizations: Any, operation: str, key: str, **request: str) -> Iterator[dict[str, Any]]:
    """The items of every page; botocore has no paginator for the newest operations."""
    while True:
        answer = getattr(organizations, operation)(**request)
        yield from answer[key]
        if "NextToken" not in answer:
            return
        request["NextToken"] = answer["NextToken"]
