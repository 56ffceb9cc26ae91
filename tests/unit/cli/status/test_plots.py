"""Coverage and age over time: a day stands at its date, and a gap is a gap."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from strongroom_cli.status.plots import age, coverage

FIRST = datetime(2026, 7, 1, 12, tzinfo=UTC)


def a_day(number: int, *, protected: int = 10, hours: int = 5) -> dict[str, Any]:
    """One day, of which ten resources are known."""
    at = FIRST + timedelta(days=number)
    return {
        "day": str(at.date()),
        "governed": 10,
        "protected": protected,
        "counted_at": at.isoformat(),
        "oldest_restorable": (at - timedelta(hours=hours)).isoformat(),
    }


def lines_of(plot: Element) -> list[list[float]]:
    """The places of the days from the left, line by line."""
    lines = [each.get("points", "") for each in plot.iter("polyline")]
    return [[float(point.partition(",")[0]) for point in line.split()] for line in lines]


def scale_of(plot: Element) -> list[str]:
    return [each.text or "" for each in plot.iter("text") if each.get("class") == "scale"]


def test_a_day_on_which_nothing_was_counted_interrupts_the_line_and_keeps_its_place() -> None:
    assert lines_of(coverage([a_day(0), a_day(1), a_day(4)])) == [[46.0, 146.0], [446.0]]


@pytest.mark.parametrize(
    ("protected", "scale"),
    [(10, ["90", "95", "100"]), (9, ["80", "90", "100"]), (8, ["50", "75", "100"]), (3, ["0", "50", "100"])],
    ids=["all", "nine of ten", "eight", "three"],
)
def test_coverage_has_a_scale_on_which_what_is_missing_is_seen(protected: int, scale: list[str]) -> None:
    assert scale_of(coverage([a_day(0), a_day(1, protected=protected)])) == scale


@pytest.mark.parametrize(
    ("hours", "scale"),
    [(5, ["0", "3", "6"]), (24, ["0", "12", "24"]), (49, ["0", "36", "72"]), (240, ["0", "168", "336"])],
    ids=["hours", "a day", "days", "weeks"],
)
def test_age_has_a_scale_of_hours_days_or_weeks(hours: int, scale: list[str]) -> None:
    assert scale_of(age([a_day(0), a_day(1, hours=hours)])) == scale


@pytest.mark.parametrize(
    ("last", "days"),
    [
        (0, {("2026-07-01", "246.0")}),
        (1, {("2026-07-01", "46.0"), ("2026-07-02", "446.0")}),
        (4, {("2026-07-01", "46.0"), ("2026-07-03", "246.0"), ("2026-07-05", "446.0")}),
    ],
    ids=["one day", "two", "five"],
)
def test_days_are_written_where_they_are_drawn(last: int, days: set[tuple[str, str]]) -> None:
    plot = coverage([a_day(number) for number in range(last + 1)])
    assert {(each.text, each.get("x")) for each in plot.iter("text") if each.get("class") != "scale"} == days


def test_the_worst_day_is_said_in_words() -> None:
    plot = coverage([a_day(0), a_day(1, protected=7), a_day(2)])
    assert [each.text for each in plot.iter("small")] == ["100 on 2026-07-03, lowest 70 on 2026-07-02"]


@pytest.mark.parametrize(("days", "dots"), [(1, 1), (70, 70), (71, 1)], ids=["one", "as many as are seen", "too many"])
def test_many_days_are_a_line_without_dots(days: int, dots: int) -> None:
    assert len(list(coverage([a_day(number) for number in range(days)]).iter("circle"))) == dots


@pytest.mark.parametrize("plot", [coverage, age], ids=["coverage", "age"])
def test_no_day_at_all_is_said(plot: Callable[[list[Any]], Element]) -> None:
    assert "no day was counted yet" in (plot([]).text or "")
