"""Schedules in words, as `weekly sun 03:00`: the cron expression they stand for, and the way back where it is exact."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from strongroom.domain.intent.cron import Schedule, month_length, read_schedule
from strongroom.domain.intent.schedules import fault_of_schedule
from strongroom.domain.nearest import nearest

_WEEK: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_YEAR: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_QUARTERS: Final = (1, 4, 7, 10)
_EVERY_MONTH: Final = tuple(range(1, 13))
_EVERY_DAY: Final = frozenset(range(1, 32))
_EVERY_WEEKDAY: Final = frozenset(range(1, 8))
_WORKING_DAYS: Final = frozenset(range(2, 7))
_DAYS_OF_EVERY_MONTH: Final = 28
_LAST: Final = "last"

_TIME: Final = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_MINUTE: Final = r":([0-5][0-9])"
_DAY: Final = r"[1-9]|[12][0-9]|3[01]"


class _Part(Struct, frozen=True):
    """A word after the first one: what it is, and why a text is none."""

    noun: str
    fault: Callable[[str], str | None]


class _Kind(Struct, frozen=True):
    """What may follow the first word, an example, and the cron expression that it becomes."""

    parts: tuple[_Part, ...]
    example: str
    cron: Callable[..., str]


@lru_cache(maxsize=512)
def cron_of(words: str) -> str | None:
    """The cron expression that a schedule stands for, or is; None where `fault_of_words` says why."""
    if fault_of_words(words) is not None:
        return None
    if words.startswith("cron("):
        return words
    first, *rest = words.lower().split()
    return _KINDS[first].cron(*rest)


def fault_of_words(words: str, *, today: date | None = None) -> str | None:
    """Why a schedule, in words or as `cron(...)`, is of no use, and what would be right; None if it is of use.

    Either AWS would refuse it, or it never fires; with `today`, firing before that day does not count.
    """
    if "(" in words:
        return fault_of_schedule(words, today=today)
    first, *rest = words.lower().split() or [""]
    kind = _KINDS.get(first)
    if kind is None:
        meant = nearest(first, _KINDS)
        hint = f"; did you mean {_KINDS[meant].example}?" if meant else ""
        return f"{words[:60]!r} is no schedule: write {_examples()}, or a cron(...) expression{hint}"
    if len(rest) != len(kind.parts):
        wanted = " and ".join(part.noun for part in kind.parts)
        return f"{first} takes {wanted}, as in {kind.example}, not {' '.join(rest)[:60]!r}"
    faults = (part.fault(text) for part, text in zip(kind.parts, rest, strict=True))
    return next((fault for fault in faults if fault), None) or _fault_of_date(first, rest)


def words_of(expression: str) -> str | None:
    """The words that fire exactly when the cron expression does; None where there are none."""
    schedule = read_schedule(expression)
    if schedule is None or schedule.years is not None:
        return None
    days = _days_in_words(schedule)
    if days is None:
        return None
    hour, minute = divmod(schedule.times[0], 60)
    if days == "daily" and schedule.times == tuple(60 * hours + minute for hours in range(24)):
        return f"hourly :{minute:02}"
    return f"{days} {hour:02}:{minute:02}" if len(schedule.times) == 1 else None


def _days_in_words(schedule: Schedule) -> str | None:
    weekdays, days, months = schedule.days_of_week(), schedule.days_of_month(), schedule.months
    if months == _EVERY_MONTH:
        if days == _EVERY_DAY or weekdays == _EVERY_WEEKDAY:
            return "daily"
        if weekdays is not None:
            return "weekdays" if weekdays == _WORKING_DAYS else _weekly(weekdays)
        if schedule.day_of_month == "L":
            return f"monthly {_LAST}"
    if days is None or len(days) > 1:
        return None
    return _on_a_date(months, day=min(days))


def _weekly(weekdays: frozenset[int]) -> str | None:
    return f"weekly {_WEEK[min(weekdays) - 1]}" if len(weekdays) == 1 else None


def _on_a_date(months: tuple[int, ...], *, day: int) -> str | None:
    if day <= _DAYS_OF_EVERY_MONTH and months == _EVERY_MONTH:
        return f"monthly {day}"
    if day <= _DAYS_OF_EVERY_MONTH and months == _QUARTERS:
        return f"quarterly {day}"
    if len(months) == 1 and day <= _length(months[0]):
        return f"yearly {_YEAR[months[0] - 1]} {day}"
    return None


def _length(month: int) -> int:
    """The days that a month has in every year."""
    return month_length(2027, month)


def _fault_of_date(first: str, rest: list[str]) -> str | None:
    if first != "yearly" or int(rest[1]) <= (length := _length(_YEAR.index(rest[0]) + 1)):
        return None
    return f"{rest[0]} has no day {rest[1]} in every year (1 to {length})"


def _fault_of_time(text: str) -> str | None:
    return None if re.fullmatch(_TIME, text) else f"{text[:40]!r} is no time of day in UTC (00:00 to 23:59)"


def _fault_of_minute(text: str) -> str | None:
    return None if re.fullmatch(_MINUTE, text) else f"{text[:40]!r} is no minute of the hour (:00 to :59)"


def _fault_of_day(text: str) -> str | None:
    return None if re.fullmatch(_DAY, text) else f"{text[:40]!r} is no day of the month (1 to 31)"


def _fault_of_common_day(text: str, *, may_be_last: bool) -> str | None:
    if (re.fullmatch(_DAY, text) and int(text) <= _DAYS_OF_EVERY_MONTH) or (may_be_last and text == _LAST):
        return None
    choice = f"1 to {_DAYS_OF_EVERY_MONTH}" + (f", or {_LAST}" if may_be_last else "")
    return f"{text[:40]!r} is no day that every month has ({choice})"


def _fault_of_name(text: str, *, noun: str, names: tuple[str, ...]) -> str | None:
    if text in names:
        return None
    hint = f"; did you mean {text[:3]}?" if text[:3] in names else ""
    return f"{text[:40]!r} is no {noun} ({', '.join(names)}){hint}"


def _examples() -> str:
    return ", ".join(kind.example for kind in _KINDS.values())


def _cron(time: str, *, days: str = "?", months: str = "*", weekdays: str = "?") -> str:
    hour, minute = time.split(":")
    return f"cron({int(minute)} {int(hour) if hour else '*'} {days} {months} {weekdays} *)"


def _weekly_cron(weekday: str, time: str) -> str:
    return _cron(time, weekdays=weekday.upper())


def _monthly_cron(day: str, time: str) -> str:
    return _cron(time, days="L" if day == _LAST else day)


def _quarterly_cron(day: str, time: str) -> str:
    return _cron(time, days=day, months=",".join(map(str, _QUARTERS)))


def _yearly_cron(month: str, day: str, time: str) -> str:
    return _cron(time, days=day, months=str(_YEAR.index(month) + 1))


_AT: Final = _Part("a time of day", _fault_of_time)
_ON: Final = _Part("a day of the week", partial(_fault_of_name, noun="day of the week", names=_WEEK))
_IN: Final = _Part("a month", partial(_fault_of_name, noun="month", names=_YEAR))
_DAY_OR_LAST: Final = _Part("a day of the month", partial(_fault_of_common_day, may_be_last=True))
_COMMON_DAY: Final = _Part("a day of the month", partial(_fault_of_common_day, may_be_last=False))
_KINDS: Final = MappingProxyType(
    {
        "hourly": _Kind((_Part("a minute", _fault_of_minute),), "hourly :30", partial(_cron, weekdays="*")),
        "daily": _Kind((_AT,), "daily 02:00", partial(_cron, weekdays="*")),
        "weekdays": _Kind((_AT,), "weekdays 02:00", partial(_cron, weekdays="MON-FRI")),
        "weekly": _Kind((_ON, _AT), "weekly sun 03:00", _weekly_cron),
        "monthly": _Kind((_DAY_OR_LAST, _AT), "monthly 1 04:00", _monthly_cron),
        "quarterly": _Kind((_COMMON_DAY, _AT), "quarterly 1 04:00", _quarterly_cron),
        "yearly": _Kind((_IN, _Part("a day of the month", _fault_of_day), _AT), "yearly jan 1 05:00", _yearly_cron),
    }
)
