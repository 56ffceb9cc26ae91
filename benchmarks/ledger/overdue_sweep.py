"""What one overdue sweep reads, whatever else is open: the ledger's table and index as the template declares them.

The other promises fall due a little later on the same day, in the very buckets that the sweep asks. Time is not told:
the table is played in memory, where each query looks at everything.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import boto3
from moto import mock_aws

from benchmarks.measurement import ITEMS, Measurement, compared
from strongroom.adapters.aws.bus import Bus
from strongroom.adapters.aws.topic import AlertsTopic
from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.accounts.heartbeats import LedgerHeartbeats
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups, LedgerProtection
from strongroom.adapters.ledger.groups.book import LedgerGroups
from strongroom.adapters.ledger.table import LedgerTable, Table
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.copies.promises import Promise
from strongroom.domain.intent.model import Intent
from strongroom.ports.copies import DueList
from strongroom.services.alerts.tell_alerts import AlertNotifier
from strongroom.services.copies.look_at_backup import Whereabouts
from strongroom.services.copies.sweep_overdue_copies import OverdueSweepNeeds, sweep_overdue_copies
from strongroom.services.health.expect_heartbeats import HeartbeatNeeds
from strongroom.wiring.copies.sweeping import due_list
from tests.builders.copies import RESOURCE, SOURCE, TOO_LATE, a_promise, a_vault
from tests.builders.places import CENTRAL_VAULT
from tests.contract.templates import CONTROL_PLANE
from tests.fakes.accounts_and_tags import FakeAccountBook
from tests.fakes.copies import FakeBackupJobs, FakeCopyJobs, FakeRemediation, FakeResources, FakeTruth

NOW: Final = TOO_LATE
SIZES: Final = (100, 1_000, 5_000)
TABLE: Final = "ledger"
_KEYS: Final = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


@dataclass(slots=True)
class Reads:
    """Every request that read from the table, and every item that it read, before any filter."""

    requests: Counter[str] = field(default_factory=Counter)
    items: Counter[str] = field(default_factory=Counter)
    returned: int = 0

    def note(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        """Count one answer of DynamoDB; botocore calls this."""
        match model.name:
            case "Query" | "Scan":
                read = parsed["ScannedCount"]
                self.returned += parsed["Count"]
            case "GetItem":
                read = int("Item" in parsed)
            case "BatchGetItem":
                read = sum(len(items) for items in parsed["Responses"].values())
            case _:
                return
        self.requests[model.name] += 1
        self.items[model.name] += read


def measure_overdue_sweep(
    intent: Intent,
    *,
    sizes: tuple[int, ...] = SIZES,
    overdue: int = 10,
    due: Callable[[Table], DueList] = due_list,
) -> tuple[Measurement, ...]:
    """The items that a sweep reads at each number of open promises, beside the smallest; they must be the same."""
    rows: list[Measurement] = []
    for size in sizes:
        reads, counts = _sweep(intent, size=size, overdue=overdue, due=due)
        row = Measurement(name=f"overdue_sweep.{size}_open", value=reads.items.total(), unit=ITEMS)
        first = rows[0] if rows else row
        rows.append(
            compared(
                row.name,
                row.value,
                ITEMS,
                to=first,
                overdue=overdue,
                swept=sum(counts.values()),
                returned_by_queries=reads.returned,
                read=dict(reads.items),
                requests=dict(reads.requests),
                holds=reads.returned == overdue == sum(counts.values()) and row.value == first.value,
            )
        )
    return tuple(rows)


def open_promises(count: int, *, overdue: int) -> Iterator[Promise]:
    """Promises of which the first `overdue` are overdue since one to several hours, the others due within four."""
    for number in range(count):
        is_overdue = number < overdue
        due_at = NOW - timedelta(hours=number + 1) if is_overdue else NOW + timedelta(seconds=1 + number % 14_400)
        yield a_promise(
            recovery_point=f"{SOURCE}-{number}", resource=f"{RESOURCE}-{number}", deadline=due_at, due_at=due_at
        )


def _sweep(intent: Intent, *, size: int, overdue: int, due: Callable[[Table], DueList]) -> tuple[Reads, dict[str, int]]:
    with mock_aws():
        dynamodb = dynamodb_with_ledger()
        table, jobs, reads = LedgerTable(dynamodb, TABLE), FakeCopyJobs(), Reads()
        book = LedgerPromises(table)
        for promise in open_promises(size, overdue=overdue):
            book.open(promise)
        dynamodb.meta.events.register("after-call.dynamodb", reads.note)
        truth, alerts = FakeTruth(vaults={CENTRAL_VAULT: a_vault()}), _alerts(table)
        needs = OverdueSweepNeeds(
            intent=intent,
            due=due(table),
            backups=FakeBackupJobs(),
            expected=LedgerExpectedBackups(table),
            points=truth,
            vaults=truth,
            jobs=jobs,
            whereabouts=Whereabouts(resources=FakeResources(), accounts=FakeAccountBook()),
            heartbeats=HeartbeatNeeds(
                intent=intent, beats=LedgerHeartbeats(table), accounts=LedgerAccounts(table), alerts=alerts
            ),
            remediations=FakeRemediation(),
            promises=book,
            groups=LedgerGroups(table),
            protection=LedgerProtection(table),
            alerts=alerts,
            publisher=alerts.publisher,
        )
        return reads, sweep_overdue_copies(needs=needs, now=NOW).counts


def dynamodb_with_ledger() -> Any:
    """A client of moto's DynamoDB, where the ledger is made as the template declares it."""
    declared = CONTROL_PLANE["LedgerTable"]["Properties"]
    dynamodb = _client("dynamodb")
    dynamodb.create_table(TableName=TABLE, **{key: declared[key] for key in _KEYS})
    return dynamodb


def _alerts(table: LedgerTable) -> AlertNotifier:
    sns, events = _client("sns"), _client("events")
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    bus = events.create_event_bus(Name="strongroom")["EventBusArn"]
    return AlertNotifier(
        book=LedgerAlerts(table), announcer=AlertsTopic(lambda: sns, topic), publisher=Bus(lambda: events, bus)
    )


def _client(service: str) -> Any:
    connect: Any = boto3.client
    return connect(service, region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing")  # noqa: S106
