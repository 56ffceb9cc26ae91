"""Copy jobs: they belong to the account and Region of the source, and leave a new recovery point at the destination."""

import asyncio
import uuid
from collections.abc import Iterator
from copy import replace
from datetime import timedelta

from sandbox.backup_service import events
from sandbox.backup_service.estate import CopyJob, CreatedBy, Estate, RecoveryPoint, Vault
from sandbox.backup_service.faults import Fault, FaultKind
from sandbox.backup_service.jobs import rights
from sandbox.backup_service.jobs.air_gap import drop_temporary
from sandbox.backup_service.jobs.copy_keys import key_of_copy, why_key_refuses
from sandbox.backup_service.jobs.copy_refusals import why_refused
from sandbox.backup_service.jobs.records import ACCESS_DENIED, FAILURE, SUCCESS, breathe, end
from sandbox.backup_service.jobs.roles import service_linked_role, why_role_fails
from sandbox.backup_service.keys import told_key
from sandbox.backup_service.lifecycles import Lifecycle
from sandbox.backup_service.resources.catalogue import is_own_state, kind_by_type, state_arn
from sandbox.backup_service.surroundings import Document
from sandbox.backup_service.vaults.natives import keep_natively
from sandbox.seams.iam.authority import Question

_STRUCK = (FaultKind.FAIL, FaultKind.STALL)


def new_copy_job(
    estate: Estate,
    point: RecoveryPoint,
    *,
    destination_vault_arn: str,
    role_arn: str,
    lifecycle: Lifecycle | None,
    created_by: CreatedBy | None = None,
) -> CopyJob:
    """A job in its first state, on record; without a lifecycle of its own the copy inherits its source's."""
    destination = estate.vault_by_arn(destination_vault_arn)
    job = CopyJob(
        place=point.vault.place,
        resource_arn=point.resource_arn,
        resource_type=point.resource_type,
        role_arn=role_arn,
        created=estate.now(),
        size=point.capture.size,
        source_vault_arn=point.vault.arn,
        source_recovery_point_arn=point.arn,
        destination_vault_arn=destination_vault_arn,
        lifecycle=lifecycle or replace(point.lifecycle, is_temporary=False),
        created_by_backup_job_id=point.backup_job_id,
        created_by=created_by,
        is_destination_locked=bool(destination and destination.lock),
        is_parent=point.is_parent,
        member=point.member,
    )
    estate.copy_jobs[job.id] = job
    return job


async def run_copy_job(estate: Estate, job: CopyJob) -> None:
    """Take a job from CREATED to its end."""
    events.publish(estate, events.copy_job_event(job))
    fault = estate.faults.take(_STRUCK, events.job_facts(job, "copy"))
    if shorter := estate.faults.take((FaultKind.KEEP_SHORTER,), events.job_facts(job, "copy")):
        job.lifecycle = Lifecycle(delete=timedelta(days=shorter.days))
    await breathe(estate)
    # One concurrent copy for each resource, wherever it goes (Developer Guide, "AWS Backup quotas").
    purpose = "copy of state" if is_own_state(job.resource_type, is_parent=job.is_parent) else "copy"
    async with estate.turn(job.resource_arn, purpose):
        job.state = "RUNNING"
        events.publish(estate, events.copy_job_event(job))
        await breathe(estate)
        await _perform(estate, job, fault)
    events.publish(estate, events.copy_job_event(job))
    await drop_temporary(estate, job)


async def _perform(estate: Estate, job: CopyJob, fault: Fault | None) -> None:
    if fault is not None and fault.kind is FaultKind.STALL:
        await estate.faults.last(fault)
    if fault is not None and fault.kind is FaultKind.FAIL:
        end(estate, job, "FAILED", fault.message or "Internal failure", FAILURE)
        return
    role_failure = await why_role_fails(estate.services(job.place), job.role_arn, _asked(estate, job))
    refusal = (role_failure, ACCESS_DENIED) if role_failure else why_refused(estate, job)
    refusal = refusal or await why_key_refuses(estate, job)
    if refusal is not None:
        end(estate, job, "FAILED", *refusal)
        return
    await _arrive(estate, job)


def _asked(estate: Estate, job: CopyJob) -> Iterator[Question]:
    source = estate.recovery_points.get(job.source_recovery_point_arn)
    destination = estate.vault_by_arn(job.destination_vault_arn)
    if source is not None and destination is not None:
        yield from rights.to_copy(job, source, destination, _targets(estate, job, destination))


def _targets(estate: Estate, job: CopyJob, destination: Vault) -> Document:
    """The condition keys of where a copy goes; no page says that AWS names it for every copy, hence the fault."""
    if estate.faults.take((FaultKind.UNNAMED_COPY,), events.job_facts(job, "copy")) is not None:
        return {}
    path = estate.surroundings.organization.path_of(destination.place.account)
    return {"backup:CopyTargets": [destination.arn], "backup:CopyTargetOrgPaths": [path] if path else None}


