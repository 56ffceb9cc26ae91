"""What somebody types becomes a moment, or one line says why it is none."""

import time as clock
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.restores.candidates.asked_time import Place, read_moment

NOW = datetime(2026, 11, 27, 14, 20, 30, tzinfo=UTC)


def in_zone(name: str) -> Place:
    return lambda wall: wall.replace(tzinfo=ZoneInfo(name))


BERLIN, TOKYO = in_zone("Europe/Berlin"), in_zone("Asia/Tokyo")


def _read(text: str, *, now: datetime = NOW, place: Place = BERLIN) -> str:
    return f"{read_moment(text, now=now, place=place):%Y-%m-%dT%H:%M:%S%z}"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("14:00", "2026-11-27T13:00:00+0000", id="today, in the user's zone"),
        pytest.param("9:05", "2026-11-27T08:05:00+0000", id="one digit"),
        pytest.param("9:05:10", "2026-11-27T08:05:10+0000", id="one digit, to the second"),
        pytest.param("15:20:30", "2026-11-27T14:20:30+0000", id="this very second"),
        pytest.param("15:20:31", "2026-11-26T14:20:31+0000", id="yesterday, where today's is to come"),
        pytest.param("00:00", "2026-11-26T23:00:00+0000", id="midnight"),
        pytest.param("14:00Z", "2026-11-27T14:00:00+0000", id="UTC"),
        pytest.param("14:00+23:59", "2026-11-27T14:01:00+0000", id="as far from UTC as can be said"),
        pytest.param("2026-11-27T15:20:30", "2026-11-27T14:20:30+0000", id="this second of this day"),
        pytest.param("14:00+05:30", "2026-11-27T08:30:00+0000", id="with its distance"),
        pytest.param("22:00-05:00", "2026-11-27T03:00:00+0000", id="yesterday over there"),
        pytest.param("2026-11-26T14:00", "2026-11-26T13:00:00+0000", id="a day, in the user's zone"),
        pytest.param("2026-11-26 14:00:09", "2026-11-26T13:00:09+0000", id="with a blank"),
        pytest.param("2026-11-26t14:00:00z", "2026-11-26T14:00:00+0000", id="RFC 3339 in small letters"),
        pytest.param("2026-11-26T14:00:00+01:00", "2026-11-26T13:00:00+0000", id="RFC 3339"),
        pytest.param(" 14:00 ", "2026-11-27T13:00:00+0000", id="blanks around it"),
        pytest.param("2026-10-25T02:30", "2026-10-25T00:30:00+0000", id="the first of an hour that comes twice"),
        pytest.param("2026-07-01T14:00", "2026-07-01T12:00:00+0000", id="in summer"),
    ],
)
def test_a_time_is_read(text: str, moment: str) -> None:
    assert _read(text) == moment


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("2026-11-27T15:20:31", "lies in the future", id="future"),
        pytest.param("2027-01-01T00:00:00Z", "lies in the future", id="next year"),
        pytest.param("25:00", "is no time that there is", id="hour"),
        pytest.param("14:60", "is no time that there is", id="minute"),
        pytest.param("2026-02-30T14:00", "is no time that there is", id="day"),
        pytest.param("14:00+24:00", "^.24:00 is no distance from UTC$", id="distance"),
        pytest.param("14:00+05:60", "^.05:60 is no distance from UTC$", id="minutes of a distance"),
        pytest.param("2026-03-29T02:30", "is left out there", id="an hour that is left out"),
        pytest.param("yesterday", "is no time: say 14:00", id="words"),
        pytest.param("", "is no time: say 14:00", id="nothing"),
        pytest.param("14", "is no time: say 14:00", id="an hour alone"),
        pytest.param("14:00 CET", "is no time: say 14:00", id="a zone's short name"),
        pytest.param("1٤:00", "is no time: say 14:00", id="digits of another script"),
        pytest.param("9999-12-31T23:59:59-23:00", "is no time that there is", id="past the end of time"),
    ],
)
def test_what_is_no_moment_is_refused_in_one_line(text: str, why: str) -> None:
    with pytest.raises(MalformedRequestError, match=why) as refused:
        _read(text)
    assert "\n" not in str(refused.value)


EXAMPLES = "14:00, 2026-11-26T14:00 or 2026-11-26T13:00:00Z"
LONG = "2026-11-28 14:00" + " " * 60


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 60, f"{'x' * 40!r} is no time: say {EXAMPLES}"),
        ("25:00" + " " * 60, f"{'25:00'.ljust(40)!r} is no time that there is: say {EXAMPLES}"),
        (LONG, f"{LONG[:40]!r} lies in the future: a restore goes back"),
        (
            "2026-03-29T02:30".ljust(60),
            f"{'2026-03-29T02:30'.ljust(40)!r} is left out there, where the clock is put forward",
        ),
    ],
)
def test_a_refusal_repeats_forty_characters(text: str, said: str) -> None:
    with pytest.raises(MalformedRequestError) as refused:
        _read(text)
    assert str(refused.value) == said


def test_a_distance_that_is_said_counts_on_a_machine_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    clock.tzset()
    try:
        here = [_read(text, place=lambda wall: wall.astimezone()) for text in ("14:00Z", "14:00", "23:30")]
    finally:
        monkeypatch.undo()
        clock.tzset()
    assert here == ["2026-11-27T14:00:00+0000", "2026-11-27T05:00:00+0000", "2026-11-26T14:30:00+0000"]


def test_midnight_is_the_first_moment_of_its_day() -> None:
    midnight = datetime(2026, 11, 27, 15, tzinfo=UTC)
    assert _read("00:00", now=midnight, place=TOKYO) == "2026-11-27T15:00:00+0000"


def test_today_is_the_day_of_the_place() -> None:
    late = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)  # one o'clock on the 28th in Tokyo
    assert _read("00:30", now=late, place=TOKYO) == "2026-11-27T15:30:00+0000"
    assert _read("01:30", now=late, place=TOKYO) == "2026-11-26T16:30:00+0000"
    early = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # the evening of the 26th in New York
    assert _read("21:00", now=early, place=in_zone("America/New_York")) == "2026-11-27T02:00:00+0000"


def test_yesterdays_time_of_day_is_of_yesterdays_clock() -> None:
    """The clock was put back in the night: 14:00 of the day before was an hour earlier in UTC."""
    now = datetime(2026, 10, 25, 8, 0, tzinfo=UTC)
    assert _read("14:00", now=now) == "2026-10-24T12:00:00+0000"


def test_what_the_machine_takes_for_local_time_is_read_as_well() -> None:
    assert _read("2026-11-26T14:00", place=lambda wall: wall.astimezone()) == f"{_local():%Y-%m-%dT%H:%M:%S%z}"


def _local() -> datetime:
    return datetime(2026, 11, 26, 14).astimezone().astimezone(UTC)
