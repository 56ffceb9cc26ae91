"""A ceremony at one moment, as a value; and what it takes to let a function die in it."""

from collections.abc import Callable
from copy import replace
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tests.builders.restores import NOW
from tests.search.machine import Variables

ENDS: Final = ("Succeeded", "Failed", "Aborted")


class DiedError(Exception):
    """The function was ended before it was done."""


@dataclass(frozen=True, slots=True)
class Execution:
    """An execution of the machine: where it is, what it knows, whether it waits for people, and when it ended."""

    name: str
    at: str
    variables: Variables = ()
    waits: bool = False
    ended: datetime | None = None
    was_at: str = ""

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.at not in ENDS

    def moved(self, to: tuple[str, Variables], *, now: datetime) -> "Execution":
        """The same, further on."""
        at, variables = to
        return replace(self, at=at, variables=variables, waits=False, ended=now if at in ENDS else None)

    def broken_off(self, *, now: datetime) -> "Execution":
        """The same, stopped by hand."""
        return replace(self, at="Aborted", waits=False, ended=now, was_at=self.at)


@dataclass(frozen=True, slots=True)
class Job:
    """A copy or restore job, and since when AWS Backup knows the token that it was started with."""

    id: str
    made_at: datetime
    status: str = "RUNNING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """All that there is of a ceremony; two that are equal have the same future.

    `told` is what of its end has left: the fact, and the alert. `deaths` and `blows` are how often a function or an
    execution may still die, and how often somebody may still take a step by hand.
    """

    now: datetime = NOW
    texts: tuple[tuple[str, str], ...] = ()
    rows: tuple[str, ...] = ()
    ticket: str = "good"
    log_is_down: bool = False
    copies: tuple[Job, ...] = ()
    jobs: tuple[Job, ...] = ()
    executions: tuple[Execution, ...] = ()
    told: tuple[str, ...] = ()
    deaths: int = 0
    blows: int = 0
    changes: int = 0


@dataclass
class Fate:
    """When a function dies: before the effect of that number, counted from zero."""

    dies_before: int | None = None
    effects: int = 0

    def strike(self) -> None:
        """One more thing is about to take effect."""
        if self.effects == self.dies_before:
            raise DiedError
        self.effects += 1


class Fated:
    """Whatever it stands for; a call of these methods takes effect outside."""

    def __init__(self, inner: Any, fate: Fate, *methods: str) -> None:
        self._inner, self._fate, self._methods = inner, fate, methods

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._struck(found) if name in self._methods else found

    def _struck(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def done(*arguments: Any, **named: Any) -> Any:
            self._fate.strike()
            return act(*arguments, **named)

        return done
