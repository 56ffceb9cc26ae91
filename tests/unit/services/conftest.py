"""Use cases are tested on a ledger in memory; what it has in common with DynamoDB is tested at the adapters."""

import pytest

from strongroom.adapters.ledger.memory import MemoryTable


@pytest.fixture
def ledger_table() -> MemoryTable:
    """An empty ledger."""
    return MemoryTable()
