"""A world in which resources are seen to: payments, in Production, over the ledger in memory."""

from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.copies.protection import expected_among, items_of_resource
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.accounts.membership import AccountState, KnownAccount
from strongroom.domain.calls import ApiCall, Heard
from strongroom.domain.errors import StrongroomError, TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.verdicts import TagState
from strongroom.services.alerts.tell_alerts import AlertNotifier
from strongroom.services.tags.answering import EnforcementVerdict
from strongroom.services.tags.enforce_tags import enforce_tags
from strongroom.services.tags.revisit_resources import revisit_resources
from strongroom.services.tags.tagging_needs import TaggingNeeds
from tests.builders.accounts import IN_PRODUCTION
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.accounts_and_tags import FakeAccountBook, FakeAlerts, FakeKeys, FakeOrganization, FakePaces, FakeTags

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
type Mode = Literal["observe", "tag", "correct", "quarantine"]

ORDERS = "arn:aws:rds:eu-west-1:222222222222:db:orders"
FIRST, SECOND = (f"arn:aws:ec2:eu-west-1:222222222222:instance/i-{n}" for n in (1, 2))

CREATED = ApiCall(
    event_id="e-1",
    source="rds.amazonaws.com",
    name="CreateDBInstance",
    account=PAYMENTS,
    region=HOME,
    caller="arn:aws:sts::222222222222:assumed-role/Developer/dev",
    caller_type="AssumedRole",
    role="arn:aws:iam::222222222222:role/Developer",
    invoked_by=None,
    request={"dBInstanceIdentifier": "orders"},
    response={"dBInstanceArn": ORDERS},
    error_code=None,
    error_message=None,
)


@dataclass
class World:
    """Payments, in Production, with one untagged database."""

    intent: Intent
    organization: FakeOrganization = field(default_factory=lambda: FakeOrganization({PAYMENTS: IN_PRODUCTION}))
    accounts: FakeAccountBook = field(default_factory=FakeAccountBook)
    table: MemoryTable = field(default_factory=MemoryTable)
    tags: FakeTags = field(default_factory=lambda: FakeTags({ORDERS: {"team": "payments"}}))
    keys: FakeKeys = field(default_factory=FakeKeys)
    paces: FakePaces = field(default_factory=FakePaces)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)
    now: datetime = NOW

    @property
    def needs(self) -> TaggingNeeds:
        return TaggingNeeds(
            intent=self.intent,
            organization=self.organization,
            accounts=self.accounts,
            resources=LedgerResources(self.table),
            tags=self.tags,
            keys=self.keys,
            paces=self.paces,
            alerts=AlertNotifier(book=LedgerAlerts(self.table), announcer=self.alerts, publisher=self.alerts),
            publisher=self.alerts,
        )

    def enforce(self, call: ApiCall = CREATED, **changed: Any) -> list[TagState]:
        """The states that one event ends in."""
        [verdict] = self.enforce_all(Heard(subject=replace(call, **changed)))
        assert isinstance(verdict, EnforcementVerdict), verdict
        return [each.state for each in verdict.verdicts]

    def enforce_all(self, *calls: Heard[ApiCall]) -> tuple[EnforcementVerdict | StrongroomError, ...]:
        return enforce_tags(calls, needs=self.needs, now=self.now)

    def revisit(self, *, after: timedelta) -> list[TagState]:
        """The states of what is looked at so long after."""
        self.now += after
        return [each.state for each in revisit_resources(needs=self.needs, now=self.now).verdicts]

    def item(self, arn: str = ORDERS) -> dict[str, Any]:
        return self.table.get(Key(f"RESOURCE#{arn}", "STATE")) or {}

    def expected(self, arn: str = ORDERS) -> list[tuple[str, str]]:
        return [(each.resource, each.tier) for each in expected_among(items_of_resource(self.table, arn))]

    def remember(self, units: tuple[str, ...], *, age: timedelta) -> None:
        self.accounts.known[PAYMENTS] = KnownAccount(
            account=PAYMENTS,
            state=AccountState.READY,
            units=units,
            assessed_at=NOW - age,
            not_ready_since=None,
        )


TABLE = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"
INSTANCE = "arn:aws:ec2:eu-west-1:222222222222:instance/i-1"
VOLUME, OTHER_VOLUME = (f"arn:aws:ec2:eu-west-1:222222222222:volume/vol-{n}" for n in (1, 2))


def a_table(**changed: Any) -> Heard[ApiCall]:
    told: dict[str, Any] = {"source": "dynamodb.amazonaws.com", "name": "CreateTable", "response": {}} | changed
    return Heard(subject=replace(CREATED, request={"tableName": "orders"}, **told))


def of_ec2(name: str, event_id: str, response: dict[str, Any]) -> Heard[ApiCall]:
    call = replace(CREATED, source="ec2.amazonaws.com", name=name, event_id=event_id, request={}, response=response)
    return Heard(subject=call)


def started(event_id: str = "e-1") -> Heard[ApiCall]:
    return of_ec2("RunInstances", event_id, {"instancesSet": {"items": [{"instanceId": "i-1"}]}})


def made_volume(number: int) -> Heard[ApiCall]:
    return of_ec2("CreateVolume", f"e-v{number}", {"volumeId": f"vol-{number}"})


def states(answers: tuple[EnforcementVerdict | StrongroomError, ...]) -> list[list[TagState] | str]:
    return [
        [each.state for each in answer.verdicts] if isinstance(answer, EnforcementVerdict) else str(answer)
        for answer in answers
    ]


def busy_for(account: str, world: World) -> Any:
    ask = world.organization.units_of

    def units_of(asked: Any) -> tuple[str, ...]:
        if asked == account:
            raise TemporarilyUnavailableError(account)
        return ask(asked)

    return units_of
