"""The events of AWS Backup, in the shapes (and with the oddities) of the samples that AWS publishes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.backup_service.estate import (
    BackupJob,
    CopyJob,
    CreatedBy,
    Estate,
    Job,
    RecoveryPoint,
    RestoreJob,
    Scan,
    Vault,
)
from sandbox.backup_service.faults import EVENT_FAULTS, FaultKind
from sandbox.backup_service.surroundings import Document, Place

_SCANNED = {
    "COMPLETED": "An AWS Backup scan job was successful completed.",
    "COMPLETED_WITH_ISSUES": "Scan job partially completed. View more details in Amazon GuardDuty",
    "FAILED": "<failure reason>",
    "CANCELED": "Scan job was stopped by user.",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event on the default bus of an account; `facts` are what faults can match on."""

    detail_type: str
    place: Place
    resources: tuple[str, ...]
    detail: Document
    facts: Mapping[str, str]


def publish(estate: Estate, event: Event) -> None:
    """Send an event, unless a fault has other plans for it."""
    facts = {"account": event.place.account, "region": event.place.region, **event.facts}
    fault = estate.faults.take(EVENT_FAULTS, facts)
    match fault.kind if fault else None:
        case FaultKind.DROP_EVENT:
            return
        case FaultKind.DELAY_EVENT | FaultKind.REORDER_EVENTS:
            # Held back long enough, an event arrives after its successors.
            estate.clockwork.spawn(_send_later(estate, event, fault.seconds if fault else 0))
        case FaultKind.DUPLICATE_EVENT:
            _send(estate, event)
            _send(estate, event)
        case _:
            _send(estate, event)


async def _send_later(estate: Estate, event: Event, seconds: float) -> None:
    await asyncio.sleep(seconds)
    _send(estate, event)


def _send(estate: Estate, event: Event) -> None:
    estate.surroundings.publish(
        "aws.backup", event.detail_type, event.detail, event.place.account, event.place.region, list(event.resources)
    )


def job_facts(job: Job, kind: str) -> dict[str, str]:
    """What a fault can match of a job."""
    facts = {
        "account": job.place.account,
        "region": job.place.region,
        "resource_arn": job.resource_arn,
        "kind": kind,
        "state": job.state,
    }
    return {**facts, "destination_vault": job.destination_vault_arn} if isinstance(job, CopyJob) else facts


def backup_job_event(job: BackupJob, vault_arn: str) -> Event:
    """`Backup Job State Change`: sizes are strings, failure texts wear quotation marks of their own."""
    head: Document = {"backupJobId": job.id, "state": job.state, "creationDate": iso(job.created)}
    body: Document = {
        "backupVaultArn": vault_arn,
        "backupVaultName": job.vault_name,
        "bytesTransferred": str(job.size) if job.state == "COMPLETED" else "0",
        "iamRoleArn": job.role_arn,
        "resourceArn": job.resource_arn,
        "resourceType": job.resource_type,
        "startBy": iso(job.created + job.start_window),
        "percentDone": {"RUNNING": 99, "COMPLETED": 100}.get(job.state, 0),
    }
    if job.state in ("RUNNING", "COMPLETED"):
        body["backupSizeInBytes"] = str(job.size)
    if job.state == "RUNNING":
        body["expectedCompletionDate"] = american(job.created + timedelta(minutes=1))
    if job.state == "PENDING":
        body["statusMessage"] = ""
    if job.message is not None:
        body["statusMessage"] = f'"{job.message}"'
    if job.completed is not None and job.state != "FAILED":
        body["completionDate"] = iso(job.completed)
    if job.state in ("COMPLETED", "FAILED"):
        body["retryCount"] = 0
    body |= _created_by(job.created_by)
    return Event(
        "Backup Job State Change",
        job.place,
        (job.recovery_point_arn,) if job.has_made_a_point else (),
        head if job.state == "CREATED" else head | body,
        job_facts(job, "backup"),
    )


def copy_job_event(job: CopyJob) -> Event:
    """`Copy Job State Change`: sizes are numbers, an unset destination ARN is `{}`, CREATED has no job id."""
    detail: Document = {
        "creationDate": iso(job.created),
        "state": job.state,
        "sourceBackupVaultArn": job.source_vault_arn,
        "destinationBackupVaultArn": job.destination_vault_arn,
    }
    if job.state != "CREATED":
        detail |= {
            "copyJobId": job.id,
            "backupSizeInBytes": job.size,
            "iamRoleArn": job.role_arn,
            "resourceArn": job.resource_arn,
            "resourceType": job.resource_type,
            "destinationRecoveryPointArn": job.destination_recovery_point_arn or {},
            **_created_by(job.created_by),
        }
    if job.message is not None:
        detail["statusMessage"] = job.message
    if job.completed is not None:
        detail["completionDate"] = iso(job.completed)
    return Event("Copy Job State Change", job.place, (job.source_recovery_point_arn,), detail, job_facts(job, "copy"))


def restore_job_event(job: RestoreJob) -> Event:
    """`Restore Job State Change`: `state` when CREATED and `status` ever after; percentDone stays 0."""
    detail: Document = {"restoreJobId": job.id, "creationDate": iso(job.created)}
    if job.state == "CREATED":
        detail["state"] = "CREATED"
    else:
        detail |= {
            "backupSizeInBytes": str(job.size),
            "iamRoleArn": job.role_arn,
            "percentDone": 0,
            "resourceType": job.resource_type,
            "status": job.state,
        }
    if job.message is not None:
        detail["statusMessage"] = job.message
    if job.state == "COMPLETED" and job.completed is not None:
        detail |= {
            "backupVaultArn": job.vault_arn,
            "recoveryPointArn": job.recovery_point_arn,
            "sourceResourceArn": job.resource_arn,
            "createdResourceArn": job.created_resource_arn,
            "completionDate": iso(job.completed),
        }
    return Event("Restore Job State Change", job.place, (job.recovery_point_arn,), detail, job_facts(job, "restore"))


