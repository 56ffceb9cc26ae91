"""Promises, expected backups, protection, vaults and jobs, kept in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups
from strongroom.adapters.ledger.groups.book import LedgerGroups
from strongroom.adapters.ledger.table import Table
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.copies.comparing.rounds import PointPage
from strongroom.domain.copies.expected.backups import BackupKey, ExpectedBackup, ExpectedState
from strongroom.domain.copies.found import CopyJob, PlanFound, RecoveryPointFound, VaultFound
from strongroom.domain.copies.groups.standing import Group
from strongroom.domain.copies.obstacles import GroupKey
from strongroom.domain.copies.promises import Promise, PromiseKey, PromiseState
from strongroom.domain.copies.reconciling import Window
from strongroom.domain.copies.remediation.circumstances import SourceKey
from strongroom.domain.copies.remediation.starting import Remedy
from strongroom.domain.copies.turns import DueKey
from strongroom.domain.errors import StrongroomError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.statements import Statements
from strongroom.ports.facts import Publisher
from strongroom.services.alerts.tell_alerts import AlertNotifier
from strongroom.services.copies.look_at_backup import Whereabouts
from strongroom.services.copies.remediation.diagnose_copy import CopyDiagnosisNeeds, LastTry, diagnose_copy
from strongroom.services.copies.remediation.start_copy import CopyStartNeeds, start_copy
from strongroom.services.copies.sweep_overdue_copies import OverdueSweepNeeds, SweepVerdict, sweep_overdue_copies
from strongroom.services.health.expect_heartbeats import HeartbeatNeeds
from strongroom.wiring.copies.sweeping import due_list
from tests.builders.copies import SOURCE, TOO_LATE, a_source, a_vault
from tests.builders.places import CENTRAL_VAULT
from tests.builders.remediation import OWN_KEY, a_key, a_vault_policy
from tests.fakes.accounts_and_tags import FakeAccountBook, FakeAlerts, FakeHeartbeats


@dataclass
class FakePromises:
    """A promise book that is due-ordered by itself; `changes` are the states that were written.

    `lagging` is what its index lists although it is so no more; `overtaken` is written by somebody else first. One
    that `is_slow` shows no nights yet.
    """

    held: dict[PromiseKey, Promise] = field(default_factory=dict)
    lagging: list[DueKey] = field(default_factory=list)
    changes: list[PromiseState] = field(default_factory=list)
    overtaken: list[Promise] = field(default_factory=list)
    is_slow: bool = False

    def open(self, promise: Promise) -> bool:
        if promise.key in self.held:
            return False
        self.held[promise.key] = promise
        return True

    def get(self, recovery_point: str, destination: str) -> Promise | None:
        return next((each for each in self._of(recovery_point, destination) if each.night is None), None)

    def nights(self, recovery_point: str, destination: str) -> tuple[Promise, ...]:
        nights = (each for each in self._of(recovery_point, destination) if each.night is not None)
        return () if self.is_slow else tuple(nights)

    def current(self, key: PromiseKey) -> Promise | None:
        return self.held.get(key)

    def knows(self, recovery_point: str) -> bool:
        return any(key.recovery_point == recovery_point for key in self.held)

    def keep(self, promise: Promise, *, was: Promise) -> bool:
        if self.overtaken:
            other = self.overtaken.pop(0)
            self.held[other.key] = other
        if self.held[was.key].revision != was.revision:
            return False
        self.held[promise.key] = promise
        if promise.state is not was.state:
            self.changes.append(promise.state)
        return True

    def due(self, now: datetime) -> Iterator[DueKey]:
        yield from [*self.lagging, *(each.key for each in self.held.values() if each.is_due(now))]

    def _of(self, recovery_point: str, destination: str) -> list[Promise]:
        place = (recovery_point, destination)
        return [each for each in self.held.values() if (each.recovery_point, each.destination) == place]


@dataclass
class FakeGroups:
    """A book of what stops many copies; `overtaken` is written by somebody else first."""

    held: dict[GroupKey, Group] = field(default_factory=dict)
    overtaken: list[Group] = field(default_factory=list)

    def find(self, key: GroupKey) -> Group | None:
        return self.held.get(key)

    def keep(self, group: Group, *, was: Group | None) -> bool:
        if self.overtaken:
            other = self.overtaken.pop(0)
            self.held[other.key] = other
        if self.held.get(group.key) != was:
            return False
        self.held[group.key] = group
        return True

    def due(self, now: datetime) -> Iterator[GroupKey]:
        yield from [each.key for each in self.held.values() if each.is_due(now)]


@dataclass
class FakeExpectedBackups:
    """A book of expected backups; `changes` are the states that were written, `overtaken` others write first."""

    held: dict[BackupKey, ExpectedBackup] = field(default_factory=dict)
    changes: list[ExpectedState] = field(default_factory=list)
    overtaken: list[ExpectedBackup] = field(default_factory=list)

    def find(self, key: BackupKey) -> ExpectedBackup | None:
        return self.held.get(key)

    def keep(self, expected: ExpectedBackup, *, was: ExpectedBackup) -> bool:
        if self.overtaken:
            other = self.overtaken.pop(0)
            self.held[other.key] = other
        known = self.held.get(was.key)
        if (known.revision if known else 0) != was.revision:
            return False
        self.held[expected.key] = expected
        self.changes += [expected.state] if expected.version != was.version else []
        return True

    def due(self, now: datetime) -> Iterator[BackupKey]:
        yield from [each.key for each in self.held.values() if each.is_due(now)]


@dataclass
class FakeStandings:
    """Reads many at once from the two books."""

    promised: FakePromises
    expected: FakeExpectedBackups

    def promises(self, keys: Iterable[PromiseKey]) -> dict[PromiseKey, Promise]:
        return {key: self.promised.held[key] for key in keys if key in self.promised.held}

    def backups(self, keys: Iterable[BackupKey]) -> dict[BackupKey, ExpectedBackup]:
        return {key: self.expected.held[key] for key in keys if key in self.expected.held}


@dataclass
class FakeResources:
    """Resources with their tags; `refusal` is raised instead."""

    tagged: dict[str, dict[str, str]] = field(default_factory=dict)
    refusal: StrongroomError | None = None

    def tags(self, resource: str, *, account: AccountId, region: Region) -> dict[str, str] | None:
        if self.refusal is not None:
            raise self.refusal
        return self.tagged.get(resource)


@dataclass
class FakeProtection:
    """A protection book."""

    tiers: dict[str, str] = field(default_factory=dict)
    backups: dict[str, datetime] = field(default_factory=dict)
    copies: dict[tuple[str, str], dict[str, timedelta]] = field(default_factory=dict)

    def tier(self, resource: str) -> str | None:
        return self.tiers.get(resource)

    def last_backup(self, resource: str) -> datetime | None:
        return self.backups.get(resource)

    def record_backup(self, resource: str, *, recovery_point: str, at: datetime) -> None:
        self.backups[resource] = at

    def copies_took(self, resource: str, *, destination: str) -> tuple[timedelta, ...]:
        return tuple(self.copies.get((resource, destination), {}).values())

    def record_copy(self, resource: str, *, destination: str, copy: str, took: timedelta, now: datetime) -> None:
        self.copies.setdefault((resource, destination), {})[copy] = took


@dataclass
class FakeTruth:
    """Vaults and what they hold; `refusal` is raised by whoever asks about a vault named in it."""

    points: list[RecoveryPointFound] = field(default_factory=list)
    vaults: dict[str, VaultFound] = field(default_factory=dict)
    tagged: dict[str, dict[str, str]] = field(default_factory=dict)
    refusal: dict[str, StrongroomError] = field(default_factory=dict)
    plans: dict[str, PlanFound] = field(default_factory=dict)

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPointFound | None:
        self._check(vault)
        return next((each for each in self.points if (each.arn, each.vault) == (recovery_point, vault)), None)

    def of_resource(self, resource: str, *, vault: str) -> tuple[RecoveryPointFound, ...]:
        self._check(vault)
        return tuple(each for each in self.points if (each.resource, each.vault) == (resource, vault))

    def page(self, vault: str, window: Window) -> PointPage:
        self._check(vault)
        held = (each for each in self.points if each.vault == vault)
        return PointPage(points=tuple(each for each in held if window.since < each.created_at <= window.until))

    def tags(self, recovery_point: str, *, vault: str) -> dict[str, str]:
        self._check(vault)
        return self.tagged.get(recovery_point, {})

    def plan(self, arn: str) -> PlanFound | None:
        return self.plans.get(arn)

    def describe(self, vault: str) -> VaultFound | None:
        self._check(vault)
        return self.vaults.get(vault)

    def _check(self, vault: str) -> None:
        if vault in self.refusal:
            raise self.refusal[vault]


@dataclass
class FakeBackupJobs:
    """Backup jobs, by their ids; `refusal` is raised by whoever lists them."""

    jobs: dict[str, BackupJob] = field(default_factory=dict)
    refusal: StrongroomError | None = None

    def describe(self, backup_job: str, *, account: AccountId, region: Region) -> BackupJob | None:
        return self.jobs.get(backup_job)

    def of_resource(
        self, resource: str, *, account: AccountId, region: Region, since: datetime
    ) -> tuple[BackupJob, ...]:
        if self.refusal is not None:
            raise self.refusal
        dated = ((job.created_at, job) for job in self.jobs.values() if job.resource == resource)
        return tuple(job for at, job in sorted(dated, key=str) if at is not None and at >= since)


@dataclass
class FakeCopyJobs:
    """Copy jobs, and the starting of them; `refusal` and `start_refusal` are raised instead."""

    jobs: list[CopyJob] = field(default_factory=list)
    started: list[tuple[Promise, int]] = field(default_factory=list)
    described: int = 0
    refusal: StrongroomError | None = None
    start_refusal: StrongroomError | None = None

    def describe(self, copy_job: str, *, account: AccountId, region: Region) -> CopyJob | None:
        self.described += 1
        return next((job for job in self.jobs if job.id == copy_job), None)

    def of_promise(self, promise: Promise) -> tuple[CopyJob, ...]:
        if self.refusal is not None:
            raise self.refusal
        return tuple(self.jobs)

    def start(self, promise: Promise, *, attempt: int) -> str:
        if self.start_refusal is not None:
            raise self.start_refusal
        self.started.append((promise, attempt))
        return f"copy-again-{attempt}"


@dataclass
class FakeSurroundings:
    """The keys, policies and switches around a copy; `refusal` is raised by whoever asks about what is named in it."""

    held: dict[str, SourceKey] = field(default_factory=dict)
    policies: dict[str, Statements] = field(default_factory=dict)
    opted_in: dict[str, bool] = field(default_factory=dict)
    is_on: bool | None = True
    refusal: dict[str, StrongroomError] = field(default_factory=dict)

    def find(self, key: str, *, account: AccountId, region: Region) -> SourceKey | None:
        self._check("key")
        return self.held.get(key)

    def statements(self, vault: str) -> Statements:
        self._check("policy")
        return self.policies.get(vault, ())

    def opt_ins(self, account: AccountId, region: Region) -> dict[str, bool]:
        self._check("opt-ins")
        return self.opted_in

    def is_cross_account(self) -> bool | None:
        self._check("switch")
        return self.is_on

    def _check(self, name: str) -> None:
        if name in self.refusal:
            raise self.refusal[name]


@dataclass
class FakeRemediation:
    """The machine `copy_remediation`: what is begun runs once the sweep is over, each name once."""

    begun: list[tuple[PromiseKey, int]] = field(default_factory=list)
    waiting: list[PromiseKey] = field(default_factory=list)
    refusal: StrongroomError | None = None

    def begin(self, promise: Promise, *, attempt: int) -> None:
        if self.refusal is not None:
            raise self.refusal
        if (promise.key, attempt) not in self.begun:
            self.begun.append((promise.key, attempt))
            self.waiting.append(promise.key)

    def run(self, night: LateNight, *, now: datetime) -> None:
        """Let everything that was begun come to its end."""
        while self.waiting:
            key, last_try = self.waiting.pop(0), LastTry()
            try:
                remedy = start_copy(key, needs=night.start_needs).remedy
            except StrongroomError as error:
                remedy, last_try = Remedy.DIAGNOSE, LastTry(error=type(error).__name__, words=str(error))
            if remedy is Remedy.DIAGNOSE:
                diagnose_copy(key, last_try=last_try, needs=night.diagnosis_needs, now=now)


@dataclass
class Audience:
    """People who are told, as services need them."""

    people: FakeAlerts = field(default_factory=FakeAlerts, kw_only=True)

    @property
    def alerts(self) -> AlertNotifier:
        return self.people.notifier

    @property
    def publisher(self) -> Publisher:
        return self.people


@dataclass
class Concluding(Audience):
    """What concluding about one promise takes of the world: a book that holds it, and people who are told."""

    intent: Intent
    only: Promise
    promises: FakePromises = field(init=False)
    groups: FakeGroups = field(default_factory=FakeGroups)

    def __post_init__(self) -> None:
        self.promises = FakePromises(held={self.only.key: self.only})

    @property
    def promise(self) -> Promise:
        return self.promises.held[self.only.key]


@dataclass
class LateNight:
    """A night on which something is overdue, as a sweep finds it; nothing around its copies is as it should not be."""

    intent: Intent
    truth: FakeTruth = field(default_factory=lambda: FakeTruth(vaults={CENTRAL_VAULT: a_vault()}))
    jobs: FakeCopyJobs = field(default_factory=FakeCopyJobs)
    promises: FakePromises = field(default_factory=FakePromises)
    groups: FakeGroups = field(default_factory=FakeGroups)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)
    expected: FakeExpectedBackups = field(default_factory=FakeExpectedBackups)
    backups: FakeBackupJobs = field(default_factory=FakeBackupJobs)
    resources: FakeResources = field(default_factory=FakeResources)
    accounts: FakeAccountBook = field(default_factory=FakeAccountBook)
    beats: FakeHeartbeats = field(default_factory=FakeHeartbeats)
    sources: FakeTruth = field(default_factory=lambda: FakeTruth(points=[a_source(encryption_key=OWN_KEY, type="RDS")]))
    surroundings: FakeSurroundings = field(init=False)
    remediation: FakeRemediation = field(default_factory=FakeRemediation)

    def __post_init__(self) -> None:
        policies: dict[str, Statements] = {CENTRAL_VAULT: a_vault_policy(self.intent)}
        self.surroundings = FakeSurroundings(held={OWN_KEY: a_key()}, policies=policies)

    def due(self, now: datetime) -> Iterator[DueKey]:
        yield from [*self.promises.due(now), *self.expected.due(now), *self.beats.due(now), *self.groups.due(now)]

    def sweep(self, now: datetime = TOO_LATE, *, limit: int = 200) -> SweepVerdict:
        swept = sweep_overdue_copies(needs=self._needs(), now=now, limit=limit)
        self.remediation.run(self, now=now)
        return swept

    def sweep_over(self, table: Table, now: datetime, **others: Any) -> SweepVerdict:
        """A sweep over what is in this ledger instead; `others` are needs that differ, too."""
        alerts = AlertNotifier(book=LedgerAlerts(table), announcer=self.alerts, publisher=self.alerts)
        needs = replace(
            self._needs(),
            due=due_list(table),
            promises=LedgerPromises(table),
            groups=LedgerGroups(table),
            expected=LedgerExpectedBackups(table),
            alerts=alerts,
            **others,
        )
        return sweep_overdue_copies(needs=needs, now=now)

    def _needs(self) -> OverdueSweepNeeds:
        return OverdueSweepNeeds(
            intent=self.intent,
            due=self,
            backups=self.backups,
            expected=self.expected,
            points=self.truth,
            vaults=self.truth,
            jobs=self.jobs,
            whereabouts=Whereabouts(resources=self.resources, accounts=self.accounts),
            heartbeats=HeartbeatNeeds(
                intent=self.intent, beats=self.beats, accounts=self.accounts, alerts=self.alerts.notifier
            ),
            remediations=self.remediation,
            promises=self.promises,
            groups=self.groups,
            protection=FakeProtection(),
            alerts=self.alerts.notifier,
            publisher=self.alerts,
        )

    @property
    def start_needs(self) -> CopyStartNeeds:
        return CopyStartNeeds(
            intent=self.intent,
            backups=self.backups,
            expected=self.expected,
            points=self.truth,
            vaults=self.truth,
            jobs=self.jobs,
            starter=self.jobs,
            promises=self.promises,
            groups=self.groups,
            protection=FakeProtection(),
            alerts=self.alerts.notifier,
            publisher=self.alerts,
        )

    @property
    def diagnosis_needs(self) -> CopyDiagnosisNeeds:
        return CopyDiagnosisNeeds(
            intent=self.intent,
            promises=self.promises,
            groups=self.groups,
            jobs=self.jobs,
            points=self.sources,
            vaults=self.truth,
            policies=self.surroundings,
            keys=self.surroundings,
            switches=self.surroundings,
            accounts=self.accounts,
            alerts=self.alerts.notifier,
        )

    def sweep_until(self, until: datetime, *, since: datetime = TOO_LATE) -> list[str]:
        """Sweep every five minutes, and say what each look came to, without repetitions."""
        states: list[str] = []
        while since <= until:
            states += [verdict.state for verdict in self.sweep(since).verdicts if states[-1:] != [verdict.state]]
            since += timedelta(minutes=5)
        return states

    def promise(self, recovery_point: str = SOURCE, destination: str = CENTRAL_VAULT) -> Promise:
        promise = self.promises.get(recovery_point, destination)
        assert promise is not None
        return promise

    @property
    def told(self) -> list[AlertKind]:
        return [alert.kind for alert in self.alerts.told]
