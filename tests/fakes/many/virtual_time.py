"""Time that passes only while everybody sleeps: several workers in threads, of which one runs at a moment."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from threading import Event, Thread

BEGAN = datetime(2026, 9, 1, 10, tzinfo=UTC)


@dataclass
class VirtualTime:
    """A clock in seconds since `BEGAN`, and the sleepers by when they wake; of equal ones the first."""

    seconds: float = 0.0
    _sleepers: list[tuple[float, int, Event]] = field(default_factory=list)
    _count: int = 0
    _done: Event = field(default_factory=Event)
    _failures: list[BaseException] = field(default_factory=list)

    def now(self) -> datetime:
        return BEGAN + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Let others run until the time has come."""
        woken = self._enter(self.seconds + seconds)
        self._wake_next()
        woken.wait()

    def run(self, *workers: Callable[[], None]) -> None:
        """Run the workers to their end."""
        threads = [Thread(target=self._work, args=(worker, self._enter(0.0)), daemon=True) for worker in workers]
        for thread in threads:
            thread.start()
        self._wake_next()
        assert self._done.wait(timeout=120)
        for failure in self._failures:
            raise failure

    def _enter(self, at: float) -> Event:
        woken = Event()
        self._count += 1
        heappush(self._sleepers, (at, self._count, woken))
        return woken

    def _work(self, worker: Callable[[], None], woken: Event) -> None:
        woken.wait()
        try:
            worker()
        except BaseException as failure:  # noqa: BLE001 raised again where the run is waited for
            self._failures.append(failure)
        self._wake_next()

    def _wake_next(self) -> None:
        if not self._sleepers:
            self._done.set()
            return
        self.seconds, _, woken = heappop(self._sleepers)
        woken.set()
