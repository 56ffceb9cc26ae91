"""Moments as people read them."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """`2026-09-01 06:10 UTC`: with its date, because alerts are read the day after."""
    at = at.astimezone(UTC)
    # A fifth of the time that `strftime` takes: it stands in every alert, and in every promise of a night.
    return "%d-%02d-%02d %02d:%02d UTC" % (at.year, at.month, at.day, at.hour, at.minute)  # noqa: UP031 - half of it
