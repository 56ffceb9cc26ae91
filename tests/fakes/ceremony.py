"""The clients and outside systems around the deployed functions of the restore ceremony."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from strongroom.adapters.aws import secrets
from strongroom.adapters.identity.oidc import Web
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.slack.web_api import Slack
from strongroom.adapters.tickets.jira import JiraTickets
from strongroom.domain.chat import PostedMessage
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.requests import seal_request
from tests.builders.restores import a_request
from tests.fakes.issuer import FakeIssuer
from tests.fakes.restores import PUBLIC_URL, FakeKms, FakeTickets, World

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
ID = a_request().id


class FakeSecrets:
    """Secrets Manager with our one secret."""

    def get_secret_value(self, **request: str) -> dict[str, str]:
        kept = {
            "slack_signing_secret": SIGNING_SECRET,
            "slack_bot_token": "xoxb-very-secret",
            "ticket_token": "jira-very-secret",
            "oidc_client_secret": "hush",
            "public_url": PUBLIC_URL,
        }
        return {"SecretString": json.dumps(kept)}


class FakeEvents:
    """EventBridge: what was published."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 as boto3 spells it
        self.entries.extend(Entries)
        return {"FailedEntryCount": 0, "Entries": []}


class FakeStates:
    """Step Functions: what was begun, and what was answered."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.answered: dict[str, Any] = {}

    def start_execution(self, **request: str) -> None:
        self.begun.append(request["name"])

    def send_task_success(self, **request: str) -> None:
        self.answered[request["taskToken"]] = json.loads(request["output"])


class Functions:
    """The deployed functions' surroundings, with a request on the ledger."""

    def __init__(self, dynamodb: Any, intent: Intent, clients: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world = World(LedgerTable(dynamodb, "ledger"), intent)
        self.issuer, self.tickets = FakeIssuer(ceremony_of(intent).identity_provider), FakeTickets()
        self.events, self.states = FakeEvents(), FakeStates()
        self.slack: list[str] = []
        clients.own |= {
            "dynamodb": dynamodb,
            "secretsmanager": FakeSecrets(),
            "events": self.events,
            "stepfunctions": self.states,
            "kms": FakeKms(),
        }
        self.clients = clients
        secrets.forget()
        monkeypatch.setattr(Web, "get", lambda _, url: self.issuer.get(url))
        monkeypatch.setattr(Web, "post", lambda _, url, form: self.issuer.post(url, form))
        monkeypatch.setattr(JiraTickets, "read", lambda _, key: self.tickets.read(key))
        monkeypatch.setattr(JiraTickets, "comment", lambda _, key, text: self.tickets.comment(key, text))
        for name in ("post", "reply", "update", "answer"):
            monkeypatch.setattr(Slack, name, self._say)

    def _say(self, *said: Any, **more: Any) -> PostedMessage:
        self.slack.append(f"{said[1:]} {more}")
        return PostedMessage(channel="C0RESTORE", ts="1.1")

    def add(self, **changes: Any) -> None:
        """Put a request on the ledger, asked for just now."""
        from datetime import UTC, datetime, timedelta

        now = datetime.now(UTC)
        fresh = {"requested_at": now, "approval_expires_at": now + timedelta(hours=4)}
        self.world.book.add(seal_request(a_request(**(fresh | changes))))
        self.world.now = now

    def http(self, method: str, path: str, *, person: str = "", **event: Any) -> dict[str, Any]:
        """An event of API Gateway's proxy integration."""
        headers = {"Authorization": f"Bearer {self.issuer.token(sub=f'idp|{person}')}"} if person else {}
        resource = path
        for name, value in (event.get("pathParameters") or {}).items():
            resource = resource.replace(value, f"{{{name}}}")
        return {
            "resource": resource,
            "path": path,
            "httpMethod": method,
            "headers": headers,
            "multiValueHeaders": None,
            "queryStringParameters": None,
            "pathParameters": None,
            "stageVariables": None,
            "requestContext": {"stage": "v1", "identity": {"sourceIp": "198.51.100.7"}},
            "body": None,
            "isBase64Encoded": False,
        } | event


def slack_body(**changes: Any) -> str:
    """The form of a click on a button."""
    payload = {
        "type": "block_actions",
        "user": {"id": "U0MARIA", "username": "maria", "team_id": "T0STRONG"},
        "team": {"id": "T0STRONG", "domain": "strongroom"},
        "api_app_id": "A0STRONG",
        "enterprise": None,
        "actions": [{"action_id": "approve", "block_id": "decision", "value": "", "type": "button"}],
        "response_url": "https://hooks.slack.com/actions/T0STRONG/1/x",
        "trigger_id": "1.2.3",
    }
    return urlencode({"payload": json.dumps(payload | changes)})


@pytest.fixture
def functions(
    dynamodb: Any, intent: Intent, platform_environment: None, fake_clients: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Functions]:
    """The surroundings of the deployed functions."""
    monkeypatch.setenv("STRONGROOM_RESTORE_MACHINE", "arn:machine")
    yield Functions(dynamodb, intent, fake_clients, monkeypatch)
    secrets.forget()
