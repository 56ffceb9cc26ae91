"""Which rules of one plan meet: where start windows overlap, AWS makes only the backup of the rule that keeps longer.

Sources: AWS Backup Developer Guide, "Backup plan options and configuration" ("Overlapping backup rules", whose example
this module counts as AWS does: windows that only touch do not meet) and "Understanding backup plan summaries".
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Final, assert_never

from msgspec import Struct, field

from strongroom.domain.intent.schedules import firings, next_firing
from strongroom.domain.intent.start_windows import LONGEST_REACH, YEAR, Meetings, StartWindows, do_meet, meetings_of

DEFAULT_START_WINDOW: Final = timedelta(hours=8)

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_MANY_FOR_ONE: Final = 3
_SHIFTS: Final = range(1, 24)


class TimedRule(Struct, frozen=True, kw_only=True):
    """A rule as far as it meets others: when it may start, and for how many days it keeps what, where.

    `local_days` is None for what is never deleted; `copies` holds the days of each destination by its name.
    """

    name: str
    schedule: str
    start_window: timedelta = DEFAULT_START_WINDOW
    local_days: int | None
    copies: Mapping[str, int | None] = field(default_factory=dict)


class Firing(Struct, frozen=True, kw_only=True):
    """A moment at which a rule begins to make a backup."""

    at: datetime
    rule: TimedRule


class OverlapKind(StrEnum):
    """What follows where two rules meet, the worst first."""

    TIE = "tie"
    COPY_LOST = "copy-lost"
    SWALLOWED = "swallowed"
    HARMLESS = "harmless"


class Overlap(Struct, frozen=True, kw_only=True):
    """Two rules whose start windows meet in 2027: `longer` is made, `shorter` is not, unless both keep equally long.

    `times` counts the backups of `shorter` that meet one of `longer`; at `first` the first two do.
    """

    longer: TimedRule
    shorter: TimedRule
    first: datetime
    times: int
    kind: OverlapKind

    def lost_copies(self) -> tuple[str, ...]:
        """The destinations that `shorter` copies into and `longer` does not."""
        return tuple(name for name in self.shorter.copies if name not in self.longer.copies)


def find_overlaps(rules: Sequence[TimedRule]) -> Iterator[Overlap]:
    """Every pair of rules of one plan whose start windows meet in 2027, in the order of the rules."""
    for one, other in combinations(rules, 2):
        longer, shorter = _in_order(one, other)
        met = meetings_of(_windows(longer), _windows(shorter))
        if met is not None:
            yield Overlap(
                longer=longer,
                shorter=shorter,
                first=met.first,
                times=met.times,
                kind=_kind(longer, shorter, met),
            )


def say_overlap(overlap: Overlap) -> str:
    """The overlap as a sentence about the schedule of `longer`: when, what follows, and what would mend it."""
    longer, shorter = overlap.longer, overlap.shorter
    met, made = say_meeting(overlap), f"AWS makes only the backup of {longer.name}, which is kept longer"
    match overlap.kind:
        case OverlapKind.TIE:
            why = f"and both keep {_days(longer.local_days)} locally: AWS makes one of the two and does not say which"
            return f"{met}, {why}; {say_mend(overlap)}"
        case OverlapKind.COPY_LOST:
            lost = overlap.lost_copies()
            copies = " and the ".join(f"copy into {name} {_for(shorter.copies[name])}" for name in lost)
            verb = "is" if len(lost) == 1 else "are"
            return f"{met}: {made}, so the {copies} {verb} not made; {say_mend(overlap)}"
        case OverlapKind.SWALLOWED:
            why = f"so {overlap.times} backups of {shorter.name} are not made in {YEAR}"
            return f"{met}: {made}, {why}; {say_mend(overlap)}"
        case OverlapKind.HARMLESS:
            return f"{met}: {made}"
        case _:
            assert_never(overlap.kind)


def say_meeting(overlap: Overlap) -> str:
    """When the two rules meet, and how often, said of `longer`."""
    met = f"its start window meets that of {overlap.shorter.name} on {overlap.first:%a %d %b %Y at %H:%M}"
    return f"{met}, {overlap.times} times in {YEAR}" if overlap.times > 1 else f"{met}, once in {YEAR}"


def say_mend(overlap: Overlap) -> str:
    """What to do with `longer`, so that nothing is lost."""
    match overlap.kind:
        case OverlapKind.TIE:
            other = "keep one longer"
        case OverlapKind.COPY_LOST:
            those = "that copy" if len(overlap.lost_copies()) == 1 else "those copies"
            other = f"give {overlap.longer.name} {those}"
        case OverlapKind.SWALLOWED | OverlapKind.HARMLESS:
            other = "shorten the start windows"
        case _:
            assert_never(overlap.kind)
    return ", or ".join((*_shifts(overlap.longer, overlap.shorter), other))


def expected_firings(rules: Sequence[TimedRule], *, on: date) -> tuple[Firing, ...]:
    """The firings of that day, UTC, whose backups AWS makes: no rule that keeps longer meets them. In order of time.

    Of rules that keep equally long and meet AWS makes one; here each counts, so that a missing one is rather told.
    """
    midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
    found = [
        Firing(at=at, rule=rule)
        for rule in rules
        for at in firings(rule.schedule, since=midnight, until=midnight + timedelta(days=1))
        if not _is_overtaken(rule, rules, at=at)
    ]
    return tuple(sorted(found, key=lambda firing: firing.at))


def next_expected_firing(rule: TimedRule, *, among: Sequence[TimedRule], after: datetime) -> datetime | None:
    """The first firing of the rule later than `after` whose backup AWS makes; None where a year has none."""
    first = next_firing(rule.schedule, after=after)
    if first is None or not _is_overtaken(rule, among, at=first):
        return first
    year = firings(rule.schedule, since=first, until=first + LONGEST_REACH)
    return next((at for at in year if not _is_overtaken(rule, among, at=at)), None)


def rivals_of(rule: TimedRule, *, among: Sequence[TimedRule], at: datetime) -> tuple[TimedRule, ...]:
    """The rules that may be run instead at this firing of the rule, as they keep equally long and meet it."""
    equals = (other for other in among if other.name != rule.name and _kept(other) == _kept(rule))
    return tuple(other for other in equals if _meets(other, rule, at=at))


def _is_overtaken(rule: TimedRule, rules: Sequence[TimedRule], *, at: datetime) -> bool:
    return any(_keeps_longer(other, rule) and _meets(other, rule, at=at) for other in rules)


def _meets(other: TimedRule, rule: TimedRule, *, at: datetime) -> bool:
    since = at - min(other.start_window, LONGEST_REACH) + _MINUTE
    return (
        next(firings(other.schedule, since=since, until=at + min(rule.start_window, LONGEST_REACH)), None) is not None
    )


def _keeps_longer(one: TimedRule, other: TimedRule) -> bool:
    return _kept(one) > _kept(other)


def _kept(rule: TimedRule) -> float:
    return float("inf") if rule.local_days is None else rule.local_days


def _in_order(one: TimedRule, other: TimedRule) -> tuple[TimedRule, TimedRule]:
    """The rule that keeps longer and the other; of equals the one that fires less often, or stands later, is first."""
    if _kept(one) != _kept(other):
        return (one, other) if _keeps_longer(one, other) else (other, one)
    rare = _windows(one).count() < _windows(other).count()
    return (one, other) if rare else (other, one)


def _windows(rule: TimedRule) -> StartWindows:
    return StartWindows(rule.schedule, min(rule.start_window, LONGEST_REACH))


def _kind(longer: TimedRule, shorter: TimedRule, met: Meetings) -> OverlapKind:
    if _kept(longer) == _kept(shorter):
        return OverlapKind.TIE
    if any(name not in longer.copies for name in shorter.copies):
        return OverlapKind.COPY_LOST
    if met.most_for_one >= _MANY_FOR_ONE or 2 * met.times > met.out_of:
        return OverlapKind.SWALLOWED
    return OverlapKind.HARMLESS


def _shifts(longer: TimedRule, shorter: TimedRule) -> tuple[str, ...]:
    """By how many whole hours `longer` must move, either way, so that they do not meet; none where they always do."""
    later, earlier = (_free_shift(longer, shorter, hour=hour) for hour in (_HOUR, -_HOUR))
    if later is not None and later == earlier:
        return (f"start it {later} h later or earlier",)
    moved = [f"{hours} h {way}" for hours, way in ((later, "later"), (earlier, "earlier")) if hours is not None]
    return (f"start it {' or '.join(moved)}",) if moved else ()


def _free_shift(longer: TimedRule, shorter: TimedRule, *, hour: timedelta) -> int | None:
    these, those = _windows(longer), _windows(shorter)
    return next((hours for hours in _SHIFTS if not do_meet(these, those, shift=hours * hour)), None)


def _days(days: int | None) -> str:
    if days is None:
        return "for ever"
    return f"{days} day{'s' if days != 1 else ''}"


def _for(days: int | None) -> str:
    return _days(days) if days is None else f"for {_days(days)}"
