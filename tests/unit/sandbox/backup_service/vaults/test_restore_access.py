"""Restore access vaults: what an approval team is asked for, and what nobody gets before it has said so.

Each refusal's source: AWS Backup Developer Guide, "Requester tasks" and "Administrator tasks" of multi-party approval,
or the API reference.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.backup_service.vaults.approvals import VoteError, habits
from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS, a_vault_arn
from tests.unit.sandbox.backup_service.conftest import LETS_ALL_IN, MANAGEMENT, ROLE, STRANGER

TEAM, OTHER_TEAM = (f"arn:aws:mpa:us-east-1:{MANAGEMENT}:approval-team/{name}" for name in ("vaults", "others"))
CREATE, REVOKE = "CreateRestoreAccessBackupVault", "RevokeRestoreAccessBackupVault"
ASSOCIATE, DISASSOCIATE = "AssociateBackupVaultMpaApprovalTeam", "DisassociateBackupVaultMpaApprovalTeam"
GAPPED = a_vault_arn("gapped")
OPENED = a_vault_arn("opened", account=PAYMENTS)
ASKED = {"SourceBackupVaultArn": GAPPED, "BackupVaultName": "opened", "CreatorRequestId": "r-1"}
VOLUME_METADATA = {"encrypted": "true", "availabilityZone": "eu-west-1a", "kmsKeyId": "key"}


def refusal_of(world: Any, operation: str, account: str = PAYMENTS, /, **parameters: Any) -> str:
    with pytest.raises(Exception) as refused:  # noqa: PT011 the code is the assertion
        world.ask(operation, account, **parameters)
    return str(refused.value)


@pytest.fixture
def opted_in(world: Any) -> Iterator[Any]:
    """The organisation has opted in, and the backup account has an air-gapped vault; the team is shared with both."""
    world.ask("UpdateGlobalSettings", MANAGEMENT, GlobalSettings={"isMpaEnabled": "true"})
    for team in (TEAM, OTHER_TEAM):
        world.service.share_team(team, [BACKUP_ACCOUNT, PAYMENTS])
    days = {"MinRetentionDays": 7, "MaxRetentionDays": 365}
    world.ask("CreateLogicallyAirGappedBackupVault", BACKUP_ACCOUNT, BackupVaultName="gapped", **days)
    world.ask("PutBackupVaultAccessPolicy", BACKUP_ACCOUNT, BackupVaultName="gapped", Policy=LETS_ALL_IN)
    yield world
    habits.shows_pending, habits.names_source = True, False


@pytest.fixture
def guarded(opted_in: Any) -> Any:
    """The vault has its team."""
    opted_in.ask(ASSOCIATE, BACKUP_ACCOUNT, BackupVaultName="gapped", MpaApprovalTeamArn=TEAM)
    return opted_in


@pytest.fixture
def point(guarded: Any) -> str:
    """A copy in the air-gapped vault."""
    job = guarded.copied(guarded.backed_up(), GAPPED, Lifecycle={"DeleteAfterDays": 30})
    return str(job["DestinationRecoveryPointArn"])


def described(world: Any, name: str = "opened", account: str = PAYMENTS) -> Any:
    return world.ask("DescribeBackupVault", account, BackupVaultName=name)


def opened(world: Any) -> None:
    world.ask(CREATE, **ASKED)
    world.service.vote(OPENED, "APPROVED")


def test_the_first_team_is_associated_at_once_and_another_only_once_the_first_has_approved(guarded: Any) -> None:
    # "Associate a Multi-party approval team", "Update the Multi-party approval team".
    assert described(guarded, "gapped", BACKUP_ACCOUNT)["MpaApprovalTeamArn"] == TEAM
    guarded.ask(ASSOCIATE, BACKUP_ACCOUNT, BackupVaultName="gapped", MpaApprovalTeamArn=OTHER_TEAM)
    vault = described(guarded, "gapped", BACKUP_ACCOUNT)
    assert (vault["MpaApprovalTeamArn"], vault["LatestMpaApprovalTeamUpdate"]["Status"]) == (TEAM, "PENDING")
    guarded.service.vote(GAPPED, "APPROVED")
    vault = described(guarded, "gapped", BACKUP_ACCOUNT)
    assert (vault["MpaApprovalTeamArn"], vault["LatestMpaApprovalTeamUpdate"]["Status"]) == (OTHER_TEAM, "APPROVED")


def test_a_team_lets_itself_go_and_nobody_else_does(guarded: Any) -> None:
    # "Disassociate Multi-party approval team".
    guarded.ask(DISASSOCIATE, BACKUP_ACCOUNT, BackupVaultName="gapped")
    assert described(guarded, "gapped", BACKUP_ACCOUNT)["MpaApprovalTeamArn"] == TEAM
    guarded.service.vote(GAPPED, "APPROVED")
    assert "MpaApprovalTeamArn" not in described(guarded, "gapped", BACKUP_ACCOUNT)
    assert refusal_of(guarded, CREATE, **ASKED) == "InvalidRequestException"
    assert refusal_of(guarded, DISASSOCIATE, BACKUP_ACCOUNT, BackupVaultName="gapped") == "InvalidRequestException"


def test_only_an_air_gapped_vault_has_a_team(opted_in: Any) -> None:
    asked = {"BackupVaultName": "central", "MpaApprovalTeamArn": TEAM}
    assert refusal_of(opted_in, ASSOCIATE, BACKUP_ACCOUNT, **asked) == "InvalidRequestException"


def test_nobody_has_a_team_before_the_organisation_has_opted_in(guarded: Any) -> None:
    # API reference, UpdateGlobalSettings (`isMpaEnabled`).
    guarded.ask("UpdateGlobalSettings", MANAGEMENT, GlobalSettings={"isMpaEnabled": "false"})
    asked = {"BackupVaultName": "gapped", "MpaApprovalTeamArn": TEAM}
    assert refusal_of(guarded, ASSOCIATE, BACKUP_ACCOUNT, **asked) == "InvalidRequestException"
    assert refusal_of(guarded, CREATE, **ASKED) == "InvalidRequestException"


@pytest.mark.parametrize(
    ("account", "changed", "code"),
    [
        pytest.param(STRANGER, {}, "InvalidRequestException", id="an account that the team is not shared with"),
        pytest.param(
            PAYMENTS,
            {"SourceBackupVaultArn": a_vault_arn("central")},
            "InvalidParameterValueException",
            id="a vault that is not air-gapped",
        ),
        pytest.param(
            PAYMENTS,
            {"SourceBackupVaultArn": a_vault_arn("gapped", region="eu-central-1")},
            "InvalidParameterValueException",
            id="a vault of another Region",
        ),
        pytest.param(PAYMENTS, {"BackupVaultName": "local"}, "AlreadyExistsException", id="a name that is taken"),
    ],
)
def test_access_is_not_even_asked_for(guarded: Any, account: str, changed: dict[str, str], code: str) -> None:
    # "Share a Multi-party approval team using AWS RAM": requests come from accounts that it is shared with.
    assert refusal_of(guarded, CREATE, account, **ASKED | changed) == code


def test_a_vault_without_a_team_is_not_opened(opted_in: Any) -> None:
    assert refusal_of(opted_in, CREATE, **ASKED) == "InvalidRequestException"


def test_nothing_is_seen_before_the_team_has_said_so(guarded: Any, point: str) -> None:
    # "Request access to a logically air-gapped vault".
    assert guarded.ask(CREATE, **ASKED)["VaultState"] == "CREATING"
    vault = described(guarded)
    assert (vault["VaultType"], vault["VaultState"]) == ("RESTORE_ACCESS_BACKUP_VAULT", "CREATING")
    assert (vault["SourceBackupVaultArn"], vault["NumberOfRecoveryPoints"]) == (GAPPED, 0)
    named = {"BackupVaultName": "opened", "RecoveryPointArn": point}
    assert refusal_of(guarded, "DescribeRecoveryPoint", **named) == "ResourceNotFoundException"
    assert guarded.ask("ListRecoveryPointsByBackupVault", BackupVaultName="opened")["RecoveryPoints"] == []
    restore = {"RecoveryPointArn": point, "Metadata": VOLUME_METADATA, "IamRoleArn": ROLE}
    assert refusal_of(guarded, "StartRestoreJob", **restore) == "ResourceNotFoundException"


def test_what_was_asked_for_twice_by_one_request_is_one_vault(guarded: Any) -> None:
    # API reference, CreatorRequestId: "without the risk of executing the operation twice".
    first = guarded.ask(CREATE, **ASKED)
    assert guarded.ask(CREATE, **ASKED) == first
    assert refusal_of(guarded, CREATE, **ASKED | {"CreatorRequestId": "r-2"}) == "AlreadyExistsException"
    assert len(guarded.ask("ListBackupVaults", ByVaultType="RESTORE_ACCESS_BACKUP_VAULT")["BackupVaultList"]) == 1


def test_it_has_a_name_after_the_vault_that_it_opens_where_none_is_said(guarded: Any) -> None:
    # "If you do not input a name, AWS Backup will assign a name based on the name of the logically air gapped vault".
    assert "gapped" in guarded.ask(CREATE, SourceBackupVaultArn=GAPPED)["RestoreAccessBackupVaultName"]


def test_once_it_has_the_points_are_seen_and_restored_where_it_was_asked_for(guarded: Any, point: str) -> None:
    opened(guarded)
    assert (described(guarded)["VaultState"], described(guarded)["NumberOfRecoveryPoints"]) == ("AVAILABLE", 1)
    seen = guarded.ask("DescribeRecoveryPoint", BackupVaultName="opened", RecoveryPointArn=point)
    assert (seen["BackupVaultArn"], seen["VaultType"]) == (OPENED, "RESTORE_ACCESS_BACKUP_VAULT")
    listed = guarded.ask("ListRecoveryPointsByBackupVault", BackupVaultName="opened")["RecoveryPoints"]
    assert [each["RecoveryPointArn"] for each in listed] == [point]
    told = guarded.ask("GetRecoveryPointRestoreMetadata", BackupVaultName="opened", RecoveryPointArn=point)
    assert told["BackupVaultArn"] == OPENED
    restore = {"RecoveryPointArn": point, "Metadata": VOLUME_METADATA, "IamRoleArn": ROLE}
    job = guarded.ask("StartRestoreJob", **restore)["RestoreJobId"]
    guarded.settle()
    ended = guarded.ask("DescribeRestoreJob", RestoreJobId=job)
    assert (ended["Status"], ended["BackupVaultArn"]) == ("COMPLETED", OPENED)


def test_who_sees_the_points_is_not_told_their_tags(guarded: Any, point: str) -> None:
    """API reference, ListTags: it takes an ARN, and the ARN is that of the air-gapped vault's account."""
    opened(guarded)
    assert "ResourceNotFoundException" in refusal_of(guarded, "ListTags", ResourceArn=point)
    assert guarded.ask("ListTags", BACKUP_ACCOUNT, ResourceArn=point)["Tags"]["Backup"] == "daily-prod"


