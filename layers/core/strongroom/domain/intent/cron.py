"""How a cron expression of AWS is written: six fields, each within its bounds, and the days that they mean.

Source: Amazon EventBridge User Guide, "Cron expressions reference"; days of the week count from SUN = 1.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from msgspec import Struct

_EXPRESSION: Final = r"cron\(([^()]*)\)"
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_NAMED_DAY: Final = rf"\b(?:{'|'.join(_DAYS)})(?=#[1-5]|L)"
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_DECEMBER: Final = 12


class _Field(Struct, frozen=True):
    name: str
    least: int
    most: int
    words: tuple[str, ...] = ()
    special: str = r"(?!)"


_MINUTE: Final = _Field("minute", 0, 59)
_HOUR: Final = _Field("hour", 0, 23)
_DAY_OF_MONTH: Final = _Field("day of month", 1, 31, special=r"\?|L|LW|([1-9]|[12]\d|3[01])W")
_MONTH: Final = _Field("month", 1, 12, _MONTHS)
_DAY_OF_WEEK: Final = _Field("day of week", 1, 7, _DAYS, special=r"\?|L|[1-7]L|[1-7]#[1-5]")
_YEAR: Final = _Field("year", _FIRST_YEAR, _LAST_YEAR)
_FIELDS: Final = (_MINUTE, _HOUR, _DAY_OF_MONTH, _MONTH, _DAY_OF_WEEK, _YEAR)


class Schedule(Struct, frozen=True):
    """An expression that is well formed: minutes after midnight, and what says on which days."""

    times: tuple[int, ...]
    day_of_month: str
    day_of_week: str
    months: tuple[int, ...]
    years: tuple[int, ...] | None

    def days_of_month(self) -> frozenset[int] | None:
        """The days of each month on which it fires; None where that hangs on the week, or on the month's length."""
        is_plain = re.fullmatch(_DAY_OF_MONTH.special, self.day_of_month) is None
        return frozenset(_numbers(self.day_of_month, _DAY_OF_MONTH)) if is_plain else None

    def days_of_week(self) -> frozenset[int] | None:
        """The days of each week on which it fires, Sunday is 1; None where that hangs on the month."""
        if self.day_of_week == "L":
            return frozenset({7})
        is_plain = re.fullmatch(_DAY_OF_WEEK.special, self.day_of_week) is None
        return frozenset(_numbers(self.day_of_week, _DAY_OF_WEEK)) if is_plain else None

    def days_in(self, year: int, month: int) -> tuple[int, ...]:
        """The days of that month on which it fires, in order; whether it does in that month at all is not asked."""
        return _days_of(self.day_of_month, self.day_of_week, date(year, month, 1).weekday(), month_length(year, month))


def month_length(year: int, month: int) -> int:
    """The days that the month has (`calendar` would bring `locale` along at every start)."""
    return 31 if month == _DECEMBER else (date(year, month + 1, 1) - date(year, month, 1)).days


def in_numbers(expression: str) -> str:
    """The expression with the number of a weekday where its name stands before # or L, which nobody saw a policy take.

    EventBridge takes `MON#1` for the first Monday of a month; backup policies are recorded with `2#1` only.
    """
    return re.sub(_NAMED_DAY, lambda found: str(_DAYS.index(found[0].upper()) + 1), expression, flags=re.IGNORECASE)


@lru_cache(maxsize=4096)
def fault_of_fields(expression: str) -> str | None:
    """Why the expression is malformed, and what would be right; None if it is not."""
    named = re.fullmatch(_EXPRESSION, expression)
    if named is None:
        return _no_cron(expression)
    fields = named[1].split()
    if len(fields) != len(_FIELDS):
        return f"cron takes minute, hour, day of month, month, day of week and year: six fields, not {len(fields)}"
    for text, each in zip(fields, _FIELDS, strict=True):
        if not _is_valid(text, each):
            numbered = in_numbers(text)
            meant = f"; write {numbered[:40]}" if numbered != text and _is_valid(numbered, each) else ""
            return f"{text[:40]!r} is no {each.name} ({each.least} to {each.most}){meant}"
    if (fields[2] == "?") == (fields[4] == "?"):
        return "exactly one of day of month and day of week must be '?', as in cron(0 2 ? * * *)"
    return None


