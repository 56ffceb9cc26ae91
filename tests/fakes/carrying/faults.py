"""A ceremony in which any one call of the world may go wrong, from the asking to the last word of it."""

from collections.abc import Callable, Iterator
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from strongroom.adapters.ledger.table import Item
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.facts import Fact
from strongroom.domain.identifiers import AccountId
from strongroom.services.restores.acting.close_restore import RestoreClosingNeeds
from tests.fakes.carrying.machine import KilledError, StoppedError
from tests.fakes.restores.world import CeremonyWorld

# Longer than a step is tried again, and than AWS Backup is believed to know an idempotency token.
_AWAY_FOR = timedelta(minutes=20)
_SYSTEMS = (
    *("shelf", "ledger", "table", "tickets", "tasks", "board", "points", "places", "copies", "witness", "restores"),
)


@dataclass
class Faults:
    """Counts the calls, and lets the one of the number `at` go wrong; `hit` is its name, `SYSTEM.METHOD`.

    `meanwhile` is what happens just before that call, where nothing goes wrong with it.
    """

    at: int = -1
    kind: str = ""
    meanwhile: Callable[[], object] | None = None
    calls: int = 0
    is_armed: bool = False
    hit: str = ""
    away_until: datetime | None = None

    def call(self, world: "FaultyWorld", name: str, call: Callable[[], Any]) -> Any:
        """Make the call, or let it go wrong."""
        if not self.is_armed:
            return call()
        number, self.calls = self.calls, self.calls + 1
        if self.away_until and world.now < self.away_until and self.hit.partition(".")[0] == name.partition(".")[0]:
            raise TemporarilyUnavailableError(f"{name} is away")
        if number != self.at:
            return call()
        self.hit = name
        if self.meanwhile is None:
            return self._go_wrong(world, name, call)
        self.is_armed = False
        self.meanwhile()
        self.is_armed = True
        return call()

    def _go_wrong(self, world: "FaultyWorld", name: str, call: Callable[[], Any]) -> Any:
        if self.kind in {"answered late", "killed after", "stopped after", "timed out"}:
            call()
        match self.kind:
            case "throttled" | "timed out":
                raise TemporarilyUnavailableError(f"{name} did not answer")
            case "answered late":
                world.later(seconds=30)
                raise KilledError
            case "killed before" | "killed after":
                raise KilledError
            case "stopped before" | "stopped after":
                raise StoppedError
            case "away":
                self.away_until = world.now + _AWAY_FOR
                raise TemporarilyUnavailableError(f"{name} is away")
            case _:
                raise AccessRefusedError(f"{name} refused it")


@dataclass
class Faulty:
    """Something of the world, each of whose calls may go wrong."""

    behind: Any
    system: str
    world: "FaultyWorld"

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.behind, name)
        if not callable(found):
            return found
        return lambda *given, **more: self.world.faults.call(
            self.world, f"{self.system}.{name}", lambda: found(*given, **more)
        )


@dataclass
class FaultyWorld(CeremonyWorld):
    """A world in which every port is counted once it is spoilt."""

    faults: Faults = field(default_factory=Faults)

    def spoil(self) -> None:
        """Count from now on."""
        self.faults.is_armed = True
        self._list = self.table
        for name in _SYSTEMS:
            setattr(self, name, Faulty(getattr(self, name), name, self))

    def list_at_rest(self) -> Iterator[Item]:
        """The lines of the list, looked at by nobody of the ceremony."""
        return self._list.newest("OPEN")

    def begin(self, request_id: str) -> bool:
        return bool(self._call("machine.begin", lambda: super(FaultyWorld, self).begin(request_id)))

    def begin_closing(self, request_id: str, *, now: datetime) -> None:
        self._call("machine.begin_closing", lambda: super(FaultyWorld, self).begin_closing(request_id, now=now))

    def is_running(self, execution: str) -> bool:
        return bool(self._call("machine.is_running", lambda: super(FaultyWorld, self).is_running(execution)))

    def ended_at(self, execution: str) -> datetime | None:
        found: datetime | None = self._call("machine.ended_at", lambda: super(FaultyWorld, self).ended_at(execution))
        return found

    def publish(self, fact: Fact) -> None:
        self._call("bus.publish", lambda: super(FaultyWorld, self).publish(fact))

    def units_of(self, account: AccountId) -> tuple[str, ...]:
        return tuple(self._call("organization.units_of", lambda: super(FaultyWorld, self).units_of(account)))

    def add(self, arn: str, tags: Any, *, account: AccountId, region: Any) -> None:
        self._call("tags.add", lambda: super(FaultyWorld, self).add(arn, tags, account=account, region=region))

    @property
    def closing(self) -> RestoreClosingNeeds:
        alerts: Any = Faulty(self.alerts.notifier, "alerts", self)
        return replace(super().closing, alerts=alerts)

    def _call(self, name: str, call: Callable[[], Any]) -> Any:
        return self.faults.call(self, name, call)
