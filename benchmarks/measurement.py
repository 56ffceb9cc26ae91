"""A measured value, how it compares with another one of the same run, and a stop-watch."""

import timeit
import tracemalloc
from collections.abc import Callable, Mapping
from copy import replace
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
MILLISECONDS: Final = "ms"
PER_SECOND: Final = "1/s"
ITEMS: Final = "items"
KILOBYTES: Final = "KB"
CALLS: Final = "calls"


class NotMeasuredError(Exception):
    """The benchmarks gave no result because what they measure could not be made or did not do its work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One row: `ratio` is this value divided by that of the row `ratio_to`; `holds` in `detail` is a claim checked."""

    name: str
    value: float
    unit: str
    ratio_to: str | None = None
    ratio: float | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def is_refuted(self) -> bool:
        """Whether the row checks a claim, and the claim does not hold."""
        return self.detail.get("holds") is False


def compared(name: str, value: float, unit: str, *, to: Measurement, **detail: Any) -> Measurement:
    """A measurement beside another one of the same unit."""
    return Measurement(
        name=name, value=value, unit=unit, ratio_to=to.name, ratio=round(value / to.value, 4), detail=detail
    )


def at_most(row: Measurement, limit: float) -> Measurement:
    """The row with the claim that its ratio is no larger."""
    return _claimed(row, f"<= {limit:g}", holds=row.ratio is not None and row.ratio <= limit)


def at_least(row: Measurement, limit: float) -> Measurement:
    """The row with the claim that its ratio is no smaller."""
    return _claimed(row, f">= {limit:g}", holds=row.ratio is not None and row.ratio >= limit)


def below(name: str, value: float, unit: str, *, limit: float) -> Measurement:
    """A row with the claim that its value stays below the limit."""
    return Measurement(name=name, value=value, unit=unit, detail={"target": f"< {limit:g}", "holds": value < limit})


def quickest_seconds(works: Mapping[str, Callable[[], object]], *, runs: int, loops: int = 1) -> dict[str, float]:
    """The seconds that each work takes: the quickest of `runs` of `loops` in a row, after one that warms up.

    They take turns, and the quickest counts, so that a busy moment of the machine does not bend the ratio of two of
    them. The garbage collector rests meanwhile, as `timeit` has it.
    """
    timers = {name: timeit.Timer(work) for name, work in works.items()}
    for timer in timers.values():
        timer.timeit(1)
    rounds = [{name: timer.timeit(loops) / loops for name, timer in timers.items()} for _ in range(runs)]
    return {name: min(each[name] for each in rounds) for name in works}


def peak_of[T](work: Callable[[], T]) -> tuple[T, float]:
    """What the work returns, and the megabytes that it had at once at most."""
    tracemalloc.start()
    try:
        return work(), round(tracemalloc.get_traced_memory()[1] / 1_000_000, 1)
    finally:
        tracemalloc.stop()


def _claimed(row: Measurement, target: str, *, holds: bool) -> Measurement:
    # A row that claims more than one thing holds where all of them do.
    return replace(row, detail={"target": target} | row.detail | {"holds": holds and not row.is_refuted})
