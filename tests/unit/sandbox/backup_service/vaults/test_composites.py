"""Composite recovery points: a stack and what lies nested in it.

Developer Guide, "CloudFormation stack backups"; API reference, DescribeBackupJob, ListCopyJobs.
"""

from typing import Any

import pytest

from tests.builders.places import HOME, PAYMENTS, a_vault_arn

STACK = f"arn:aws:cloudformation:{HOME}:{PAYMENTS}:stack/shop/1f"
ROLE = f"arn:aws:iam::{PAYMENTS}:role/backup"
CENTRAL_VAULT = a_vault_arn("central")
SECOND = a_vault_arn("second", account=PAYMENTS)
VOLUMES = {"First": "vol-1", "Second": "vol-2"}


@pytest.fixture
def stacked(world: Any) -> Any:
    world.aws.volumes["vol-2"] = world.aws.volumes["vol-1"] | {"VolumeId": "vol-2"}
    world.aws.stacks[STACK] = dict(VOLUMES)
    world.ask("CreateBackupVault", BackupVaultName="second", EncryptionKeyArn=f"arn:aws:kms:{HOME}:{PAYMENTS}:key/own")
    return world


def points(world: Any, vault: str = "local", **filters: Any) -> list[dict[str, Any]]:
    listed = world.ask("ListRecoveryPointsByBackupVault", BackupVaultName=vault, **filters)
    return list(listed["RecoveryPoints"])


def composite(world: Any, vault: str = "local") -> dict[str, Any]:
    [point] = [each for each in points(world, vault, ByResourceArn=STACK) if each["IsParent"]]
    return point


def nested(world: Any, vault: str = "local") -> list[dict[str, Any]]:
    parent = composite(world, vault)["RecoveryPointArn"]
    return points(world, vault, ByParentRecoveryPointArn=parent)


def test_each_member_lies_nested_in_the_composite_point(stacked: Any) -> None:
    stacked.backed_up(STACK)
    assert (composite(stacked)["Status"], composite(stacked)["IsParent"]) == ("COMPLETED", True)
    assert {(each.get("CompositeMemberIdentifier"), each["IsParent"]) for each in nested(stacked)} == {
        ("First", False),
        ("Second", False),
        (None, False),
    }
    [template] = [each for each in nested(stacked) if each.get("CompositeMemberIdentifier") is None]
    assert (template["ResourceArn"], template["ResourceType"]) == (STACK, "CloudFormation")


def test_the_composite_job_tells_how_far_its_nested_ones_are(stacked: Any) -> None:
    stacked.service.order_fault({"fault": "fail", "match": {"kind": "backup", "resource_arn": "*:volume/vol-2"}})
    stacked.backed_up(STACK)
    [job] = [each for each in stacked.ask("ListBackupJobs", ByResourceArn=STACK)["BackupJobs"] if each["IsParent"]]
    told = stacked.ask("DescribeBackupJob", BackupJobId=job["BackupJobId"])
    assert (told["State"], told["IsParent"], told["NumberOfChildJobs"]) == ("PARTIAL", True, 3)
    assert told["ChildJobsInState"] == {"COMPLETED": 2, "FAILED": 1}
    children = stacked.ask("ListBackupJobs", ByParentJobId=job["BackupJobId"])["BackupJobs"]
    assert {each["ParentJobId"] for each in children} == {job["BackupJobId"]}
    assert stacked.states("Backup Job State Change")[-1] == "PARTIAL"
    assert stacked.states("Recovery Point State Change")[-1] == "PARTIAL"


