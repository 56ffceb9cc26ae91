"""What every test may lean on: the example intent, a ledger, and clients that never leave the process."""

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, settings
from moto import mock_aws

from strongroom.adapters.aws import clients
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.model import Intent
from strongroom.runtime import compiled_intent, platform
from strongroom.wiring.tags.seeing_to import kept_paces
from strongroom_cli.intent.file import load_intent_file
from tests.fakes.moto_clients import moto_client
from tests.wheel.installation import Installation, install

# The emulator reads these once, when a test first imports it: where unsigned requests belong.
os.environ.update(MINISTACK_ACCOUNT_ID="999999999999", MINISTACK_REGION="eu-west-1")

# The same examples each time, so that a red run can be repeated; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
# Whether a change is noticed is all that `make mutation` asks, and not by how small an example.
settings.register_profile("mutation", derandomize=True, deadline=None, phases=(Phase.explicit, Phase.generate))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

ROOT = Path(__file__).parent.parent
LEDGER = "ledger"
VIEWS = "views"


# The longest first, as far as one file is long: whoever is given one last leaves the other process without work.
_LONGEST = (
    "tests/e2e/",
    "tests/search/",
    "tests/guardrails/",
    "tests/simulation/",
    "tests/browser/",
    "tests/integration/",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the tests, begin with the longest files; else leave the order as it is."""
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    return next((turn for turn, place in enumerate(_LONGEST) if item.nodeid.startswith(place)), len(_LONGEST))


def pytest_collection_finish() -> None:
    """Look through what was collected for garbage once: all the rest of it stays to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def base_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where temporary files go, settled before a sandbox points the process to a directory of its own."""
    return tmp_path_factory.getbasetemp()


@pytest.fixture(scope="session")
def intent() -> Intent:
    """The example organisation of `strongroom.yaml`."""
    loaded, _ = load_intent_file(ROOT / "strongroom.yaml")
    return loaded


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The command in an environment of its own; building and installing takes a while, so only `make wheel` asks."""
    return install(tmp_path_factory.mktemp("installed"))


@pytest.fixture
def sample() -> Callable[[str], dict[str, Any]]:
    """The parsed sample under `events/`, by its path without the ending."""
    return lambda path: json.loads((ROOT / "events" / f"{path}.json").read_text(encoding="utf-8"))


@pytest.fixture
def platform_environment(intent: Intent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment and the intent layer that a deployed function finds around itself."""
    package = tmp_path / "strongroom_intent"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "intent.json").write_bytes(msgspec.json.encode(intent))
    monkeypatch.syspath_prepend(str(tmp_path))
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "STRONGROOM_LEDGER": LEDGER,
        "STRONGROOM_VIEWS": VIEWS,
        "STRONGROOM_BUS": "strongroom",
        "STRONGROOM_ALERT_CLICKS": "https://sqs.eu-west-1.amazonaws.com/999999999999/alert-clicks",
        "STRONGROOM_ALERTS_TOPIC": "arn:aws:sns:eu-west-1:999999999999:alerts",
        "STRONGROOM_DEAD_LETTERS": "https://sqs.eu-west-1.amazonaws.com/999999999999/dead-letters",
        "STRONGROOM_ONBOARDING_MACHINE": "arn:aws:states:eu-west-1:999999999999:stateMachine:account-onboarding",
        "STRONGROOM_REMEDIATION_MACHINE": "arn:aws:states:eu-west-1:999999999999:stateMachine:copy-remediation",
        "STRONGROOM_SECRETS": "strongroom",
    }.items():
        monkeypatch.setenv(name, value)
    _forget()
    yield
    sys.modules.pop("strongroom_intent", None)
    _forget()


def _forget() -> None:
    compiled_intent.load_intent.cache_clear()
    platform.current_platform.cache_clear()
    clients.forget_clients()
    kept_paces.cache_clear()


class FakeSts:
    """Hands out credentials whose access key tells the account, so that member clients can be told apart."""

    def __init__(self) -> None:
        self.assumed: list[str] = []
        self.requests: list[dict[str, Any]] = []

    def assume_role(self, **request: Any) -> dict[str, Any]:
        role = request["RoleArn"]
        self.assumed.append(role)
        self.requests.append(request)
        return {
            "Credentials": {
                "AccessKeyId": Arn.parse(role).account,
                "SecretAccessKey": "secret",
                "SessionToken": "token",
                "Expiration": datetime.now(UTC) + timedelta(hours=1),
            }
        }


@dataclass
class FakeClients:
    """What `strongroom.adapters.aws.clients` hands out: our own by service, members' by account and service."""

    own: dict[str, Any] = field(default_factory=lambda: {"sts": FakeSts()})
    member: dict[tuple[str, str], Any] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    def connect(self, service: str, *, region: Region | None, credentials: clients.Credentials | None, **_: Any) -> Any:
        self.made.append(service)
        if credentials is None:
            return self.own[service]
        return self.member[AccountId(credentials.access_key), service]


@pytest.fixture
def fake_clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeClients]:
    """Install clients instead of boto3's; a service that was not put there fails with its name."""
    fake = FakeClients()
    clients.forget_clients()
    monkeypatch.setattr(clients, "connect", fake.connect)
    yield fake
    clients.forget_clients()


def create_ledger(dynamodb: Any, name: str) -> LedgerTable:
    """An empty ledger, keys and index as in the template."""
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk", "due_bucket", "due_at")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "due",
                "KeySchema": [
                    {"AttributeName": "due_bucket", "KeyType": "HASH"},
                    {"AttributeName": "due_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    return LedgerTable(dynamodb, name)


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    """A DynamoDB client with an empty ledger."""
    with mock_aws():
        client = moto_client("dynamodb", "eu-west-1")
        create_ledger(client, LEDGER)
        yield client


@pytest.fixture
def ledger_table(dynamodb: Any) -> LedgerTable:
    """The ledger over that table."""
    return LedgerTable(dynamodb, LEDGER)
