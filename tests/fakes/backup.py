"""AWS Backup of one account as boto3 shows it: vaults, recovery points, tags, copy jobs and restore jobs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.builders.places import PAYMENTS
from tests.builders.restores import NOW, POINT, RESTORED, ROLE
from tests.fakes.account_clients import operation_of, refusal


@dataclass
class FakeBackup:
    """What is put into it is what it answers; `errors` maps a method to the code that it fails with.

    `unlistable` are the errors of whoever lists the copy jobs of a resource, `plans` what plans show by their ids,
    `policies` those of vaults by their names, `opt_ins` the Region's, `settings` the organisation's.
    `started` are the jobs that were asked for, those of copies and of restores, each idempotency token once;
    `calls` are the methods that were called, as often as they were.
    """

    vaults: dict[str, dict[str, Any]] = field(default_factory=dict)
    points: list[dict[str, Any]] = field(default_factory=list)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    backup_jobs: list[dict[str, Any]] = field(default_factory=list)
    listed: list[dict[str, Any]] = field(default_factory=list)
    copy_jobs: list[dict[str, Any]] = field(default_factory=list)
    restore_jobs: list[dict[str, Any]] = field(default_factory=list)
    scan_jobs: list[dict[str, Any]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    unlistable: dict[str, Exception] = field(default_factory=dict)
    plans: dict[str, dict[str, Any]] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    opt_ins: dict[str, bool] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    started: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def describe_backup_vault(self, **request: Any) -> dict[str, Any]:
        self._called("describe_backup_vault")
        self.enter(request["BackupVaultName"])
        return self.vaults[request["BackupVaultName"]]

    def get_backup_vault_access_policy(self, **request: Any) -> dict[str, Any]:
        self._called("get_backup_vault_access_policy")
        policy = self.policies.get(request["BackupVaultName"])
        return self._found(None if policy is None else {"Policy": policy})

    def describe_region_settings(self) -> dict[str, Any]:
        self._called("describe_region_settings")
        return {"ResourceTypeOptInPreference": self.opt_ins}

    def describe_global_settings(self) -> dict[str, Any]:
        self._called("describe_global_settings")
        return {"GlobalSettings": self.settings}

    def describe_recovery_point(self, **request: Any) -> dict[str, Any]:
        self._called("describe_recovery_point")
        return self._point(request)

    def get_recovery_point_restore_metadata(self, **request: Any) -> dict[str, Any]:
        self._called("get_recovery_point_restore_metadata")
        return {"RestoreMetadata": self._point(request).get("RestoreMetadata", {})}

    def list_tags(self, **request: Any) -> dict[str, Any]:
        self._called("list_tags")
        return {"Tags": self.tags.get(request["ResourceArn"], {})}

    def get_backup_plan(self, **request: Any) -> dict[str, Any]:
        self._called("get_backup_plan")
        plan = self.plans.get(request["BackupPlanId"])
        return self._found(None if plan is None else {"BackupPlan": plan})

    def describe_copy_job(self, **request: Any) -> dict[str, Any]:
        self._called("describe_copy_job")
        wanted = request["CopyJobId"]
        return {"CopyJob": self._found(next((job for job in self.copy_jobs if job["CopyJobId"] == wanted), None))}

    def describe_backup_job(self, **request: Any) -> dict[str, Any]:
        self._called("describe_backup_job")
        wanted = request["BackupJobId"]
        return self._found(next((job for job in self.backup_jobs if job["BackupJobId"] == wanted), None))

    def list_backup_jobs(self, **request: Any) -> dict[str, Any]:
        self._called("list_backup_jobs")
        self.listed.append(request)
        return {"BackupJobs": self.backup_jobs}

    def list_copy_jobs(self, **request: Any) -> dict[str, Any]:
        self._called("list_copy_jobs")
        self.listed.append(request)
        return {"CopyJobs": self.copy_jobs}

    def list_recovery_points_by_backup_vault(self, **request: Any) -> dict[str, Any]:
        """A point to the page."""
        self._called("list_recovery_points_by_backup_vault")
        self.listed.append(request)
        self.enter(request["BackupVaultName"])
        held = [each for each in self.points if each["BackupVaultName"] == request["BackupVaultName"]]
        begins = int(request.get("NextToken", "0"))
        more = {"NextToken": str(begins + 1)} if begins + 1 < len(held) else {}
        return {"RecoveryPoints": held[begins : begins + 1], **more}

    def start_copy_job(self, **request: Any) -> dict[str, Any]:
        self._called("start_copy_job")
        return {"CopyJobId": self._start(request), "CreationDate": datetime.now(UTC), "IsParent": False}

    def start_restore_job(self, **request: Any) -> dict[str, Any]:
        self._called("start_restore_job")
        return {"RestoreJobId": self._start(request)}

    def start_scan_job(self, **request: Any) -> dict[str, Any]:
        self._called("start_scan_job")
        return {"ScanJobId": self._start(request), "CreationDate": datetime.now(UTC)}

    def describe_restore_job(self, **request: Any) -> dict[str, Any]:
        self._called("describe_restore_job")
        return self._restore_job(request)

    def get_restore_job_metadata(self, **request: Any) -> dict[str, Any]:
        self._called("get_restore_job_metadata")
        return {"Metadata": self._restore_job(request)["Metadata"]}

    def get_paginator(self, method: str) -> "FakePages":
        self._called(method)
        return FakePages(self, method)

    def _start(self, request: dict[str, Any]) -> str:
        """The same idempotency token answers with the same job."""
        tokens = [each["IdempotencyToken"] for each in self.started]
        if request["IdempotencyToken"] not in tokens:
            self.started.append(request)
            tokens.append(request["IdempotencyToken"])
        return f"started-{tokens.index(request['IdempotencyToken']) + 1}"

    def _point(self, request: dict[str, Any]) -> dict[str, Any]:
        self.enter(request["BackupVaultName"])
        wanted = (request["BackupVaultName"], request["RecoveryPointArn"])
        return self._found(
            next((each for each in self.points if (each["BackupVaultName"], each["RecoveryPointArn"]) == wanted), None)
        )

    def _restore_job(self, request: dict[str, Any]) -> dict[str, Any]:
        wanted = request["RestoreJobId"]
        return self._found(next((job for job in self.restore_jobs if job["RestoreJobId"] == wanted), None))

    def enter(self, vault: str) -> None:
        """AWS Backup denies access to a vault that does not exist; one with points in it does."""
        if vault not in self.vaults and all(point["BackupVaultName"] != vault for point in self.points):
            raise refusal("AccessDeniedException")

    def _called(self, method: str) -> None:
        self.calls.append(method)
        if method in self.errors:
            raise refusal(self.errors[method], operation_of(method))

    def _found(self, answer: dict[str, Any] | None) -> dict[str, Any]:
        if answer is None:
            raise refusal("ResourceNotFoundException")
        return answer


@dataclass
class FakePages:
    """A paginator with one item to the page, so that whoever reads only the first is found out."""

    backup: FakeBackup
    method: str

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        if self.method == "list_copy_jobs":
            resource = request["ByResourceArn"]
            if resource in self.backup.unlistable:
                raise self.backup.unlistable[resource]
            for job in self.backup.copy_jobs:
                # A fake job may leave out whose copy it makes, where to, and when.
                vault = request.get("ByDestinationVaultArn")
                is_into = job.get("DestinationBackupVaultArn", vault) == vault or vault is None
                after = request.get("ByCreatedAfter")
                is_late = after is None or job.get("CreationDate", after) >= after
                if job.get("ResourceArn", resource) == resource and is_into and is_late:
                    yield {"CopyJobs": [job]}
            return
        if self.method == "list_backup_vaults":
            holding = ({"BackupVaultArn": point["BackupVaultArn"]} for point in self.backup.points)
            described = (vault for vault in self.backup.vaults.values() if vault)
            yield from ({"BackupVaultList": [vault]} for vault in (*described, *holding))
            return
        jobs = {
            "list_backup_jobs": self._backup_jobs,
            "list_restore_jobs": self._restore_jobs,
            "list_scan_jobs": self._scan_jobs,
        }
        if self.method in jobs:
            yield from jobs[self.method](request)
            return
        self.backup.enter(request["BackupVaultName"])
        for point in self.backup.points:
            if (point["BackupVaultName"], point["ResourceArn"]) == (
                request["BackupVaultName"],
                request["ByResourceArn"],
            ) and self._is_of_then(point, request):
                yield {"RecoveryPoints": [point]}

    @staticmethod
    def _is_of_then(point: dict[str, Any], request: dict[str, Any]) -> bool:
        after, before = request.get("ByCreatedAfter"), request.get("ByCreatedBefore")
        return after is None or before is None or bool(after <= point["CreationDate"] <= before)

    def _scan_jobs(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        names = {"ByBackupVaultName": "BackupVaultName", "ByResourceArn": "ResourceArn"}
        for job in self.backup.scan_jobs:
            found = {name: job[member] for name, member in names.items()} | {"ByState": job["State"]}
            found["ByScanResultStatus"] = job["ScanResult"]["ScanResultStatus"]
            if request.items() <= found.items():
                yield {"ScanJobs": [job]}

    def _backup_jobs(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for job in self.backup.backup_jobs:
            if job.get("ResourceArn") == request["ByResourceArn"] and job["CreationDate"] > request["ByCreatedAfter"]:
                yield {"BackupJobs": [job]}

    def _restore_jobs(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        since = request.get("ByCreatedAfter", datetime.min.replace(tzinfo=UTC))
        names = {"ByAccountId": "AccountId", "ByResourceType": "ResourceType", "ByStatus": "Status"}
        for job in self.backup.restore_jobs:
            is_asked = all(job[name] == request.get(key, job[name]) for key, name in names.items())
            if is_asked and job["CreationDate"] > since:
                yield {"RestoreJobs": [job]}


def a_vault_answer(arn: str, *, key: str, **changes: Any) -> dict[str, Any]:
    return {
        "BackupVaultName": arn.rsplit(":", 1)[-1],
        "BackupVaultArn": arn,
        "EncryptionKeyArn": key,
        "Locked": True,
        "MinRetentionDays": 30,
        "MaxRetentionDays": 2555,
    } | changes


def a_point_answer(arn: str, *, vault: str, **changes: Any) -> dict[str, Any]:
    return {
        "RecoveryPointArn": arn,
        "BackupVaultName": vault.rsplit(":", 1)[-1],
        "BackupVaultArn": vault,
        "Status": "COMPLETED",
    } | changes


def a_copy_job_answer(**changes: Any) -> dict[str, Any]:
    return {"CopyJobId": "copy-1", "State": "COMPLETED"} | changes


def a_restore_job_answer(**changes: Any) -> dict[str, Any]:
    job = {
        "RestoreJobId": "restore-1",
        "AccountId": PAYMENTS,
        "RecoveryPointArn": POINT,
        "IamRoleArn": ROLE,
        "ResourceType": "RDS",
        "CreationDate": NOW,
        "Status": "COMPLETED",
        "CreatedResourceArn": RESTORED,
        "Metadata": {},
    }
    return job | changes
