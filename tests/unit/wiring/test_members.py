"""What is lent in member accounts, as it is wired."""

from types import SimpleNamespace
from typing import Any

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.source_identity import Behalf
from strongroom.wiring import members
from tests.builders.places import HOME, PAYMENTS

_CLIENTS = "strongroom.adapters.aws.clients"


@pytest.mark.parametrize("lent", ["restoring", "calling"])
def test_what_restores_or_overwrites_sends_each_call_once(
    intent: Intent, lent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that tries again would overwrite twice what was to be overwritten once."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(f"{_CLIENTS}._assume", lambda *_, **__: None)
    monkeypatch.setattr(f"{_CLIENTS}.connect", lambda _, **given: asked.append(given))
    clients = getattr(members, lent)(SimpleNamespace(intent=intent))
    behalf = Behalf(subject="idp|omar", ticket="OPS-1", request_id="r-abcdefgh2345")
    clients.client("redshift-serverless", account=PAYMENTS, region=HOME, behalf=behalf, policy="{}")
    assert [each["attempts"] for each in asked] == [1]
