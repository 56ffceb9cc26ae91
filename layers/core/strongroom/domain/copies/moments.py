"""Moments as people read them, and as AWS Backup can have told them."""

from datetime import UTC, datetime, timedelta
from typing import Final

# The year in which AWS Backup began (Developer Guide, "Document history"): no job is older.
_FIRST: Final = datetime(2019, 1, 1, tzinfo=UTC)
# What is further ahead is no clock that runs fast.
_AHEAD: Final = timedelta(days=5 * 366)


def is_possible(at: datetime, *, now: datetime) -> bool:
    """Whether something of AWS Backup can have happened then: not before there was any, nor in years to come."""
    return _FIRST <= at <= now + _AHEAD


def possible(at: datetime | None, *, now: datetime) -> datetime | None:
    """The moment that AWS told, if it can be one."""
    return at if at is not None and is_possible(at, now=now) else None


def moment(at: datetime) -> str:
    """`2026-09-01 06:10 UTC`: with its date, because alerts are read the day after."""
    at = at.astimezone(UTC)
    # A fifth of the time that `strftime` takes: it stands in every alert, and in every promise of a night.
    return "%d-%02d-%02d %02d:%02d UTC" % (at.year, at.month, at.day, at.hour, at.minute)  # noqa: UP031 - half of it