@pytest.mark.parametrize(
    ("members", "fault", "state"),
    [
        pytest.param(
            VOLUMES, {"fault": "fail", "match": {"resource_arn": "*vol-1"}}, "PARTIAL", id="a nested job failed"
        ),
        pytest.param({**VOLUMES, "Role": "role-1"}, None, "COMPLETED", id="a type that AWS Backup does not know"),
    ],
)
def test_a_composite_point_without_some_of_its_stack_is_partial(
    members: dict[str, str], fault: dict[str, Any] | None, state: str, stacked: Any
) -> None:
    stacked.aws.stacks[STACK] = members
    if fault:
        stacked.service.order_fault(fault)
    stacked.backed_up(STACK)
    assert composite(stacked)["Status"] == "PARTIAL"
    [job] = [each for each in stacked.ask("ListBackupJobs", ByResourceArn=STACK)["BackupJobs"] if each["IsParent"]]
    assert job["State"] == state


def test_members_are_backed_up_whether_their_type_is_opted_in_or_not(stacked: Any) -> None:
    stacked.ask("UpdateRegionSettings", ResourceTypeOptInPreference={"EBS": False})
    stacked.backed_up(STACK)
    assert len(nested(stacked)) == 3


def test_a_composite_point_is_copied_with_all_that_lies_in_it(stacked: Any) -> None:
    stacked.service.order_fault({"fault": "fail", "match": {"kind": "copy", "resource_arn": "*:volume/vol-2"}})
    job = stacked.copied(stacked.backed_up(STACK), SECOND)
    assert (job["State"], job["IsParent"], job["ChildJobsInState"]) == ("PARTIAL", True, {"COMPLETED": 2, "FAILED": 1})
    assert composite(stacked, "second")["Status"] == "PARTIAL"
    assert {each.get("CompositeMemberIdentifier") for each in nested(stacked, "second")} == {"First", None}
    children = stacked.ask("ListCopyJobs", ByParentJobId=job["CopyJobId"])["CopyJobs"]
    assert {each.get("CompositeMemberIdentifier") for each in children} == {"First", "Second", None}


def test_a_composite_point_is_not_copied_to_another_account(stacked: Any) -> None:
    job = stacked.copied(stacked.backed_up(STACK), CENTRAL_VAULT)
    assert (job["State"], "not supported" in job["StatusMessage"]) == ("FAILED", True)
    assert stacked.ask("ListCopyJobs", ByParentJobId=job["CopyJobId"])["CopyJobs"] == []


def test_a_composite_point_is_not_restored(stacked: Any) -> None:
    request = {"RecoveryPointArn": stacked.backed_up(STACK), "Metadata": {}, "IamRoleArn": ROLE}
    with pytest.raises(Exception, match="InvalidRequestException"):
        stacked.ask("StartRestoreJob", **request)


@pytest.mark.parametrize("call", ["DeleteRecoveryPoint", "DisassociateRecoveryPointFromParent"])
def test_what_lies_nested_goes_before_its_composite_point(call: str, stacked: Any) -> None:
    stack = stacked.backed_up(STACK)
    first, *others = (each["RecoveryPointArn"] for each in nested(stacked))
    with pytest.raises(Exception, match="InvalidRequestException"):
        stacked.ask("DeleteRecoveryPoint", BackupVaultName="local", RecoveryPointArn=stack)
    stacked.ask(call, BackupVaultName="local", RecoveryPointArn=first)
    assert composite(stacked)["Status"] == "PARTIAL"
    for each in others:
        stacked.ask(call, BackupVaultName="local", RecoveryPointArn=each)
    assert [each for each in points(stacked, ByResourceArn=STACK) if each["IsParent"]] == []


def test_only_what_lies_nested_can_leave_a_composite_point(stacked: Any) -> None:
    alone = stacked.backed_up()
    with pytest.raises(Exception, match="InvalidRequestException"):
        stacked.ask("DisassociateRecoveryPointFromParent", BackupVaultName="local", RecoveryPointArn=alone)


def test_a_stack_expires_as_a_whole(stacked: Any) -> None:
    stacked.backed_up(STACK, Lifecycle={"DeleteAfterDays": 7})
    assert len(stacked.service.let_days_pass(8)) == 4
    assert points(stacked) == []
