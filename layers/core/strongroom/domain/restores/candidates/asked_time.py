"""The moment that somebody types: a time of day, a day with a time, or RFC 3339; in the future is none."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from strongroom.domain.errors import MalformedRequestError

_FORM: Final = re.compile(
    r"(?:(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ])?(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII | re.IGNORECASE,
)
_EXAMPLES: Final = "14:00, 2026-11-26T14:00 or 2026-11-26T13:00:00Z"
_DAY: Final = timedelta(days=1)

# A moment of the clock on the wall, as it is known where somebody types.
type Place = Callable[[datetime], datetime]


def read_moment(text: str, *, now: datetime, place: Place) -> datetime:
    """The moment, to the second; MalformedRequestError where it is none, or lies in the future.

    What names no zone is of the `place`. A time of day alone is its last one: today's, or yesterday's where today's is
    still to come. Of an hour that the clock shows twice it is the first, one that it leaves out is none.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise MalformedRequestError(f"{text[:40]!r} is no time: say {_EXAMPLES}")
    there = _offset(found["zone"]) if found["zone"] else place
    try:
        clock = time.fromisoformat(f"0{found['time']}" if found["time"][1] == ":" else found["time"])
        if found["day"]:
            return _past(there, datetime.combine(date.fromisoformat(found["day"]), clock), now=now, text=text)
        today = _today(there, now=now)
        moment = _placed(there, datetime.combine(today, clock), text=text)
        return moment if moment <= now else _past(there, datetime.combine(today - _DAY, clock), now=now, text=text)
    except (ValueError, OverflowError) as error:
        raise MalformedRequestError(f"{text[:40]!r} is no time that there is: say {_EXAMPLES}") from error


def _past(there: Place, wall: datetime, *, now: datetime, text: str) -> datetime:
    moment = _placed(there, wall, text=text)
    if moment > now:
        raise MalformedRequestError(f"{text[:40]!r} lies in the future: a restore goes back")
    return moment


def _placed(there: Place, wall: datetime, *, text: str) -> datetime:
    moment = there(wall)
    again = moment.astimezone(UTC).astimezone(moment.tzinfo)
    if again.replace(tzinfo=None) != wall:
        raise MalformedRequestError(f"{text[:40]!r} is left out there, where the clock is put forward")
    return moment.astimezone(UTC)


def _today(there: Place, *, now: datetime) -> date:
    """The day on which it is now in that place."""
    today = now.astimezone(UTC).date()
    days = (today + _DAY, today, today - _DAY)
    return next(day for day in days if there(datetime.combine(day, time())).astimezone(UTC) <= now)


def _offset(text: str) -> Place:
    if text.upper() == "Z":
        return lambda wall: wall.replace(tzinfo=UTC)
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 23 or minutes > 59:
        raise MalformedRequestError(f"{text} is no distance from UTC")
    zone = timezone(timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1))
    return lambda wall: wall.replace(tzinfo=zone)
