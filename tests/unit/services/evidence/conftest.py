"""The world of the watch."""

import pytest

from strongroom.domain.intent.model import Intent
from tests.fakes.evidence.watching import WatchWorld


@pytest.fixture
def watch(intent: Intent) -> WatchWorld:
    """The example's organisation, in which nobody has asked for anything yet."""
    return WatchWorld(intent)
