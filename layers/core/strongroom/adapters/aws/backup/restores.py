"""AWS Backup for restores: copies back, and restores in member accounts.

A recovery point is restored by the account that owns its vault, so restores start under the member's restore role and
are watched under its inspection role, and copies back run in our own account, which owns the central vault (AWS Backup
Developer Guide, "Create cross-account backup").
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import CallRefusedError, CopyBackFailedError, NotFoundError, RestoreFailedError
from strongroom.domain.identifiers import CENTRAL_BACKUP_ROLE, Arn
from strongroom.domain.restores.ends.standing import BETWEEN
from strongroom.domain.restores.jobs import CopyBackJob, RestoreJob
from strongroom.domain.restores.kinds.turns import RunningJob
from strongroom.domain.restores.requests import act_token
from strongroom.domain.restores.session_policy import behalf_of, copy_session_policy, restore_session_policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.adapters.aws.backup.recovery_points import Clients
    from strongroom.domain.identifiers import Region
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.arriving.landing import Hop
    from strongroom.domain.restores.ends.standing import OpenEnd
    from strongroom.domain.restores.requests import RestoreRequest

ACTIONS: tuple[str, ...] = ()

_CLOCKS_DIFFER: Final = timedelta(seconds=60)
_RUNNING: Final = ("PENDING", "RUNNING")


class AttributedClients(Protocol):
    """Clients in member accounts, as `adapters.aws.clients.AttributedMemberClients` hands them out."""

    @property
    def client(self) -> Callable[..., Any]:
        """Called as `client(service, account=..., region=..., behalf=..., policy=...)`."""


class CentralCopyStarter:
    """Starts copies from a central vault into one of a member's, or into one between: where the source vault is."""

    MEMBER_ACTIONS = ("backup:StartCopyJob", "iam:PassRole")

    def __init__(self, borrowers: AttributedClients, *, intent: Intent) -> None:
        """`borrowers` are the clients of the role that copies back, which is lent for a person and a ticket only."""
        self._borrowers = borrowers
        self._intent = intent

    def start(self, request: RestoreRequest, hop: Hop) -> str:
        """Start the copy for its requester and return the job's id; the hop's token is the idempotency token.

        What it is started with may start this copy, and nothing else.
        """
        account, source = self._intent.organization.backup_account, Arn.parse(hop.source)
        role = self._intent.member_role_arn(CENTRAL_BACKUP_ROLE, account)
        backup = self._borrowers.client(
            "backup",
            account=account,
            region=source.region,
            behalf=behalf_of(request),
            policy=copy_session_policy(hop.recovery_point, role=role),
        )
        with aws_errors(f"{hop.recovery_point} cannot be copied back", otherwise=CopyBackFailedError):
            answer = backup.start_copy_job(
                RecoveryPointArn=hop.recovery_point,
                SourceBackupVaultName=source.name,
                DestinationBackupVaultArn=hop.destination,
                IamRoleArn=role,
                IdempotencyToken=hop.token,
                Lifecycle={"DeleteAfterDays": hop.kept_for.days},
            )
        return str(answer["CopyJobId"])


class CentralCopyJobs:
    """Copies from a central vault, looked at where it is."""

    ACTIONS = ("backup:DescribeCopyJob",)

    def __init__(self, own: Callable[..., Any]) -> None:
        """`own` is `adapters.aws.clients.client`."""
        self._own = own

    def describe(self, job_id: str, *, region: Region) -> CopyBackJob:
        """The job as it is now; `region` is that of its source."""
        backup = self._own("backup", region)
        with aws_errors(f"copy job {job_id} cannot be described"):
            job = backup.describe_copy_job(CopyJobId=job_id)["CopyJob"]
        return CopyBackJob(
            id=job_id,
            source=job["SourceRecoveryPointArn"],
            destination=job["DestinationBackupVaultArn"],
            state=job["State"],
            message=job.get("StatusMessage", ""),
            recovery_point=job.get("DestinationRecoveryPointArn", ""),
            completed_at=job.get("CompletionDate"),
        )


class CentralCopiesBegun:
    """Copies out of a central vault whose start nobody lived to write down."""

    ACTIONS = ("backup:ListCopyJobs",)

    def __init__(self, own: Callable[..., Any]) -> None:
        """`own` is `adapters.aws.clients.client`."""
        self._own = own

    def jobs_of(self, end: OpenEnd) -> tuple[str, ...]:
        """The jobs that copied its recovery point into its account since then, by id, the earliest first.

        AWS Backup lists neither an idempotency token nor who called. The intent may name another vault of the member's
        by now than when the copy was started, and the clock of AWS may be behind ours; the vault between is signed.
        """
        pages = (
            self._own("backup", end.source_region)
            .get_paginator("list_copy_jobs")
            .paginate(ByResourceArn=end.resource, ByCreatedAfter=end.since - _CLOCKS_DIFFER)
        )
        with aws_errors("copy jobs cannot be listed"):
            jobs = [job for page in pages for job in page["CopyJobs"]]
        found = [job for job in jobs if _is_copied_back(job, end)]
        return tuple(str(job["CopyJobId"]) for job in sorted(found, key=lambda job: str(job["CreationDate"])))


