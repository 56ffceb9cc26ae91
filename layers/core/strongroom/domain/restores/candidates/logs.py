"""What a continuous backup can be restored to: any second between two, as far as its list tells."""

from datetime import datetime, timedelta
from typing import NamedTuple

from strongroom.domain.restores.candidates.estimates import log_behind
from strongroom.domain.restores.candidates.model import ListedPoint


class Log(NamedTuple):
    """The first and the last second that it can be restored to."""

    begin: datetime
    end: datetime


def log_of(point: ListedPoint, *, now: datetime) -> Log:
    """The log of a continuous recovery point: it goes back to its first day, or as far as it is kept."""
    kept = point.kept_for_days
    begin = point.created_at if kept is None else max(point.created_at, now - timedelta(days=kept))
    return Log(begin=begin, end=now - log_behind(point.resource_type))
