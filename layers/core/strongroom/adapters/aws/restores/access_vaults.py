"""Vaults through which a member account sees an air-gapped one: asked for as the restore role, looked at otherwise.

AWS Backup API reference, CreateRestoreAccessBackupVault: with the same `CreatorRequestId` nothing is done twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.absent_vaults import told_from_refused
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import NotFoundError, RestoreFailedError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.arriving.access import AccessVault
from strongroom.domain.restores.requests import act_token
from strongroom.domain.restores.session_policy import access_session_policy, behalf_of

if TYPE_CHECKING:
    from strongroom.adapters.aws.backup.recovery_points import Clients
    from strongroom.adapters.aws.backup.restores import AttributedClients
    from strongroom.domain.restores.requests import RestoreRequest

ACTIONS: tuple[str, ...] = ()


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
