"""Two plots over time, as SVG: how much is protected, and how far back the worst resource would be brought."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from xml.etree.ElementTree import Element

from strongroom_cli.status.markup import tag

_WIDTH, _HEIGHT = 640, 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 14, 28
_HOUR: Final = timedelta(hours=1)
_EVERYTHING: Final = 100.0


def coverage(days: Sequence[Mapping[str, Any]]) -> Element:
    """The part of the resources that is protected, day by day, in per cent."""
    values = [(day["day"], _EVERYTHING * day["protected"] / day["governed"]) for day in days if day["governed"]]
    return _plot("Protected, in per cent of the resources", values, top=_EVERYTHING)


def age(days: Sequence[Mapping[str, Any]]) -> Element:
    """How far back the worst resource would have been brought, day by day, in hours."""
    values = [
        (day["day"], (datetime.fromisoformat(day["counted_at"]) - datetime.fromisoformat(oldest)) / _HOUR)
        for day in days
        if (oldest := day["oldest_restorable"])
    ]
    return _plot(
        "Age of the oldest restorable state, in hours", values, top=max((value for _, value in values), default=0.0)
    )


def _plot(title: str, values: Sequence[tuple[str, float]], *, top: float) -> Element:
    if not values:
        return tag("p", f"{title}: no day was counted yet.", class_="plot")
    top = top or 1.0
    points = [(_across(place, len(values)), _up(value, top)) for place, (_, value) in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    said = f"{title}: {values[0][1]:.0f} on {values[0][0]}, {values[-1][1]:.0f} on {values[-1][0]}"
    return tag(
        "figure",
        tag("figcaption", title),
        tag(
            "svg",
            tag("title", said),
            *_axis(top, values),
            tag("polyline", points=line, class_="line"),
            *(tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="2.5", class_="dot") for x, y in points),
            viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
            role="img",
            aria_label=said,
        ),
        class_="plot",
    )


def _axis(top: float, values: Sequence[tuple[str, float]]) -> list[Element]:
    marks = []
    for part in (0.0, 0.5, 1.0):
        y = f"{_up(part * top, top):.1f}"
        marks.append(tag("line", x1=str(_LEFT), x2=str(_WIDTH - _RIGHT), y1=y, y2=y, class_="grid"))
        marks.append(tag("text", f"{part * top:,.0f}", x=str(_LEFT - 8), y=y, class_="scale"))
    last = str(_WIDTH - _RIGHT)
    marks.append(tag("text", values[0][0], x=str(_LEFT), y=str(_HEIGHT - 6), class_="first"))
    if len(values) > 1:
        marks.append(tag("text", values[-1][0], x=last, y=str(_HEIGHT - 6), class_="last"))
    return marks


def _across(place: int, count: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (place / (count - 1) if count > 1 else 0.5)


def _up(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * value / top
