"""The hours of the day, UTC, in which people are told of what is critical only."""

from datetime import datetime, time, timedelta
from typing import Self

from msgspec import Struct

_DAY = timedelta(days=1)


class QuietHours(Struct, frozen=True):
    """From one time of the day to another, over midnight where the second is the earlier one."""

    begin: time
    end: time

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """The hours of a text such as `22:00-06:00`; None for none."""
        if text is None:
            return None
        begin, _, end = text.partition("-")
        return cls(time.fromisoformat(begin), time.fromisoformat(end))

    def end_after(self, now: datetime) -> datetime | None:
        """When the quiet hours that are now are over; None while it is not quiet. `now` is in UTC."""
        clock = now.time()
        is_over_midnight = self.end < self.begin
        is_quiet = clock >= self.begin or clock < self.end if is_over_midnight else self.begin <= clock < self.end
        if not is_quiet:
            return None
        over = datetime.combine(now.date(), self.end, tzinfo=now.tzinfo)
        return over if over > now else over + _DAY
