"""Promises, protection, vaults and copy jobs, kept in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from strongroom.domain.copies.found import CopyJob, PlanFound, RecoveryPointFound, VaultFound
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.errors import StrongroomError
from strongroom.domain.identifiers import AccountId, Region


@dataclass
class FakePromises:
    """A promise book that is due-ordered by itself; `changes` names the writes that counted.

    `lagging` is what its index lists although it is so no more.
    """

    held: dict[tuple[str, ...], Promise] = field(default_factory=dict)
    lagging: list[Promise] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    def open(self, promise: Promise) -> bool:
        if _key(promise) in self.held:
            return False
        self.held[_key(promise)] = promise
        return True

    def get(self, recovery_point: str, destination: str) -> Promise | None:
        return self.held.get((recovery_point, destination))

    def nights(self, recovery_point: str, destination: str) -> tuple[Promise, ...]:
        every = (promise for promise in self.held.values() if promise.night is not None)
        return tuple(each for each in every if (each.recovery_point, each.destination) == (recovery_point, destination))

    def current(self, promise: Promise) -> Promise | None:
        return self.held.get(_key(promise))

    def knows(self, recovery_point: str) -> bool:
        return any(known[0] == recovery_point for known in self.held)

    def verify(self, promise: Promise, *, copy: str, reason: str, now: datetime) -> bool:
        return self._raise_to(promise, PromiseState.VERIFIED)

    def fail(self, promise: Promise, *, cause: str, reason: str, look_again_at: datetime) -> bool:
        known = self._now(promise)
        if known.is_settled or cause in known.failed_jobs:
            return False
        self._keep(
            replace(known, state=PromiseState.FAILED, failed_jobs=(*known.failed_jobs, cause), due_at=look_again_at),
            "FAILED",
        )
        return True

    def miss(self, promise: Promise, *, reason: str) -> bool:
        return self._raise_to(promise, PromiseState.MISSING)

    def postpone(self, promise: Promise, *, due_at: datetime, restarts: int, unseen: int = 0) -> bool:
        self._keep(replace(self._now(promise), due_at=due_at, restarts=restarts, unseen=unseen), "postponed")
        return True

    def due(self, now: datetime) -> Iterator[Promise]:
        yield from [*self.lagging, *(each for each in self.held.values() if each.is_due(now))]

    def _now(self, promise: Promise) -> Promise:
        return self.held[_key(promise)]

    def _keep(self, promise: Promise, change: str) -> None:
        self.held[_key(promise)] = promise
        self.changes.append(change)

    def _raise_to(self, promise: Promise, state: PromiseState) -> bool:
        known = self._now(promise)
        if known.state.rank >= state.rank:
            return False
        self._keep(replace(known, state=state), state)
        return True


def _key(promise: Promise) -> tuple[str, ...]:
    place = (promise.recovery_point, promise.destination)
    return place if promise.night is None else (*place, promise.night)


@dataclass
class FakeProtection:
    """A protection book."""

    tiers: dict[str, str] = field(default_factory=dict)
    backups: dict[str, datetime] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)

    def tier(self, resource: str) -> str | None:
        return self.tiers.get(resource)

    def last_backup(self, resource: str) -> datetime | None:
        return self.backups.get(resource)

    def record_backup(self, resource: str, *, recovery_point: str, at: datetime) -> None:
        self.backups[resource] = at

    def record_verified_copy(self, resource: str, *, copy: str, at: datetime) -> None:
        self.copies[resource] = copy


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
class FakeCopyJobs:
    """Copy jobs, and the starting of them; `refusal` and `start_refusal` are raised instead."""

    jobs: list[CopyJob] = field(default_factory=list)
    started: list[tuple[Promise, int]] = field(default_factory=list)
    refusal: StrongroomError | None = None
    start_refusal: StrongroomError | None = None

    def describe(self, copy_job: str, *, account: AccountId, region: Region) -> CopyJob | None:
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
