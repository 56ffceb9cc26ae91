"""Backup jobs: CREATED, RUNNING, COMPLETED; one at a time for each resource, and those of a stack's members in it.

API reference, DescribeRecoveryPoint: a point is CREATING while its job runs, PARTIAL where some of a stack is missing.
"""

import asyncio

from sandbox.backup_service import events
from sandbox.backup_service.errors import InvalidParameterValueException
from sandbox.backup_service.estate import BackupJob, CreatedBy, Estate, RecoveryPoint, Vault, vault_arn
from sandbox.backup_service.faults import Fault, FaultKind
from sandbox.backup_service.jobs import rights
from sandbox.backup_service.jobs.air_gap import NOT_SUPPORTED, lifecycle_of_point, why_stays
from sandbox.backup_service.jobs.continuous import extended, why_not_continuous
from sandbox.backup_service.jobs.records import ACCESS_DENIED, FAILURE, INVALID_PARAMETERS, breathe, end
from sandbox.backup_service.jobs.roles import why_may_not, why_role_fails
from sandbox.backup_service.preferences import region_settings
from sandbox.backup_service.resources.catalogue import COMPOSITES, is_own_state, kind_of, state_arn
from sandbox.backup_service.resources.cloudformation_stack import Member, members_of
from sandbox.backup_service.resources.kind import Capture, ResourceGoneError, ResourceKind
from sandbox.backup_service.surroundings import Place
from sandbox.backup_service.vaults.natives import keep_natively
from sandbox.seams.backup import InternalCallError

_STRUCK = (
    FaultKind.FAIL,
    FaultKind.EXPIRE,
    FaultKind.STALL,
    FaultKind.COMPLETE_WITH_ISSUES,
    FaultKind.ABORT,
    FaultKind.LEAVE_PART_OUT,
)
_BUSY = "Backup job failed because there was a running job for the same resource."
_STOPPED = "Backup job was stopped by user."


def kind_here(estate: Estate, place: Place, resource_arn: str) -> ResourceKind:
    """The type of a resource as AWS Backup manages it in an account and Region."""
    engine = estate.surroundings.engine_of(resource_arn)
    kind = kind_of(resource_arn, region_settings(estate, place).management, engine=engine)
    if kind is None:
        raise InvalidParameterValueException(f"Unsupported resource: {resource_arn}")
    return kind


def new_backup_job(estate: Estate, place: Place, *, resource_arn: str, vault_name: str, role_arn: str) -> BackupJob:
    """A job in its first state, on record."""
    kind = kind_here(estate, place, resource_arn)
    job = BackupJob(
        place=place,
        resource_arn=resource_arn,
        resource_type=kind.resource_type,
        role_arn=role_arn,
        created=estate.now(),
        vault_name=vault_name,
        recovery_point_arn="",
        is_parent=kind.resource_type in COMPOSITES,
    )
    job.recovery_point_arn = kind.recovery_point_arn(place.account, place.region, resource_arn, job.id.lower())
    estate.backup_jobs[job.id] = job
    return job


async def run_backup_job(estate: Estate, job: BackupJob) -> None:
    """Take a job from CREATED to its end."""
    _announce(estate, job)
    fault = estate.faults.take(_STRUCK, events.job_facts(job, "backup"))
    await breathe(estate)
    if fault is not None and fault.kind is FaultKind.EXPIRE:
        _end(estate, job, "EXPIRED", fault.message or _BUSY)
        return
    purpose = "backup of state" if is_own_state(job.resource_type, is_parent=job.is_parent) else "backup"
    turn = estate.turn(job.resource_arn, purpose)
    if turn.locked():
        _enter(estate, job, "PENDING")
    try:
        await asyncio.wait_for(turn.acquire(), timeout=job.start_window.total_seconds())
    except TimeoutError:
        _end(estate, job, "EXPIRED", _BUSY)
        return
    try:
        await _perform(estate, job, fault)
    finally:
        turn.release()


