"""Moments as people read them."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """`2026-09-01 06:10 UTC`: with its date, because alerts are read the day after."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
