"""The function that claims accounts, as the state machine calls it."""

from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.errors import MalformedError
from tests.builders.places import REPORTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import World, load_handler, settled_world


@pytest.fixture
def world(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> World:
    return settled_world(fake_clients, dynamodb, ledger_table)


def test_one_of_two_executions_has_the_account(world: World) -> None:
    claim = load_handler("claim_account")
    states = [claim({"account": REPORTS, "execution": name}, None)["state"] for name in ("one", "two", "one")]
    assert states == ["CLAIMED", "UNDER_WAY", "CLAIMED"]


@pytest.mark.parametrize("payload", [{}, {"account": REPORTS}, {"account": "1112233445566", "execution": "one"}])
def test_what_names_no_account_is_malformed(payload: dict[str, Any], world: World) -> None:
    with pytest.raises(MalformedError):
        load_handler("claim_account")(payload, None)
