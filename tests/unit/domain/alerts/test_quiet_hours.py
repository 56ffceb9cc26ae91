"""When it is quiet, and until when."""

from datetime import UTC, datetime

import pytest

from strongroom.domain.alerts.quiet_hours import QuietHours

NIGHT, NOON = "22:00-06:00", "12:00-13:30"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "over"),
    [
        (NIGHT, "23T21:59:59", None),
        (NIGHT, "23T22:00", "24T06:00"),
        (NIGHT, "23T23:59:59", "24T06:00"),
        (NIGHT, "24T00:00", "24T06:00"),
        (NIGHT, "24T05:59:59", "24T06:00"),
        (NIGHT, "24T06:00", None),
        (NOON, "24T11:59", None),
        (NOON, "24T12:00", "24T13:30"),
        (NOON, "24T13:30", None),
    ],
)
def test_quiet_hours_begin_and_end_to_the_second(hours: str, now: str, over: str | None) -> None:
    quiet = QuietHours.parse(hours)
    assert quiet is not None
    assert quiet.end_after(at(now)) == (at(over) if over else None)


def test_without_hours_it_is_never_quiet() -> None:
    assert QuietHours.parse(None) is None
