"""Our functions as Lambda runs them: at once or several at a time, timed out, killed, slow, or not at all."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b
from typing import Final

import msgspec
from greenlet import getcurrent, greenlet
from msgspec import Struct

from strongroom.domain.errors import StrongroomError, TemporarilyUnavailableError
from tests.simulation.nights.chance import Chance
from tests.simulation.nights.clock import SECOND, Clock
from tests.simulation.nights.faults import AT_A_CALL, CLOCKS_DIFFER

type Work = Callable[[datetime], object]
type Ended = Callable[[BaseException | None], None]

# How long each may run, as the template has it.
_TIMEOUTS: Final = {"sweep": 300 * SECOND, "reconcile": 720 * SECOND}
_TIMEOUT: Final = 30 * SECOND
_MOST_CALLS: Final = 12
_MOST_EFFECTS: Final = 600_000
# So many effects are taken into the digest together.
_MOST_TOLD: Final = 1_000
# How the names begin by which `reached` says that a call was made.
CALLED: Final = "called "
_PAUSE: Final = 20 * SECOND
_TELLING: Final = frozenset({"Publish", "PutEvents"})


class DiedError(BaseException):
    """The function's process is gone; nothing of ours may catch it."""


class Invocation(Struct, eq=False):
    """One run of a function: which fault strikes it, at which of its calls, and which alerts it has told and posted."""

    name: str
    begun: int
    lasts: int
    pace: int
    skew: int = 0
    fault: str = ""
    at_call: int = 0
    calls: int = 0
    has_jitter: bool = False
    is_dead: bool = False
    told: set[str] = msgspec.field(default_factory=set)
    posted: set[str] = msgspec.field(default_factory=set)


