"""Backups whose primary target is an air-gapped vault.

Source: AWS Backup Developer Guide, "Primary backups to logically air-gapped vaults"; the section in quotes below.
"""

import json
from copy import replace
from typing import Any

import pytest

from sandbox.organization.admission import admit_backup_policy
from sandbox.organization.effective_policy import merge
from strongroom.domain.backup_policy.rendering import render_backup_policy
from strongroom.domain.intent.model import Intent, RoleNames
from tests.builders.air_gaps import OWN, with_own_gap
from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS, a_vault_arn
from tests.unit.sandbox.backup_service.conftest import CENTRAL_VAULT, LETS_ALL_IN, OWN_KEY, ROLE, VOLUME

NIGHTLY = "cron(0 2 ? * * *)"
GAPPED = a_vault_arn("gapped", account=PAYMENTS)
TABLE = f"arn:aws:dynamodb:eu-west-1:{PAYMENTS}:table/orders"
A_MONTH = {"DeleteAfterDays": 30}


@pytest.fixture
def gapped(world: Any) -> Any:
    """Payments has an air-gapped vault beside its local one."""
    days = {"MinRetentionDays": 7, "MaxRetentionDays": 365}
    world.ask("CreateLogicallyAirGappedBackupVault", BackupVaultName="gapped", **days)
    return world


def backed_up(world: Any, resource: str = VOLUME, lifecycle: dict[str, Any] | None = None) -> Any:
    """Back up on demand with the air-gapped vault as target; answers the job."""
    request = {
        "BackupVaultName": "local",
        "LogicallyAirGappedBackupVaultArn": GAPPED,
        "ResourceArn": resource,
        "IamRoleArn": ROLE,
        "Lifecycle": lifecycle or A_MONTH,
    }
    job_id = world.ask("StartBackupJob", **request)["BackupJobId"]
    world.settle()
    return world.ask("DescribeBackupJob", BackupJobId=job_id)


def points_in(world: Any, vault: str, account: str = PAYMENTS) -> list[Any]:
    return list(world.ask("ListRecoveryPointsByBackupVault", account, BackupVaultName=vault)["RecoveryPoints"])


def a_table(world: Any, *, is_advanced: bool) -> None:
    world.aws.tables["orders"] = {"Account": PAYMENTS, "KeySchema": [], "AttributeDefinitions": []}
    world.ask("UpdateRegionSettings", ResourceTypeManagementPreference={"DynamoDB": is_advanced})


def test_what_aws_backup_manages_fully_is_made_there_at_once(gapped: Any) -> None:
    # "Resources supporting full AWS Backup management": no recovery point in the backup vault, no copy.
    a_table(gapped, is_advanced=True)
    job = backed_up(gapped, TABLE)
    assert (job["State"], job["BackupVaultArn"]) == ("COMPLETED", GAPPED)
    assert (job["VaultType"], job["VaultLockState"]) == ("LOGICALLY_AIR_GAPPED_BACKUP_VAULT", "LOCKED")
    (point,) = points_in(gapped, "gapped")
    assert point["Lifecycle"] == A_MONTH
    assert points_in(gapped, "local") == gapped.ask("ListCopyJobs")["CopyJobs"] == []


def test_a_snapshot_is_made_beside_it_copied_and_deleted(gapped: Any) -> None:
    # "Resource not supporting full AWS Backup management"
    job = backed_up(gapped)
    (copy,) = gapped.ask("ListCopyJobs")["CopyJobs"]
    assert (copy["State"], copy["CreatedByBackupJobId"]) == ("COMPLETED", job["BackupJobId"])
    assert (copy["DestinationBackupVaultArn"], copy["DestinationRecoveryPointLifecycle"]) == (GAPPED, A_MONTH)
    assert points_in(gapped, "local") == []
    assert [point["ResourceArn"] for point in points_in(gapped, "gapped")] == [VOLUME]
    assert gapped.natives.kept == {}


