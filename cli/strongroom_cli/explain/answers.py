"""What is said of an event: values that become text or JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from strongroom.domain.hearing.patterns import Difference
from strongroom.domain.hearing.reach import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the reader said of the world: the account's units, nearest first, and the resource's tags today.

    None where nothing was said.
    """

    units: tuple[str, ...] | None = None
    tags: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A fact that the verdict hangs on, and where it was read; `origin` is `not known here` where it was not."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A verdict, why, and what would be done; `when` says what must be so, and is empty where that is known."""

    state: str
    reason: str
    when: str = ""
    resource: str = ""
    would: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the function behind a rule makes of an event; of several outcomes the first is the likeliest."""

    rule: str
    hears: str
    function: str
    facts: tuple[Known, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A rule that nearly hears the event, and in what the event differs."""

    rule: str
    hears: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """All that is said of one event."""

    summary: str
    event: Mapping[str, Any]
    fault: str | None = None
    reach: Reach | None = None
    notes: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    nearest: tuple[NearMiss, ...] = field(default_factory=tuple)
