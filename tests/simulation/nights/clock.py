"""The clock of a simulated world: what is to happen, in order, and functions that take turns at it.

A function runs as a greenlet, so that services stay plain code: it gives way wherever it waits for an answer.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Final

from greenlet import getcurrent, greenlet

type Call = Callable[[], object]

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
_MILLISECOND: Final = timedelta(milliseconds=1)
BEGINNING: Final = datetime(2026, 9, 1, tzinfo=UTC)


class Clock:
    """Milliseconds since the beginning, and what happens when."""

    def __init__(self) -> None:
        """Nothing is to happen yet."""
        self.ms = 0
        self._until = 0
        self._now = 0, BEGINNING
        self._hub = getcurrent()
        self._idle: list[greenlet] = []
        self._heap: list[tuple[int, int, Call]] = []
        self._numbers = count()

    @property
    def now(self) -> datetime:
        """The moment."""
        ms, known = self._now
        if ms != self.ms:
            self._now = self.ms, (known := moment(self.ms))
        return known

    def at(self, ms: int, call: Call) -> None:
        """Let it happen then, or at once if that is over."""
        heappush(self._heap, (max(ms, self.ms), next(self._numbers), call))

    def each(
        self, ms: int, call: Call, *, first: int, until: int, unless: Callable[[int], bool] = lambda _ms: False
    ) -> None:
        """Let it happen then, and again after so many milliseconds, as long as that is before `until`.

        Where `unless` says so it is left out. That is asked as far ahead as nothing else happens before.
        """
        number = next(self._numbers)

        def turn() -> None:
            if not unless(self.ms):
                call()
            heap, following = self._heap, self.ms + ms
            while following < until and heap and following < heap[0][0] and unless(following):
                following += ms
            if following < until:
                heappush(heap, (following, number, turn))

        heappush(self._heap, (first, number, turn))

    def after(self, ms: int, call: Call) -> None:
        """Let it happen in so many milliseconds."""
        self.at(self.ms + ms, call)

    def begin(self, run: Call) -> None:
        """Let a function run from now on, which may sleep."""
        self.at(self.ms, partial(self._turn, run))

    def sleep(self, ms: int) -> None:
        """Let the others have their turn for so long."""
        wakes = self.ms + ms
        if wakes <= self._until and (not self._heap or self._heap[0][0] > wakes):
            self.ms = wakes  # nobody else has a turn before
            return
        self.at(wakes, getcurrent().switch)
        self._hub.switch()

    def run(self, until: int) -> None:
        """Let everything happen until then."""
        self._until, heap = until, self._heap
        while heap and heap[0][0] <= until:
            self.ms, _, call = heappop(heap)
            call()
        self.ms = until

    def end(self) -> None:
        """Let go of what functions ran in, and of what was still to happen."""
        for worker in self._idle:
            worker.throw()
        self._idle.clear()
        self._heap.clear()

    def _turn(self, run: Call) -> None:
        worker = self._idle.pop() if self._idle else greenlet(self._work, parent=self._hub)
        worker.switch(run)

    def _work(self, run: Call) -> None:
        """Run one function after the other: to make a greenlet takes ten times as long as to switch to it."""
        while True:
            run()
            self._idle.append(getcurrent())
            run = self._hub.switch()


def moment(ms: int) -> datetime:
    """The moment so many milliseconds after the beginning."""
    return BEGINNING + ms * _MILLISECOND


def since(at: datetime) -> int:
    """Milliseconds from the beginning to the moment."""
    passed = at - BEGINNING
    return passed.days * DAY + passed.seconds * SECOND + passed.microseconds // 1_000