def test_on_its_way_it_says_that_it_is_temporary(gapped: Any) -> None:
    # "Delete after copy lifecycle": DeleteAfterEvent is DELETE_AFTER_COPY, beside the retention.
    gapped.service.order_fault({"fault": "copy_never_starts"})
    temporary = A_MONTH | {"DeleteAfterEvent": "DELETE_AFTER_COPY"}
    assert backed_up(gapped)["RecoveryPointLifecycle"] == temporary
    (point,) = points_in(gapped, "local")
    assert point["Lifecycle"] == temporary


def test_where_the_copy_fails_the_snapshot_stays_until_it_is_copied_by_hand(gapped: Any) -> None:
    gapped.service.order_fault({"fault": "fail", "match": {"kind": "copy"}})
    backed_up(gapped)
    (point,) = points_in(gapped, "local")
    # "with a retention period at least as long as the source recovery point"
    gapped.copied(point["RecoveryPointArn"], GAPPED, Lifecycle={"DeleteAfterDays": 7})
    assert len(points_in(gapped, "local")) == 1
    gapped.copied(point["RecoveryPointArn"], GAPPED)
    assert points_in(gapped, "local") == []


def test_a_snapshot_that_the_role_may_not_delete_is_left_over(gapped: Any) -> None:
    # "Recovery points remain in EXPIRED state"
    gapped.denied.add("ec2:DeleteSnapshot")
    backed_up(gapped)
    (point,) = points_in(gapped, "local")
    assert (point["Status"], point["Lifecycle"]["DeleteAfterEvent"]) == ("EXPIRED", "DELETE_AFTER_COPY")
    assert len(points_in(gapped, "gapped")) == 1


def test_a_retention_outside_its_lock_fails_at_the_backup_or_at_the_copy(gapped: Any) -> None:
    # "Backup or copy job fails with lifecycle incompatibility error"
    a_table(gapped, is_advanced=True)
    short = {"DeleteAfterDays": 6}
    assert backed_up(gapped, TABLE, short)["State"] == "FAILED"
    assert backed_up(gapped, VOLUME, short)["State"] == "COMPLETED"
    assert [copy["State"] for copy in gapped.ask("ListCopyJobs")["CopyJobs"]] == ["FAILED"]
    assert len(points_in(gapped, "local")) == 1


@pytest.mark.parametrize("case", ["type", "features", "key"])
def test_what_cannot_go_there_stays_and_says_why(gapped: Any, case: str) -> None:
    # "Unsupported resources": the job completes, with a category and a message of its own.
    arn, words = VOLUME, "is encrypted with an AWS managed key"
    if case == "type":
        arn, words = f"arn:aws:rds:eu-west-1:{PAYMENTS}:db:orders", "type is not supported"
        gapped.aws.instances["orders"] = {"DBInstanceIdentifier": "orders", "DBInstanceArn": arn, "AllocatedStorage": 5}
    elif case == "features":
        arn, words = TABLE, "type is not supported"
        a_table(gapped, is_advanced=False)
    else:
        gapped.aws.volumes["vol-1"] |= {"Encrypted": True, "KmsKeyId": "alias/aws/ebs"}
    job = backed_up(gapped, arn)
    assert (job["State"], words in job["StatusMessage"]) == ("COMPLETED", True)
    assert job["MessageCategory"] == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT_NOT_SUPPORTED"
    (point,) = points_in(gapped, "local")
    assert point["Lifecycle"] == A_MONTH
    assert gapped.ask("ListCopyJobs")["CopyJobs"] == []


def policy(resource: str, *copies: str) -> dict[str, Any]:
    rule = {
        "schedule_expression": NIGHTLY,
        "target_backup_vault_name": "local",
        "target_logically_air_gapped_backup_vault_arn": a_vault_arn("gapped", account="$account", region="$region"),
        "lifecycle": {"delete_after_days": "30"},
        "copy_actions": {arn: {"target_backup_vault_arn": arn} for arn in copies},
    }
    resources = {"iam_role_arn": "arn:aws:iam::$account:role/backup", "resource_types": [resource]}
    plan = {"regions": ["eu-west-1"], "rules": {"night": rule}, "selections": {"resources": {"all": resources}}}
    return {"plans": {"daily": plan}}


