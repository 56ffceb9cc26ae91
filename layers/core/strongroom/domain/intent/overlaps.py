"""Which rules of one plan meet: where start windows overlap, AWS makes only the backup of the rule that keeps longer.

Sources: AWS Backup Developer Guide, "Backup plan options and configuration" ("Overlapping backup rules", whose example
this module counts as AWS does: windows that only touch do not meet) and "Understanding backup plan summaries".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Final

from strongroom.domain.intent.schedules import firings
from strongroom.domain.intent.start_windows import LONGEST_REACH, YEAR, Meetings, StartWindows, meetings_of

DEFAULT_START_WINDOW: Final = timedelta(hours=8)

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_MANY_FOR_ONE: Final = 3
_SHIFTS: Final = range(1, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedRule:
    """A rule as far as it meets others: when it may start, and for how many days it keeps what, where.

    `local_days` is None for what is never deleted; `copies` holds the days of each destination by its name.
    """

    name: str
    schedule: str
    start_window: timedelta = DEFAULT_START_WINDOW
    local_days: int | None
    copies: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """A moment at which a rule begins to make a backup."""

    at: datetime
    rule: TimedRule


class OverlapKind(StrEnum):
    """What follows where two rules meet, the worst first."""

    TIE = "tie"
    COPY_LOST = "copy-lost"
    SWALLOWED = "swallowed"
    HARMLESS = "harmless"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
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
    """The overlap as a sentence about the schedule of `longer`, with what would mend it."""
    longer, shorter = overlap.longer, overlap.shorter
    met = f"its start window meets that of {shorter.name} on {overlap.first:%a %d %b %Y at %H:%M}"
    met += f", {overlap.times} times in {YEAR}" if overlap.times > 1 else f", once in {YEAR}"
    made = f"AWS makes only the backup of {longer.name}, which is kept longer"
    shifts = _shifts(longer, shorter)
    match overlap.kind:
        case OverlapKind.TIE:
            why = f"and both keep {_days(longer.local_days)} locally: AWS makes one of the two and does not say which"
            return f"{met}, {why}; {_choice(*shifts, 'keep one longer')}"
        case OverlapKind.COPY_LOST:
            copies = " and the ".join(
                f"copy into {name} {_for(shorter.copies[name])}" for name in overlap.lost_copies()
            )
            one = len(overlap.lost_copies()) == 1
            why = f"so the {copies} {'is' if one else 'are'} not made"
            return f"{met}: {made}, {why}; {_choice(*shifts, f'give {longer.name} {_that(one=one)}')}"
        case OverlapKind.SWALLOWED:
            why = f"so {overlap.times} backups of {shorter.name} are not made in {YEAR}"
            return f"{met}: {made}, {why}; {_choice(*shifts, 'shorten the start windows')}"
        case OverlapKind.HARMLESS:
            return f"{met}: {made}"


def expected_firings(rules: Sequence[TimedRule], *, on: date) -> tuple[Firing, ...]:
    """The firings of that day, UTC, whose backups AWS makes: no rule that keeps longer meets them. In order of time.

    Of rules that keep equally long and meet AWS makes one; here each counts, so that a missing one is rather told.
    """
    midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
    found = [
        Firing(at=at, rule=rule)
        for rule in rules
        for at in firings(rule.schedule, since=midnight, until=midnight + timedelta(days=1))
        if not any(_keeps_longer(other, rule) and _meets(other, rule, at=at) for other in rules)
    ]
    return tuple(sorted(found, key=lambda firing: firing.at))


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
    ways = {"later": _HOUR, "earlier": -_HOUR}
    hours = {
        way: next(
            (n for n in _SHIFTS if meetings_of(_windows(longer), _windows(shorter), shift=n * unit) is None), None
        )
        for way, unit in ways.items()
    }
    if hours["later"] is not None and hours["later"] == hours["earlier"]:
        return (f"start it {hours['later']} h later or earlier",)
    moved = [f"{n} h {way}" for way, n in hours.items() if n is not None]
    return (f"start it {' or '.join(moved)}",) if moved else ()


def _choice(*ways: str) -> str:
    return ", or ".join(ways)


def _that(*, one: bool) -> str:
    return "that copy" if one else "those copies"


def _days(days: int | None) -> str:
    if days is None:
        return "for ever"
    return f"{days} day{'s' if days != 1 else ''}"


def _for(days: int | None) -> str:
    return _days(days) if days is None else f"for {_days(days)}"