@lru_cache(maxsize=4096)
def read_schedule(expression: str) -> Schedule | None:
    """What the expression says; None where it is malformed."""
    if fault_of_fields(expression) is not None:
        return None
    minute, hour, day_of_month, month, day_of_week, year = expression[len("cron(") : -1].split()
    times = sorted(60 * hours + minutes for hours in _numbers(hour, _HOUR) for minutes in _numbers(minute, _MINUTE))
    return Schedule(
        times=tuple(times),
        day_of_month=day_of_month,
        day_of_week=day_of_week,
        months=tuple(sorted(_numbers(month, _MONTH))),
        years=None if year == "*" else tuple(sorted(_numbers(year, _YEAR))),
    )


def _no_cron(expression: str) -> str:
    if expression.startswith("rate("):
        why = "backup policies take no rate(...), for it says how often but not when"
        return f"{expression[:60]!r} is no cron(...) expression: {why}; every night at two is cron(0 2 ? * * *)"
    return f"{expression[:60]!r} is no cron(...) expression; write for instance cron(0 2 ? * * *)"


def _is_valid(text: str, field: _Field) -> bool:
    if re.fullmatch(field.special, text):
        return True
    return all(_is_valid_part(part, field) for part in text.split(","))


def _is_valid_part(part: str, field: _Field) -> bool:
    span, slash, step = part.partition("/")
    if slash and not 1 <= (_whole(step) or 0) <= field.most:
        return False
    if span == "*":
        return True
    numbers = [_number(end, field) for end in span.split("-", 2)]
    if any(number is None for number in numbers) or len(numbers) > 2:
        return False
    return len(numbers) == 1 or (numbers[0] or 0) <= (numbers[1] or 0)


def _number(text: str, field: _Field) -> int | None:
    if text.upper() in field.words:
        return field.words.index(text.upper()) + 1
    number = _whole(text)
    return number if number is not None and field.least <= number <= field.most else None


def _whole(text: str) -> int | None:
    return int(text) if len(text) <= 4 and text.isascii() and text.isdecimal() else None


def _numbers(text: str, field: _Field) -> set[int]:
    numbers: set[int] = set()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        ends = [field.least, field.most] if span == "*" else [_number(end, field) or 0 for end in span.split("-")]
        last = ends[1] if len(ends) > 1 else field.most if slash else ends[0]
        numbers.update(range(ends[0], last + 1, int(step or 1)))
    return numbers


@lru_cache(maxsize=512)
def _days_of(day_of_month: str, day_of_week: str, first: int, length: int) -> tuple[int, ...]:
    """The days of a month that begins on weekday `first` (Monday is 0) on which the schedule fires."""
    if day_of_week != "?":
        return tuple(_weekdays(day_of_week, first, length))
    if day_of_month == "L":
        return (length,)
    if day_of_month.endswith("W"):
        day = length if day_of_month == "LW" else int(day_of_month[:-1])
        return (_nearest_working_day(day, first, length),) if day <= length else ()
    return tuple(day for day in sorted(_numbers(day_of_month, _DAY_OF_MONTH)) if day <= length)


def _nearest_working_day(day: int, first: int, length: int) -> int:
    match (first + day - 1) % 7:
        case 5:  # Saturday: the Friday before, unless that lies in another month
            return day - 1 if day > 1 else day + 2
        case 6:  # Sunday: the Monday after, unless that lies in another month
            return day + 1 if day < length else day - 2
        case _:
            return day


def _weekdays(day_of_week: str, first: int, length: int) -> list[int]:
    wanted = {7} if day_of_week == "L" else _numbers(day_of_week.rstrip("L").partition("#")[0], _DAY_OF_WEEK)
    found = [day for day in range(1, length + 1) if (first + day) % 7 + 1 in wanted]
    if "#" in day_of_week:
        nth = int(day_of_week[-1])
        return found[nth - 1 : nth]
    return found[-1:] if day_of_week != "L" and day_of_week.endswith("L") else found
