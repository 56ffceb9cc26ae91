"""Worlds to attack: services over fakes, and the functions as they are deployed."""

import pytest

from strongroom.domain.intent.model import Intent
from tests.fakes.restores.world import CeremonyWorld
from tests.functions.restores.conftest import deployed as deployed
from tests.functions.restores.conftest import functions as functions
from tests.functions.restores.conftest import intent as intent


@pytest.fixture
def world(intent: Intent) -> CeremonyWorld:
    """The example organisation, whose people all sign by passkeys; nobody has asked for anything yet."""
    return CeremonyWorld(intent)