async def _perform(estate: Estate, job: BackupJob, fault: Fault | None) -> None:
    refusal = await _why_refused(estate, job)
    if refusal is not None:
        _end(estate, job, "FAILED", *refusal)
        return
    _enter(estate, job, "RUNNING")
    _list_as_being_made(estate, job)
    await breathe(estate)
    issues, is_whole = None, True
    match fault.kind if fault else None:
        case FaultKind.STALL if fault:
            await estate.faults.last(fault)
        case FaultKind.FAIL:
            _end(estate, job, "FAILED", (fault and fault.message) or "Internal failure")
        case FaultKind.COMPLETE_WITH_ISSUES:
            issues = (fault and fault.message) or "Completed with issues"
        case FaultKind.ABORT:
            _end(estate, job, "ABORTED", (fault and fault.message) or _STOPPED)
        case FaultKind.LEAVE_PART_OUT:
            issues, is_whole = (fault and fault.message) or "A part of it could not be backed up", False
    if job.is_open:
        await _complete(estate, job, issues, is_whole=is_whole)


async def _why_refused(estate: Estate, job: BackupJob) -> tuple[str, str] | None:
    vault = estate.vaults.get((job.place, job.vault_name))
    if vault is None:
        arn = vault_arn(job.place, job.vault_name)
        return f"Backup job failed because backup vault {arn} does not exist.", INVALID_PARAMETERS
    if job.is_continuous and (why := why_not_continuous(estate, job)):
        return why, FAILURE
    if vault.lock is not None and (why := vault.lock.why_refused(job.lifecycle)):
        return why, INVALID_PARAMETERS
    asked = rights.to_back_up(job, kind_here(estate, job.place, job.resource_arn), vault)
    if why := await why_role_fails(estate.services(job.place), job.role_arn, asked):
        return why, ACCESS_DENIED
    return None


async def _complete(estate: Estate, job: BackupJob, issues: str | None, *, is_whole: bool) -> None:
    services = estate.services(job.place)
    kind = kind_here(estate, job.place, job.resource_arn)
    try:
        capture = await kind.capture(services, job.resource_arn)
        source = {resource.arn: resource for resource in await kind.find_all(services)}.get(job.resource_arn)
    except (ResourceGoneError, InternalCallError) as error:
        _end(estate, job, "FAILED", str(error), FAILURE)
        return
    if why := why_may_not(services, rights.to_read(job, kind, capture)):
        _end(estate, job, "FAILED", why, ACCESS_DENIED)
        return
    vault = estate.vaults.get((job.place, job.vault_name))
    if vault is None or not job.is_open:
        _end(estate, job, "FAILED", f"Backup vault {job.vault_name} does not exist", FAILURE)
        return
    job.size = capture.size
    tags = {**(source.tags if source else {}), **job.recovery_point_tags}
    nested = await _back_up_members(estate, job, capture)
    if not job.is_open:  # stopped meanwhile
        return
    point = _recovery_point(estate, job, vault, capture, kind)
    point.status, point.completed = _status(job, nested, capture) if is_whole else "PARTIAL", estate.now()
    point.tags, point.created_by = tags, _mark_of(estate, job)
    point.lifecycle = lifecycle_of_point(job, kind, capture)
    known = estate.recovery_points.get(point.arn)
    point.appeared = known.appeared if known else None
    point = extended(known, point) if known and known.is_continuous else point
    estate.recovery_points[point.arn] = point
    keep_natively(estate, point)
    state = "COMPLETED" if is_whole and all(each.state == "COMPLETED" for each in nested) else "PARTIAL"
    category = "SUCCESS" if issues is None and state == "COMPLETED" else FAILURE
    stays = why_stays(job, kind, capture)
    _end(estate, job, state, issues or stays, NOT_SUPPORTED if stays and not issues else category)
    events.publish(estate, events.recovery_point_event(point, point.status))


