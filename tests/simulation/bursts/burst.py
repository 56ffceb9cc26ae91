"""A burst: creations in many accounts within a minute, batches as Lambda gathers them, and rounds of what waits."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from strongroom.adapters.aws.bus import Bus
from strongroom.adapters.aws.keys.managers import KeptManagers, MemberKeys
from strongroom.adapters.aws.pacing.paces import Paces
from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.changes import Change, Key
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.ledger.table import BATCH, Item
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.domain.accounts.membership import AccountState, AccountVerdict
from strongroom.domain.calls import ApiCall, Heard
from strongroom.domain.errors import StrongroomError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.services.alerts.tell_alerts import AlertNotifier
from strongroom.services.tags.enforce_tags import enforce_tags
from strongroom.services.tags.revisit_resources import revisit_resources
from strongroom.services.tags.tagging_needs import TaggingNeeds
from strongroom.wiring.tags.seeing_to import ENVIRONMENTS
from tests.builders.accounts import IN_PRODUCTION
from tests.builders.places import HOME
from tests.fakes.accounts_and_tags import FakeAlerts, FakeOrganization
from tests.simulation.bursts.aws import START, Clients, Clock, Members, Thing, keys_of

# As the template has them.
BATCH_SIZE: Final = 100
WINDOW: Final = timedelta(seconds=10)
CONCURRENCY: Final = 10
HIDDEN_FOR: Final = timedelta(seconds=370)
RECEIVES: Final = 10
ROUND: Final = timedelta(minutes=1)
LEDGER_CALL: Final = timedelta(milliseconds=5)

_MIX: Final = (
    *(("ec2", "RunInstances"),) * 30,
    *(("ec2", "CreateVolume"),) * 15,
    *(("dynamodb", "CreateTable"),) * 20,
    *(("s3", "CreateBucket"),) * 10,
    *(("elasticfilesystem", "CreateFileSystem"),) * 10,
    *(("rds", "CreateDBInstance"),) * 15,
)


@dataclass
class CountingTable(MemoryTable):
    """The ledger in memory, which counts the calls that DynamoDB would get, and takes time for them."""

    calls: Counter[str]
    clock: Clock

    def __init__(self, calls: Counter[str]) -> None:
        super().__init__()
        self.calls, self.clock = calls, Clock()

    def _count(self, name: str, many: int = 1) -> None:
        self.calls[f"ledger:{name}"] += many
        self.clock.now += LEDGER_CALL * many

    def get(self, key: Key) -> Item | None:
        self._count("get")
        return super().get(key)

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        wanted = [*keys]
        self._count("get_many", -(-len(wanted) // BATCH))
        return super().get_many(wanted)

    def put_new(self, item: Item) -> bool:
        self._count("put_new")
        return super().put_new(item)

    def change(self, key: Key, change: Change) -> Item | None:
        self._count("change")
        return super().change(key, change)

    def change_all(self, changes: Mapping[Key, Change]) -> bool:
        self._count("change_all")
        assert len(changes) <= BATCH
        return super().change_all(changes)

    def under(self, pk: str, *, prefix: str = "", is_latest: bool = True) -> Iterator[Item]:
        self._count("under")
        return super().under(pk, prefix=prefix)

    def due(self, *, bucket: str, until: str, since: str | None = None) -> Iterator[Item]:
        self._count("due")
        return super().due(bucket=bucket, until=until, since=since)


@dataclass
class Message:
    """An event on the queue."""

    call: ApiCall
    at: datetime
    receives: int = 0


@dataclass
class Environment:
    """One execution environment, with what it keeps."""

    burst: "Burst"
    clock: Clock = field(default_factory=Clock)
    paces: Paces = field(default_factory=lambda: Paces(share=1 / ENVIRONMENTS))
    kept: KeptManagers = field(default_factory=KeptManagers)
    clients: Clients = field(init=False)

    def __post_init__(self) -> None:
        self.clients = Clients(self.burst.members, self.clock)

    def needs(self) -> TaggingNeeds:
        """What the use case needs, at this environment's time."""
        burst = self.burst
        burst.table.clock = self.clock
        alerts = AlertNotifier(book=LedgerAlerts(burst.table), announcer=burst.alerts, publisher=burst.alerts)
        return TaggingNeeds(
            intent=burst.intent,
            organization=burst.organization,
            accounts=LedgerAccounts(burst.table),
            resources=LedgerResources(burst.table),
            tags=MemberTags(self.clients),  # type: ignore[arg-type] # clients that are simulated
            keys=MemberKeys(self.clients, self.kept, now=lambda: self.clock.now),  # type: ignore[arg-type] # likewise
            paces=self.paces,
            alerts=alerts,
            publisher=Bus(lambda: Events(burst, self.clock), "strongroom"),
        )


