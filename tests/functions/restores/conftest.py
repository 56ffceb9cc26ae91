"""The functions of the ceremony as they are deployed: their intent, and everything around them."""

from collections.abc import Iterator
from copy import replace
from typing import Any

import pytest

from strongroom.adapters.aws import secrets
from strongroom.domain.intent.model import Intent
from strongroom_cli.intent.file import load_intent_file
from tests.builders.restores import a_proving_intent
from tests.conftest import ROOT, FakeClients
from tests.fakes.ceremony import CEREMONY, Functions
from tests.fakes.evidence.bucket import LOG
from tests.fakes.restores.world import MACHINE


@pytest.fixture(scope="session")
def intent() -> Intent:
    """The example, whose people sign by passkeys, and whose evidence is logged and witnessed."""
    loaded, _ = load_intent_file(ROOT / "strongroom.yaml")
    return replace(a_proving_intent(loaded), evidence=LOG)


@pytest.fixture
def deployed(platform_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the template tells the functions of the ceremony besides."""
    monkeypatch.setenv("STRONGROOM_CEREMONY", CEREMONY)
    monkeypatch.setenv("STRONGROOM_RESTORE_MACHINE", MACHINE)
    secrets.forget()
    yield
    secrets.forget()


@pytest.fixture
def functions(
    dynamodb: Any, intent: Intent, deployed: None, fake_clients: FakeClients, monkeypatch: pytest.MonkeyPatch
) -> Functions:
    """The surroundings of the deployed functions."""
    return Functions(dynamodb, intent, fake_clients, monkeypatch)
