"""How many recovery points lie in a vault in the long run, and how far each is from the one before it.

What a type stores incrementally is measured from the point before it in the same vault, whichever rule made that one,
and whichever is still there: when a point ends, the next takes over what only it held.

Source: AWS Backup Developer Guide, "Backup creation by resource type" and "Overlapping backup rules".
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Final

from msgspec import Struct, field

from strongroom.domain.intent.schedules import firings
from strongroom.domain.intent.start_windows import LONGEST_REACH
from strongroom.domain.preview.plans import Rule

DAYS_A_MONTH: Final = 365.25 / 12

# A year in which everything that began before has long come round; it has 365 days.
YEAR: Final = (datetime(2035, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))

_DAY: Final = 24 * 60
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FOR_EVER: Final = float("inf")

type Minutes = int


class Timing(Struct, frozen=True, order=True):
    """When a rule begins backups, how long each may wait to start, in minutes, and the days that its vault keeps it."""

    schedule: str
    reach: Minutes
    kept: float


class Keeping(Struct, frozen=True, order=True):
    """What a rule keeps in one vault: `plan` holds the timings of all rules of its plan, `own` that of the rule.

    A point moves to cold storage after `cold_after` days, never where that is 0.
    """

    plan: tuple[Timing, ...]
    own: Timing
    days: int
    cold_after: int = 0


class Stock(Struct, frozen=True, kw_only=True):
    """What one rule has in one vault: points at once at most, and on average over a span of time.

    `first` is the share of the time in which one of its points is the oldest warm one, which is stored whole; `gaps`
    holds the days since the point before, each with how many points are so far from it; `cold` points are whole.
    `arrivals` are the days since the point before when it arrives, each with how many arrive in a month; `fresh` are
    those that find none before them.
    """

    at_most: int
    first: float
    gaps: tuple[tuple[float, float], ...]
    cold: float
    arrivals: tuple[tuple[float, float], ...]
    fresh: float

    def warm_size(self, daily_change: float | None) -> float:
        """The warm points as a multiple of the resource, of which this share changes in a day; None: each is whole."""
        return self.first + _changed(self.gaps, daily_change)

    def monthly_arrival(self, daily_change: float | None) -> float:
        """What arrives in a month, as a multiple of the resource."""
        return self.fresh + _changed(self.arrivals, daily_change)


def timings_of(rules: Iterable[Rule]) -> tuple[Timing, ...]:
    """The timings of a plan's rules, in their order."""
    return tuple(
        Timing(rule.schedule, min(rule.start_window, LONGEST_REACH) // timedelta(minutes=1), _kept(rule))
        for rule in rules
    )


@lru_cache(maxsize=4096)
def stocks(keepings: tuple[Keeping, ...]) -> tuple[Stock, ...]:
    """What each of the rules that share a vault has there in the long run, in their order: a year's average."""
    since, until = _minute(YEAR[0]), _minute(YEAR[1])
    return tuple(_stocks(_points(keepings, since, until), len(keepings), since, until))


@lru_cache(maxsize=4096)
def leftovers(keepings: tuple[Keeping, ...]) -> tuple[float, tuple[Stock, ...]]:
    """If backups stopped in the long run: the months until the last point ended, and what each rule had on average."""
    since = _minute(YEAR[1])
    until = since + _DAY * max(keeping.days for keeping in keepings)
    points = _points(keepings, since, since)
    return (until - since) / _DAY / DAYS_A_MONTH, tuple(_stocks(points, len(keepings), since, until))


def made_backups(plan: tuple[Timing, ...], own: Timing, since: Minutes, until: Minutes) -> Iterator[Minutes]:
    """When a rule begins backups that AWS makes: no rule of the plan that keeps longer meets their start window."""
    longer = [other for other in plan if other.kept > own.kept]
    rivals = [(_firings(each.schedule, since - each.reach, until + own.reach), each.reach) for each in longer]
    for at in _firings(own.schedule, since, until):
        if not any(bisect_right(times, at - reach) < bisect_left(times, at + own.reach) for times, reach in rivals):
            yield at


class _Point(Struct, frozen=True):
    """A recovery point: when it is made, until when it is warm, until when it is there, and by which of the rules."""

    made: Minutes
    warm: Minutes
    ends: Minutes
    rule: int


def _points(keepings: Iterable[Keeping], since: Minutes, until: Minutes) -> list[_Point]:
    """The points that are made before `until` and are there after `since`, in order."""
    found = [
        _Point(made, made + min(_DAY * (keeping.cold_after or keeping.days), life), made + life, place)
        for place, keeping in enumerate(keepings)
        for life in [_DAY * keeping.days]
        for made in made_backups(keeping.plan, keeping.own, since - life + 1, until)
    ]
    return sorted(found, key=attrgetter("made"))


class _Tally(Struct):
    first: float = 0.0
    cold: float = 0.0
    fresh: int = 0
    gaps: defaultdict[float, float] = field(default_factory=lambda: defaultdict(float))
    arrivals: defaultdict[float, float] = field(default_factory=lambda: defaultdict(float))


def _stocks(points: Sequence[_Point], rules: int, since: Minutes, until: Minutes) -> Iterator[Stock]:
    tallies = [_Tally() for _ in range(rules)]
    older: list[_Point] = []  # each of them stays warm for longer than those after it
    for point in points:
        _count(tallies[point.rule], point, older, (since, until))
        while older and older[-1].warm <= point.warm:
            older.pop()
        older.append(point)
    span = until - since
    months = span / _DAY / DAYS_A_MONTH
    for place, tally in enumerate(tallies):
        yield Stock(
            at_most=_at_most([point for point in points if point.rule == place]),
            first=tally.first / span,
            gaps=_shares(tally.gaps, span),
            cold=tally.cold / span,
            arrivals=_shares(tally.arrivals, months),
            fresh=tally.fresh / months,
        )


def _count(tally: _Tally, point: _Point, older: Sequence[_Point], span: tuple[Minutes, Minutes]) -> None:
    begins = point.made
    for before in reversed(older):
        if begins >= point.warm:
            break
        if before.warm > begins:
            days = round((point.made - before.made) / _DAY, 2)
            if begins == point.made >= span[0]:
                tally.arrivals[days] += 1
            tally.gaps[days] += _overlap(begins, min(before.warm, point.warm), span)
            begins = before.warm
    tally.fresh += begins == point.made >= span[0]
    tally.first += _overlap(begins, point.warm, span)
    tally.cold += _overlap(point.warm, point.ends, span)


def _at_most(points: Sequence[_Point]) -> int:
    ends = sorted(point.ends for point in points)
    return max((place - bisect_right(ends, point.made) for place, point in enumerate(points, start=1)), default=0)


def _overlap(begins: Minutes, ends: Minutes, span: tuple[Minutes, Minutes]) -> Minutes:
    return max(0, min(ends, span[1]) - max(begins, span[0]))


def _changed(counts: Iterable[tuple[float, float]], daily_change: float | None) -> float:
    return sum(count * (1.0 if daily_change is None else min(1.0, days * daily_change)) for days, count in counts)


def _shares(sums: Mapping[float, float], whole: float) -> tuple[tuple[float, float], ...]:
    return tuple((days, time / whole) for days, time in sorted(sums.items()) if time)


def _firings(schedule: str, since: Minutes, until: Minutes) -> tuple[Minutes, ...]:
    begin, end = _EPOCH + timedelta(minutes=since), _EPOCH + timedelta(minutes=until)
    return tuple(_minute(moment) for moment in firings(schedule, since=begin, until=end))


def _kept(rule: Rule) -> float:
    days = rule.keeps[0].days
    return _FOR_EVER if days is None else days


def _minute(moment: datetime) -> Minutes:
    return int((moment - _EPOCH).total_seconds()) // 60
