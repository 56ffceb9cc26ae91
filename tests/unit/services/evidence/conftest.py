"""The world of the watch."""

import pytest

from strongroom.domain.intent.model import Intent
from tests.builders.restores import an_urgent_intent
from tests.fakes.evidence.watching import WatchWorld


@pytest.fixture
def watch(intent: Intent) -> WatchWorld:
    """The example's organisation, in which nobody has asked for anything yet."""
    return WatchWorld(intent)


@pytest.fixture
def urgent_watch(intent: Intent) -> WatchWorld:
    """The same, where Ada and Piet are called to incidents and Sana reviews."""
    return WatchWorld(an_urgent_intent(intent))
