"""Multi-party approval of what opens an air-gapped vault: a team is asked, and votes within 24 hours, or not.

Sources: Developer Guide, "Multi-party approval for logically air-gapped vaults" with "Requester tasks" (who asks for
what, and where) and "Administrator tasks" (a session ends 24 hours after it was asked for; access is removed by a
request to the team alone). What they do not say is switched by `habits`.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sandbox.backup_service.errors import InvalidRequestException
from sandbox.backup_service.estate import Estate, RecoveryPoint, Session, TeamChange, Vault
from sandbox.backup_service.surroundings import Document, Place

VOTES: Final = ("APPROVED", "REJECTED")
_LASTS: Final = timedelta(hours=24)


class VoteError(Exception):
    """No team is asked for that, or nobody votes so."""


@dataclass(slots=True)
class Habits:
    """What AWS's pages say in two ways, or not at all, of restore access vaults.

    * Whether such a vault `shows_pending`, as CREATING, or is only made once its team has approved ("Requester tasks"
      says that it "will be created", and that DescribeBackupVault tells its status).
    * Whether a recovery point that is seen through it `names_source`, the air-gapped vault, as its own.
    """

    shows_pending: bool = True
    names_source: bool = False


habits = Habits()


def begin_session(estate: Estate, vault: Vault, action: str) -> Session:
    """Ask the team of the vault."""
    arn = f"arn:aws:mpa:us-east-1:{vault.place.account}:session/{uuid.uuid4()}"
    return Session(arn=arn, action=action, begun=estate.now())


def sessions_of(vault: Vault) -> list[Session]:
    """All that a team was asked for of the vault."""
    access, change = vault.access, vault.team_change
    asked = [change.session] if change else []
    if access is not None:
        asked += [each for each in (access.session, access.revocation) if each is not None]
    return asked


def expire_sessions(estate: Estate) -> None:
    """End what nobody has decided for a day."""
    for vault in estate.vaults.values():
        for session in sessions_of(vault):
            if session.status == "PENDING" and estate.now() >= session.begun + _LASTS:
                session.status, session.code = "FAILED", "EXPIRED"


def vote(estate: Estate, vault_arn: str, decision: str) -> Session:
    """Let the team say so of what it is asked for of the vault; VoteError where it is asked for nothing."""
    expire_sessions(estate)
    vault = estate.vault_by_arn(vault_arn)
    session = next((each for each in sessions_of(vault) if each.status == "PENDING"), None) if vault else None
    if vault is None or session is None or decision not in VOTES:
        raise VoteError(f"no team is asked to say {decision} of {vault_arn}")
    if decision == "REJECTED":
        session.status, session.code = "FAILED", "REJECTED"
        return session
    session.status = "APPROVED"
    _carry_out(estate, vault, session)
    return session


def _carry_out(estate: Estate, vault: Vault, session: Session) -> None:
    access, change = vault.access, vault.team_change
    if change is not None and change.session is session:
        vault.approval_team = change.wanted
    elif access is not None and access.session is session:
        access.approved = estate.now()
    else:
        del estate.vaults[vault.place, vault.name]


def access_to(estate: Estate, place: Place, point: RecoveryPoint) -> Vault | None:
    """The restore access vault of that account and Region through which it sees the point, if it may."""
    own = (vault for (where, _), vault in estate.vaults.items() if where == place and vault.access is not None)
    return next((vault for vault in own if vault.keeper is point.vault), None)


def named_by(point: RecoveryPoint, shown_in: Vault) -> Vault:
    """The vault that an answer names as the point's."""
    return point.vault if habits.names_source else shown_in


def is_hidden(vault: Vault) -> bool:
    """Whether nobody is told of it yet, or any more."""
    return vault.access is not None and vault.access.approved is None and not habits.shows_pending


def ensure_not_of_access(vault: Vault) -> None:
    """Access ends by a request to the team alone ("Administrator tasks", the table); one that failed gives none."""
    if vault.access is not None and vault.state == "AVAILABLE":
        raise InvalidRequestException(f"{vault.name} is a restore access backup vault: ask to revoke it")


def told_of_team(vault: Vault) -> Document:
    """What DescribeBackupVault tells of a vault's team, and of its access."""
    told: Document = {"MpaApprovalTeamArn": vault.approval_team}
    if vault.team_change is not None:
        told["LatestMpaApprovalTeamUpdate"] = _change_told(vault.team_change)
    if vault.access is not None:
        told |= {"SourceBackupVaultArn": vault.access.source.arn, "MpaSessionArn": vault.access.session.arn}
    return told


def _change_told(change: TeamChange) -> Document:
    return session_told(change.session)


def session_told(session: Session) -> Document:
    """A session as AWS Backup tells it."""
    return {
        "MpaSessionArn": session.arn,
        "Status": session.status,
        "StatusMessage": session.code or None,
        "InitiationDate": session.begun,
        "ExpiryDate": session.begun + _LASTS,
    }