async def _arrive(estate: Estate, job: CopyJob) -> None:
    source = estate.recovery_points[job.source_recovery_point_arn]
    destination = estate.vault_by_arn(job.destination_vault_arn)
    if destination is None:
        raise LookupError(job.destination_vault_arn)
    copied = _copied(estate, job, source, destination)
    if fault := estate.faults.take((FaultKind.COPY_LISTED_EARLY,), events.job_facts(job, "copy")):
        # API reference, RecoveryPointStatus: CREATING; that a copy has it for a while, too, no page says.
        estate.recovery_points[copied.arn] = replace(copied, status="CREATING", completed=None)
        await asyncio.sleep(fault.seconds)
    job.destination_recovery_point_arn = copied.arn
    job.destination_key_arn = told_key(copied.key_arn, destination.place)
    nested = await _copy_nested(estate, job, source)
    is_whole = all(each.state == "COMPLETED" for each in nested)
    copied.status = "PARTIAL" if source.status == "PARTIAL" or not is_whole else "COMPLETED"
    copied.completed = copied.appeared = estate.now()
    estate.recovery_points[copied.arn] = copied
    keep_natively(estate, copied)
    end(estate, job, "COMPLETED" if is_whole else "PARTIAL", category=SUCCESS if is_whole else FAILURE)
    _announce_arrival(estate, copied)


async def _copy_nested(estate: Estate, composite: CopyJob, source: RecoveryPoint) -> list[CopyJob]:
    """Copy what lies nested in a composite point; what cannot be copied is missing there, which is PARTIAL then.

    Developer Guide, "CloudFormation stack backups", "Copy a recovery point".
    """
    jobs = []
    for point in estate.nested_in(source):
        job = new_copy_job(
            estate,
            point,
            destination_vault_arn=composite.destination_vault_arn,
            role_arn=composite.role_arn,
            lifecycle=composite.lifecycle,
            created_by=composite.created_by,
        )
        job.parent_id = composite.id
        jobs.append(job)
    await asyncio.gather(*(run_copy_job(estate, job) for job in jobs))
    return jobs


def _copied(estate: Estate, job: CopyJob, source: RecoveryPoint, destination: Vault) -> RecoveryPoint:
    place = destination.place
    kind = kind_by_type(source.resource_type, source.resource_arn)
    unique = str(uuid.uuid4())
    arn = kind.recovery_point_arn(place.account, place.region, source.resource_arn, unique)
    if is_own_state(source.resource_type, is_parent=source.is_parent):
        arn = state_arn(arn)
    if destination.is_air_gapped and not kind.is_fully_managed:
        # Developer Guide, "Logically air-gapped vault", "Considerations and limitations".
        arn = f"arn:aws:backup:{place.region}:{place.account}:recovery-point:{unique}"
    role_arn = service_linked_role(place.account)
    key_arn = key_of_copy(source, destination)
    is_local = place.account == source.vault.place.account
    parent = estate.copy_jobs.get(job.parent_id or "")
    return replace(
        source,
        arn=arn.replace("awsbackup:job-", "awsbackup:copyjob-"),
        vault=destination,
        # A copy keeps its source's creation date, so retention counts from the backup; that of a continuous backup is a
        # snapshot, made when it is copied (Developer Guide, "Copying continuous backups").
        created=job.created if source.is_continuous else source.created,
        is_continuous=False,
        parent_arn=parent.destination_recovery_point_arn if parent else None,
        role_arn=job.role_arn if is_local else role_arn,
        lifecycle=job.lifecycle,
        key_arn=key_arn,
        capture=replace(source.capture, key_arn=key_arn, metadata=_rekeyed(source, key_arn)),
        # Each recovery point shows scans of its own (API reference, DescribeRecoveryPoint, `ScanResults`).
        scans=[],
        created_by=job.created_by or source.created_by,
        source_vault_arn=source.vault.arn,
        tags=dict(source.tags),
        last_restored=None,
    )


def _rekeyed(source: RecoveryPoint, key_arn: str | None) -> dict[str, str]:
    """Restore metadata that names the key under which the copy really lies."""
    if key_arn is None:
        return dict(source.capture.metadata)
    rekeyed = {"kmskeyid": key_arn, "encrypted": "true"}
    return {name: rekeyed.get(name.lower(), value) for name, value in source.capture.metadata.items()}


def _announce_arrival(estate: Estate, point: RecoveryPoint) -> None:
    """CloudTrail's service event in the account where the copy arrived."""
    place = point.vault.place
    moment = f"{estate.now():%Y-%m-%dT%H:%M:%SZ}"
    detail: Document = {
        "eventVersion": "1.11",
        "userIdentity": {"accountId": place.account, "invokedBy": "backup.amazonaws.com"},
        "eventTime": moment,
        "eventSource": "backup.amazonaws.com",
        "eventName": "RecoveryPointCreated",
        "awsRegion": place.region,
        "sourceIPAddress": "backup.amazonaws.com",
        "userAgent": "backup.amazonaws.com",
        "requestParameters": None,
        "responseElements": None,
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsServiceEvent",
        "managementEvent": True,
        "recipientAccountId": place.account,
        "eventCategory": "Management",
        "serviceEventDetails": {"backupVaultName": point.vault.name, "recoveryPointArn": point.arn},
    }
    facts = {"kind": "recovery_point", "resource_arn": point.resource_arn, "state": "COMPLETED"}
    events.publish(estate, events.Event("AWS Service Event via CloudTrail", place, (), detail, facts))
