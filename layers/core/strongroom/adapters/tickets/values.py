"""Values out of a ticket system's answer: of the type that they must have, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any


def part(value: Any, *steps: str) -> Any:
    """What lies below the value by these names; None where there is nothing."""
    for step in steps:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def text(value: Any, *steps: str) -> str:
    """The text below the value; empty where there is none."""
    found = part(value, *steps)
    return found if isinstance(found, str) else ""


def objects(value: Any, *steps: str) -> tuple[dict[str, Any], ...] | None:
    """The objects in a list; None where it is no list, or something else lies in it."""
    found = part(value, *steps)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        return None
    return tuple(found)


def moment(written: str, *, is_end: bool = False) -> datetime | None:
    """The moment that a text names; None where it names none.

    A time without zone is UTC. A day alone begins and ends at midnight UTC.
    """
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    is_day = len(written) == len("2026-11-23") and found.timetz() == time(tzinfo=UTC)
    try:
        return found.astimezone(UTC) + timedelta(days=int(is_day and is_end))
    except OverflowError:
        return None