async def _back_up_members(estate: Estate, stack: BackupJob, capture: Capture) -> list[BackupJob]:
    """Back up its state, and each member that AWS Backup knows, whether its type is opted in or not."""
    jobs = []
    own_state = Member(None, stack.resource_arn)
    for member in (own_state, *members_of(capture)) if stack.is_parent else ():
        if member.arn is None:
            continue
        job = new_backup_job(
            estate, stack.place, resource_arn=member.arn, vault_name=stack.vault_name, role_arn=stack.role_arn
        )
        job.parent_id, job.member = stack.id, member.name
        if member is own_state:
            job.is_parent, job.recovery_point_arn = False, state_arn(job.recovery_point_arn)
        job.lifecycle, job.created_by, job.start_window = stack.lifecycle, stack.created_by, stack.start_window
        job.recovery_point_tags = dict(stack.recovery_point_tags)
        jobs.append(job)
    await asyncio.gather(*(run_backup_job(estate, job) for job in jobs))
    return jobs


def _status(job: BackupJob, nested: list[BackupJob], capture: Capture) -> str:
    """Of a composite: PARTIAL where a member failed, or is of a type that AWS Backup does not know."""
    if not job.is_parent:
        return "COMPLETED"
    is_whole = all(each.state == "COMPLETED" for each in nested) and all(each.arn for each in members_of(capture))
    return "COMPLETED" if is_whole else "PARTIAL"


def _list_as_being_made(estate: Estate, job: BackupJob) -> None:
    vault = estate.vaults.get((job.place, job.vault_name))
    if vault is None or job.recovery_point_arn in estate.recovery_points:
        return
    point = _recovery_point(estate, job, vault, Capture(metadata={}), kind_here(estate, job.place, job.resource_arn))
    point.status, point.created_by, point.appeared = "CREATING", job.created_by, estate.now()
    estate.recovery_points[point.arn] = point


def _recovery_point(
    estate: Estate, job: BackupJob, vault: Vault, capture: Capture, kind: ResourceKind
) -> RecoveryPoint:
    parent = estate.backup_jobs.get(job.parent_id or "")
    return RecoveryPoint(
        arn=job.recovery_point_arn,
        vault=vault,
        resource_arn=job.resource_arn,
        resource_type=job.resource_type,
        resource_name=job.resource_arn.rpartition(":")[2].rpartition("/")[2],
        capture=capture,
        created=job.created,
        completed=None,
        role_arn=job.role_arn,
        lifecycle=job.lifecycle,
        key_arn=vault.key_arn if kind.is_fully_managed else capture.key_arn,
        backup_job_id=job.id,
        is_continuous=job.is_continuous,
        is_parent=job.is_parent,
        parent_arn=parent.recovery_point_arn if parent else None,
        member=job.member,
    )


def _mark_of(estate: Estate, job: BackupJob) -> CreatedBy | None:
    fault = estate.faults.take((FaultKind.LEAVE_OUT_PLAN_NAME,), events.job_facts(job, "backup"))
    return job.created_by.nameless() if job.created_by and fault else job.created_by


def _enter(estate: Estate, job: BackupJob, state: str) -> None:
    if job.is_open:
        job.state = state
        _announce(estate, job)


def _end(estate: Estate, job: BackupJob, state: str, message: str | None = None, category: str = FAILURE) -> None:
    if not job.is_open:
        return
    end(estate, job, state, message, category)
    point = estate.recovery_points.get(job.recovery_point_arn)
    if point is not None and point.is_being_made:
        del estate.recovery_points[point.arn]
    _announce(estate, job)


def abort(estate: Estate, job: BackupJob) -> None:
    """Stop a job: it is ABORTING for a moment, of which no event tells, then ABORTED."""
    job.state = "ABORTING"
    estate.clockwork.spawn(_abort(estate, job))


async def _abort(estate: Estate, job: BackupJob) -> None:
    await breathe(estate)
    _end(estate, job, "ABORTED", _STOPPED)


def _announce(estate: Estate, job: BackupJob) -> None:
    events.publish(estate, events.backup_job_event(job, vault_arn(job.place, job.vault_name)))
