"""The stacks of an account of vaults, which is not governed: what may be read there, what copies back, what is told."""

from typing import Any

import pytest

from strongroom.adapters.aws.backup import vaults
from strongroom.adapters.aws.backup.listed_points import ListedPoints
from strongroom.adapters.aws.backup.recovery_points import MemberPointTags, VaultedPoints
from strongroom.adapters.aws.backup.surroundings import VaultAccessPolicies
from strongroom.adapters.aws.restores.access_vaults import VaultAccessRevoker
from strongroom.domain.hearing.rules import shares_pattern
from strongroom.domain.identifiers import ACCESS_VAULTS, CENTRAL_BACKUP_ROLE, REVOKE_ROLE, function_role
from strongroom.domain.intent.model import Intent
from tests.contract.templates import CONTROL_PLANE, MEMBER, VAULT_ACCOUNT, VAULT_FORWARDER, actions_of, of_type

INSPECTION: dict[str, Any] = VAULT_ACCOUNT["InspectionRole"]["Properties"]
READERS = (
    "check_restore",
    "diagnose_copy",
    "find_candidates",
    "reconcile_jobs",
    "report_malware",
    "request_restore",
    "start_copy",
    "start_copy_back",
    "start_restore",
    "start_scan",
    "sweep_overdue_copies",
    "tag_restored",
    "verify_copy",
)


def trusted(role: dict[str, Any]) -> set[str]:
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    named = statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]
    return {each["!Sub"].partition("${BackupAccount}:role/")[2] for each in named}


def _lent(role: dict[str, Any], *, by: str) -> set[str]:
    """To whom of an account a role is lent that one may borrow."""
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": {"!Sub": f"arn:${{AWS::Partition}}:iam::{by}:root"}}
    named = statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]["!Sub"]
    return {named.removeprefix(f"arn:${{AWS::Partition}}:iam::{by}:role/")}


def read(role: dict[str, Any]) -> set[str]:
    [policy] = role["Policies"]
    return {action for each in policy["PolicyDocument"]["Statement"] for action in actions_of(each)}


def test_it_holds_six_roles_and_nothing_else() -> None:
    roles = ["InspectionRole", "RevokeAccessRole", "CentralBackupRole", "ScannerRole", "WatchedRole", "ForwarderRole"]
    assert list(of_type(VAULT_ACCOUNT, "AWS::IAM::Role")) == list(VAULT_ACCOUNT) == roles


def test_x_03_the_audit_account_looks_in_as_it_does_in_the_backup_account() -> None:
    assert VAULT_ACCOUNT["WatchedRole"] == CONTROL_PLANE["WatchedRole"]


def test_the_role_that_reads_has_the_name_that_the_functions_borrow_everywhere(intent: Intent) -> None:
    assert f"{INSPECTION['Path']}{INSPECTION['RoleName']}" == f"/{intent.roles.inspection}"


def test_it_is_lent_to_those_who_read_vaults_of_copies_on_the_terms_of_a_member() -> None:
    assert trusted(INSPECTION) == {function_role(name) for name in READERS}
    members = MEMBER["InspectionRole"]["Properties"]
    [ours], [theirs] = (role["AssumeRolePolicyDocument"]["Statement"] for role in (INSPECTION, members))
    assert (ours["Principal"], ours["Action"]) == (theirs["Principal"], theirs["Action"])
    assert trusted(INSPECTION) < trusted(members)


def test_it_reads_what_the_adapters_of_vaults_read_and_changes_nothing() -> None:
    # Which plan made a backup is asked of the account that the plan is in.
    plans = {"backup:GetBackupPlan"}
    assert (
        read(INSPECTION)
        == {
            *vaults.ACTIONS,
            *ListedPoints.MEMBER_ACTIONS,
            *VaultedPoints.MEMBER_ACTIONS,
            *MemberPointTags.MEMBER_ACTIONS,
            *VaultAccessPolicies.MEMBER_ACTIONS,
        }
        - plans
    )


def test_copies_come_back_under_a_role_as_that_of_the_backup_account() -> None:
    theirs, ours = VAULT_ACCOUNT["CentralBackupRole"]["Properties"], CONTROL_PLANE["CentralBackupRole"]["Properties"]
    assert f"{theirs['Path']}{theirs['RoleName']}" == f"/{CENTRAL_BACKUP_ROLE}"
    same = ("AssumeRolePolicyDocument", "ManagedPolicyArns")
    assert [theirs[name] for name in same] == [ours[name] for name in same]


def test_accesses_end_under_a_role_that_is_lent_to_the_sweep_alone_and_does_nothing_else() -> None:
    theirs, ours = (each["RevokeAccessRole"]["Properties"] for each in (VAULT_ACCOUNT, CONTROL_PLANE))
    assert f"{theirs['Path']}{theirs['RoleName']}" == f"/{REVOKE_ROLE}"
    sweep = {function_role("sweep_ceremonies")}
    assert [_lent(theirs, by="${BackupAccount}"), _lent(ours, by="${AWS::AccountId}")] == [sweep, sweep]
    assert theirs["Policies"] == ours["Policies"]
    seeing, revoking, asking = theirs["Policies"][0]["PolicyDocument"]["Statement"]
    assert actions_of(seeing) | actions_of(revoking) == {*VaultAccessRevoker.MEMBER_ACTIONS}
    own = "arn:${AWS::Partition}:backup:*:${AWS::AccountId}:backup-vault:*"
    opened = f"arn:${{AWS::Partition}}:backup:*:*:backup-vault:{ACCESS_VAULTS}*"
    assert seeing["Resource"] == {"!Sub": own}
    assert revoking["Resource"] == [{"!Sub": own}, {"!Sub": opened}]
    assert actions_of(asking) == {"mpa:StartSession"}
    assert asking["Condition"] == {"StringEquals": {"mpa:RequestedOperation": "backup:RevokeRestoreAccessBackupVault"}}


def test_its_forwarder_has_the_role_of_a_member() -> None:
    role = MEMBER["ForwarderRole"]
    assert VAULT_ACCOUNT["ForwarderRole"] == {name: role[name] for name in role if name != "Condition"}


def test_with_whom_its_vaults_are_shared_is_told() -> None:
    assert VAULT_FORWARDER["ShareForwarderRule"]["Properties"]["EventPattern"] == shares_pattern()


@pytest.mark.parametrize("name", ["RestoreForwarderRule", "TamperingForwarderRule", "RefusalForwarderRule"])
def test_x_03_what_is_done_to_its_vaults_is_told_as_in_a_member(name: str) -> None:
    assert VAULT_FORWARDER[name]["Properties"] == MEMBER[name]["Properties"]


def test_how_jobs_end_there_is_told_as_in_a_member() -> None:
    theirs, ours = (each["ForwarderRule"]["Properties"] for each in (MEMBER, VAULT_FORWARDER))
    jobs, scans, _ = theirs["EventPattern"]["$or"]
    assert ours["EventPattern"] == {"$or": [jobs, scans]}
    assert [ours[name] for name in ("Name", "ScheduleExpression", "Targets")] == [
        theirs[name] for name in ("Name", "ScheduleExpression", "Targets")
    ]


def test_restores_are_told_where_there_is_somebody_who_watches_them() -> None:
    conditions = {name: each["Condition"] for name, each in VAULT_FORWARDER.items() if "Condition" in each}
    assert conditions == {"RestoreForwarderRule": "HasAudit"}
