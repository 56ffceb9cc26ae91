"""Whether an event fits a pattern of EventBridge, and if not, in which fields it differs.

EventBridge User Guide, "Creating Amazon EventBridge event patterns" and "Comparison operators": lists in the event are
walked through, `exists` looks at leaves only, and whatever else the event has does not matter. Of the operators only
those are known that our rules use.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

type Pattern = Mapping[str, Any]


class Difference(Struct, frozen=True, kw_only=True):
    """A field in which an event does not fit: what it has there, if anything, and what the pattern takes."""

    field: str
    found: tuple[Any, ...]
    wanted: tuple[str, ...]


def fits(pattern: Pattern, event: Mapping[str, Any]) -> bool:
    """Whether a rule with this pattern lets the event through."""
    return not differences(pattern, event)


def differences(pattern: Pattern, event: Mapping[str, Any]) -> tuple[Difference, ...]:
    """In what the event differs from the alternative of the pattern that it comes nearest to; nothing where it fits."""
    return min((_differences(each, event) for each in _alternatives(pattern)), key=len)


def _differences(pattern: Pattern, event: Mapping[str, Any]) -> tuple[Difference, ...]:
    told = ((field, tests, tuple(_values(event, field))) for field, tests in _fields(pattern))
    return tuple(
        Difference(field=".".join(field), found=found, wanted=tuple(_said(test) for test in tests))
        for field, tests, found in told
        if not any(_takes(test, found) for test in tests)
    )


def _alternatives(pattern: Pattern) -> Iterator[Pattern]:
    rest = {key: value for key, value in pattern.items() if key != "$or"}
    for branch in pattern.get("$or", [{}]):
        yield _merged(rest, branch)


def _merged(one: Pattern, other: Pattern) -> Pattern:
    both = {key: _merged(one[key], other[key]) for key in one.keys() & other.keys() if isinstance(one[key], Mapping)}
    return {**one, **other, **both}


def _fields(pattern: Pattern, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    for key, wanted in pattern.items():
        if isinstance(wanted, Mapping):
            yield from _fields(wanted, (*above, key))
        else:
            yield (*above, key), wanted


def _values(node: Any, field: tuple[str, ...]) -> Iterator[Any]:
    """The leaves that a field leads to."""
    if isinstance(node, list):
        for item in node:
            yield from _values(item, field)
    elif not field:
        if not isinstance(node, Mapping):
            yield node
    elif isinstance(node, Mapping) and field[0] in node:
        yield from _values(node[field[0]], field[1:])


def _takes(test: Any, found: tuple[Any, ...]) -> bool:
    match test:
        case {"exists": bool(wanted)}:
            return bool(found) is wanted
        case {"anything-but": list(unwanted)}:
            return any(each not in unwanted for each in found)
        case str():
            return test in found
        case _:
            raise ValueError(f"no rule of ours compares by {test!r}")


def _said(test: Any) -> str:
    match test:
        case {"exists": True}:
            return "anything"
        case {"exists": False}:
            return "nothing"
        case {"anything-but": list(unwanted)}:
            return f"anything but {', '.join(unwanted)}"
        case _:
            return str(test)
