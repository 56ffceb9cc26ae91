"""The functions of the ceremony, deployed where the intent has none: each says why, and nothing is done."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from strongroom.domain.errors import CeremonyMissingError
from strongroom.domain.intent.model import Intent
from strongroom_cli.intent.file import load_intent_file
from tests.builders.intents import an_intent_without_ceremony
from tests.conftest import ROOT, FakeClients, create_ledger
from tests.fakes.ceremony import CEREMONY, SIGNING_SECRET, FakeSecrets, slack_body
from tests.fakes.control_plane import batch, load_handler

SAID = "there is no restore ceremony here, because the intent has no section `restores`"
ID = "r-abcdefgh2345"
PROOF = {"statement": "x", "id_token": {"token": "a.b.c"}}

# A page's scripts and style are the same everywhere; the page itself names the identity provider.
ROUTES: dict[tuple[str, str, str], Any] = {
    ("request_restore", "POST", "/restores"): {},
    ("request_restore", "POST", "/restores/{id}/after"): {"step": "time-to-live", "reason": "x"},
    ("request_restore", "POST", "/restores/{id}/opening"): PROOF,
    ("find_candidates", "GET", "/candidates"): None,
    ("start_scan", "POST", "/scans"): {"resource": "x", "recovery_point": "x"},
    ("show_restores", "GET", "/restores"): None,
    ("show_restores", "GET", "/restores/ends"): None,
    ("show_restores", "GET", "/restores/{id}"): None,
    ("show_restores", "GET", "/restores/{id}/evidence"): None,
    ("show_approval", "GET", "/approvals/{id}"): None,
    ("show_approval", "POST", "/approvals/{id}/request"): {"view": "x"},
    ("show_approval", "POST", "/approvals/{id}/receipt"): {"view": "x", "proof": "x"},
    ("show_approval", "GET", "/rules"): None,
    ("show_approval", "GET", "/outages"): None,
    ("show_approval", "GET", "/enrol"): None,
    ("show_approval", "GET", "/reviews/{id}"): None,
    ("show_approval", "GET", "/checklists/{id}"): None,
    ("take_proof", "POST", "/restores/{id}/statements"): {"decision": "approve"},
    ("take_proof", "POST", "/restores/{id}/proofs"): PROOF,
    ("take_proof", "POST", "/logins"): {"request": ID, "decision": "approve", "view": "x"},
    ("take_proof", "GET", "/logins/callback"): None,
    ("take_proof", "POST", "/logins/confirmation"): "code=x&state=x",
    ("receive_slack_click", "POST", "/slack/interactions"): slack_body(),
}
# No execution comes to the doorbell, which knows of no ceremony and decides nothing.
STEPS = (
    "snapshot_ticket",
    "tell_approvers",
    "judge_approval",
    "start_copy_back",
    "check_copy_back",
    "start_restore",
    "check_restore",
    "tag_restored",
    "close_restore",
)


@pytest.fixture(scope="module")
def intent() -> Intent:
    """The example without a ceremony, in place of the example."""
    return an_intent_without_ceremony(load_intent_file(ROOT / "strongroom.yaml")[0])


@pytest.fixture(autouse=True)
def surroundings(deployed: None, fake_clients: FakeClients, dynamodb: Any) -> None:
    """The functions' surroundings: a client that is not there is one that nobody may ask for anything."""
    create_ledger(dynamodb, CEREMONY)
    fake_clients.own |= {
        "dynamodb": dynamodb,
        "secretsmanager": FakeSecrets(),
        "s3": None,
        "stepfunctions": None,
        "organizations": None,
    }


@pytest.mark.parametrize(("function", "method", "resource"), ROUTES, ids=" ".join)
def test_whoever_asks_is_told_why_there_is_none(function: str, method: str, resource: str) -> None:
    content = ROUTES[function, method, resource]
    body = content if isinstance(content, str) else json.dumps(content)
    stamp = str(int(datetime.now(UTC).timestamp()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=stamp, body=body)
    slack = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    event = {
        "httpMethod": method,
        "resource": resource,
        "headers": {"Authorization": "Bearer any", **slack},
        "pathParameters": {"id": ID},
        "body": body,
    }
    answer = load_handler(function)(event, None)
    assert answer["statusCode"] == 409
    assert json.loads(answer["body"])["error"].startswith(SAID)


def test_every_route_is_known() -> None:
    functions = {function for function, _, _ in ROUTES}
    served = {(each, *route) for each in functions for route in getattr(load_handler(each), "table", ())}
    assert {route for route in served if not route[2].endswith("{asset}")} == set(ROUTES)


@pytest.mark.parametrize("function", STEPS)
def test_a_step_that_is_taken_by_hand_fails_with_the_reason(function: str) -> None:
    step = {"request_id": ID, "execution": f"arn:e:{ID}", "error": "", "reason": ""}
    with pytest.raises(CeremonyMissingError, match="no section `restores`"):
        load_handler(function)(step, None)


def test_the_clock_that_takes_up_ceremonies_finds_none_and_is_content(
    sample: Callable[[str], dict[str, Any]],
) -> None:
    """It ticks in every deployment: a refusal would bury an event each time, and alarm somebody."""
    tick = batch(sample("aws.events/tick"))
    assert load_handler("sweep_ceremonies")(tick, None) == {"batchItemFailures": []}
