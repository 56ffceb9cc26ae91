"""Worlds in which restores are asked for."""

import pytest

from strongroom.domain.intent.model import Intent
from tests.builders.restores import a_proving_intent
from tests.fakes.restores.world import CeremonyWorld


@pytest.fixture
def world(intent: Intent) -> CeremonyWorld:
    """The example organisation, whose people all sign by passkeys; nobody has asked for anything yet."""
    return CeremonyWorld(a_proving_intent(intent))