@dataclass(slots=True)
class Functions:
    """Runs functions, and is what every call that leaves one goes through.

    `digest` is over every effect, so that two runs can be told to be the same; `reached` counts what happened, and
    `interrupted` how often the telling of an alert broke off. `planned` says which fault strikes at the effect of that
    number, counted from 1, and `on_pause` what others do while one is paused. `called` are the calls that were made,
    and a `log` has a line for each effect.
    """

    chance: Chance
    clock: Clock
    away: tuple[tuple[int, int], ...] = ()
    planned: Mapping[int, str] = field(default_factory=dict)
    on_pause: Callable[[], None] = lambda: None
    reached: Counter[str] = field(default_factory=Counter)
    interrupted: Counter[str] = field(default_factory=Counter)
    log: list[str] | None = None
    effects: int = 0
    called: set[str] = field(default_factory=set)
    _running: dict[greenlet, Invocation] = field(default_factory=dict)
    _told: list[str] = field(default_factory=list)
    _digest: blake2b = field(default_factory=lambda: blake2b(digest_size=16))

    @property
    def digest(self) -> str:
        """What happened, as a number."""
        self._digest_told()
        return self._digest.hexdigest()

    @property
    def current(self) -> Invocation | None:
        """The invocation whose turn it is, if any."""
        return self._running.get(getcurrent())

    def now(self) -> datetime:
        """The moment, by the clock of the function whose turn it is."""
        current = self._running.get(getcurrent())
        if current is None or not current.skew:
            return self.clock.now
        return self.clock.now + timedelta(milliseconds=current.skew)

    def is_away(self) -> bool:
        """Whether nothing of ours runs now."""
        return bool(self.away) and any(begins <= self.clock.ms < ends for begins, ends in self.away)

    def back_at(self) -> int:
        """When we are back from where we are now."""
        return max(ends for begins, ends in self.away if begins <= self.clock.ms < ends)

    def invoke(self, name: str, work: Work, *, done: Ended = lambda _error: None) -> None:
        """Run the work as a function of its own, whose name no other has; `done` hears how it ended."""
        invocation = self._invocation(name, lasts=_TIMEOUTS.get(name.partition(" ")[0], _TIMEOUT))

        def run() -> None:
            self._running[getcurrent()] = invocation
            error: BaseException | None = None
            try:
                work(self.now())
            except (StrongroomError, DiedError) as caught:
                error = caught.with_traceback(None)  # which would keep all that the function held
            del self._running[getcurrent()]
            done(error)

        self.clock.begin(run)

    def effect[*Said, T](self, name: str, subject: str, call: Callable[[*Said], T], *said: *Said) -> T:
        """A call that leaves the function: it takes time, and may go wrong in every way that there is."""
        invocation = self._running.get(getcurrent())
        if invocation is None:
            return call(*said)
        self.called.add(name)
        if invocation.is_dead:
            raise DiedError
        self.effects = number = self.effects + 1
        if number > _MOST_EFFECTS:
            raise RuntimeError("a function goes on for ever")
        invocation.calls = turn = invocation.calls + 1
        clock = self.clock
        line = f"{clock.ms} {invocation.name}.{turn} {name} {subject}\n"
        self._told.append(line)
        if not number % _MOST_TOLD:
            self._digest_told()
        fault = invocation.fault if turn == invocation.at_call else self.planned.get(number, "")
        if self.log is not None:
            self.log.append(f"{line.rstrip()}{fault and f'  <- {fault}'}")
        wait = invocation.pace + turn * 7 % 11
        if invocation.has_jitter:
            wait += self.chance.between(f"jitters {invocation.name}.{turn}", 0, 1_200)
        clock.sleep(wait)
        is_over = clock.ms - invocation.begun > invocation.lasts
        if not fault and not is_over:
            return call(*said)
        return self._struck(invocation, "timeout" if is_over else fault, (name, subject), partial(call, *said))

    def end(self) -> None:
        """Kill what still runs, so that nothing is left of it, and say which calls were made."""
        for turn, invocation in [*self._running.items()]:
            invocation.is_dead = True
            turn.throw(DiedError)
        self.reached.update(f"{CALLED}{name}" for name in self.called)

    def _struck[T](self, invocation: Invocation, fault: str, what: tuple[str, str], call: Callable[[], T]) -> T:
        name, subject = what
        self._count(invocation, fault, name, subject.removeprefix("ALERT#"))
        match fault:
            case "crash-before" | "timeout":
                self._die(invocation)
            case "slow":
                self.clock.sleep(self.chance.between(f"slow {invocation.name}", 5 * SECOND, 40 * SECOND))
            case "pause":
                self.on_pause()
                self.clock.sleep(_PAUSE)
            case "error":
                raise TemporarilyUnavailableError(f"{name}: throttled")
        answer = call()
        self.clock.sleep(invocation.pace)
        match fault:
            case "crash-after":
                self._die(invocation)
            case "lost":
                raise TemporarilyUnavailableError(f"{name}: no answer in time")
            case "ghost":  # the SDK heard no answer, and sends it once more
                self.clock.sleep(self.chance.between(f"again {invocation.name}", 50, 5 * SECOND))
                return call()
        return answer

    def _count(self, invocation: Invocation, fault: str, name: str, fingerprint: str) -> None:
        self.reached[f"{fault} at {name}"] += 1
        if fault == invocation.fault:
            self.chance.fire(fault, invocation.name)
        if fault not in {"slow", "pause"} and (name in _TELLING or fingerprint in invocation.told):
            self.interrupted[fingerprint] += 1
        if name == "chat.postMessage" or fingerprint in invocation.posted:
            self.interrupted[f"chat {fingerprint}"] += 1

    def _digest_told(self) -> None:
        self._digest.update("".join(self._told).encode())
        self._told.clear()

    def _die(self, invocation: Invocation) -> None:
        invocation.is_dead = True
        raise DiedError

    def _invocation(self, name: str, *, lasts: int) -> Invocation:
        chance = self.chance
        pace = chance.between(f"pace {name}", 5, 40)
        invocation = Invocation(name=name, begun=self.clock.ms, lasts=lasts, pace=pace)
        fault = chance.first_drawn(AT_A_CALL, name)
        if fault:
            invocation.fault, invocation.at_call = fault, 1 + chance.between(f"at {name}", 0, _MOST_CALLS)
        if chance.happens("skew", name):
            invocation.skew = chance.between(f"skew {name}", -CLOCKS_DIFFER // 2, CLOCKS_DIFFER // 2)
        invocation.has_jitter = chance.happens("jitter", name)
        return invocation
