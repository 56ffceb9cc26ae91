"""Moments as people read them."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """`2026-09-01 06:10 UTC`: with its date, because alerts are read the day after."""
    at = at.astimezone(UTC)
    # A third of the time that `strftime` takes: it stands in every alert, and in every promise of a night.
    return f"{at.year}-{at.month:02}-{at.day:02} {at.hour:02}:{at.minute:02} UTC"
