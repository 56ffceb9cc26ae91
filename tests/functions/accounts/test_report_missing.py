"""The function that tells what an account lacks, as the state machine calls it."""

import json
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from tests.builders.places import REPORTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import World, load_handler, settled_world


@pytest.fixture
def world(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> World:
    return settled_world(fake_clients, dynamodb, ledger_table)


@pytest.mark.parametrize(
    ("error", "reason", "told"),
    [
        pytest.param("", "1 missing: role x", "1 missing: role x", id="its deadline"),
        pytest.param(
            "CallRefusedError",
            json.dumps({"errorType": "CallRefusedError", "errorMessage": "GetRole answered Odd"}),
            "GetRole answered Odd (CallRefusedError)",
            id="an error",
        ),
    ],
)
def test_people_are_told_what_is_missing(error: str, reason: str, told: str, world: World) -> None:
    payload = {"account": REPORTS, "execution": "one", "error": error, "reason": reason}
    assert load_handler("report_missing")(payload, None)["is_told"]
    [alert] = world.post.announced
    assert (alert["kind"], alert["resource"]) == ("account-not-ready", REPORTS)
    assert alert["reason"] == f"account {REPORTS} is not protected: {told}"
