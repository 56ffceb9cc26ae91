"""Stopping on a signal: whatever runs is unwound, so that nothing is left behind."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StoppedError(Exception):
    """The program ended because somebody asked it to."""


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Raise `StoppedError` where the program is at the first signal; later ones do not disturb the unwinding."""

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise StoppedError(signal.Signals(number).name)

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
