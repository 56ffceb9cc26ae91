"""The control plane around a function under test: its queue, what it sends, and the organisation."""

import importlib.util
import json
from collections.abc import Callable
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.accounts.heartbeats import LedgerHeartbeats
from strongroom.adapters.ledger.accounts.onboardings import LedgerOnboardings
from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.accounts.membership import AccountState
from strongroom.domain.health.heartbeats import BeatKey, Heartbeat
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.inventory.runs import Mark, Place, Run
from tests.builders.accounts import TIERS, an_effective_policy
from tests.builders.places import BUS, HOME, PRODUCTION, REPORTS
from tests.conftest import FakeClients
from tests.fakes.account_clients import refusal
from tests.fakes.member_account import FakeMemberAccount

FAR = Region("us-east-1")
FUNCTIONS = Path(__file__).parents[2] / "functions"

type Handler = Callable[[dict[str, Any], object], dict[str, Any]]


def load_handler(name: str) -> Handler:
    """The handler of a function's `app.py`, loaded as Lambda does: by path."""
    spec = importlib.util.spec_from_file_location(f"{name}_app", FUNCTIONS / name / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    handler: Handler = module.handler
    return handler


def batch(*events: dict[str, Any] | str) -> dict[str, Any]:
    """An SQS batch of EventBridge events."""
    return {
        "Records": [
            {
                "messageId": f"m-{number}",
                "receiptHandle": "r",
                "body": event if isinstance(event, str) else json.dumps(event),
                "attributes": {},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:999999999999:queue",
                "awsRegion": "eu-west-1",
            }
            for number, event in enumerate(events)
        ]
    }


@dataclass
class FakePost:
    """Plays events, sns and sqs: keeps what is sent."""

    facts: list[dict[str, Any]] = field(default_factory=list)
    announced: list[dict[str, Any]] = field(default_factory=list)
    buried: list[dict[str, Any]] = field(default_factory=list)
    handed_on: list[dict[str, Any]] = field(default_factory=list)

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self.facts += [entry | {"Detail": json.loads(entry["Detail"])} for entry in Entries]
        return {"FailedEntryCount": 0, "Entries": []}

    def publish(self, **message: Any) -> None:
        self.announced.append(json.loads(message["Message"]))

    def send_message(self, **message: Any) -> None:
        # What is buried has a reason with it.
        (self.buried if "MessageAttributes" in message else self.handed_on).append(message)


@dataclass
class FakeOrganizations:
    """Every account is in Production, unless it left."""

    left: set[str] = field(default_factory=set)
    listed: dict[str, str] = field(default_factory=lambda: {"111111111111": "", REPORTS: f"{PRODUCTION}/"})

    def list_accounts(self) -> dict[str, Any]:
        paths = {account: f"o-strongroom1/r-strg/{units}{account}/" for account, units in self.listed.items()}
        return {"Accounts": [{"Id": each, "Status": "ACTIVE", "Paths": [path]} for each, path in paths.items()]}

    def describe_account(self, *, AccountId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        if AccountId in self.left:
            raise refusal("AccountNotFoundException", "DescribeAccount")
        return {"Account": {"Id": AccountId, "Name": "payments", "Status": "ACTIVE"}}

    def list_parents(self, *, ChildId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        if ChildId == PRODUCTION:
            return {"Parents": [{"Type": "ROOT", "Id": "r-strg"}]}
        return {"Parents": [{"Type": "ORGANIZATIONAL_UNIT", "Id": PRODUCTION}]}

    def list_tags_for_resource(self, *, ResourceId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        return {"Tags": [{"Key": "owner", "Value": f"#owners-of-{ResourceId}"}]}

    def list_accounts_with_invalid_effective_policy(self, **_: str) -> dict[str, Any]:
        return {"Accounts": []}

    def describe_effective_policy(self, **_: str) -> dict[str, Any]:
        return {"EffectivePolicy": {"PolicyContent": json.dumps(an_effective_policy(*TIERS))}}


@dataclass
class FakeStepFunctions:
    """Keeps what is begun: the names of executions, each with its input."""

    started: dict[str, dict[str, str]] = field(default_factory=dict)

    def start_execution(self, *, name: str, input: str, stateMachineArn: str) -> None:  # noqa: A002, N803
        self.started[name] = json.loads(input)


@dataclass
class World:
    """The organisation, what was sent, and how accounts were judged."""

    post: FakePost
    organizations: FakeOrganizations
    clients: FakeClients
    book: LedgerAccounts
    table: LedgerTable
    machines: FakeStepFunctions = field(default_factory=FakeStepFunctions)

    def onboard(self, *events: dict[str, Any]) -> list[dict[str, Any]]:
        """Have the events followed, and let each execution that they began claim its account and look once."""
        assert load_handler("assess_account")(batch(*events), None) == {"batchItemFailures": []}
        looks = []
        while self.machines.started:
            name, asked = self.machines.started.popitem()
            step = asked | {"execution": name}
            if load_handler("claim_account")(step, None)["state"] == "CLAIMED":
                looks.append(load_handler("inspect_account")(step, None))
        return looks

    def settle_in(self, account: AccountId, **changed: Any) -> None:
        for service in ("iam", "backup", "cloudformation", "events", "kms"):
            self.clients.member[account, service] = FakeMemberAccount(account, [BUS], **changed)

    def show_signs(self, account: AccountId, *, at: datetime) -> None:
        """The account's forwarders beat then, and an inventory of it ended, in the Regions of the example intent."""
        beats, inventories = LedgerHeartbeats(self.table), LedgerInventories(self.table)
        for region in (HOME, FAR):
            known = beats.find(BeatKey(account, region))
            first = Heartbeat(account=account, region=region, expected_since=at, heard_at=at)
            heard = replace(known, heard_at=at, revision=known.revision + 1) if known else first
            assert beats.keep(heard, was=known)
        run = Run(id=f"{at} {account}", begun_at=at, accounts=(account,), ended_at=at)
        inventories.keep_run(run)
        assert inventories.keep(Mark(place=Place(run.id, account, HOME), left=(), seen_at=at, ended_at=at), was=None)

    def execution(self, account: AccountId) -> str:
        """Which execution has claimed the account."""
        found = LedgerOnboardings(self.table).find(account)
        assert found is not None
        return found.claim

    def state_of(self, account: AccountId) -> AccountState | None:
        known = self.book.find(account)
        return None if known is None else known.state


def settled_world(fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> World:
    """The world with its clients installed."""
    post, organizations = FakePost(), FakeOrganizations()
    fake_clients.own |= {"events": post, "sns": post, "sqs": post, "dynamodb": dynamodb}
    world = World(post, organizations, fake_clients, LedgerAccounts(ledger_table), ledger_table)
    fake_clients.own |= {"organizations": organizations, "stepfunctions": world.machines}
    return world
