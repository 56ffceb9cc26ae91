"""AWS Backup for restores: recovery points in local and central vaults, copies back, and restores in member accounts.

A recovery point is restored by the account that owns its vault, so restores start under the member's restore role and
are watched under its inspection role, and copies back run in our own account, which owns the central vault (AWS Backup
Developer Guide, "Create cross-account backup").
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import CopyBackFailedError, NotFoundError, RestoreFailedError
from strongroom.domain.identifiers import Arn, role_arn
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.jobs import CopyBackJob, RestoreJob
from strongroom.domain.restores.plans import RecoveryPoint
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.source_identity import Behalf

ACTIONS: tuple[str, ...] = ()

CENTRAL_BACKUP_ROLE = "strongroom/strongroom-central-backup"

_AWS_OWN = "aws:"
# A person typed the ARN: one that AWS Backup cannot read names nothing.
_ABSENT = ("InvalidParameterValueException",)


class Clients(Protocol):
    """Clients in member accounts, as `adapters.clients.MemberClients` hands them out."""

    @property
    def client(self) -> Callable[..., Any]:
        """Called as `client(service, account=..., region=...)`."""


class AttributedClients(Protocol):
    """Clients in member accounts, as `adapters.clients.AttributedMemberClients` hands them out."""

    @property
    def client(self) -> Callable[..., Any]:
        """Called as `client(service, account=..., region=..., behalf=...)`."""


class VaultedPoints:
    """Recovery points in the central vault, which is ours, and in members' local vaults."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "find": ("backup:DescribeRecoveryPoint", "backup:GetRecoveryPointRestoreMetadata"),
        "tags": ("backup:ListTags",),
    }
    MEMBER_ACTIONS = ("backup:DescribeRecoveryPoint", "backup:GetRecoveryPointRestoreMetadata", "backup:ListTags")

    def __init__(self, own: Callable[..., Any], members: Clients, *, intent: Intent) -> None:
        """`own` is `adapters.clients.client`, `members` the clients of the inspection role."""
        self._own = own
        self._members = members
        self._intent = intent

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPoint | None:
        """The recovery point as its vault describes it, or None when it is not there."""
        backup, place = self._backup(vault), {"BackupVaultName": Arn.parse(vault).name}
        try:
            with aws_errors(f"{recovery_point} cannot be described", absent=_ABSENT):
                found = backup.describe_recovery_point(RecoveryPointArn=recovery_point, **place)
                metadata = backup.get_recovery_point_restore_metadata(RecoveryPointArn=recovery_point, **place)
        except NotFoundError:
            return None
        return RecoveryPoint(
            arn=recovery_point,
            vault=vault,
            resource=found["ResourceArn"],
            resource_type=found["ResourceType"],
            created_at=found["CreationDate"],
            status=found["Status"],
            restore_metadata=metadata.get("RestoreMetadata", {}),
        )

    def tags(self, recovery_point: str, *, vault: str) -> dict[str, str]:
        """The recovery point's tags, without those of AWS itself."""
        tags: dict[str, str] = {}
        backup, request = self._backup(vault), {"ResourceArn": recovery_point}
        while True:
            with aws_errors(f"the tags of {recovery_point} cannot be listed"):
                page = backup.list_tags(**request)
            tags |= page.get("Tags", {})
            if not page.get("NextToken"):
                return {key: value for key, value in tags.items() if not key.startswith(_AWS_OWN)}
            request["NextToken"] = page["NextToken"]

    def _backup(self, vault: str) -> Any:
        place = Arn.parse(vault)
        if place.account == self._intent.organization.backup_account:
            return self._own("backup", place.region)
        return self._members.client("backup", account=place.account, region=place.region)


class CentralCopyJobs:
    """Copies from the central vault into a member's local vault: called where the source vault is."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "start": ("backup:StartCopyJob", "iam:PassRole"),
        "describe": ("backup:DescribeCopyJob",),
    }

    def __init__(self, own: Callable[..., Any], *, intent: Intent) -> None:
        """`own` is `adapters.clients.client`."""
        self._own = own
        self._intent = intent

    def start(self, request: RestoreRequest) -> str:
        """Start the copy and return the job's id; the request's id is the idempotency token.

        The copy is kept as short as a local backup of the tier that keeps least, which the local vault must allow.
        """
        intent = self._intent
        role = role_arn(CENTRAL_BACKUP_ROLE, account=intent.organization.backup_account)
        with aws_errors(f"{request.recovery_point} cannot be copied back", otherwise=CopyBackFailedError):
            answer = self._backup.start_copy_job(
                RecoveryPointArn=request.recovery_point,
                SourceBackupVaultName=Arn.parse(request.vault).name,
                DestinationBackupVaultArn=intent.local_vault_arn(request.account, request.region),
                IamRoleArn=role,
                IdempotencyToken=f"{request.id}-copy-back",
                Lifecycle={"DeleteAfterDays": min(tier.local_retention_days for tier in intent.tiers.values())},
            )
        return str(answer["CopyJobId"])

    def describe(self, job_id: str) -> CopyBackJob:
        """The job as it is now."""
        with aws_errors(f"copy job {job_id} cannot be described"):
            job = self._backup.describe_copy_job(CopyJobId=job_id)["CopyJob"]
        return CopyBackJob(
            id=job_id,
            state=job["State"],
            message=job.get("StatusMessage", ""),
            recovery_point=job.get("DestinationRecoveryPointArn", ""),
            completed_at=job.get("CompletionDate"),
        )

    @property
    def _backup(self) -> Any:
        return self._own("backup", self._intent.organization.home_region)


class MemberRestoreStarter:
    """Starts restores in a member account, under its restore role, with its backup role passed on."""

    MEMBER_ACTIONS = ("backup:StartRestoreJob", "iam:PassRole")

    def __init__(self, restorers: AttributedClients, *, intent: Intent) -> None:
        """`restorers` are the clients of the restore role, which is lent for a person and a ticket only."""
        self._restorers = restorers
        self._intent = intent

    def start(self, request: RestoreRequest, *, recovery_point: str) -> str:
        """Start the restore for its requester and return the job's id; the request's id is the idempotency token."""
        behalf = Behalf(subject=self._intent.people[request.requester].subject, ticket=request.ticket)
        backup = self._restorers.client("backup", account=request.account, region=request.region, behalf=behalf)
        with aws_errors(f"{recovery_point} cannot be restored", otherwise=RestoreFailedError):
            answer = backup.start_restore_job(
                RecoveryPointArn=recovery_point,
                Metadata=dict(request.metadata),
                IamRoleArn=self._intent.member_role_arn(self._intent.roles.backup, request.account),
                IdempotencyToken=f"{request.id}-restore",
                ResourceType=request.resource_type,
            )
        return str(answer["RestoreJobId"])


class MemberRestoreJobs:
    """Restores in a member account, watched under its inspection role."""

    MEMBER_ACTIONS = ("backup:DescribeRestoreJob", "backup:GetRestoreJobMetadata")

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
            status=job["Status"],
            message=job.get("StatusMessage", ""),
            created=job.get("CreatedResourceArn", ""),
            metadata=metadata.get("Metadata", {}),
        )
