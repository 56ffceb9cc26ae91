"""Who has an approval team asked must be allowed to begin a session at it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.authority import approvals
from sandbox.seams.iam.authority import Asked
from sandbox.seams.request_facts import Request
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, a_vault_arn

TEAM = "arn:aws:mpa:us-east-1:111111111111:approval-team/vaults"
GAPPED = a_vault_arn("gapped")


@pytest.fixture(autouse=True)
def teams() -> Iterator[None]:
    approvals.ask_teams({GAPPED: TEAM}.get)  # type: ignore[arg-type]
    yield
    approvals.ask_teams(lambda _: "")


def asked(action: str, *, account: str, path: str = "/", body: Any = None) -> list[tuple[str, str, dict[str, Any]]]:
    request = Request(action=action, path=path, body=json.dumps(body or {}).encode(), params={})
    whole = Asked(request=request, service="backup", region=HOME, account=account, resource_arn="*")
    return [(each.action, each.resource_arn, dict(each.keys)) for each in approvals.sessions_begun(action, whole)]


@pytest.mark.parametrize(
    ("operation", "account", "path", "body"),
    [
        ("CreateRestoreAccessBackupVault", PAYMENTS, "/restore-access-backup-vaults", {"SourceBackupVaultArn": GAPPED}),
        (
            "RevokeRestoreAccessBackupVault",
            BACKUP_ACCOUNT,
            "/logically-air-gapped-backup-vaults/gapped/restore-access-backup-vaults/arn:any",
            None,
        ),
        ("DisassociateBackupVaultMpaApprovalTeam", BACKUP_ACCOUNT, "/backup-vaults/gapped/mpaApprovalTeam", None),
    ],
)
def test_a_session_is_begun_at_the_team_of_the_vault(operation: str, account: str, path: str, body: Any) -> None:
    keys = {"mpa:RequestedOperation": f"backup:{operation}", "mpa:ProtectedResourceAccount": BACKUP_ACCOUNT}
    assert asked(f"backup:{operation}", account=account, path=path, body=body) == [("mpa:StartSession", TEAM, keys)]


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("CreateRestoreAccessBackupVault", {"SourceBackupVaultArn": a_vault_arn("central")}),
        ("CreateRestoreAccessBackupVault", {}),
        ("DescribeBackupVault", {"SourceBackupVaultArn": GAPPED}),
    ],
    ids=["a vault without a team", "no vault", "another call"],
)
def test_nobody_is_asked_otherwise(operation: str, body: Any) -> None:
    assert asked(f"backup:{operation}", account=PAYMENTS, body=body) == []
