"""The whole world, once for all end-to-end tests: `sam build`, `sam deploy`, twenty accounts."""

from collections.abc import Iterator

import pytest

from sandbox.example import world
from sandbox.example.world import World
from sandbox.settings import Settings


@pytest.fixture(scope="module")
def whole_world() -> Iterator[World]:
    """Strongroom deployed into a sandbox on a free port."""
    with world.running(Settings(port=0)) as running:
        yield running