def test_the_policy_of_an_intent_is_admitted_and_its_backups_end_there(gapped: Any, intent: Intent) -> None:
    wanted = replace(with_own_gap(intent), roles=RoleNames(backup="backup"))
    document = json.dumps(render_backup_policy(wanted, "daily-prod"))
    admit_backup_policy(document)
    gapped.organization.policies[PAYMENTS] = merge([[json.loads(document)]])
    days = {"MinRetentionDays": 7, "MaxRetentionDays": 400}
    gapped.ask("CreateLogicallyAirGappedBackupVault", BackupVaultName=OWN.name, **days)
    gapped.ask("CreateBackupVault", BackupVaultName="local-prod-vault", EncryptionKeyArn=OWN_KEY)
    gapped.service.run_plans(None)
    gapped.settle()
    jobs = gapped.ask("ListBackupJobs")["BackupJobs"]
    assert [(job["State"], job["BackupVaultName"]) for job in jobs] == [("COMPLETED", "local-prod-vault")]
    assert [point["Lifecycle"] for point in points_in(gapped, OWN.name)] == [{"DeleteAfterDays": 35}]


def test_the_other_copies_of_a_rule_leave_from_the_snapshot_before_it_goes(gapped: Any) -> None:
    gapped.organization.policies[PAYMENTS] = policy(VOLUME, CENTRAL_VAULT)
    gapped.service.run_plans(NIGHTLY)
    gapped.settle()
    copies = gapped.ask("ListCopyJobs")["CopyJobs"]
    assert {copy["DestinationBackupVaultArn"]: copy["State"] for copy in copies} == {
        GAPPED: "COMPLETED",
        CENTRAL_VAULT: "COMPLETED",
    }
    assert {copy["SourceBackupVaultArn"] for copy in copies} == {a_vault_arn("local", account=PAYMENTS)}
    (central,) = points_in(gapped, "central", BACKUP_ACCOUNT)
    assert central["Lifecycle"] == A_MONTH
    assert points_in(gapped, "local") == []
    (plan,) = gapped.ask("ListBackupPlans")["BackupPlansList"]
    (rule,) = gapped.ask("GetBackupPlan", BackupPlanId=plan["BackupPlanId"])["BackupPlan"]["Rules"]
    assert rule["TargetLogicallyAirGappedBackupVaultArn"] == GAPPED


def test_the_other_copies_of_a_table_leave_from_the_air_gapped_vault_but_not_into_another(gapped: Any) -> None:
    # "Resources supporting full AWS Backup management": it is the source; and "Creating backups in a logically
    # air-gapped vault": from one into another no plan copies.
    days = {"MinRetentionDays": 7, "MaxRetentionDays": 365}
    gapped.ask("CreateLogicallyAirGappedBackupVault", BACKUP_ACCOUNT, BackupVaultName="vault", **days)
    gapped.ask("PutBackupVaultAccessPolicy", BACKUP_ACCOUNT, BackupVaultName="vault", Policy=LETS_ALL_IN)
    a_table(gapped, is_advanced=True)
    gapped.organization.policies[PAYMENTS] = policy(TABLE, CENTRAL_VAULT, a_vault_arn("vault"))
    gapped.ask("UpdateRegionSettings", "111111111111", ResourceTypeOptInPreference={"DynamoDB": True})
    gapped.service.run_plans(NIGHTLY)
    gapped.settle()
    copies = gapped.ask("ListCopyJobs")["CopyJobs"]
    assert {copy["DestinationBackupVaultArn"]: copy["State"] for copy in copies} == {
        CENTRAL_VAULT: "COMPLETED",
        a_vault_arn("vault"): "FAILED",
    }
    assert {copy["SourceBackupVaultArn"] for copy in copies} == {GAPPED}


def test_nobody_says_delete_after_copy_himself(gapped: Any) -> None:
    # API reference, "Lifecycle", DeleteAfterEvent: "Not valid as an input."
    with pytest.raises(Exception, match="InvalidParameterValueException"):
        backed_up(gapped, lifecycle={"DeleteAfterEvent": "DELETE_AFTER_COPY"})