@dataclass
class Events:
    """The bus, which notes when a resource came to its end."""

    burst: "Burst"
    clock: Clock

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.burst.members.calls["bus:put_events"] += 1
        self.clock.now += LEDGER_CALL
        for entry in Entries:
            self.burst.ended.setdefault(entry["Resources"][0], self.clock.now)
        return {"FailedEntryCount": 0, "Entries": []}


@dataclass
class Burst:
    """So many creations within a minute, and what became of them."""

    intent: Intent
    seed: int
    size: int = 5_000
    accounts: int = 20
    only: str | None = None
    members: Members = field(init=False)
    table: CountingTable = field(init=False)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)
    organization: FakeOrganization = field(default_factory=FakeOrganization)
    made: dict[str, tuple[datetime, Thing]] = field(default_factory=dict)
    ended: dict[str, datetime] = field(default_factory=dict)
    dead: list[str] = field(default_factory=list)
    invocations: int = 0

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311 - drawn again by its seed, and no secret
        self.members = Members(chance, refused=0.05)
        self.table = CountingTable(self.members.calls)
        self._settle_accounts()
        messages = sorted(self._messages(chance), key=lambda message: message.at)
        self._deliver(messages)
        self._look_again()

    @property
    def calls(self) -> int:
        """Every call: in members, of the ledger and of the bus."""
        return self.members.calls.total()

    def seconds(self, part: float) -> float:
        """How long it took until this part of the resources had come to their end."""
        waits = sorted((self.ended[arn] - at).total_seconds() for arn, (at, _) in self.made.items())
        return waits[int(len(waits) * part) - 1]

    def wrong(self) -> list[str]:
        """What did not end with its tag, or was not said."""
        right = {"Backup": "daily-prod"}
        return [arn for arn, (_, thing) in self.made.items() if thing.tags != right or arn not in self.ended]

    def _settle_accounts(self) -> None:
        for number in range(self.accounts):
            account = _account(number)
            self.organization.memberships[account] = IN_PRODUCTION
            verdict = AccountVerdict(state=AccountState.READY, reason="", account=account, units=IN_PRODUCTION.units)
            LedgerAccounts(self.table).record(verdict, not_ready_since=None, now=START)
        self.members.calls.clear()

    def _messages(self, chance: random.Random) -> Iterator[Message]:
        mix = [each for each in _MIX if self.only in {None, each[0]}]
        for number in range(self.size):
            at = START + timedelta(seconds=chance.random() * 60)
            service, name = chance.choice(mix)
            account = _account(chance.randrange(self.accounts))
            # One table in twenty is restored, for up to two hours.
            is_slow = service == "dynamodb" and chance.random() < 0.05
            waits = timedelta(hours=2) * chance.random() if is_slow else timedelta()
            call, arn = _creation(service, name, number, account, at=at)
            thing = Thing(arn=arn, active_at=at + waits)
            self.members.things[account, arn.rpartition(":")[2].rpartition("/")[2]] = thing
            self.made[arn] = (at, thing)
            yield Message(call, at)
            if chance.random() < 0.02:
                yield Message(call, at + timedelta(seconds=chance.random() * 30))

    def _deliver(self, messages: list[Message]) -> None:
        """Batches as Lambda gathers them: full, or ten seconds after the first of them, by whichever is free."""
        environments = [Environment(self) for _ in range(CONCURRENCY)]
        while messages:
            free = min(environments, key=lambda each: each.clock.now)
            closes = messages[0].at + WINDOW
            batch = [message for message in messages[:BATCH_SIZE] if message.at <= max(closes, free.clock.now)]
            full = len(batch) == BATCH_SIZE
            free.clock.now = max(free.clock.now, batch[-1].at if full else closes)
            del messages[: len(batch)]
            messages += self._invoke(free, batch)
            messages.sort(key=lambda message: message.at)

    def _invoke(self, environment: Environment, batch: list[Message]) -> Iterator[Message]:
        """Run the function on a batch; what fails comes back when it is visible again, or is dead."""
        self.invocations += 1
        began = environment.clock.now
        heard = [Heard(subject=each.call, is_again=each.receives > 0) for each in batch]
        answers = enforce_tags(heard, needs=environment.needs(), now=began)
        assert environment.clock.now - began < timedelta(seconds=60), "the function has no more time"
        for message, answer in zip(batch, answers, strict=True):
            if isinstance(answer, StrongroomError):
                message.receives += 1
                message.at = began + HIDDEN_FOR
                if message.receives >= RECEIVES:
                    self.dead.append(str(answer))
                else:
                    yield message

    def _look_again(self) -> None:
        """A round each minute, for a day and an hour."""
        environment = Environment(self)
        tick = START
        while tick < START + timedelta(hours=3):
            tick += ROUND
            if environment.clock.now <= tick:
                environment.clock.now = tick
                began = environment.clock.now
                revisit_resources(needs=environment.needs(), now=began)
                assert environment.clock.now - began < timedelta(seconds=300), "the function has no more time"