def recovery_point_event(point: RecoveryPoint, status: str) -> Event:
    """`Recovery Point State Change`: `isEncrypted` is a string, `calculatedLifeCycle` has a capital C."""
    lifecycle = {_camel(name): days for name, days in point.lifecycle.described().items()}
    calculated = {_camel(name): iso(day) for name, day in point.lifecycle.calculated(point.created).items()}
    detail: Document = {
        "backupVaultName": point.vault.name,
        "backupVaultArn": point.vault.arn,
        "creationDate": iso(point.created),
        "iamRoleArn": point.role_arn,
        "resourceType": point.resource_type,
        "resourceArn": point.resource_arn,
        "status": status,
        "isEncrypted": "true" if point.key_arn else "false",
        "storageClass": point.storage_class,
        **({"completionDate": iso(point.completed)} if point.completed else {}),
        **_created_by(point.created_by),
        "lifecycle": lifecycle,
        "calculatedLifeCycle": calculated,
    }
    facts = {"resource_arn": point.resource_arn, "kind": "recovery_point", "state": status}
    return Event("Recovery Point State Change", point.vault.place, (point.arn,), detail, facts)


def scanner_role(account: str) -> str:
    """The role that GuardDuty reads the recovery points of an account under."""
    return f"arn:aws:iam::{account}:role/strongroom/strongroom-scanner"


def scan_job_event(point: RecoveryPoint, scan: Scan) -> Event:
    """`Scan Job State Change`: the rule of a plan is `backupRuleId` here, and COMPLETED is not "clean"."""
    account = point.vault.place.account
    detail: Document = {
        "accountId": account,
        "backupVaultArn": point.vault.arn,
        "backupVaultName": point.vault.name,
        "creationDate": iso(scan.created),
        "iamRoleArn": scan.role_arn or point.role_arn,
        "scannerRoleArn": scanner_role(account),
        "recoveryPointArn": point.arn,
        "resourceArn": point.resource_arn,
        "resourceType": point.resource_type,
        "scanId": scan.id,
        "scanJobId": scan.job_id,
        "malwareScanner": "GUARDDUTY",
        "state": scan.state,
    }
    if scan.ended is not None:
        detail |= {"completionDate": iso(scan.ended), "statusMessage": scan.message or _SCANNED[scan.state]}
    if scan.result is not None:
        detail["scanResult"] = {"scanResultStatus": scan.result}
    if point.created_by is not None:
        plan = _created_by(point.created_by)["createdBy"]
        detail["createdBy"] = {**plan, "backupRuleId": plan.pop("backupPlanRuleId")}
    facts = {"resource_arn": point.resource_arn, "kind": "scan", "state": scan.state}
    return Event("Scan Job State Change", point.vault.place, (point.arn,), detail, facts)


def vault_event(vault: Vault, state: str) -> Event:
    """`Backup Vault State Change`: `isLocked` is the string that the sample shows, on MODIFIED only."""
    detail: Document = {"backupVaultName": vault.name, "state": state}
    if state == "MODIFIED" and vault.lock is not None:
        detail["isLocked"] = "true"
    return Event("Backup Vault State Change", vault.place, (vault.arn,), detail, {"kind": "vault", "state": state})


def plan_event(place: Place, plan: Document, state: str, at: datetime) -> Event:
    """`Backup Plan State Change`."""
    moment = {"CREATED": "creationDate", "DELETED": "deletionDate"}.get(state, "modifiedAt")
    detail: Document = {
        "backupPlanId": plan["BackupPlanId"],
        "versionId": plan["VersionId"],
        moment: iso(at),
        "state": state,
    }
    facts = {"kind": "plan", "state": state}
    return Event("Backup Plan State Change", place, (plan["BackupPlanArn"],), detail, facts)


def region_setting_event(place: Place, changed: Mapping[str, Any], at: datetime) -> Event:
    """`Region Setting State Change`: the one member with a capital letter is AWS's."""
    detail: Document = {"modifiedAt": iso(at), "ResourceTypeOptInPreference": dict(changed), "state": "MODIFIED"}
    return Event("Region Setting State Change", place, (), detail, {"kind": "region_setting", "state": "MODIFIED"})


def iso(moment: datetime) -> str:
    """`2020-07-15T21:40:31.207Z`."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def american(moment: datetime) -> str:
    """`Jul 15, 2020 9:39:07 PM`, as expectedCompletionDate alone is written."""
    return f"{moment:%b} {moment.day}, {moment.year} {moment.hour % 12 or 12}:{moment:%M:%S %p}"


def _created_by(created_by: CreatedBy | None) -> Document:
    if created_by is None:
        return {}
    return {
        "createdBy": {
            "backupPlanId": created_by.plan_id,
            "backupPlanArn": created_by.plan_arn,
            "backupPlanVersion": created_by.plan_version,
            "backupPlanRuleId": created_by.rule_id,
        }
    }


def _camel(name: str) -> str:
    return name[0].lower() + name[1:]
