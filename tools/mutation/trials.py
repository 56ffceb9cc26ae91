"""Each mutant is tried in a process of its own, forked when all that no mutant can change is loaded already.

One file of tests is tried after the other, those of the module's own name first: only a mutant that one does not notice
meets the next.
"""

import gc
import importlib
import importlib.abc
import importlib.util
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import IO, Any, Final

import pytest

# Nobody reads why a test failed, so nothing is prepared for telling it.
_OPTIONS: Final = (
    "-x",
    "-q",
    "--assert=plain",
    "--tb=no",
    "--timeout=0",
    *(option for plugin in ("cacheprovider", "xdist", "hypothesispytest") for option in ("-p", f"no:{plugin}")),
)
# What pytest ends with when a test failed, and when the module cannot even be imported.
_NOTICED: Final = {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}
_BROKEN: Final = 70
_NOT_AGAIN: Final = 0.01
# So much longer than it may compute a trial may take: what does neither sleeps for ever.
_ASLEEP: Final = 30


class Outcome(StrEnum):
    """What came of a mutant."""

    NOTICED = "noticed"
    ENDLESS = "endless"
    SURVIVED = "survived"


class TrialError(Exception):
    """The tests could not be run at all."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A module with the code that stands in its place, and the files of tests in the order in which they are tried."""

    module: str
    path: Path
    code: CodeType
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Running:
    """A trial that goes on in a process, at the longest until that time."""

    number: int
    child: int
    until: float
    log: IO[bytes]


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Puts the mutant in the place of its module."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial

    def find_spec(self, fullname: str, *_: Any) -> ModuleSpec | None:
        if fullname != self._trial.module:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=str(self._trial.path))

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(self._trial.path)
        exec(self._trial.code, module.__dict__)  # noqa: S102 - the mutant is what is tried


class _Missing(importlib.abc.MetaPathFinder):
    """Keeps a module, and so whatever needs it, from being loaded."""

    def __init__(self, modules: Iterable[str]) -> None:
        self._modules = set(modules)

    def find_spec(self, fullname: str, *_: Any) -> None:
        if fullname in self._modules:
            raise ModuleNotFoundError(f"{fullname} is left to the trials")


def load_the_rest(modules: Sequence[str], tests: Sequence[str], *, cache: str) -> None:
    """Load what the tests load, but for the modules that are changed, whatever needs them, and the tests.

    What is compiled on the way is kept in the folder `cache`.
    """
    sys.pycache_prefix, sys.dont_write_bytecode = cache, False
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _collect(tests, writing)
    os.close(writing)
    with os.fdopen(reading) as told:
        names = told.read().split()
    os.waitpid(child, 0)
    missing = _Missing(modules)
    sys.meta_path.insert(0, missing)
    for name in names:
        if name not in sys.modules and not name.startswith(("tests.unit", "_pytest", "__")):
            with suppress(ImportError, AttributeError, KeyError):
                importlib.import_module(name)
    sys.meta_path.remove(missing)
    # What is here already is nothing that a trial has to look through for garbage.
    gc.freeze()


def _collect(tests: Sequence[str], writing: int) -> None:
    _write_to(os.open(os.devnull, os.O_WRONLY))
    pytest.main([*_OPTIONS, "--collect-only", *tests])
    os.write(writing, "\n".join(sorted(sys.modules)).encode())
    os._exit(0)


def outcomes(trials: Iterable[Trial], *, at_once: int, patience: int) -> Iterator[tuple[int, Outcome]]:
    """What came of each trial, by its number, in the order in which they end.

    `patience` is in seconds of the processor, so that a busy machine makes nothing endless.
    """
    waiting = enumerate(trials)
    running: list[_Running] = []
    while True:
        while len(running) < at_once and (following := next(waiting, None)) is not None:
            running.append(_started(*following, patience=patience))
        if not running:
            return
        for each in list(running):
            if (outcome := _outcome(each)) is not None:
                running.remove(each)
                each.log.close()
                yield each.number, outcome
        time.sleep(_NOT_AGAIN)


def _outcome(running: _Running) -> Outcome | None:
    """What came of it, or None while it goes on."""
    ended, status = os.waitpid(running.child, os.WNOHANG)
    if not ended and time.monotonic() > running.until:
        os.kill(running.child, signal.SIGKILL)
        os.waitpid(running.child, 0)
        return Outcome.ENDLESS
    if not ended:
        return None
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGXCPU:
        return Outcome.ENDLESS
    if code == pytest.ExitCode.OK:
        return Outcome.SURVIVED
    if code in _NOTICED or code < 0:
        return Outcome.NOTICED
    running.log.seek(0)
    raise TrialError(f"the tests could not be run, pytest ended with {code}:\n{running.log.read().decode()}")


def _started(number: int, trial: Trial, *, patience: int) -> _Running:
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the trial has ended
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (patience, patience))
        code = _BROKEN
        try:
            code = _tried(trial, log=log.fileno())
        finally:  # the process ends here, whatever the mutant did
            if sys.exception() is not None:
                traceback.print_exc()
            os._exit(code)
    return _Running(number, child, time.monotonic() + _ASLEEP * patience, log)


def _tried(trial: Trial, *, log: int) -> int:
    code: int = pytest.ExitCode.OK
    _write_to(log)
    # pytest clears away the folders of earlier runs, and two trials would clear away each other's.
    os.environ["PYTEST_DEBUG_TEMPROOT"] = tempfile.mkdtemp(dir=sys.pycache_prefix)
    sys.meta_path.insert(0, _Instead(trial))
    for file in trial.tests:
        if code == pytest.ExitCode.OK:
            code = pytest.main([*_OPTIONS, file])
    return int(code)


def _write_to(file: int) -> None:
    """All that is printed goes there."""
    os.dup2(file, 1)
    os.dup2(file, 2)
