"""The cron expressions that a backup policy takes: six fields, UTC, an hour or more apart; and when they fire.

Source: Amazon EventBridge User Guide, "Cron expressions reference"; days of the week count from SUN = 1.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

LEAST_INTERVAL: Final = timedelta(hours=1)

_EXPRESSION: Final = re.compile(r"cron\(([^()]*)\)")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_DAY_MINUTES: Final = 24 * 60
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_ANY_YEARS: Final = range(2024, 2052)  # 28 years hold every month's length with every first day of the week


@dataclass(frozen=True, slots=True)
class _Field:
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


@dataclass(frozen=True, slots=True)
class Schedule:
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


def fault_of_schedule(expression: str, *, today: date | None = None) -> str | None:
    """Why the expression is of no use, as a sentence that also says what would be right; None if it is of use.

    Either AWS would refuse it, or it never fires; with `today`, firing before that day does not count.
    """
    return fault_of_cron(expression) or fault_of_calendar(expression, today=today)


@lru_cache(maxsize=4096)
def fault_of_cron(expression: str) -> str | None:
    """Why AWS would refuse the expression, and what would be right; None if it would not."""
    named = _EXPRESSION.fullmatch(expression)
    if named is None:
        return _no_cron(expression)
    fields = named[1].split()
    if len(fields) != len(_FIELDS):
        return f"cron takes minute, hour, day of month, month, day of week and year: six fields, not {len(fields)}"
    for text, field in zip(fields, _FIELDS, strict=True):
        if not _is_valid(text, field):
            return f"{text[:40]!r} is no {field.name} ({field.least} to {field.most})"
    if (fields[2] == "?") == (fields[4] == "?"):
        return "exactly one of day of month and day of week must be '?', as in cron(0 2 ? * * *)"
    interval = shortest_interval(expression)
    if interval is not None and interval < LEAST_INTERVAL:
        return f"backups must be an hour or more apart, not {_in_minutes(interval)}: let the minute be one number"
    return None


def fault_of_calendar(expression: str, *, today: date | None = None) -> str | None:
    """Why a well-formed expression never fires (again), and what would be right; None if it does fire."""
    if shortest_interval(expression) is None:
        return f"{expression[:60]!r} names a day that no calendar has; write for instance cron(0 2 L * ? *)"
    if today is None:
        return None
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    if next_firing(expression, after=midnight - timedelta(minutes=1)) is None:
        return f"{expression[:60]!r} does not fire after {today.isoformat()}; write * for the year"
    return None


@lru_cache(maxsize=4096)
def shortest_interval(expression: str) -> timedelta | None:
    """The least time between two firings; `timedelta.max` for a single one, None where it never fires or is malformed.

    Without a year the calendar of 2024 to 2051 stands for all years.
    """
    schedule = read_schedule(expression)
    if schedule is None:
        return None
    days = _firing_days(schedule, schedule.years or _ANY_YEARS)
    first = next(days, None)
    if first is None:
        return None
    gaps = [later - earlier for earlier, later in pairwise(schedule.times)]
    overnight = _shortest_gap(first, days)
    if overnight is not None:
        gaps.append(overnight * _DAY_MINUTES + schedule.times[0] - schedule.times[-1])
    return timedelta(minutes=min(gaps)) if gaps else timedelta.max


@lru_cache(maxsize=4096)
def longest_interval(expression: str) -> timedelta | None:
    """The most time between two firings; `timedelta.max` for a single one, None where it never fires or is malformed.

    Without a year the calendar of 2024 to 2051 stands for all years.
    """
    schedule = read_schedule(expression)
    days = list(_firing_days(schedule, schedule.years or _ANY_YEARS)) if schedule else []
    if schedule is None or not days:
        return None
    gaps = [later - earlier for earlier, later in pairwise(schedule.times)]
    if len(days) > 1:
        most = max(later.toordinal() - earlier.toordinal() for earlier, later in pairwise(days))
        gaps.append(most * _DAY_MINUTES + schedule.times[0] - schedule.times[-1])
    return timedelta(minutes=max(gaps)) if gaps else timedelta.max


def next_firing(expression: str, *, after: datetime) -> datetime | None:
    """The first firing later than `after`, in UTC; None where there is none, or the expression is malformed."""
    schedule = read_schedule(expression)
    if schedule is None:
        return None
    since = after.astimezone(UTC)
    years = schedule.years or range(since.year, since.year + 2 * len(_ANY_YEARS))
    for day in _firing_days(schedule, (year for year in years if year >= since.year)):
        if day >= since.date():
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            firings = (midnight + timedelta(minutes=minutes) for minutes in schedule.times)
            if (firing := next((each for each in firings if each > since), None)) is not None:
                return firing
    return None


def firings(expression: str, *, since: datetime, until: datetime) -> Iterator[datetime]:
    """Every firing from `since` on and before `until`, in order and in UTC; none where the expression is malformed."""
    schedule = read_schedule(expression)
    if schedule is None:
        return
    first, last = since.astimezone(UTC), until.astimezone(UTC)
    for year in range(first.year, last.year + 1):
        for month in schedule.months if schedule.years is None or year in schedule.years else ():
            if (first.year, first.month) <= (year, month) <= (last.year, last.month):
                for day in _days_of(schedule.day_of_month, schedule.day_of_week, *monthrange(year, month)):
                    midnight = datetime(year, month, day, tzinfo=UTC)
                    moments = (midnight + timedelta(minutes=minutes) for minutes in schedule.times)
                    yield from (moment for moment in moments if first <= moment < last)


def _no_cron(expression: str) -> str:
    if expression.startswith("rate("):
        why = "backup policies take no rate(...), for it says how often but not when"
        return f"{expression[:60]!r} is no cron(...) expression: {why}; every night at two is cron(0 2 ? * * *)"
    return f"{expression[:60]!r} is no cron(...) expression; write for instance cron(0 2 ? * * *)"


def _in_minutes(interval: timedelta) -> str:
    minutes = interval // timedelta(minutes=1)
    return f"{minutes} minute{'s' if minutes > 1 else ''}"


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


@lru_cache(maxsize=4096)
def read_schedule(expression: str) -> Schedule | None:
    """What the expression says; None where it is malformed."""
    named = _EXPRESSION.fullmatch(expression)
    fields = named[1].split() if named else []
    if (
        len(fields) != len(_FIELDS)
        or not all(map(_is_valid, fields, _FIELDS))
        or (fields[2] == "?") == (fields[4] == "?")
    ):
        return None
    minute, hour, day_of_month, month, day_of_week, year = fields
    times = sorted(60 * hours + minutes for hours in _numbers(hour, _HOUR) for minutes in _numbers(minute, _MINUTE))
    return Schedule(
        times=tuple(times),
        day_of_month=day_of_month,
        day_of_week=day_of_week,
        months=tuple(sorted(_numbers(month, _MONTH))),
        years=None if year == "*" else tuple(sorted(_numbers(year, _YEAR))),
    )


def _numbers(text: str, field: _Field) -> set[int]:
    numbers: set[int] = set()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        ends = [field.least, field.most] if span == "*" else [_number(end, field) or 0 for end in span.split("-")]
        last = ends[1] if len(ends) > 1 else field.most if slash else ends[0]
        numbers.update(range(ends[0], last + 1, int(step or 1)))
    return numbers


def _firing_days(schedule: Schedule, years: Iterable[int]) -> Iterator[date]:
    for year in years:
        for month in schedule.months:
            first, length = monthrange(year, month)
            for day in _days_of(schedule.day_of_month, schedule.day_of_week, first, length):
                yield date(year, month, day)


def _shortest_gap(first: date, days: Iterable[date]) -> int | None:
    shortest: int | None = None
    earlier = first
    for day in days:
        gap = (day - earlier).days
        shortest = gap if shortest is None else min(gap, shortest)
        if shortest == 1:
            break
        earlier = day
    return shortest


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
