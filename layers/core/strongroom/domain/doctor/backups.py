"""What nights of backups show: keys of copies, plans that points name, the last jobs, expiry.

Sources: AWS Backup API reference, RecoveryPointByBackupVault, RecoveryPointCreator, BackupJob, CopyJob; Developer
Guide, "Encryption for backups in AWS Backup" and "Deleting backups".
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from strongroom.domain.copies.found import FAILED_JOB_STATES, cause_of, is_continuous
from strongroom.domain.doctor.checks import COPY_KEYS, EXPIRY, JOBS, ORIGINS, WAITING_COPIES
from strongroom.domain.doctor.diagnosis import Diagnosis, listed
from strongroom.domain.doctor.found import JobFound, VaultContent, VaultedPoint

_EXPIRED: Final = "EXPIRED"
_WAITING: Final = "CREATED"
_ENDED_BADLY: Final = FAILED_JOB_STATES | {"ABORTED", _EXPIRED}
# AWS Backup deletes "within 8 hours" of the time, by its own count ("Deleting backups").
_LATE: Final = timedelta(days=2)
# Jobs and vaults are listed one after the other, and both lists are eventually consistent.
_SETTLED: Final = timedelta(hours=1)


def newest_of_each_type(points: Iterable[VaultedPoint]) -> tuple[VaultedPoint, ...]:
    """One recovery point of each type, the newest."""
    newest: dict[str, VaultedPoint] = {}
    for each in points:
        known = newest.get(each.type)
        if known is None or known.created_at < each.created_at:
            newest[each.type] = each
    return tuple(newest[name] for name in sorted(newest))


def judge_copy_keys(vault: VaultContent) -> Iterator[Diagnosis]:
    """For the newest copy of each type, whether it lies under its vault's key."""
    newest = newest_of_each_type(vault.points)
    if not newest:
        yield COPY_KEYS.unseen(vault.arn, "there is no copy yet")
    for point in newest:
        where = f"{point.type} in {vault.arn}"
        under = point.key or "no key: it is not encrypted"
        if point.key == vault.key:
            yield COPY_KEYS.holds(where, f"{point.arn} lies under the vault's key")
        else:
            yield COPY_KEYS.fails(where, f"{point.arn} lies under {under}")


def judge_origins(vault: VaultContent) -> Iterator[Diagnosis]:
    """For the newest point of each type that a plan made, whether it says which."""
    newest = newest_of_each_type(point for point in vault.points if point.is_by_plan)
    if not newest:
        yield ORIGINS.unseen(vault.arn, "no plan has made anything here yet")
    for point in newest:
        where = f"{point.type} in {vault.arn}"
        tags = "tags are not listed" if point.tags is None else f"{len(point.tags)} tags are listed"
        if point.plan_name:
            yield ORIGINS.holds(where, f"{point.arn} names {point.plan_name}; {tags}")
        else:
            yield ORIGINS.fails(where, f"{point.arn} names no plan; {tags}")


def judge_jobs(jobs: Iterable[JobFound]) -> Iterator[Diagnosis]:
    """For each kind of job and type, how the last one ended."""
    newest: dict[tuple[str, str], JobFound] = {}
    for job in sorted(jobs, key=lambda each: each.created_at):
        newest[job.kind, job.type] = job
    for kind in ("backup", "copy"):
        if not any(found == kind for found, _ in newest):
            yield JOBS.unseen(f"{kind} jobs", f"there was no {kind} job in thirty days")
    for (kind, type_), job in sorted(newest.items()):
        told = f"{job.state} in {job.account}, begun {job.created_at:%Y-%m-%d %H:%M}"
        if job.state in _ENDED_BADLY:
            yield JOBS.fails(f"{kind} jobs of {type_}", f"{told}: {cause_of(job.message)}")
        elif job.state == "COMPLETED":
            yield JOBS.holds(f"{kind} jobs of {type_}", told)
        else:
            yield JOBS.unseen(f"{kind} jobs of {type_}", told, remedy="look again when it has ended")


def judge_waiting_copies(jobs: Iterable[JobFound]) -> Diagnosis:
    """Whether AWS Backup lists a copy while it waits for another one of the same backup, as a plan with two makes them.

    It makes one copy of a resource at a time (Developer Guide, "AWS Backup quotas"). A copy that was created before the
    one ahead of it ended was listed while it waited; one that waited unlisted is created when the other has ended.
    """
    pairs = [pair for copies in _copies_of_each_backup(jobs) for pair in pairwise(copies)]
    waiting = [second for first, second in pairs if second.state == _WAITING and first.ended_at is None]
    waited = [second for first, second in pairs if first.ended_at is None or second.created_at < first.ended_at]
    if waiting:
        return WAITING_COPIES.holds("copy jobs", f"{len(waiting)} wait as CREATED behind another copy of their backup")
    if waited:
        return WAITING_COPIES.holds("copy jobs", f"{len(waited)} were created before the copy ahead of them had ended")
    if not pairs:
        return WAITING_COPIES.unseen("copy jobs", "no plan has made two copies of one backup in thirty days")
    return WAITING_COPIES.fails("copy jobs", f"none of {len(pairs)} was created before the copy ahead of it had ended")


def _copies_of_each_backup(jobs: Iterable[JobFound]) -> Iterator[list[JobFound]]:
    """The copies that plans made of one backup, in the order in which they were created."""
    copies: dict[str, list[JobFound]] = {}
    for job in sorted(jobs, key=lambda each: each.created_at):
        if job.kind == "copy" and job.is_by_plan and job.source is not None and not is_continuous(job.source):
            copies.setdefault(job.source, []).append(job)
    yield from copies.values()


def judge_expiry(vault: VaultContent, *, jobs: Iterable[JobFound], retention_days: int, now: datetime) -> Diagnosis:
    """Whether something was deleted when its time had come, and nothing before; plans keep for `retention_days`."""
    late = [each.arn for each in vault.points if each.delete_at is not None and each.delete_at + _LATE < now]
    stuck = [each.arn for each in vault.points if each.status == _EXPIRED]
    gone = list(_gone(vault, jobs, until=now - _SETTLED))
    early = [each.point for each in gone if each.created_at + timedelta(days=retention_days) > now]
    wrong = [
        *((f"still there two days after their time: {listed(late)}",) if late else ()),
        *((f"EXPIRED, which is not deleted: {listed(stuck)}",) if stuck else ()),
        *((f"gone before their time: {listed(filter(None, early))}",) if early else ()),
    ]
    if not wrong and not gone:
        coming = sorted(each.delete_at for each in vault.points if each.delete_at is not None)
        first = f"the first is due on {coming[0]:%Y-%m-%d}" if coming else "no point has an end"
        return EXPIRY.unseen(vault.arn, f"nothing was due yet: {first}")
    return EXPIRY.judged(vault.arn, f"{len(gone)} points of the last thirty days are gone, all in time", wrong=wrong)


def _gone(vault: VaultContent, jobs: Iterable[JobFound], *, until: datetime) -> Iterator[JobFound]:
    there = {each.arn for each in vault.points}
    for job in jobs:
        is_made_here = job.is_by_plan and job.vault == vault.arn and job.state == "COMPLETED"
        is_settled = job.ended_at is not None and job.ended_at < until
        if is_made_here and is_settled and job.point is not None and job.point not in there:
            yield job
