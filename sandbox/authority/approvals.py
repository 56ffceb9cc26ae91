"""What asking an approval team asks of whoever has it asked: to begin a session, at the team.

Sources: AWS Backup Developer Guide, "Requester tasks" ("must include the mpa:StartSession permission"); Service
Authorization Reference, "Multi-party approval" (StartSession: on an approval team, with what is requested and whose it
is as condition keys).
"""

from collections.abc import Callable, Iterator
from typing import Final

from sandbox.seams.iam.authority import Asked, Further

_OPENING: Final = "backup:CreateRestoreAccessBackupVault"
_OF_OWN_VAULT: Final = ("backup:RevokeRestoreAccessBackupVault", "backup:DisassociateBackupVaultMpaApprovalTeam")

_team_of: list[Callable[[str], str]] = []


def ask_teams(team_of: Callable[[str], str]) -> None:
    """Learn teams from who knows them: the approval team's ARN by that of a vault, empty where it has none."""
    _team_of[:] = [team_of]


def sessions_begun(action: str, asked: Asked) -> Iterator[Further]:
    """The question about the team that the request has asked, if the vault has one."""
    vault = _vault(action, asked)
    team = _team_of[0](vault) if vault and _team_of else ""
    if team:
        keys = {"mpa:RequestedOperation": action, "mpa:ProtectedResourceAccount": vault.split(":")[4]}
        yield Further("mpa:StartSession", team, keys)


def _vault(action: str, asked: Asked) -> str:
    if action == _OPENING:
        return str(asked.request.document.get("SourceBackupVaultArn", ""))
    if action in _OF_OWN_VAULT:
        name = asked.request.path.strip("/").split("/")[1]
        return f"arn:aws:backup:{asked.region}:{asked.account}:backup-vault:{name}"
    return ""
