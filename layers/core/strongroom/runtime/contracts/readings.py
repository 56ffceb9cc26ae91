"""Fields that nothing depends on, read as what they say, or as nothing where they are not spelled as expected.

AWS writes them in several ways, a missing text as an empty object and a missing mapping as "null" among them; an event
is not buried for that.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

# `Jul 15, 2020 9:39:07 PM` is that of `expectedCompletionDate`; Java's newer ones have a comma before the time.
_AMERICAN: Final = ("%b %d, %Y %I:%M:%S %p", "%b %d, %Y, %I:%M:%S %p", "%a %b %d %H:%M:%S UTC %Y")


def as_text(value: Any) -> str | None:
    """The value, if it is a text that says something."""
    return value if isinstance(value, str) and value else None


def as_mapping(value: Any) -> Mapping[str, Any] | None:
    """The value, if it is an object."""
    return value if isinstance(value, Mapping) else None


def as_texts(value: Any) -> tuple[str, ...]:
    """The texts of a list, in its order."""
    return tuple(each for each in value if isinstance(each, str) and each) if isinstance(value, list | tuple) else ()


def as_moment(value: Any) -> datetime | None:
    """The moment that a text or a number of seconds tells; a text without a zone is in UTC."""
    match value:
        case bool():
            return None
        case int() | float():
            return _of_seconds(value)
        case str():
            moment = _of_text(" ".join(value.split()))  # newer Java puts a narrow space before AM and PM
            return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
        case _:
            return None


def _of_seconds(value: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _of_text(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _AMERICAN:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 the caller adds the zone
        except ValueError:
            continue
    return None
