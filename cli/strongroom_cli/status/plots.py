"""Two plots over time, as SVG: how much is protected, and how far back the worst resource would be brought.

A day has its place by its date, and a day on which nothing was counted interrupts the line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from xml.etree.ElementTree import Element

from strongroom_cli.status.markup import tag

_WIDTH, _HEIGHT = 460, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 14, 28
_HOUR: Final = timedelta(hours=1)
_EVERYTHING: Final = 100.0
# Where the scale of the coverage begins: the nearest of these below all that is drawn.
_BEGINNINGS: Final = (0.0, 50.0, 80.0, 90.0)
# Where that of the age ends: whole parts of days, then whole days, then weeks.
_ENDS: Final = (6.0, 12.0, 24.0, 48.0, 72.0, 120.0)
_WEEK: Final = 168.0
# With more days than these a dot for each, and a thick line, is a smear.
_DOTTED: Final = 70


@dataclass(frozen=True, slots=True)
class _Day:
    """A day and its value."""

    day: date
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """What lies at the lower and the upper edge of the plot, and the first and the last day."""

    low: float
    high: float
    first: date
    last: date

    def across(self, day: date) -> float:
        """The place of a day from the left."""
        span = (self.last - self.first).days
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * ((day - self.first).days / span if span else 0.5)

    def up(self, value: float) -> float:
        """The place of a value from the top."""
        return _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * (value - self.low) / (self.high - self.low)

    def point(self, at: _Day) -> str:
        """Both, as SVG has them."""
        return f"{self.across(at.day):.1f},{self.up(at.value):.1f}"


def coverage(days: Sequence[Mapping[str, Any]]) -> Element:
    """The part of the resources that is protected, day by day, in per cent."""
    values = [_Day(_day(day), _EVERYTHING * day["protected"] / day["governed"]) for day in days if day["governed"]]
    worst = min(values, key=lambda each: each.value, default=None)
    low = max((each for each in _BEGINNINGS if worst and each < worst.value), default=0.0)
    return _plot("Protected, in per cent of the resources", values, worst=("lowest", worst), edges=(low, _EVERYTHING))


def age(days: Sequence[Mapping[str, Any]]) -> Element:
    """How far back the worst resource would have been brought, day by day, in hours."""
    values = [
        _Day(_day(day), (datetime.fromisoformat(day["counted_at"]) - datetime.fromisoformat(oldest)) / _HOUR)
        for day in days
        if (oldest := day["oldest_restorable"])
    ]
    worst = max(values, key=lambda each: each.value, default=None)
    title = "Age of the oldest restorable state, in hours"
    return _plot(title, values, worst=("highest", worst), edges=(0.0, _end(worst.value if worst else 0.0)))


def _day(day: Mapping[str, Any]) -> date:
    return date.fromisoformat(day["day"])


def _end(value: float) -> float:
    return next((each for each in _ENDS if value <= each), -(-value // _WEEK) * _WEEK)


def _plot(title: str, values: Sequence[_Day], *, worst: tuple[str, _Day | None], edges: tuple[float, float]) -> Element:
    word, extreme = worst
    if extreme is None:
        return tag("p", f"{title}: no day was counted yet.", class_="plot")
    first, last = values[0], values[-1]
    said = f"{last.value:.0f} on {last.day}, {word} {extreme.value:.0f} on {extreme.day}"
    scale = _Scale(low=edges[0], high=edges[1], first=first.day, last=last.day)
    return tag(
        "figure",
        tag("figcaption", title, tag("small", said)),
        tag(
            "svg",
            *_axis(scale),
            *_lines(values, scale),
            *_dots(values, scale),
            viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
            role="img",
            aria_label=f"{title}: {said}",
        ),
        class_="plot",
    )


def _axis(scale: _Scale) -> Iterator[Element]:
    for part in (0.0, 0.5, 1.0):
        value = scale.low + part * (scale.high - scale.low)
        y = f"{scale.up(value):.1f}"
        yield tag("line", x1=str(_LEFT), x2=str(_WIDTH - _RIGHT), y1=y, y2=y, class_="grid")
        yield tag("text", f"{value:,.0f}", x=str(_LEFT - 8), y=y, class_="scale")
    for day, place in _marked(scale).items():
        yield tag("text", str(day), x=f"{scale.across(day):.1f}", y=str(_HEIGHT - 6), class_=place)


def _marked(scale: _Scale) -> dict[date, str]:
    """The days that are written below the plot, and where each text has its place."""
    if scale.first == scale.last:
        return {scale.first: "middle"}
    middle = scale.first + (scale.last - scale.first) // 2
    return {middle: "middle", scale.first: "first", scale.last: "last"}


def _lines(values: Sequence[_Day], scale: _Scale) -> Iterator[Element]:
    """A line for each row of days without a gap."""
    kind = "line" if len(values) <= _DOTTED else "line many"
    for row in _rows(values):
        yield tag("polyline", points=" ".join(scale.point(each) for each in row), class_=kind)


def _dots(values: Sequence[_Day], scale: _Scale) -> Iterator[Element]:
    """A dot for each day, or for the last one and those that stand alone, where there are many."""
    alone = {row[0].day for row in _rows(values) if len(row) == 1}
    for each in values:
        if len(values) <= _DOTTED or each.day in alone or each is values[-1]:
            x, y = scale.point(each).split(",")
            yield tag("circle", cx=x, cy=y, r="2.5", class_="dot")


def _rows(values: Sequence[_Day]) -> Iterator[list[_Day]]:
    row = [values[0]]
    for each in values[1:]:
        if each.day - row[-1].day > timedelta(days=1):
            yield row
            row = []
        row.append(each)
    yield row
