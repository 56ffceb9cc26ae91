"""Texts that fit a pattern of a service model, made from the pattern itself."""

import re
import string
from collections.abc import Callable
from functools import cache
from random import Random

# The only parser of patterns in the standard library.
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

from sandbox.model.constraints import fits

type Writer = Callable[[Random, int], str]

_MOST: Final = 8  # how often something is repeated that has no end
_TRIES: Final = 10
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


def text_of(pattern: str, random: Random, *, least: int, most: int | None) -> str | None:
    """A text that fits the pattern and has one of these lengths; None where none was found."""
    write = _writer(pattern)
    for _ in range(_TRIES):
        text = write(random, least)
        if least <= len(text) and (most is None or len(text) <= most) and fits(pattern, text):
            return text
    return None


def stretched(pattern: str, text: str, length: int) -> str | None:
    """The text made longer or shorter to this length, if it still fits."""
    changed = (text + text[-1:] * length)[:length]
    return changed if len(changed) == length and fits(pattern, changed) else None


@cache
def _writer(pattern: str) -> Writer:
    """What writes texts of the pattern; where it cannot be parsed, what writes letters."""
    for java, ours in _CLASSES.items():
        pattern = pattern.replace(java, ours)
    try:
        return _sequence(parser.parse(pattern))
    except re.error:
        return lambda _, least: "a" * least


def _sequence(tree: Any) -> Writer:
    parts = [_part(code, value) for code, value in tree]
    return lambda random, least: "".join(part(random, least) for part in parts)


def _part(code: Any, value: Any) -> Writer:
    match code:
        case codes.LITERAL:
            return lambda _random, _least: chr(value)
        case codes.IN | codes.ANY | codes.NOT_LITERAL:
            letters = _letters(value) if code is codes.IN else _ANY
            return lambda random, _least: random.choice(letters)
        case codes.MAX_REPEAT | codes.MIN_REPEAT:
            return _repeated(int(value[0]), int(value[1]), value[2])
        case codes.SUBPATTERN:
            return _sequence(value[-1])
        case codes.BRANCH:
            branches = [_sequence(each) for each in value[1]]
            return lambda random, least: random.choice(branches)(random, least)
        case _:
            return lambda _random, _least: ""


def _repeated(low: int, high: int, inner: Any) -> Writer:
    once = _sequence(inner)

    def write(random: Random, least: int) -> str:
        times = random.randint(low, max(low, min(high, low + _MOST + least)))
        return "".join(once(random, 0) for _ in range(times))

    return write


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
