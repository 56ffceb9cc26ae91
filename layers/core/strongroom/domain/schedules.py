"""The cron expressions that a backup policy takes: six fields, UTC, an hour or more apart."""

import re
from dataclasses import dataclass
from typing import Final

_EXPRESSION: Final = re.compile(r"cron\(([^()]*)\)")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    least: int
    most: int
    words: tuple[str, ...] = ()
    special: str = r"(?!)"


_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31, special=r"\?|L|LW|([1-9]|[12]\d|3[01])W"),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 1, 7, _DAYS, special=r"\?|L|[1-7]L|[1-7]#[1-5]"),
    _Field("year", 1970, 2199),
)


def fault_of_schedule(expression: str) -> str | None:
    """Why AWS would refuse the expression, as a sentence that also says what would be right; None if it would not."""
    named = _EXPRESSION.fullmatch(expression)
    if named is None:
        return f"{expression!r} is no cron(...) expression; write for instance cron(0 2 ? * * *)"
    fields = named[1].split()
    if len(fields) != len(_FIELDS):
        return f"cron takes minute, hour, day of month, month, day of week and year: six fields, not {len(fields)}"
    for text, field in zip(fields, _FIELDS, strict=True):
        if not _is_valid(text, field):
            return f"{text!r} is no {field.name} ({field.least} to {field.most})"
    if (fields[2] == "?") == (fields[4] == "?"):
        return "exactly one of day of month and day of week must be '?', as in cron(0 2 ? * * *)"
    if not fields[0].isdecimal():
        return f"backups must be an hour or more apart: the minute must be one number, not {fields[0]!r}"
    return None


def _is_valid(text: str, field: _Field) -> bool:
    if re.fullmatch(field.special, text):
        return True
    return all(_is_valid_part(part, field) for part in text.split(","))


def _is_valid_part(part: str, field: _Field) -> bool:
    span, slash, step = part.partition("/")
    if slash and not (step.isdecimal() and 1 <= int(step) <= field.most):
        return False
    if span == "*":
        return True
    numbers = [_number(end, field) for end in span.split("-")]
    if any(number is None for number in numbers) or len(numbers) > 2:
        return False
    return len(numbers) == 1 or (numbers[0] or 0) <= (numbers[1] or 0)


def _number(text: str, field: _Field) -> int | None:
    if text.upper() in field.words:
        return field.words.index(text.upper()) + 1
    if not (text.isascii() and text.isdecimal()):
        return None
    return int(text) if field.least <= int(text) <= field.most else None