def test_nobody_deletes_shortens_or_removes_anything_through_it(guarded: Any, point: str) -> None:
    # "Administrator tasks": "Access to a vault can only be removed by a request to the Multi-party approval team".
    opened(guarded)
    named = {"BackupVaultName": "opened", "RecoveryPointArn": point}
    assert refusal_of(guarded, "DeleteRecoveryPoint", **named) == "InvalidRequestException"
    shorter = named | {"Lifecycle": {"DeleteAfterDays": 7}}
    assert refusal_of(guarded, "UpdateRecoveryPointLifecycle", **shorter) == "InvalidRequestException"
    assert refusal_of(guarded, "DeleteBackupVault", BackupVaultName="opened") == "InvalidRequestException"


def test_copies_out_of_it_are_not_played_and_that_is_said(guarded: Any, point: str) -> None:
    opened(guarded)
    copy = {"SourceBackupVaultName": "opened", "RecoveryPointArn": point, "IamRoleArn": ROLE}
    local = a_vault_arn("local", account=PAYMENTS)
    assert refusal_of(guarded, "StartCopyJob", **copy, DestinationBackupVaultArn=local) == "InvalidRequestException"


@pytest.mark.parametrize(("days", "decision"), [(0, "REJECTED"), (1, "")], ids=["refused", "a day later"])
def test_a_team_that_refuses_or_says_nothing_for_a_day_opens_nothing(
    guarded: Any, point: str, days: int, decision: str
) -> None:
    # "Administrator tasks": "The approval session automatically expires 24 hours after the request is initiated".
    guarded.ask(CREATE, **ASKED)
    guarded.pass_days(days)
    if decision:
        guarded.service.vote(OPENED, decision)
    assert described(guarded)["VaultState"] == "FAILED"
    with pytest.raises(VoteError):
        guarded.service.vote(OPENED, "APPROVED")
    restore = {"RecoveryPointArn": point, "Metadata": VOLUME_METADATA, "IamRoleArn": ROLE}
    assert refusal_of(guarded, "StartRestoreJob", **restore) == "ResourceNotFoundException"


