"""What a continuous backup can be restored to: any second between two, as far as its list tells."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from strongroom.domain.restores.candidates.model import ListedPoint

# RDS is some five minutes behind ("Point-in-time recovery" of the RDS User Guide), S3 at most fifteen (AWS Backup
# Developer Guide, "Continuous backups and point-in-time recovery").
_BEHIND: Final = {"S3": timedelta(minutes=15)}
_USUALLY_BEHIND: Final = timedelta(minutes=5)


class Log(NamedTuple):
    """The first and the last second that it can be restored to."""

    begin: datetime
    end: datetime


def log_of(point: ListedPoint, *, now: datetime) -> Log:
    """The log of a continuous recovery point: it goes back to its first day, or as far as it is kept."""
    kept = point.kept_for_days
    begin = point.created_at if kept is None else max(point.created_at, now - timedelta(days=kept))
    return Log(begin=begin, end=now - _BEHIND.get(point.resource_type, _USUALLY_BEHIND))