class MemberRestoreStarter:
    """Starts restores in a member account, under its restore role, with that of restore jobs passed on."""

    MEMBER_ACTIONS = ("backup:StartRestoreJob", "iam:PassRole")

    def __init__(self, restorers: AttributedClients) -> None:
        """`restorers` are the clients of the restore role, which is lent for a person and a ticket only."""
        self._restorers = restorers

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        """Start the restore for its requester and return the job's id; the token is the request's own.

        What it is started with may start this restore, and nothing else.
        """
        backup = self._restorers.client(
            "backup",
            account=request.account,
            region=request.region,
            behalf=behalf_of(request),
            policy=restore_session_policy(request, recovery_point=recovery_point),
        )
        with aws_errors(f"{recovery_point} cannot be restored", otherwise=RestoreFailedError):
            answer = backup.start_restore_job(
                RecoveryPointArn=recovery_point,
                Metadata=dict(request.metadata),
                IamRoleArn=request.role,
                IdempotencyToken=act_token(request),
                **of_type("ResourceType", request.resource_type),
            )
        return str(answer["RestoreJobId"])


class MemberRestoreJobs:
    """Restores in a member account, watched under its inspection role."""

    MEMBER_ACTIONS = ("backup:DescribeRestoreJob", "backup:GetRestoreJobMetadata", "backup:ListRestoreJobs")

    def __init__(self, inspectors: Clients) -> None:
        """`inspectors` are the clients of the inspection role."""
        self._inspectors = inspectors

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        """The job as it is now."""
        backup = self._inspectors.client("backup", account=request.account, region=request.region)
        with aws_errors(f"restore job {job_id} cannot be described"):
            job = backup.describe_restore_job(RestoreJobId=job_id)
            metadata = backup.get_restore_job_metadata(RestoreJobId=job_id)
        return RestoreJob(
            id=job_id,
            account=job["AccountId"],
            recovery_point=job["RecoveryPointArn"],
            role=job["IamRoleArn"],
            created_at=job["CreationDate"],
            status=job["Status"],
            message=job.get("StatusMessage", ""),
            created=job.get("CreatedResourceArn", ""),
            metadata=metadata.get("Metadata", {}),
        )

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        """The jobs out of that recovery point under the request's role since then, by id.

        AWS Backup lists neither an idempotency token nor who called.
        """
        backup = self._inspectors.client("backup", account=request.account, region=request.region)
        pages = backup.get_paginator("list_restore_jobs").paginate(
            ByAccountId=request.account, ByCreatedAfter=since, **of_type("ByResourceType", request.resource_type)
        )
        with aws_errors("restore jobs cannot be listed"):
            jobs = [job for page in pages for job in page["RestoreJobs"]]
        return tuple(
            str(job["RestoreJobId"])
            for job in jobs
            if (job.get("RecoveryPointArn"), job.get("IamRoleArn")) == (recovery_point, request.role)
        )

    def running(self, request: RestoreRequest, *, with_metadata: bool) -> tuple[RunningJob, ...]:
        """The jobs of the request's type in its account and Region that have not ended, without those inside of one."""
        backup = self._inspectors.client("backup", account=request.account, region=request.region)
        asked = {"ByAccountId": request.account, **of_type("ByResourceType", request.resource_type)}
        lists = backup.get_paginator("list_restore_jobs")
        with aws_errors("restore jobs cannot be listed"):
            pages = [page for status in _RUNNING for page in lists.paginate(ByStatus=status, **asked)]
        jobs = [job for page in pages for job in page["RestoreJobs"]]
        ours = [job for job in jobs if job.get("ResourceType", request.resource_type) == request.resource_type]
        # One that went on from one status to the other between the two lists is in both.
        found = {str(job["RestoreJobId"]): job for job in ours if not job.get("ParentJobId")}
        return tuple(
            RunningJob(
                id=name,
                since=job["CreationDate"],
                size=job.get("BackupSizeInBytes"),
                metadata=_metadata_of(name, backup=backup) if with_metadata else {},
            )
            for name, job in found.items()
        )


def _metadata_of(job_id: str, *, backup: Any) -> dict[str, str]:
    """What the job uses; nothing where AWS Backup does not tell it."""
    try:
        with aws_errors(f"restore job {job_id} cannot be described"):
            return dict(backup.get_restore_job_metadata(RestoreJobId=job_id).get("Metadata", {}))
    except (CallRefusedError, NotFoundError):
        return {}


def of_type(name: str, resource_type: str) -> dict[str, str]:
    """The parameter of that name, where the type may stand in one.

    The API's pattern for a resource type takes no blank, which some types have that AWS Backup tells ("Aurora DSQL").
    """
    return {} if " " in resource_type else {name: resource_type}


def _is_copied_back(job: dict[str, Any], end: OpenEnd) -> bool:
    into = job["DestinationBackupVaultArn"]
    is_there = into == end.vault if end.number == BETWEEN else Arn.parse(into).account == end.account
    return job["SourceRecoveryPointArn"] == end.source and is_there
