"""Cron expressions as AWS takes them in a backup policy, and when they fire."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.domain.intent.schedules import (
    fault_of_calendar,
    fault_of_cron,
    fault_of_schedule,
    firings,
    longest_interval,
    next_firing,
    shortest_interval,
)


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 2 ? * * *)",
        "cron(0 3 1 * ? *)",
        "cron(30 */6 * * ? *)",
        "cron(0 2,14 ? * MON-FRI *)",
        "cron(0 2 L * ? *)",
        "cron(0 2 15W JAN,JUL ? *)",
        "cron(0 2 ? * 6L 2026-2030)",
        "cron(0 2 ? * 2#1 *)",
        "cron(0 * ? * * *)",
        "cron(30/45 2 ? * * *)",
        "cron(0 2 29 2 ? *)",
        "cron(0 2 ? FEB 1#5 *)",
    ],
)
def test_an_expression_that_aws_takes_has_no_fault(expression: str) -> None:
    assert fault_of_schedule(expression) is None


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("", "no cron(...) expression"),
        ("rate(1 day)", "no cron(...) expression"),
        ("rate(1 day)", "take no rate(...)"),
        ("0 2 * * *", "no cron(...) expression"),
        ("cron(0 2 * * *)", "six fields, not 5"),
        ("cron()", "six fields, not 0"),
        ("cron(60 2 ? * * *)", "'60' is no minute"),
        ("cron(0 24 ? * * *)", "'24' is no hour"),
        ("cron(0 2 32 * ? *)", "'32' is no day of month"),
        ("cron(0 2 1 13 ? *)", "'13' is no month"),
        ("cron(0 2 ? * 0 *)", "'0' is no day of week"),
        ("cron(0 2 ? * FRI-MON *)", "'FRI-MON' is no day of week"),
        ("cron(0 2 ? * * 1969)", "'1969' is no year"),
        ("cron(0 1-2-3 ? * * *)", "'1-2-3' is no hour"),
        ("cron(0 */0 ? * * *)", "'*/0' is no hour"),
        ("cron(0 */٣ ? * * *)", "is no hour"),
        (f"cron(0 */{'9' * 5000} ? * * *)", "is no hour"),
        ("cron(0 2 * * * *)", "exactly one of day of month and day of week"),
        ("cron(* * * * * *)", "exactly one of day of month and day of week"),
        ("cron(0 2 ? * ? *)", "exactly one of day of month and day of week"),
        ("cron(*/15 2 ? * * *)", "an hour or more apart, not 15 minutes"),
        ("cron(0,30 2 ? * * *)", "an hour or more apart, not 30 minutes"),
        ("cron(* 2 ? * * *)", "an hour or more apart, not 1 minute:"),
        ("cron(0,59 23,0 ? * * *)", "an hour or more apart, not 1 minute:"),
    ],
)
def test_an_expression_that_aws_refuses_is_told_with_its_fault(expression: str, fault: str) -> None:
    assert fault in (fault_of_cron(expression) or "")
    assert fault_of_schedule(expression) == fault_of_cron(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 2 30 2 ? *)",
        "cron(0 2 31 4,6,9,11 ? *)",
        "cron(0 2 31W 4 ? *)",
        "cron(0 2 29 2 ? 2023)",
        "cron(0 2 29 2 ? 2100)",
    ],
)
def test_an_expression_that_aws_takes_may_still_never_fire(expression: str) -> None:
    assert fault_of_cron(expression) is None
    assert shortest_interval(expression) is None
    assert "no calendar has" in (fault_of_schedule(expression) or "")


def test_years_that_are_over_count_as_never_only_when_the_day_is_told() -> None:
    assert fault_of_schedule("cron(0 2 ? * * 2020)") is None
    assert "does not fire after 2026-05-01" in (fault_of_schedule("cron(0 2 ? * * 2020)", today=date(2026, 5, 1)) or "")
    assert fault_of_calendar("cron(0 0 31 12 ? 2026)", today=date(2026, 12, 31)) is None
    assert fault_of_calendar("cron(0 2 ? * * *)", today=date(2026, 5, 1)) is None


@pytest.mark.parametrize(
    ("expression", "interval"),
    [
        ("cron(0 2 ? * * *)", timedelta(days=1)),
        ("cron(0 2 * * ? *)", timedelta(days=1)),
        ("cron(0 * ? * * *)", timedelta(hours=1)),
        ("cron(0 2,14 ? * MON-FRI *)", timedelta(hours=12)),
        ("cron(0 1,22 ? * * *)", timedelta(hours=3)),
        ("cron(0 1,22 ? * SUN *)", timedelta(hours=21)),
        ("cron(0/30 2 ? * * *)", timedelta(minutes=30)),
        ("cron(0 2 ? * SUN *)", timedelta(days=7)),
        ("cron(0 2 1 * ? *)", timedelta(days=28)),
        ("cron(0 2 L * ? *)", timedelta(days=28)),
        ("cron(0 2 LW * ? *)", timedelta(days=28)),
        ("cron(0 2 15W * ? *)", timedelta(days=28)),
        ("cron(0 2 ? * 2#1 *)", timedelta(days=28)),
        ("cron(0 2 ? * 6L *)", timedelta(days=28)),
        ("cron(0 2 31 * ? *)", timedelta(days=31)),
        ("cron(0 2 1 JAN,JUL ? *)", timedelta(days=181)),
        ("cron(0 2 29 2 ? *)", timedelta(days=1461)),
        ("cron(0 2 1 1 ? 2026-2030/2)", timedelta(days=730)),
        ("cron(0 2 1 1 ? 2026)", timedelta.max),
        ("cron(0 2 31 2 ? *)", None),
        ("rate(1 day)", None),
    ],
)
def test_the_shortest_interval_follows_the_calendar(expression: str, interval: timedelta | None) -> None:
    assert shortest_interval(expression) == interval


@pytest.mark.parametrize(
    ("expression", "firing"),
    [
        ("cron(0 2 ? * * *)", "2026-05-02T02:00"),
        ("cron(31 12 ? * * *)", "2026-05-01T12:31"),
        ("cron(30 12 ? * * *)", "2026-05-02T12:30"),
        ("cron(0 2 ? * SUN *)", "2026-05-03T02:00"),
        ("cron(0 2 ? * L *)", "2026-05-02T02:00"),
        ("cron(0 2 ? * 6L *)", "2026-05-29T02:00"),
        ("cron(0 2 ? * 2#1 *)", "2026-05-04T02:00"),
        ("cron(0 2 ? * 1#5 *)", "2026-05-31T02:00"),
        ("cron(0 2 LW * ? *)", "2026-05-29T02:00"),
        ("cron(0 2 16W * ? *)", "2026-05-15T02:00"),
        ("cron(0 2 17W * ? *)", "2026-05-18T02:00"),
        ("cron(0 2 1W 8 ? *)", "2026-08-03T02:00"),
        ("cron(0 2 31 * ? *)", "2026-05-31T02:00"),
        ("cron(0 2 29 2 ? *)", "2028-02-29T02:00"),
        ("cron(0 2 1 1 ? 2030)", "2030-01-01T02:00"),
        ("cron(0 2 ? FEB 1#5 *)", "2032-02-29T02:00"),
        ("cron(0 2 1 1 ? 2025)", None),
        ("nonsense", None),
    ],
)
def test_the_next_firing_follows_the_calendar(expression: str, firing: str | None) -> None:
    after = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)  # a Friday
    expected = datetime.fromisoformat(firing).replace(tzinfo=UTC) if firing else None
    assert next_firing(expression, after=after) == expected


@pytest.mark.parametrize(
    ("expression", "interval"),
    [
        ("cron(0 2 ? * * *)", timedelta(days=1)),
        ("cron(0 * ? * * *)", timedelta(hours=1)),
        ("cron(0 2,14 ? * MON-FRI *)", timedelta(hours=60)),
        ("cron(0 1,22 ? * * *)", timedelta(hours=21)),
        ("cron(0 2 ? * SUN *)", timedelta(days=7)),
        ("cron(0 2 1 * ? *)", timedelta(days=31)),
        ("cron(0 2 31 * ? *)", timedelta(days=61)),
        ("cron(0 2 1 1,4,7,10 ? *)", timedelta(days=92)),
        ("cron(0 18 1 1 ? *)", timedelta(days=366)),
        ("cron(0 2 29 2 ? *)", timedelta(days=1461)),
        ("cron(0 2 1 1 ? 2030)", timedelta.max),
        ("cron(0 2,5 1 1 ? 2030)", timedelta(hours=3)),
        ("cron(0 2 30 2 ? *)", None),
        ("rate(1 day)", None),
    ],
)
def test_the_longest_interval_follows_the_calendar(expression: str, interval: timedelta | None) -> None:
    assert longest_interval(expression) == interval


def test_the_firings_between_two_moments_hold_the_first_and_not_the_last() -> None:
    since, until = datetime(2026, 12, 31, 2, tzinfo=UTC), datetime(2027, 1, 2, 2, tzinfo=UTC)
    found = [f"{each:%d %H:%M}" for each in firings("cron(0 2,14 ? * * *)", since=since, until=until)]
    assert found == ["31 02:00", "31 14:00", "01 02:00", "01 14:00"]
    assert list(firings("cron(0 2 ? * * 2028)", since=since, until=until)) == []
    assert list(firings("rate(1 day)", since=since, until=until)) == []


@given(
    st.sampled_from(["cron(0 2 ? * MON-FRI *)", "cron(0 2,14 L * ? *)", "cron(30 */6 15W * ? *)"]),
    st.integers(0, 2 * 366 * 24 * 60),
)
def test_the_firings_are_what_comes_next_one_by_one(expression: str, minutes: int) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    until = since + timedelta(days=70)
    expected: list[datetime] = []
    latest = next_firing(expression, after=since - timedelta(microseconds=1))
    while latest is not None and latest < until:
        expected.append(latest)
        latest = next_firing(expression, after=latest)
    assert list(firings(expression, since=since, until=until)) == expected


@settings(deadline=None)
@given(st.text(alphabet="cronrate()0123456789*/-,?LW# MON", max_size=40) | st.text(max_size=20))
def test_no_text_breaks_the_reader(text: str) -> None:
    for expression in (text, f"cron({text})", f"cron(0 {text} ? * * *)", f"cron(0 2 {text} * ? *)"):
        fault = fault_of_schedule(expression, today=date(2026, 5, 1))
        assert fault is not None or shortest_interval(expression) is not None
