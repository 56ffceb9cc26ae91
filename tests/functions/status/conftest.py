"""The functions of the views as they are deployed, with an empty table of views."""

from copy import replace
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.intent.model import Intent
from strongroom_cli.intent.file import load_intent_file
from tests.builders.restores import a_proving_intent
from tests.conftest import ROOT, VIEWS, FakeClients, create_ledger
from tests.fakes.ceremony import CEREMONY, Functions
from tests.fakes.evidence.bucket import LOG
from tests.fakes.night import Night, a_night


@pytest.fixture(scope="session")
def intent() -> Intent:
    """The example, whose people log in."""
    loaded, _ = load_intent_file(ROOT / "strongroom.yaml")
    return replace(a_proving_intent(loaded), evidence=LOG)


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    create_ledger(dynamodb, VIEWS)
    return a_night(fake_clients, dynamodb, ledger_table)


@pytest.fixture
def functions(
    dynamodb: Any,
    intent: Intent,
    platform_environment: None,
    fake_clients: FakeClients,
    monkeypatch: pytest.MonkeyPatch,
) -> Functions:
    monkeypatch.setenv("STRONGROOM_CEREMONY", CEREMONY)
    create_ledger(dynamodb, VIEWS)
    return Functions(dynamodb, intent, fake_clients, monkeypatch)
