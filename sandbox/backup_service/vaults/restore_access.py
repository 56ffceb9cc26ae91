"""Restore access vaults: asked for where is restored, listed and revoked where the air-gapped vault is.

Sources: Developer Guide, "Requester tasks" of multi-party approval and "Sharing a logically air-gapped vault"; API
reference, CreateRestoreAccessBackupVault, ListRestoreAccessBackupVaults, RevokeRestoreAccessBackupVault and
AssociateBackupVaultMpaApprovalTeam.
"""

from collections.abc import Mapping

from sandbox.backup_service.errors import (
    AlreadyExistsException,
    InvalidParameterValueException,
    InvalidRequestException,
    ResourceNotFoundException,
)
from sandbox.backup_service.estate import Access, Caller, Estate, Operation, TeamChange, Vault
from sandbox.backup_service.keys import AIR_GAP, aws_managed_key
from sandbox.backup_service.listing import page
from sandbox.backup_service.preferences import is_approval_enabled
from sandbox.backup_service.surroundings import Document
from sandbox.backup_service.vaults.approvals import begin_session, session_told
from sandbox.backup_service.vaults.calls import find_vault

_CREATE = "backup:CreateRestoreAccessBackupVault"
_REVOKE = "backup:RevokeRestoreAccessBackupVault"


def associate_backup_vault_mpa_approval_team(estate: Estate, caller: Caller, request: Document) -> Document:
    """AssociateBackupVaultMpaApprovalTeam: the first team at once; that another one follows, the first must approve."""
    vault = _own_air_gapped(estate, caller, request["BackupVaultName"])
    team = request["MpaApprovalTeamArn"]
    _ensure_usable(estate, caller, team)
    if vault.approval_team is None:
        vault.approval_team = team
    else:
        session = begin_session(estate, vault, "backup:AssociateBackupVaultMpaApprovalTeam")
        vault.team_change = TeamChange(session, wanted=team)
    return {}


def disassociate_backup_vault_mpa_approval_team(estate: Estate, caller: Caller, request: Document) -> Document:
    """DisassociateBackupVaultMpaApprovalTeam: the team itself must approve that it is one no longer."""
    vault = _own_air_gapped(estate, caller, request["BackupVaultName"])
    if vault.approval_team is None:
        raise InvalidRequestException(f"{vault.name} has no approval team")
    session = begin_session(estate, vault, "backup:DisassociateBackupVaultMpaApprovalTeam")
    vault.team_change = TeamChange(session, wanted=None)
    return {}


def create_restore_access_backup_vault(estate: Estate, caller: Caller, request: Document) -> Document:
    """CreateRestoreAccessBackupVault: asked for by the account that restores; it shows nothing before the vote."""
    source = estate.vault_by_arn(request["SourceBackupVaultArn"])
    if source is None or not source.is_air_gapped or source.place.region != caller.place.region:
        raise InvalidParameterValueException(
            f"{request['SourceBackupVaultArn']} is no logically air-gapped vault of this Region"
        )
    if source.approval_team is None:
        raise InvalidRequestException(f"{source.arn} has no approval team")
    _ensure_usable(estate, caller, source.approval_team)
    name = request.get("BackupVaultName") or f"{source.name[:36]}-restore-access"
    known = estate.vaults.get((caller.place, name))
    if known is not None and not _is_asked_again(known, source, request):
        raise AlreadyExistsException(f"Backup vault with the same name already exists: {name}")
    return _told(known or _asked(estate, caller, source, name=name, request=request))


def _is_asked_again(known: Vault, source: Vault, request: Document) -> bool:
    token = request.get("CreatorRequestId")
    is_same = known.access is not None and known.access.source is source
    return is_same and token is not None and known.creator_request_id == token


def _asked(estate: Estate, caller: Caller, source: Vault, *, name: str, request: Document) -> Vault:
    vault = Vault(
        place=caller.place,
        name=name,
        key_arn=aws_managed_key(AIR_GAP, caller.place),
        created=estate.now(),
        creator_request_id=request.get("CreatorRequestId"),
        tags=dict(request.get("BackupVaultTags") or {}),
        access=Access(source=source, session=begin_session(estate, source, _CREATE)),
    )
    estate.vaults[caller.place, name] = vault
    return vault


def _told(vault: Vault) -> Document:
    return {
        "RestoreAccessBackupVaultArn": vault.arn,
        "VaultState": vault.state,
        "RestoreAccessBackupVaultName": vault.name,
        "CreationDate": vault.created,
    }


def list_restore_access_backup_vaults(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListRestoreAccessBackupVaults: by the air-gapped vault's own account."""
    source = _own_air_gapped(estate, caller, request["BackupVaultName"])
    return page([_listed(vault) for vault in _opening(estate, source)], request, "RestoreAccessBackupVaults")


def _opening(estate: Estate, source: Vault) -> list[Vault]:
    return [each for each in estate.vaults.values() if each.access is not None and each.access.source is source]


def _listed(vault: Vault) -> Document:
    access = vault.access
    told: Document = {
        "RestoreAccessBackupVaultArn": vault.arn,
        "CreationDate": vault.created,
        "VaultState": vault.state,
    }
    if access is not None and access.approved is not None:
        told["ApprovalDate"] = access.approved
    if access is not None and access.revocation is not None:
        told["LatestRevokeRequest"] = session_told(access.revocation)
    return told


def revoke_restore_access_backup_vault(estate: Estate, caller: Caller, request: Document) -> Document:
    """RevokeRestoreAccessBackupVault: by the air-gapped vault's own account; it goes once its team has approved."""
    source, arn = _own_air_gapped(estate, caller, request["BackupVaultName"]), request["RestoreAccessBackupVaultArn"]
    vault = next((each for each in _opening(estate, source) if each.arn == arn), None)
    if vault is None or vault.access is None:
        raise ResourceNotFoundException(f"Cannot find restore access backup vault: {arn}")
    if vault.state != "AVAILABLE":
        raise InvalidRequestException(f"{arn} is {vault.state}: there is no access to revoke")
    if vault.access.revocation is not None and vault.access.revocation.status == "PENDING":
        raise InvalidRequestException(f"its approval team is asked to revoke {arn} already")
    vault.access.revocation = begin_session(estate, source, _REVOKE)
    return {}


def _own_air_gapped(estate: Estate, caller: Caller, name: str) -> Vault:
    vault = find_vault(estate, caller.place, name)
    if not vault.is_air_gapped:
        raise InvalidRequestException(f"{name} is not a logically air-gapped vault")
    return vault


def _ensure_usable(estate: Estate, caller: Caller, team_arn: str) -> None:
    """The organisation has opted in, and the team is shared with the caller's account ("Administrator tasks")."""
    if not is_approval_enabled(estate):
        raise InvalidRequestException("Multi-party approval is not enabled for the organization")
    team = estate.approval_teams.get(team_arn)
    if team is None or caller.place.account not in team.accounts:
        raise InvalidRequestException(f"{team_arn} is no approval team that is shared with {caller.place.account}")


OPERATIONS: Mapping[str, Operation] = {
    "AssociateBackupVaultMpaApprovalTeam": associate_backup_vault_mpa_approval_team,
    "DisassociateBackupVaultMpaApprovalTeam": disassociate_backup_vault_mpa_approval_team,
    "CreateRestoreAccessBackupVault": create_restore_access_backup_vault,
    "ListRestoreAccessBackupVaults": list_restore_access_backup_vaults,
    "RevokeRestoreAccessBackupVault": revoke_restore_access_backup_vault,
}
