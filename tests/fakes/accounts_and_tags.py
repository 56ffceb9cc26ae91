"""Accounts, resources and alerts, kept in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from strongroom.domain.accounts.membership import AccountVerdict, KnownAccount, Membership
from strongroom.domain.accounts.onboarding import execution_name
from strongroom.domain.accounts.readiness import Inspection
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus
from strongroom.domain.catalogue.facets.tagging import Pace
from strongroom.domain.errors import NotFoundError, StrongroomError, TemporarilyUnavailableError
from strongroom.domain.facts import Fact
from strongroom.domain.health.heartbeats import BeatKey, Heartbeat
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.key_managers import KeyManager
from strongroom.domain.tags.seen import Seen
from strongroom.services.alerts.tell_alerts import AlertNotifier


@dataclass
class FakeAlerts:
    """Alert book, announcer and publisher in one; `notifier` is what the services take. The topic can be down."""

    kept: dict[str, AlertState] = field(default_factory=dict)
    told: list[Alert] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    settled: list[Alert] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    is_down: bool = False

    @property
    def notifier(self) -> AlertNotifier:
        return AlertNotifier(book=self, announcer=self, publisher=self)

    @property
    def kinds(self) -> list[AlertKind]:
        """The kinds of alerts that people were told of, in order."""
        return [alert.kind for alert in self.told]

    def find(self, fingerprint: str) -> AlertState | None:
        return self.kept.get(fingerprint)

    def keep(self, state: AlertState, *, was: AlertState | None) -> bool:
        if self.kept.get(state.alert.fingerprint) != was:
            return False
        self.kept[state.alert.fingerprint] = state
        return True

    def untold(self, now: datetime) -> Iterator[str]:
        yield from [each for each, state in self.kept.items() if not state.is_told and not state.is_claimed(now)]

    def open(self) -> Iterator[AlertState]:
        yield from [state for state in self.kept.values() if state.status is AlertStatus.OPEN]

    def announce_opened(self, alert: Alert, *, link: str = "") -> None:
        if self.is_down:
            raise TemporarilyUnavailableError("the topic is down")
        self.told.append(alert)
        if link:
            self.links.append(link)

    def announce_resolved(self, alert: Alert, *, reason: str) -> None:
        self.settled.append(alert)

    def publish(self, fact: Fact) -> None:
        self.facts.append(fact)

    def publish_all(self, facts: Sequence[Fact]) -> None:
        self.facts += facts

    def of[F: Fact](self, kind: type[F]) -> list[F]:
        return [fact for fact in self.facts if isinstance(fact, kind)]


@dataclass
class FakeOrganization:
    """An organisation; `busy` accounts cannot be read now."""

    memberships: dict[str, Membership] = field(default_factory=dict)
    policy: Mapping[str, Any] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    owners: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    invalid: set[str] = field(default_factory=set)

    def has_invalid_policy(self, account: AccountId) -> bool:
        return account in self.invalid

    def membership(self, account: AccountId) -> Membership | None:
        if account in self.busy:
            raise TemporarilyUnavailableError(account)
        return self.memberships.get(account)

    def owner_of(self, account: AccountId) -> str:
        return self.owners.get(account, "")

    def units_of(self, account: AccountId) -> tuple[str, ...]:
        self.asked.append(account)
        if account not in self.memberships:
            raise NotFoundError(account)
        return self.memberships[account].units

    def effective_backup_policy(self, account: AccountId) -> Mapping[str, Any]:
        return self.policy


@dataclass
class FakeMembers:
    """What is found inside accounts."""

    inspections: dict[str, Inspection] = field(default_factory=dict)

    def inspect(self, account: AccountId) -> Inspection:
        return self.inspections[account]


@dataclass
class FakeAccountBook:
    """The account book; `doubted` are those that are judged again whatever they were."""

    known: dict[AccountId, KnownAccount] = field(default_factory=dict)
    doubted: set[AccountId] = field(default_factory=set)
    again_at: dict[AccountId, datetime | None] = field(default_factory=dict)
    compared: datetime | None = None

    def find(self, account: AccountId) -> KnownAccount | None:
        return self.known.get(account)

    def record(
        self,
        verdict: AccountVerdict,
        *,
        not_ready_since: datetime | None,
        now: datetime,
        again_at: datetime | None = None,
    ) -> bool:
        known = self.known.get(verdict.account)
        if known is not None and known.assessed_at > now:
            return False
        self.doubted.discard(verdict.account)
        self.again_at[verdict.account] = again_at
        self.known[verdict.account] = KnownAccount(
            account=verdict.account,
            state=verdict.state,
            units=verdict.units,
            assessed_at=now,
            not_ready_since=not_ready_since,
            name=verdict.name,
            owner=verdict.owner,
        )
        return True

    def doubt(self, account: AccountId, *, now: datetime) -> None:
        self.doubted |= {account} & self.known.keys()

    def governed(self) -> Iterator[AccountId]:
        yield from [account for account, again in self.again_at.items() if again is not None]

    def compared_at(self) -> datetime | None:
        return self.compared

    def note_comparison(self, *, at: datetime) -> None:
        self.compared = at

    def to_judge(self, *, until: datetime) -> Iterator[KnownAccount]:
        for account, known in self.known.items():
            again = self.again_at.get(account)
            if account in self.doubted or (again is not None and again <= until):
                yield known


@dataclass
class FakeOnboardingMachine:
    """The machine `account_onboarding`: the names of the executions that were begun, each once."""

    begun: dict[str, AccountId] = field(default_factory=dict)

    def begin(self, account: AccountId, *, event_id: str) -> None:
        self.begun.setdefault(execution_name(account, event_id=event_id), account)


@dataclass
class FakeHeartbeats:
    """A book of heartbeats; `overtaken` is written by somebody else first."""

    held: dict[BeatKey, Heartbeat] = field(default_factory=dict)
    overtaken: list[Heartbeat] = field(default_factory=list)

    def find(self, key: BeatKey) -> Heartbeat | None:
        return self.held.get(key)

    def of_account(self, account: AccountId) -> Iterator[Heartbeat]:
        return (each for each in self.held.values() if each.account == account)

    def keep(self, beat: Heartbeat, *, was: Heartbeat | None) -> bool:
        if self.overtaken:
            other = self.overtaken.pop(0)
            self.held[other.key] = other
        known = self.held.get(beat.key)
        if (known and known.revision) != (was and was.revision):
            return False
        self.held[beat.key] = beat
        return True

    def due(self, now: datetime) -> Iterator[BeatKey]:
        yield from [each.key for each in self.held.values() if each.is_due(now)]


@dataclass
class FakeTags:
    """Tags of resources; `slow` ones do not show what was written, what is in `failing` answers with an error.

    `attached` volumes have an instance, `volumes` an instance has, `answers` are what else its service says, and
    `keys` those that it is seen under.
    """

    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)
    failing: dict[str, StrongroomError] = field(default_factory=dict)
    attached: dict[str, str] = field(default_factory=dict)
    volumes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    written: list[tuple[str, dict[str, str], Region]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    visits: list[tuple[str, ...]] = field(default_factory=list)

    def look(self, arns: Sequence[str], *, account: AccountId, region: Region) -> dict[str, Seen | StrongroomError]:
        self.visits.append(("look", *arns))
        self.asked += arns
        return {arn: self._error(arn) or self._seen(arn) for arn in arns}

    def put(
        self, tags: Mapping[str, Mapping[str, str]], *, account: AccountId, region: Region
    ) -> dict[str, StrongroomError]:
        self.visits.append(("put", *tags))
        failed = {arn: error for arn in tags if (error := self._error(arn)) is not None}
        for arn in tags.keys() - failed.keys():
            self.written.append((arn, dict(tags[arn]), region))
            if arn not in self.slow:
                self.tags[arn] |= tags[arn]
        return failed

    def shown(
        self, arns: Sequence[str], *, account: AccountId, region: Region
    ) -> dict[str, Mapping[str, str] | StrongroomError]:
        self.visits.append(("shown", *arns))
        return {arn: self._error(arn) or dict(self.tags[arn]) for arn in arns}

    def _error(self, arn: str) -> StrongroomError | None:
        return self.failing.get(arn) or (None if arn in self.tags else NotFoundError(arn))

    def _seen(self, arn: str) -> Seen:
        return Seen(
            tags=dict(self.tags[arn]),
            attached_to=self.attached.get(arn),
            volumes=self.volumes.get(arn, ()),
            answers=self.answers.get(arn, {}),
            keys=self.keys.get(arn, ()),
        )


@dataclass
class FakeKeys:
    """KMS in members: who manages which key, or what kept it from telling; `asked` are the keys asked for, in turn."""

    managers: dict[str, KeyManager | StrongroomError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def manager(self, key: str, *, account: AccountId, region: Region) -> KeyManager:
        self.asked.append(key)
        told = self.managers.get(key, NotFoundError(key))
        if isinstance(told, StrongroomError):
            raise told
        return told


@dataclass
class FakePaces:
    """Services that are never too busy, but for those in `later`; `slowed` are those that refused."""

    later: dict[str, datetime] = field(default_factory=dict)
    slowed: list[str] = field(default_factory=list)

    def take(self, service: str, *, account: AccountId, region: Region, pace: Pace, now: datetime) -> datetime | None:
        return self.later.get(service)

    def refused(self, service: str, *, account: AccountId, region: Region, pace: Pace, now: datetime) -> None:
        self.slowed.append(service)