def test_access_is_listed_and_revoked_by_the_account_of_the_vault_once_the_team_has_approved(
    guarded: Any, point: str
) -> None:
    # "Revoke restore access backup vault".
    opened(guarded)
    revoking = {"BackupVaultName": "gapped", "RestoreAccessBackupVaultArn": OPENED}
    assert refusal_of(guarded, REVOKE, **revoking) == "AccessDeniedException"
    guarded.ask(REVOKE, BACKUP_ACCOUNT, **revoking)
    asked = {"BackupVaultName": "gapped"}
    listed = guarded.ask("ListRestoreAccessBackupVaults", BACKUP_ACCOUNT, **asked)["RestoreAccessBackupVaults"]
    assert [(each["VaultState"], each["LatestRevokeRequest"]["Status"]) for each in listed] == [
        ("AVAILABLE", "PENDING")
    ]
    assert "ApprovalDate" in listed[0]
    guarded.service.vote(OPENED, "APPROVED")
    assert guarded.ask("ListRestoreAccessBackupVaults", BACKUP_ACCOUNT, **asked)["RestoreAccessBackupVaults"] == []
    assert refusal_of(guarded, "DescribeBackupVault", BackupVaultName="opened") == "AccessDeniedException"
    restore = {"RecoveryPointArn": point, "Metadata": VOLUME_METADATA, "IamRoleArn": ROLE}
    assert refusal_of(guarded, "StartRestoreJob", **restore) == "ResourceNotFoundException"
    assert refusal_of(guarded, REVOKE, BACKUP_ACCOUNT, **revoking) == "ResourceNotFoundException"


