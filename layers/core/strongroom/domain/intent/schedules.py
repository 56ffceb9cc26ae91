"""The cron expressions that a backup policy takes: UTC, an hour or more apart; and when they fire."""

from collections.abc import Iterable, Iterator
from copy import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

from strongroom.domain.intent.cron import Schedule, fault_of_fields, read_schedule

LEAST_INTERVAL: Final = timedelta(hours=1)

_DAY_MINUTES: Final = 24 * 60
_ANY_YEARS: Final = range(2024, 2052)  # 28 years hold every month's length with every first day of the week


def fault_of_schedule(expression: str, *, today: date | None = None) -> str | None:
    """Why the expression is of no use, as a sentence that also says what would be right; None if it is of use.

    Either AWS would refuse it, or it never fires; with `today`, firing before that day does not count.
    """
    return fault_of_cron(expression) or fault_of_calendar(expression, today=today)


@lru_cache(maxsize=4096)
def fault_of_cron(expression: str) -> str | None:
    """Why AWS would refuse the expression, and what would be right; None if it would not."""
    fault = fault_of_fields(expression)
    if fault is not None:
        return fault
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
    most = _longest_gap(replace(schedule, times=())) if schedule else None
    if schedule is None or most is None:
        return None
    gaps = [later - earlier for earlier, later in pairwise(schedule.times)]
    if most > 0:
        gaps.append(most * _DAY_MINUTES + schedule.times[0] - schedule.times[-1])
    return timedelta(minutes=max(gaps)) if gaps else timedelta.max


def next_firing(expression: str, *, after: datetime) -> datetime | None:
    """The first firing later than `after`, in UTC; None where there is none, or the expression is malformed."""
    schedule = read_schedule(expression)
    if schedule is None:
        return None
    since = after.astimezone(UTC)
    years = schedule.years or range(since.year, since.year + 2 * len(_ANY_YEARS))
    for day in _firing_days(schedule, (year for year in years if year >= since.year), since=since.date()):
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
                for day in schedule.days_in(year, month):
                    midnight = datetime(year, month, day, tzinfo=UTC)
                    moments = (midnight + timedelta(minutes=minutes) for minutes in schedule.times)
                    yield from (moment for moment in moments if first <= moment < last)


def _in_minutes(interval: timedelta) -> str:
    minutes = interval // timedelta(minutes=1)
    return f"{minutes} minute{'s' if minutes > 1 else ''}"


def _firing_days(schedule: Schedule, years: Iterable[int], *, since: date = date.min) -> Iterator[date]:
    """The days of these years on which it fires, from `since` on, in order."""
    for year in years:
        for month in schedule.months:
            if (year, month) < (since.year, since.month):
                continue
            first = since.day if (year, month) == (since.year, since.month) else 1
            for day in schedule.days_in(year, month):
                if day >= first:
                    yield date(year, month, day)


@lru_cache(maxsize=4096)
def _longest_gap(schedule: Schedule) -> int | None:
    """The most days from one day of firing to the next; 0 for a single one, None where there is none."""
    days = [day.toordinal() for day in _firing_days(schedule, schedule.years or _ANY_YEARS)]
    return max((later - earlier for earlier, later in pairwise(days)), default=0) if days else None


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
