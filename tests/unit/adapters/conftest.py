"""The ledger's families are tested on both tables: on DynamoDB, as far as moto is it, and in memory."""

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.table import LedgerTable, Table
from tests.conftest import LEDGER


@pytest.fixture(params=["dynamodb", "memory"])
def ledger_table(request: pytest.FixtureRequest) -> Table:
    """An empty ledger of either kind."""
    if request.param == "memory":
        return MemoryTable()
    return LedgerTable(request.getfixturevalue("dynamodb"), LEDGER)
