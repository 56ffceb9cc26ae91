"""The stack of an account that holds vaults and is not governed: what may be read there, and what copies back."""

from typing import Any

from strongroom.adapters.aws.backup import vaults
from strongroom.adapters.aws.backup.recovery_points import VaultedPoints
from strongroom.adapters.aws.backup.surroundings import VaultAccessPolicies
from strongroom.domain.identifiers import CENTRAL_BACKUP_ROLE, function_role
from strongroom.domain.intent.model import Intent
from tests.contract.templates import CONTROL_PLANE, MEMBER, VAULT_ACCOUNT, actions_of, of_type

INSPECTION: dict[str, Any] = VAULT_ACCOUNT["InspectionRole"]["Properties"]
READERS = (
    "check_restore",
    "diagnose_copy",
    "find_candidates",
    "reconcile_jobs",
    "request_restore",
    "start_copy",
    "sweep_overdue_copies",
    "verify_copy",
)


def trusted(role: dict[str, Any]) -> set[str]:
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    named = statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]
    return {each["!Sub"].partition("${BackupAccount}:role/")[2] for each in named}


def read(role: dict[str, Any]) -> set[str]:
    [policy] = role["Policies"]
    return {action for each in policy["PolicyDocument"]["Statement"] for action in actions_of(each)}


def test_it_holds_three_roles_and_nothing_else() -> None:
    roles = ["InspectionRole", "CentralBackupRole", "WatchedRole"]
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
        == {*vaults.ACTIONS, *VaultedPoints.MEMBER_ACTIONS, *VaultAccessPolicies.MEMBER_ACTIONS} - plans
    )


def test_copies_come_back_under_a_role_as_that_of_the_backup_account() -> None:
    theirs, ours = VAULT_ACCOUNT["CentralBackupRole"]["Properties"], CONTROL_PLANE["CentralBackupRole"]["Properties"]
    assert f"{theirs['Path']}{theirs['RoleName']}" == f"/{CENTRAL_BACKUP_ROLE}"
    same = ("AssumeRolePolicyDocument", "ManagedPolicyArns")
    assert [theirs[name] for name in same] == [ours[name] for name in same]
