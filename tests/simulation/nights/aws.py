"""A simulated AWS Backup: backups at their hour, copies of a resource one after the other, and what goes wrong."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from copy import replace
from datetime import timedelta
from functools import cache, partial
from typing import Final

from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.copies.found import CopyJob, RecoveryPointFound, VaultFound
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.destinations import Destination, copy_actions_of, local_lifecycle
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import source_vault_arns
from tests.simulation.nights.chance import Chance
from tests.simulation.nights.clock import DAY, HOUR, MINUTE, Clock, moment
from tests.simulation.nights.faults import LAGS
from tests.simulation.nights.truth import HOPELESS, LAYERED, Copying, Owed, Resource, Started, Told

_CENTRAL: Final = "999999999999"
_KEY: Final = "arn:aws:kms:eu-west-1:{account}:key/{vault}"
_STATES_OF_A_FAILED_BACKUP: Final = ("FAILED", "ABORTED", "EXPIRED", "PARTIAL")
_STATES_OF_A_FAILED_COPY: Final = ("FAILED", "FAILED", "PARTIAL")
_TOO_SHORT: Final = 35
_LISTED: Final = LAGS["lag-list-jobs"]
# When no job of a copy is listed any more, nor was in the week before.
_LONG_AFTER: Final = 38 * DAY

type Heard = BackupJob | CopyJob


class SimulatedBackup:
    """AWS Backup in all accounts of the history; `hear` is told of each job that ended.

    `is_sampled` says whether a copy is one that will be read again, for the world is unkind.
    """

    def __init__(self, chance: Chance, clock: Clock, intent: Intent, resources: tuple[Resource, ...]) -> None:
        """Nothing was backed up yet."""
        self._chance, self._clock, self._intent = chance, clock, intent
        self.resources = resources
        self.region = Region(intent.organization.home_region)
        self.hear: Callable[[Heard], None] = lambda _job: None
        self.is_sampled: Callable[[Owed], bool] = lambda _owed: False
        self.backups: dict[str, Told[BackupJob]] = {}
        self.backups_of: defaultdict[str, list[Told[BackupJob]]] = defaultdict(list)
        self.gone: dict[str, int] = {}
        self._untagged: set[str] = set()
        self.copies: dict[str, Copying] = {}
        self.points: defaultdict[str, dict[str, Told[RecoveryPointFound | None]]] = defaultdict(dict)
        self.points_of: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._arrived: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self.copies_of: defaultdict[str, list[Copying]] = defaultdict(list)
        self.ended: list[tuple[int, str]] = []
        self.owed: dict[str, Owed] = {}
        self.started: list[Started] = []
        self._waiting: defaultdict[str, list[str]] = defaultdict(list)
        self._busy: dict[str, str] = {}
        self._local = {each.account: self._local_vault(each.account) for each in resources}
        self._destinations = {each.name: self._copy_actions(each) for each in resources}

    def _local_vault(self, account: AccountId) -> str:
        return source_vault_arns(self._intent, account=account, region=self.region)[0]

    def _copy_actions(self, resource: Resource) -> tuple[Destination, ...]:
        return copy_actions_of(self._intent, resource.rule, account=resource.account, region=self.region)

    # ── Backups ─────────────────────────────────────────────────────────────────────────────────────────

    def fire(self, night: int) -> None:
        """The plans run: each resource of one rule gets its backup, or not."""
        for resource in self.resources:
            if resource.tier != LAYERED:
                self.run(resource, night)

    def run(self, resource: Resource, night: int) -> None:
        """One rule of the plan runs."""
        name = f"{resource.name}/{night}"
        if resource.arn not in self.gone and not self._chance.happens("backup-never", name):
            wait = self._chance.between(f"starts {name}", 0, 20 * MINUTE)
            self._clock.after(wait, partial(self._back_up, resource, name))

    def _back_up(self, resource: Resource, name: str) -> None:
        now = self._clock.ms
        point = f"continuous:{resource.name}" if resource.is_continuous else name.replace("/", "-")
        job = BackupJob(
            id=f"backup-{name}",
            state="RUNNING",
            account=resource.account,
            region=self.region,
            vault=self._local[resource.account],
            resource=resource.arn,
            recovery_point=f"arn:aws:backup:{self.region}:{resource.account}:recovery-point:{point}",
            created_at=moment(now),
            message=None,
            made_by=resource.maker,
        )
        self.backups[f"backup-{name}"] = Told([(now, job)])
        self.backups_of[resource.arn].append(self.backups[f"backup-{name}"])
        self._clock.after(self._backup_lasts(name), partial(self._end_backup, resource, name, began=now))

    def _backup_lasts(self, name: str) -> int:
        low, high = 5 * MINUTE, 40 * MINUTE
        if self._chance.happens("backup-stuck", name):
            low, high = 5 * HOUR, 30 * HOUR
        elif self._chance.happens("backup-slow", name):
            low, high = HOUR, 4 * HOUR
        return self._chance.between(f"lasts {name}", low, high)

    def _end_backup(self, resource: Resource, name: str, *, began: int) -> None:
        now, told = self._clock.ms, self.backups[f"backup-{name}"]
        if self._chance.happens("backup-fails", name):
            state = self._chance.choose(f"fails as {name}", *_STATES_OF_A_FAILED_BACKUP)
            ended = replace(told.now, state=state, message="No space left", completed_at=moment(now))
        else:
            message = "some files were skipped" if self._chance.happens("backup-issues", name) else None
            ended = replace(told.now, state="COMPLETED", message=message, completed_at=moment(now))
        told.become(now, ended)
        self.ended.append((now, f"backup-{name}"))
        if ended.state == "COMPLETED":
            self._keep_backup(resource, ended)
        self.hear(ended)
        if ended.state == "COMPLETED":
            self._owe(resource, name, ended, began=began)

    def _keep_backup(self, resource: Resource, job: BackupJob) -> None:
        now = self._clock.now
        self._put_point(
            RecoveryPointFound(
                arn=str(job.recovery_point),
                vault=str(job.vault),
                resource=resource.arn,
                status="COMPLETED",
                encryption_key="arn:aws:kms:local",
                retention_days=local_lifecycle(self._intent, resource.rule).retention_days,
                created_at=job.created_at or now,
                completed_at=now,
                made_by=resource.maker,
            )
        )

    def _owe(self, resource: Resource, name: str, job: BackupJob, *, began: int) -> None:
        for turn, destination in enumerate(self._destinations[resource.name], start=1):
            owed = Owed(
                name=f"{name}/{turn}",
                resource=resource,
                backup=f"backup-{name}",
                recovery_point=str(job.recovery_point),
                destination=destination.vault.arn,
                retention_days=destination.lifecycle.retention_days,
                created_ms=began,
                completed_ms=self._clock.ms,
                turn=turn,
            )
            self.owed[owed.name] = owed
            if not self._chance.happens("copy-never", owed.name):
                self._begin_copy(owed, f"copy-{owed.name}")

    # ── Copies ──────────────────────────────────────────────────────────────────────────────────────────

    def start(self, owed: Owed, *, attempt: int) -> str:
        """Somebody asks for a copy; the same promise and attempt are the same job."""
        id_ = f"copy-{owed.name}+{attempt}"
        if id_ in self.copies:
            return id_
        now, beside = self._clock.ms, self.copies_of[owed.resource.arn]
        running = (each for each in beside if each.is_active(now))
        self.started.append(
            Started(
                owed=owed,
                ms=now,
                is_beside_completed=any(each.owed is owed and each.has_completed for each in beside),
                is_hopeless=any(each.owed is owed and each.is_hopeless for each in beside),
                # Of another's that has just begun nobody can know yet, and AWS lets one wait for the other.
                is_beside_running=any(each.owed is owed or each.job.states[0][0] < now - _LISTED for each in running),
            )
        )
        self._begin_copy(owed, id_)
        return id_

    def _begin_copy(self, owed: Owed, id_: str) -> None:
        now, resource = self._clock.ms, owed.resource
        job = CopyJob(
            id=id_,
            state="CREATED",
            recovery_point=owed.recovery_point,
            source_vault=self._local[resource.account],
            destination=owed.destination,
            destination_recovery_point=None,
            created_at=moment(now),
            message=None,
            made_by=resource.maker,
            backup_job=owed.backup if resource.is_continuous else None,
        )
        is_shown = not self._chance.happens("copy-unlisted", "history")
        self.copies[id_] = Copying(asked=job, asked_ms=now, job=Told([(now, job)] if is_shown else []), owed=owed)
        self.copies_of[resource.arn].append(self.copies[id_])
        self._waiting[resource.arn].append(id_)
        self._next_copy(resource.arn)

    def _next_copy(self, resource: str) -> None:
        """AWS makes one copy of a resource at a time."""
        if resource in self._busy or not self._waiting[resource]:
            return
        id_ = self._waiting[resource].pop(0)
        copying = self.copies[id_]
        self._busy[resource] = id_
        asked = copying.asked if copying.job.states else replace(copying.asked, created_at=self._clock.now)
        copying.job.become(self._clock.ms, replace(asked, state="RUNNING"))
        if not self._chance.happens("copy-stuck", id_):
            self._clock.after(self._length(copying.owed, id_), partial(self._end_copy, id_))

    def _length(self, owed: Owed, name: str) -> int:
        if self._chance.happens("copy-slow", name):
            return self._chance.between(f"slow {name}", 3 * HOUR, 30 * HOUR)
        if self._chance.happens("copy-near", name):
            within = self._intent.deadlines.copy_verified_within // timedelta(milliseconds=1)
            deadline = owed.completed_ms + owed.turn * within
            near = deadline + self._chance.between(f"near {name}", -6 * MINUTE, 14 * MINUTE)
            return max(MINUTE, near - self._clock.ms)
        return self._chance.between(f"lasts {name}", 5 * MINUTE, 90 * MINUTE)

    def hurry(self) -> None:
        """Every copy that runs ends now."""
        for id_ in [*self._busy.values()]:
            self._end_copy(id_)

    def _end_copy(self, id_: str) -> None:
        copying, now = self.copies[id_], self._clock.ms
        if copying.ended_ms is not None:
            return
        owed, job = copying.owed, copying.job.now
        del self._busy[owed.resource.arn]
        copying.ended_ms = now
        if self._chance.happens("copy-hopeless", id_):
            words = self._chance.choose(f"hopeless as {id_}", *HOPELESS)
            ended = replace(job, state="FAILED", message=words, completed_at=moment(now))
        elif self._chance.happens("copy-fails", id_):
            state = self._chance.choose(f"fails as {id_}", *_STATES_OF_A_FAILED_COPY)
            ended = replace(job, state=state, message="Internal failure", completed_at=moment(now))
        else:
            copy = f"arn:aws:backup:{Arn.parse(owed.destination).region}:{_CENTRAL}:recovery-point:{id_}"
            ended = replace(job, state="COMPLETED", destination_recovery_point=copy, completed_at=moment(now))
            if not self._chance.happens("copy-phantom", id_):
                self._arrive(copying, copy)
        copying.job.become(now, ended)
        self.ended.append((now, id_))
        self.hear(ended)
        self._next_copy(owed.resource.arn)

    def _arrive(self, copying: Copying, copy: str) -> None:
        owed, now = copying.owed, self._clock.ms
        copying.copy, copying.is_wrong = copy, self._chance.happens("copy-wrong", copy)
        # A copy has the creation date of its source; that of a continuous backup has one of its own.
        created = now if owed.resource.is_continuous else owed.created_ms
        self._put_point(
            RecoveryPointFound(
                arn=copy,
                vault=owed.destination,
                resource=owed.resource.arn,
                status="COMPLETED",
                encryption_key=_key(owed.destination),
                retention_days=_TOO_SHORT if copying.is_wrong else owed.retention_days,
                created_at=moment(created),
                completed_at=moment(now),
                made_by=owed.resource.maker,
                source_vault=self._local[owed.resource.account],
            )
        )
        self._arrived[owed.destination].append((now, copy))
        kind = "sample-vanishes" if self.is_sampled(owed) else "copy-vanishes"
        if self._chance.happens(kind, copy):
            wait = self._chance.between(f"vanishes {copy}", HOUR, 25 * HOUR)
            self._clock.after(wait, partial(self._vanish, copying, copy))
        elif self._chance.happens("copy-vanishes-late", copy):
            self._clock.after(_LONG_AFTER, partial(self._vanish, copying, copy))

    def _vanish(self, copying: Copying, copy: str) -> None:
        copying.vanished_ms = self._clock.ms
        self.points[copying.owed.destination][copy].become(self._clock.ms, None)

    # ── Resources ───────────────────────────────────────────────────────────────────────────────────────

    def leave(self, resource: Resource, *, is_tagged: bool = False) -> None:
        """It is deleted, or loses its tag, or its account is moved: it is backed up no more."""
        self.gone.setdefault(resource.arn, self._clock.ms)
        if not is_tagged:
            self._untagged.add(resource.arn)

    def tags(self, arn: str) -> dict[str, str] | None:
        """Its tags; of one that is gone none, or nothing at all."""
        resource = next(each for each in self.resources if each.arn == arn)
        if arn not in self._untagged:
            return {self._intent.tag_key: resource.tier}
        return self._chance.choose(f"untagged {arn}", None, {})

    # ── What there is ───────────────────────────────────────────────────────────────────────────────────

    def copies_for(self, owed: Owed) -> list[Copying]:
        """Every copy job of what is owed, the first first."""
        return [each for each in self.copies_of[owed.resource.arn] if each.owed is owed]

    def copies_since(self, vault: str, ms: int) -> list[tuple[str, Told[RecoveryPointFound | None]]]:
        """What arrived in a central vault from then on, in that order: nothing else can have been created since."""
        arrived, held = self._arrived[vault], self.points[vault]
        return [(copy, held[copy]) for _, copy in arrived[bisect_left(arrived, (ms, "")) :]]

    def vault(self, arn: str) -> VaultFound:
        """A vault, as it should be: what is wrong with vaults is another story."""
        is_local = arn in self._local.values()
        return VaultFound(
            arn=arn,
            encryption_key=_key(arn),
            is_locked=not is_local,
            min_retention_days=None if is_local else 30,
            max_retention_days=None if is_local else 2555,
        )

    def _put_point(self, point: RecoveryPointFound) -> None:
        held = self.points[point.vault]
        if point.arn not in held:
            held[point.arn] = Told()
            self.points_of[point.vault, point.resource].append(point.arn)
        held[point.arn].become(self._clock.ms, point)


@cache
def _key(vault: str) -> str:
    return _KEY.format(account=_CENTRAL, vault=Arn.parse(vault).name)
