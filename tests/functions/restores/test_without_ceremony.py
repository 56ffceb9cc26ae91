"""The functions of the ceremony, deployed where the intent has none: each says why, and nothing is done."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from strongroom.adapters.aws import secrets
from strongroom.domain.errors import CeremonyMissingError
from strongroom.domain.intent.model import Intent
from strongroom_cli.intent.file import load_intent_file
from tests.builders.intents import an_intent_without_ceremony
from tests.conftest import FakeClients
from tests.fakes.ceremony import ID, SIGNING_SECRET, FakeSecrets, slack_body
from tests.fakes.control_plane import load_handler

EXAMPLE = Path(__file__).parents[3] / "strongroom.yaml"
SAID = "there is no restore ceremony here, because the intent has no section `restores`"

ROUTES = {
    "request_restore": ("POST", "/restores"),
    "show_restores": ("GET", "/restores"),
    "cast_vote": ("POST", "/restores/{id}/votes"),
    "confirm_presence": ("GET", "/presence/{challenge}"),
    "receive_slack_click": ("POST", "/slack/interactions"),
}
STEPS = ("snapshot_ticket", "open_approval", "start_copy_back", "start_restore", "close_restore")


@pytest.fixture(scope="module")
def intent() -> Intent:
    """The example without a ceremony, in place of the example."""
    return an_intent_without_ceremony(load_intent_file(EXAMPLE)[0])


@pytest.fixture(autouse=True)
def deployed(platform_environment: None, fake_clients: FakeClients, dynamodb: Any) -> Any:
    """The functions' surroundings."""
    fake_clients.own |= {"dynamodb": dynamodb, "secretsmanager": FakeSecrets()}
    yield
    secrets.forget()


@pytest.mark.parametrize(("function", "route"), ROUTES.items(), ids=ROUTES)
def test_whoever_asks_is_told_why_there_is_none(function: str, route: tuple[str, str]) -> None:
    body, stamp = slack_body(), str(int(datetime.now(UTC).timestamp()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=stamp, body=body)
    slack = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    event = {
        "httpMethod": route[0],
        "resource": route[1],
        "headers": {"Authorization": "Bearer any", **slack},
        "pathParameters": {"id": ID, "challenge": "0" * 48},
        "body": body,
    }
    answer = load_handler(function)(event, None)
    assert answer["statusCode"] == 409
    assert json.loads(answer["body"])["error"].startswith(SAID)


@pytest.mark.parametrize("function", STEPS)
def test_a_step_that_is_taken_by_hand_fails_with_the_reason(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRONGROOM_RESTORE_MACHINE", "arn:machine")
    step = {"request_id": ID, "execution": "arn:e", "task_token": "t", "outcome": "failed"}
    with pytest.raises(CeremonyMissingError, match="no section `restores`"):
        load_handler(function)(step, None)
