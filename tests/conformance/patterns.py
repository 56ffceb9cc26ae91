"""Texts that fit a pattern of a service model, made from the pattern itself."""

import re
import string
from functools import cache
from random import Random
from re import _constants as codes  # type: ignore[attr-defined]  # the only parser of patterns in the standard library
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

from sandbox.model.constraints import fits

_MOST: Final = 8  # how often something is repeated that has no end
_ANY: Final = string.ascii_letters + string.digits
_CATEGORIES: Final = {
    codes.CATEGORY_DIGIT: string.digits,
    codes.CATEGORY_WORD: _ANY + "_",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: _ANY,
    codes.CATEGORY_NOT_WORD: "-",
    codes.CATEGORY_NOT_DIGIT: string.ascii_letters,
}
# Java's classes that Python's parser does not know, by letters that are in all of them.
_CLASSES: Final = {r"\p{L}": "a-zA-Z", r"\p{N}": "0-9", r"\p{Z}": " ", r"\p{ASCII}": "[a-z]", r"\p{Print}": "[a-z]"}


def text_of(pattern: str, random: Random, *, least: int = 0, most: int | None = None) -> str | None:
    """A text that fits the pattern and has one of these lengths; None where none was found."""
    tree = _parsed(pattern)
    for _ in range(20):
        text = "".join(_write(tree, random, least)) if tree is not None else "a" * least
        if least <= len(text) and (most is None or len(text) <= most) and fits(pattern, text):
            return text
    return None


@cache
def _parsed(pattern: str) -> Any:
    for java, ours in _CLASSES.items():
        pattern = pattern.replace(java, ours)
    try:
        return parser.parse(pattern)
    except re.error:
        return None


def _write(tree: Any, random: Random, least: int) -> list[str]:
    return ["".join(_part(code, value, random, least)) for code, value in tree]


def _part(code: Any, value: Any, random: Random, least: int) -> list[str]:
    match code:
        case codes.LITERAL:
            return [chr(value)]
        case codes.IN:
            return [random.choice(_letters(value))]
        case codes.ANY | codes.NOT_LITERAL:
            return [random.choice(_ANY)]
        case codes.MAX_REPEAT | codes.MIN_REPEAT:
            low, high, inner = value
            times = random.randint(low, max(low, min(int(high), low + _MOST + least)))
            return [text for _ in range(times) for text in _write(inner, random, least)]
        case codes.SUBPATTERN:
            return _write(value[-1], random, least)
        case codes.BRANCH:
            return _write(random.choice(value[1]), random, least)
        case _:
            return []


def _letters(items: Any) -> str:
    if items[0][0] is codes.NEGATE:
        barred = set(_letters(items[1:]))
        return "".join(letter for letter in _ANY + "-_ /:" if letter not in barred)
    found = ""
    for code, value in items:
        match code:
            case codes.LITERAL:
                found += chr(value)
            case codes.RANGE:
                found += "".join(chr(each) for each in range(value[0], min(value[1], value[0] + 94) + 1))
            case codes.CATEGORY:
                found += _CATEGORIES[value]
    return found
