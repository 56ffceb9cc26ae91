"""Vaults through which a member account sees an air-gapped one: asked for as the restore role, looked at otherwise.

AWS Backup API reference, CreateRestoreAccessBackupVault: with the same `CreatorRequestId` nothing is done twice.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Final, Protocol

from strongroom.adapters.aws.backup.absent_vaults import told_from_refused
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import MalformedRecordError, NotFoundError, RestoreFailedError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.arriving.access import AccessVault, VaultState
from strongroom.domain.restores.ends.revoking import AskedToRevoke
from strongroom.domain.restores.requests import act_token
from strongroom.domain.restores.session_policy import (
    access_session_policy,
    behalf_of,
    listing_session_policy,
    revoking_session_policy,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from strongroom.adapters.aws.backup.recovery_points import Clients
    from strongroom.adapters.aws.backup.restores import AttributedClients
    from strongroom.domain.restores.requests import RestoreRequest

ACTIONS: tuple[str, ...] = ()

_RESTORES_RUN: Final = ("PENDING", "RUNNING")
_UNNAMED: Final = "without an id"
_LOOKING: Final = "strongroom-look-at-accesses"
_COPIES_RUN: Final = ("CREATED", "RUNNING")


class NarrowedClients(Protocol):
    """Clients in other accounts, as `adapters.aws.clients.NarrowedMemberClients` hands them out."""

    @property
    def client(self) -> Callable[..., Any]:
        """Called as `client(service, account=..., region=..., session=..., policy=...)`."""


class MemberAccessVaults:
    """Such vaults in member accounts, under their inspection role."""

    MEMBER_ACTIONS = ("backup:DescribeBackupVault", "backup:ListBackupVaults")

    def __init__(self, inspectors: Clients) -> None:
        """`inspectors` are the clients of the inspection role."""
        self._inspectors = inspectors

    def find(self, vault: str) -> AccessVault | None:
        """The vault as it is now, or None where nobody is told of one."""
        place = Arn.parse(vault)
        backup = self._inspectors.client("backup", account=place.account, region=place.region)
        try:
            with (
                told_from_refused(vault, listing=lambda: backup.get_paginator("list_backup_vaults").paginate()),
                aws_errors(f"{vault} cannot be described"),
            ):
                found = backup.describe_backup_vault(BackupVaultName=place.name)
        except NotFoundError:
            return None
        if found.get("BackupVaultArn") != vault:
            raise MalformedRecordError(f"AWS Backup was asked for {vault}, and describes another vault or none")
        return AccessVault(
            arn=vault,
            source=found.get("SourceBackupVaultArn", ""),
            state=found.get("VaultState", ""),
            session=found.get("MpaSessionArn", ""),
        )


class MemberAccessAsker:
    """Asks the team of an air-gapped vault, under the restore role of the account that is restored into."""

    # AWS Backup begins the session of the team as whoever asks: mpa:StartSession.
    MEMBER_ACTIONS = ("backup:CreateRestoreAccessBackupVault",)

    def __init__(self, restorers: AttributedClients) -> None:
        """`restorers` are the clients of the restore role, which is lent for a person and a ticket only."""
        self._restorers = restorers

    def ask(self, request: RestoreRequest) -> None:
        """Ask for its requester; what it is asked with may ask this, and nothing else."""
        backup = self._restorers.client(
            "backup",
            account=request.account,
            region=request.region,
            behalf=behalf_of(request),
            policy=access_session_policy(request),
        )
        with aws_errors(f"{request.vault} cannot be opened", otherwise=RestoreFailedError):
            backup.create_restore_access_backup_vault(
                SourceBackupVaultArn=request.vault,
                BackupVaultName=Arn.parse(request.access_vault).name,
                CreatorRequestId=act_token(request),
                RequesterComment=f"Strongroom restore request {request.id}",
            )


class MemberAccessUses:
    """What reads through such vaults, under the inspection role: restores, and copies that somebody started."""

    MEMBER_ACTIONS = ("backup:ListCopyJobs", "backup:ListRestoreJobs")

    def __init__(self, inspectors: Clients) -> None:
        """`inspectors` are the clients of the inspection role."""
        self._inspectors = inspectors

    def of(self, request: RestoreRequest) -> tuple[str, ...]:
        """The jobs of the request's account and Region that have not ended and may read through it, for people.

        Which vault AWS Backup names for one is not known: each job counts that reads the approved recovery point, or
        out of any vault but another one of the account's own; where no vault is told, that goes by the recovery point.
        """
        backup = self._inspectors.client("backup", account=request.account, region=request.region)
        restores, copies = backup.get_paginator("list_restore_jobs"), backup.get_paginator("list_copy_jobs")
        asked = {"ByAccountId": request.account}
        with aws_errors("what reads through an access to a vault cannot be listed"):
            restoring = [page for status in _RESTORES_RUN for page in restores.paginate(ByStatus=status, **asked)]
            copying = [page for state in _COPIES_RUN for page in copies.paginate(ByState=state, **asked)]
        found = {
            f"restore job {job.get('RestoreJobId', _UNNAMED)}": (
                job.get("BackupVaultArn", ""),
                job.get("RecoveryPointArn", ""),
            )
            for page in restoring
            for job in page.get("RestoreJobs", ())
        } | {
            f"copy job {job.get('CopyJobId', _UNNAMED)}": (
                job.get("SourceBackupVaultArn", ""),
                job.get("SourceRecoveryPointArn", ""),
            )
            for page in copying
            for job in page.get("CopyJobs", ())
        }
        return tuple(name for name, (vault, point) in found.items() if _may_read(vault, point, request=request))


def _may_read(vault: str, recovery_point: str, *, request: RestoreRequest) -> bool:
    if recovery_point == request.recovery_point or vault == request.access_vault:
        return True
    # A snapshot's ARN names no account.
    told = vault or recovery_point
    return not told or Arn.parse(told).account not in ("", request.account)


class VaultAccessRevoker:
    """Asks the team of an air-gapped vault for the end of an access, where that vault is."""

    # AWS Backup begins the session of the team as whoever asks: mpa:StartSession.
    MEMBER_ACTIONS = ("backup:ListRestoreAccessBackupVaults", "backup:RevokeRestoreAccessBackupVault")

    def __init__(self, revokers: NarrowedClients) -> None:
        """`revokers` are the clients of the role that revokes, which is lent for one vault and team at a time."""
        self._revokers = revokers

    def open_accesses(self, vault: str) -> tuple[str, ...]:
        """The ARNs of the vaults through which the vault of this ARN is seen by now, whoever had it opened."""
        place, policy = Arn.parse(vault), listing_session_policy(vault)
        backup = self._revokers.client(
            "backup", account=place.account, region=place.region, session=_LOOKING, policy=policy
        )
        with aws_errors(f"who has access to {vault} cannot be listed"):
            listed = [*_accesses(backup, vault=place.name)]
        opened = [each for each in listed if each.get("VaultState") == VaultState.AVAILABLE]
        if not all("RestoreAccessBackupVaultArn" in each for each in opened):
            raise MalformedRecordError(f"AWS Backup lists an access to {vault} without its ARN")
        return tuple(each["RestoreAccessBackupVaultArn"] for each in opened)

    def asked(self, request: RestoreRequest, *, team: str) -> AskedToRevoke | None:
        """What the team was asked last about the request's access; NotFoundError where the vault has no such access.

        MalformedRecordError where AWS Backup leaves out what nobody can do without.
        """
        backup, name = self._client(request, team=team), Arn.parse(request.vault).name
        with aws_errors(f"who has access to {request.vault} cannot be listed"):
            listed = [*_accesses(backup, vault=name)]
        for each in listed:
            if each.get("RestoreAccessBackupVaultArn") == request.access_vault:
                return _asked(each.get("LatestRevokeRequest") or {})
        raise NotFoundError(f"{request.vault} has no access {request.access_vault}")

    def revoke(self, request: RestoreRequest, *, team: str) -> None:
        """Ask it to let the request's access, and no other, be revoked."""
        backup = self._client(request, team=team)
        with aws_errors(f"{request.access_vault} cannot be revoked"):
            backup.revoke_restore_access_backup_vault(
                BackupVaultName=Arn.parse(request.vault).name,
                RestoreAccessBackupVaultArn=request.access_vault,
                RequesterComment=f"Strongroom restore request {request.id} is over",
            )

    def _client(self, request: RestoreRequest, *, team: str) -> Any:
        """A client of the vault's account that may do this, and nothing else."""
        place = Arn.parse(request.vault)
        policy = revoking_session_policy(request, team=team)
        return self._revokers.client(
            "backup", account=place.account, region=place.region, session=request.id, policy=policy
        )


def _accesses(backup: Any, *, vault: str) -> Iterator[dict[str, Any]]:
    """All who have access to the vault; botocore has no paginator for them."""
    asked = {"BackupVaultName": vault}
    while True:
        page = backup.list_restore_access_backup_vaults(**asked)
        yield from page.get("RestoreAccessBackupVaults", ())
        if not page.get("NextToken"):
            return
        asked["NextToken"] = page["NextToken"]


def _asked(told: dict[str, Any]) -> AskedToRevoke | None:
    if not told:
        return None
    if told.get("InitiationDate") is None:
        raise MalformedRecordError("AWS Backup says that a team was asked to revoke an access, and not when")
    return AskedToRevoke(
        state=told.get("Status", ""),
        since=told["InitiationDate"].astimezone(UTC),
        until=until.astimezone(UTC) if (until := told.get("ExpiryDate")) else None,
        message=told.get("StatusMessage", ""),
    )