def test_a_revocation_that_the_team_refuses_leaves_the_access(guarded: Any) -> None:
    opened(guarded)
    revoking = {"BackupVaultName": "gapped", "RestoreAccessBackupVaultArn": OPENED}
    guarded.ask(REVOKE, BACKUP_ACCOUNT, **revoking)
    guarded.service.vote(OPENED, "REJECTED")
    assert described(guarded)["VaultState"] == "AVAILABLE"
    guarded.ask(REVOKE, BACKUP_ACCOUNT, **revoking)
    guarded.service.vote(OPENED, "APPROVED")
    assert refusal_of(guarded, "DescribeBackupVault", BackupVaultName="opened") == "AccessDeniedException"


def test_a_team_that_is_asked_already_is_not_asked_again(guarded: Any) -> None:
    opened(guarded)
    revoking = {"BackupVaultName": "gapped", "RestoreAccessBackupVaultArn": OPENED}
    guarded.ask(REVOKE, BACKUP_ACCOUNT, **revoking)
    assert refusal_of(guarded, REVOKE, BACKUP_ACCOUNT, **revoking) == "InvalidRequestException"


def test_a_restore_that_reads_through_it_fails_once_it_is_revoked(guarded: Any, point: str) -> None:
    # API reference, RevokeRestoreAccessBackupVault: "removing the ability to restore from its recovery points".
    opened(guarded)
    guarded.service.order_fault({"fault": "stall", "match": {"kind": "restore"}, "seconds": 0.2})
    restore = {"RecoveryPointArn": point, "Metadata": VOLUME_METADATA, "IamRoleArn": ROLE}
    job = guarded.ask("StartRestoreJob", **restore)["RestoreJobId"]
    guarded.ask(REVOKE, BACKUP_ACCOUNT, BackupVaultName="gapped", RestoreAccessBackupVaultArn=OPENED)
    guarded.service.vote(OPENED, "APPROVED")
    guarded.settle()
    ended = guarded.ask("DescribeRestoreJob", RestoreJobId=job)
    assert (ended["Status"], ended["StatusMessage"]) == ("FAILED", f"Access to {OPENED} was revoked")


def test_what_was_not_granted_cannot_be_revoked(guarded: Any) -> None:
    guarded.ask(CREATE, **ASKED)
    revoking = {"BackupVaultName": "gapped", "RestoreAccessBackupVaultArn": OPENED}
    assert refusal_of(guarded, REVOKE, BACKUP_ACCOUNT, **revoking) == "InvalidRequestException"


def test_it_may_be_that_nobody_is_told_of_it_before_the_vote(guarded: Any) -> None:
    habits.shows_pending = False
    guarded.ask(CREATE, **ASKED)
    assert refusal_of(guarded, "DescribeBackupVault", BackupVaultName="opened") == "AccessDeniedException"
    guarded.service.vote(OPENED, "APPROVED")
    assert described(guarded)["VaultState"] == "AVAILABLE"


def test_it_may_be_that_its_points_name_the_vault_that_keeps_them(guarded: Any, point: str) -> None:
    habits.names_source = True
    opened(guarded)
    seen = guarded.ask("DescribeRecoveryPoint", BackupVaultName="opened", RecoveryPointArn=point)
    assert seen["BackupVaultArn"] == GAPPED


def test_days_that_pass_end_what_nobody_has_decided(guarded: Any) -> None:
    guarded.ask(CREATE, **ASKED)
    guarded.service.let_days_pass(1)
    assert described(guarded)["VaultState"] == "FAILED"
