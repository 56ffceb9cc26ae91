"""What a finished backup promises, a copy in each destination of its rule, and which copies are ours."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.catalogue.rows import may_enter_air_gap
from strongroom.domain.copies.found import CopyJob, RecoveryPointFound
from strongroom.domain.copies.moments import moment
from strongroom.domain.copies.obstacles import Cause, GroupKey
from strongroom.domain.copies.origins import Origin
from strongroom.domain.copies.times.learning import time_allowed
from strongroom.domain.health.metrics import Metric
from strongroom.domain.identifiers import AccountId, Region, is_account_id
from strongroom.domain.intent.destinations import (
    Destination,
    DestinationVault,
    Lifecycle,
    destination_vaults,
    destinations_of,
    own_vaults,
    primary_air_gap,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import source_vault_arns
from strongroom.domain.intent.rules import ONLY_RULE, BackupRule


class PromiseState(StrEnum):
    """Where a promise stands; its rank only rises."""

    OPEN = "OPEN"
    MISSING = "MISSING"
    FAILED = "FAILED"
    VERIFIED = "VERIFIED"
    VANISHED = "VANISHED"

    @property
    def rank(self) -> int:
        """How final the state is."""
        return _RANKS[self]


_RANKS = {
    PromiseState.OPEN: 0,
    PromiseState.MISSING: 1,
    PromiseState.FAILED: 2,
    PromiseState.VERIFIED: 3,
    PromiseState.VANISHED: 4,
}


class Learnt(StrEnum):
    """How we came to know: by an event of the backup or of the copy, by a look at what is due, or by AWS's lists."""

    EVENT = "event"
    COPY = "copy"
    SWEEP = "sweep"
    RECONCILIATION = "reconciliation"


_BY_EVENT = frozenset({Learnt.EVENT, Learnt.COPY})


def measures_of(learnt: Iterable[Learnt | None]) -> dict[Metric, float]:
    """How many were told by an event, and how many found by a look or in a list; None is nothing new."""
    news = [each for each in learnt if each is not None]
    told = sum(each in _BY_EVENT for each in news)
    counts: dict[Metric, float] = {Metric.TOLD_BY_EVENT: told, Metric.FOUND_WITHOUT_EVENT: len(news) - told}
    return {metric: count for metric, count in counts.items() if count}


class PromiseKey(Struct, frozen=True):
    """Which promise, and whose."""

    recovery_point: str
    destination: str
    night: str | None
    account: AccountId


class Promise(Struct, frozen=True, kw_only=True):
    """One recovery point owes one destination vault a copy, by the deadline; `due_at` is when to look next, if at all.

    `restarts` counts how often its copy was started again, `remediations` how often somebody began to see to that, and
    `diagnosis` is what was found to stop it. `unseen` counts how often in a row it could not be looked at, and `looks`
    how often in a row nothing was on its way. A continuous backup is one recovery point, which each night owes
    a copy of its own: `night` is the backup job that extended it then, and `created_at` when that began. Of a promise
    of an earlier release no `rule` is known. Where deadlines are learnt, `allowed` is how long after its backup this
    one is.

    `version` counts its states and what was found to stop it, and `revision` every write. Where `alert` names a kind an
    alert stands, and while it is `untold` people have yet to be told: that it opened, or once the promise is settled
    that it is over. What stops other copies as well is told as one for all: `group` is what that is, and `left_groups`
    are those that it is to leave.
    """

    recovery_point: str
    destination: str
    account: AccountId
    region: Region
    source_vault: str
    resource: str
    tier: str
    lifecycle: Lifecycle
    created_at: datetime
    deadline: datetime
    due_at: datetime | None
    state: PromiseState = PromiseState.OPEN
    reason: str = ""
    restarts: int = 0
    remediations: int = 0
    diagnosis: Cause | None = None
    unseen: int = 0
    looks: int = 0
    failed_jobs: tuple[str, ...] = ()
    night: str | None = None
    rule: str | None = None
    version: int = 1
    revision: int = 1
    alert: AlertKind | None = None
    untold: bool = False
    group: GroupKey | None = None
    left_groups: tuple[GroupKey, ...] = ()
    opened_by: Learnt = Learnt.EVENT
    learnt: Learnt | None = None
    copy: str | None = None
    settled_at: datetime | None = None
    allowed: timedelta | None = None

    @property
    def key(self) -> PromiseKey:
        """Which promise it is."""
        return PromiseKey(self.recovery_point, self.destination, self.night, self.account)

    @property
    def owner(self) -> str:
        """Whose backup owes the copy, as an alert names it: the resource, and the rule where its tier has several."""
        is_told = self.rule not in {None, ONLY_RULE}
        return f"{self.resource} (rule {self.rule} of {self.tier})" if is_told else self.resource

    @property
    def subject(self) -> str:
        """What an alert about this promise is about."""
        night = f" of {moment(self.created_at)}" if self.night else ""
        return f"{self.recovery_point}{night} to {self.destination}"

    @property
    def due(self) -> str:
        """When it was due, as people are told, and how long after its backup that is, where that was learnt."""
        told = f"due {moment(self.deadline)}"
        return told if self.allowed is None else f"{told}, {self.allowed} after its backup"

    def took(self, arrived_at: datetime | None) -> timedelta | None:
        """How long after its backup the copy arrived; None where nobody learns from that.

        A copy that failed, or that somebody had to see to, says nothing of how long one takes. Nor does one whose own
        end is not known: AWS does not say that the date of a copy is its own, and it may be no later than the backup's.
        """
        was_helped = self.restarts or self.remediations or self.failed_jobs
        if self.allowed is None or arrived_at is None or was_helped:
            return None
        took = arrived_at - (self.deadline - self.allowed)
        return took if took > timedelta() else None

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is owed."""
        return self.state.rank >= PromiseState.VERIFIED.rank

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to look at it."""
        return self.due_at is not None and self.due_at <= now

    def is_served_by(self, job: CopyJob) -> bool:
        """Whether the copy job is to bring what is promised here."""
        if job.destination != self.destination:
            return False
        if self.night is None or job.backup_job is None:
            return job.recovery_point == self.recovery_point and (self.night is None or self._is_before(job))
        return job.backup_job == self.night

    def _is_before(self, job: CopyJob) -> bool:
        return job.created_at is None or self.created_at <= job.created_at