def _account(number: int) -> AccountId:
    return AccountId(f"{222222220000 + number}")


def _creation(service: str, name: str, number: int, account: AccountId, *, at: datetime) -> tuple[ApiCall, str]:
    """The call that makes something of this number, and its ARN."""
    place = f"{HOME}:{account}"
    of: dict[str, Callable[[], tuple[dict[str, Any], dict[str, Any] | None, str]]] = {
        "RunInstances": lambda: (
            {},
            {"instancesSet": {"items": [{"instanceId": f"i-{number:x}"}]}},
            f"ec2:{place}:instance/i-{number:x}",
        ),
        "CreateVolume": lambda: ({}, {"volumeId": f"vol-{number:x}"}, f"ec2:{place}:volume/vol-{number:x}"),
        "CreateTable": lambda: ({"tableName": f"table{number}"}, {}, f"dynamodb:{place}:table/table{number}"),
        "CreateBucket": lambda: ({"bucketName": f"bucket{number}", **_LOCATED}, None, f"s3:::bucket{number}"),
        "CreateFileSystem": lambda: (
            {},
            {"fileSystemId": f"fs-{number:x}"},
            f"elasticfilesystem:{place}:file-system/fs-{number:x}",
        ),
        "CreateDBInstance": lambda: (
            {"dBInstanceIdentifier": f"db{number}"},
            {"kmsKeyId": keys_of(account)[1 + number % 2]},
            f"rds:{place}:db:db{number}",
        ),
    }
    request, response, arn = of[name]()
    call = ApiCall(
        event_id=f"e-{number}",
        source=f"{service}.amazonaws.com",
        name=name,
        account=account,
        region=HOME,
        caller="somebody",
        caller_type="AssumedRole",
        role=None,
        invoked_by=None,
        request=request,
        response=response,
        error_code=None,
        error_message=None,
        at=at,
    )
    return call, f"arn:aws:{arn}"


_LOCATED: Final = {"CreateBucketConfiguration": {"LocationConstraint": HOME}}
