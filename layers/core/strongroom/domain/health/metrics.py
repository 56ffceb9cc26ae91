"""What is measured of Strongroom itself, few numbers that say whether it keeps up."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Metric(StrEnum):
    """The names of our own metrics, in the namespace `Strongroom`."""

    TOLD_BY_EVENT = "ToldByEvent"
    FOUND_WITHOUT_EVENT = "FoundWithoutEvent"
    OLDEST_DUE = "OldestDue"

    @property
    def unit(self) -> str:
        """Its unit, in CloudWatch's word."""
        return _UNITS[self]


_UNITS = {Metric.TOLD_BY_EVENT: "Count", Metric.FOUND_WITHOUT_EVENT: "Count", Metric.OLDEST_DUE: "Seconds"}


@runtime_checkable
class Measured(Protocol):
    """A verdict that something is measured by."""

    @property
    def measures(self) -> Mapping[Metric, float]:
        """What it adds to which metric; nothing where it says nothing."""
