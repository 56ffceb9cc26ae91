"""Are we safe? The answer as one sentence, which says "not known" rather than what may not be true any more."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.copies.moments import moment
from strongroom.domain.status.nights import NightSum
from strongroom.domain.status.states import Protection
from strongroom.domain.status.totals import Summary

# Counting is a matter of a minute, and the sweep one of five: what is older was not looked at.
COUNTED_WITHIN: Final = timedelta(minutes=15)
SWEPT_WITHIN: Final = timedelta(minutes=30)
# AWS's lists are read each hour, and each window reaches back for one.
COMPARED_WITHIN: Final = timedelta(hours=3)
_TOLD: Final = (
    Protection.LOST,
    Protection.NO_BACKUP,
    Protection.COPY_SHORT,
    Protection.NOT_KNOWN,
    Protection.AWAITED,
)


class Answer(Struct, frozen=True, kw_only=True):
    """The sentence, and whether all is well: None where that is not known."""

    sentence: str
    is_well: bool | None


def answer_of(summary: Summary | None, *, now: datetime) -> Answer:
    """The sentence about the whole: how many are protected, what the last night brought, and how old the data is."""
    if summary is None:
        return Answer(sentence="Not known: nothing was counted yet", is_well=None)
    age = f"data {say_age(now - summary.counted_at)} old"
    if doubt := doubt_of(summary, now=now):
        return Answer(sentence=f"Not known: {doubt}; {age}", is_well=None)
    totals = summary.totals
    if not totals.governed:
        return Answer(sentence=f"No resource is known that is to be protected; {age}", is_well=None)
    parts = (_protected(summary), _last_night(totals.sums, now=now), age, *_uncompared(summary))
    return Answer(sentence="; ".join(part for part in parts if part), is_well=not totals.wrong)


def doubt_of(summary: Summary, *, now: datetime) -> str:
    """Why what was counted may not be true any more; empty where it is."""
    if now - summary.counted_at > COUNTED_WITHIN:
        return f"nothing was counted since {moment(summary.counted_at)}"
    if summary.overdue_since is not None and now - summary.overdue_since > SWEPT_WITHIN:
        return f"what is overdue since {moment(summary.overdue_since)} was not looked at"
    if summary.compared_until is not None and now - summary.compared_until > COMPARED_WITHIN:
        return f"AWS's own lists of jobs were not read since {moment(summary.compared_until)}"
    return ""


def say_age(age: timedelta) -> str:
    """The age in two units at most: `40 seconds`, `4 minutes`, `3 hours 55 minutes`, `29 days 3 hours`."""
    seconds = max(0, int(age.total_seconds()))
    if seconds < 60:
        return say_count(seconds, "second")
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 60:
        return say_count(minutes, "minute")
    large, small = ((hours, "hour"), (minutes % 60, "minute")) if hours < 48 else ((days, "day"), (hours % 24, "hour"))
    return " ".join(say_count(*each) for each in (large, small) if each[0])


def say_count(count: int, noun: str) -> str:
    """`1 backup`, `1,200 backups`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _protected(summary: Summary) -> str:
    totals = summary.totals
    said = f"{totals.protected:,} of {totals.governed:,} resources are protected"
    if totals.governed == 1:
        said = f"{totals.protected} of 1 resource is protected"
    others = [f"{count:,} {state.words}" for state in _TOLD if (count := totals.states.get(state, 0))]
    return f"{said} ({', '.join(others)})" if others else said


def _last_night(sums: tuple[NightSum, ...], *, now: datetime) -> str:
    if not sums:
        return "no backup has been settled yet"
    last, today = sums[0], now.date()
    when = "last night" if last.night == today else f"in the night of {last.night:%d %b}".replace(" 0", " ")
    if last.night > today:
        when = "tonight"
    copies = "copy" if last.copies == 1 else "copies"
    return f"{when} {say_count(last.backups, 'backup')}, {last.copies:,} {copies} verified, {last.missed:,} missed"


def _uncompared(summary: Summary) -> tuple[str, ...]:
    return ("not compared with AWS's own lists yet",) if summary.compared_until is None else ()