# What is said of the key of a copy that has its vault's.
WITH_ITS_KEY: Final = "encrypted with its key"


def verified(key: str, *, is_locked: bool, days: int | None) -> str:
    """What is said of a copy that was verified, by what is said of its key; without `days` it is kept for ever."""
    locked, kept = ", locked," if is_locked else "", "for ever" if days is None else f"{days} days"
    return f"the copy is in the vault, {key}{locked} and kept {kept}"


def verified_as_promised(lifecycle: Lifecycle) -> str:
    """What is said of nearly every one: in time, with the key of its vault, locked, and kept as promised."""
    return verified(WITH_ITS_KEY, is_locked=True, days=lifecycle.retention_days)


class Night(Struct, frozen=True, kw_only=True):
    """One run of a continuous backup: its job, and when it began."""

    backup_job: str
    began_at: datetime


def promise_of_night(nights: Iterable[Promise], *, job: CopyJob) -> Promise | None:
    """Of a continuous backup's promises the one that the copy job serves: the latest that began before it."""
    served = (promise for promise in nights if promise.is_served_by(job))
    return max(served, key=lambda promise: promise.created_at, default=None)


def promises_of(
    point: RecoveryPointFound,
    *,
    origin: Origin,
    account: AccountId,
    region: Region,
    intent: Intent,
    now: datetime,
    night: Night | None = None,
    opened_by: Learnt = Learnt.EVENT,
    took: Mapping[str, tuple[timedelta, ...]] = {},
) -> tuple[Promise, ...]:
    """The promises that a completed backup opens: one per destination of the rule that made it.

    AWS Backup makes one copy of a resource at a time, so each destination has its time after the one before it. When a
    continuous backup was completed last its recovery point does not tell, so a `night` counts from now. How long the
    latest copies of the resource `took`, is by the ARN of their vault.
    """
    completed_at = now if night else point.completed_at or now
    owed = destinations_owed(
        point.resource,
        origin.rule,
        vault=point.vault,
        account=account,
        region=region,
        intent=intent,
        is_nightly=night is not None,
    )
    times = [
        time_allowed(took.get(destination.vault.arn, ()), turn=turn, deadlines=intent.deadlines)
        for turn, destination in enumerate(owed, start=1)
    ]
    deadlines = [completed_at + allowed for allowed in times]
    return tuple(
        Promise(
            recovery_point=point.arn,
            destination=destination.vault.arn,
            account=account,
            region=region,
            source_vault=point.vault,
            resource=point.resource,
            tier=origin.tier,
            rule=origin.rule.name,
            lifecycle=destination.lifecycle,
            created_at=night.began_at if night else point.created_at,
            deadline=deadline,
            # What was made there at once only needs to be looked at.
            due_at=completed_at if destination.vault.arn == point.vault else deadline + intent.deadlines.grace,
            opened_by=opened_by,
            night=night.backup_job if night else None,
            allowed=allowed if intent.deadlines.is_learnt else None,
        )
        for destination, allowed, deadline in zip(owed, times, deadlines, strict=True)
    )


def destinations_owed(
    resource: str,
    rule: BackupRule,
    *,
    vault: str,
    account: AccountId,
    region: Region,
    intent: Intent,
    is_nightly: bool,
) -> tuple[Destination, ...]:
    """Where a backup in the `vault` owes copies; in the air-gapped vault beside it only where AWS brings it there.

    A continuous backup that is made there is extended each night, and there is no copy to look for.
    """
    owed = destinations_of(intent, rule, account=account, region=region)
    gap = primary_air_gap(intent, rule)
    beside = gap.arn(account=account, region=region) if gap else None
    if may_enter_air_gap(resource) and not (is_nightly and vault == beside):
        return owed
    return tuple(each for each in owed if each.vault.arn != beside)


def is_ours(job: CopyJob, *, account: AccountId, region: Region, intent: Intent) -> bool:
    """Whether the copy leaves the account's own local vault for one of our destinations.

    The owner of a copy is told by its vaults: the recovery points of some types have no account in their ARN.
    """
    is_from_local = is_local_vault(job.source_vault, account=account, region=region, intent=intent)
    return is_from_local and any(vault.arn == job.destination for vault in _destinations(intent, account=account))


def is_local_vault(vault: str, *, account: AccountId, region: Region, intent: Intent) -> bool:
    """Whether the ARN is that of a vault of the account itself in the Region, where its backups are made."""
    return is_account_id(account) and vault in source_vault_arns(intent, account=account, region=region)


def _destinations(intent: Intent, *, account: AccountId) -> tuple[DestinationVault, ...]:
    return (*destination_vaults(intent), *own_vaults(intent, account=account))
