"""Forwarders are listened to in the example organisation."""

import pytest

from strongroom.domain.intent.model import Intent
from tests.unit.services.health.surroundings import World


@pytest.fixture
def world(intent: Intent) -> World:
    """One account in Production that is ready."""
    return World(intent)
