"""Worlds in which a restore was asked for."""

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.plans import RestorePlan
from tests.builders.places import CENTRAL_VAULT
from tests.builders.restores import CENTRAL_POINT
from tests.fakes.restores import World
from tests.unit.services.restores.acts import ask


@pytest.fixture
def world(ledger_table: MemoryTable, intent: Intent) -> World:
    """Omar asked for a recovery point that lies in the account's own vault."""
    return ask(ledger_table, intent)


@pytest.fixture
def copying(ledger_table: MemoryTable, intent: Intent) -> World:
    """Omar asked for a recovery point that must be copied back from the central vault first."""
    return ask(ledger_table, intent, plan=RestorePlan.COPY_BACK, vault=CENTRAL_VAULT, recovery_point=CENTRAL_POINT)
