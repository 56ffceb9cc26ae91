"""Accounts are judged in the example organisation."""

import pytest

from strongroom.domain.intent.model import Intent
from tests.unit.services.accounts.surroundings import World


@pytest.fixture
def world(intent: Intent) -> World:
    """One account in Production that has everything."""
    return World(intent)
