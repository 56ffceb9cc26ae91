"""The text of a YAML file whose lines stay short: what fits stands on one line, comments above what they are about."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WIDTH: Final = 120
_INDENT: Final = 2

# What no reader of YAML takes for a number, a date, a truth value, nothing, or the beginning of something else.
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*( :?[A-Za-z0-9_./-]+(:[0-9]+)?)*")
_WORDS_OF_YAML: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def comment(text: str, *, indent: int = 0) -> Iterator[str]:
    """The lines of a comment."""
    lead = " " * indent + "# "
    yield from textwrap.wrap(
        text, WIDTH, initial_indent=lead, subsequent_indent=f"{lead}  ", break_long_words=False, break_on_hyphens=False
    )


def entry(key: str, value: Any, *, indent: int = 0) -> Iterator[str]:
    """The lines of a key with its value."""
    lead, name = " " * indent, _scalar(key)
    flow = f"{lead}{name}: {_flow(value)}"
    if not isinstance(value, Mapping | list | tuple) or (len(flow) <= WIDTH and indent):
        yield flow
    elif isinstance(value, Mapping):
        yield f"{lead}{name}:"
        for inner, each in value.items():
            yield from entry(inner, each, indent=indent + _INDENT)
    else:
        yield f"{lead}{name}:"
        yield from _items(value, indent=indent + _INDENT)


def _items(values: Iterable[Any], *, indent: int) -> Iterator[str]:
    for value in values:
        flow = f"{' ' * indent}- {_flow(value)}"
        if len(flow) <= WIDTH or not isinstance(value, Mapping):
            yield flow
            continue
        lines = [line for key, each in value.items() for line in entry(key, each, indent=indent + _INDENT)]
        yield f"{' ' * indent}- {lines[0].lstrip()}"
        yield from lines[1:]


def _flow(value: Any) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_scalar(key)}: {_flow(each)}" for key, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(_flow(each) for each in value) + "]"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case _:
            return _scalar(str(value))


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else f"\\U{ord(each):08X}" for each in quoted)
