"""One sandbox for a run of conformance: a seed, a number of calls, and living things."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest

from sandbox import lifecycle
from sandbox.settings import Settings
from tests.conformance import places
from tests.conformance.calls import Line, line_to

SEED: Final = "1"


@dataclass(frozen=True, slots=True)
class Stage:
    """The sandbox to which calls are made."""

    pool: places.Pool
    line: Line
    port: int


@pytest.fixture(scope="session")
def seed() -> str:
    """What the inputs are made from; the same for everybody unless `SEED` says otherwise."""
    return os.environ.get("SEED") or SEED


@pytest.fixture(scope="session")
def calls() -> int:
    """How many calls are made at least."""
    return int(os.environ.get("CALLS") or 10_000)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A sandbox of its own, because nothing in it stays whole."""
    with (
        lifecycle.running(Settings(port=0, stack_set_seconds=0.1, log_level="CRITICAL")) as sandbox,
        line_to(sandbox.settings.port) as line,
    ):
        yield Stage(places.fill(), line, sandbox.settings.port)
