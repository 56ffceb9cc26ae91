"""Continuous backups: one point for each resource, extended in place, whose copies are snapshots.

Developer Guide, "Continuous backups and point-in-time recovery (PITR)"; API reference, "StartCopyJob" and
"DescribeRecoveryPoint".
"""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, a_vault_arn

DATABASE = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:payments"
CENTRAL_VAULT = a_vault_arn("central")
RULE = {
    "RuleName": "nightly",
    "TargetBackupVaultName": "local",
    "EnableContinuousBackup": True,
    "Lifecycle": {"DeleteAfterDays": 35},
    "CopyActions": [{"DestinationBackupVaultArn": CENTRAL_VAULT, "Lifecycle": {"DeleteAfterDays": 2555}}],
}


@pytest.fixture
def planned(world: Any) -> Any:
    world.aws.instances["payments"] = {"DBInstanceArn": DATABASE, "Engine": "postgres"}
    plan = world.ask("CreateBackupPlan", BackupPlan={"BackupPlanName": "pitr", "Rules": [RULE]})["BackupPlanId"]
    role = f"arn:aws:iam::{PAYMENTS}:role/backup"
    selection = {"SelectionName": "all", "IamRoleArn": role, "Resources": ["arn:aws:*"]}
    world.ask("CreateBackupSelection", BackupPlanId=plan, BackupSelection=selection)
    return world


def night(world: Any) -> dict[str, Any]:
    """One night of the plan; answers the database's point as it then is."""
    world.moment += timedelta(days=1)
    world.service.run_plans()
    world.settle()
    points = world.ask("ListRecoveryPointsByBackupVault", BackupVaultName="local", ByResourceArn=DATABASE)
    [point] = points["RecoveryPoints"]
    return dict(point)


def test_every_run_extends_the_one_recovery_point(planned: Any) -> None:
    first, second = night(planned), night(planned)
    assert ":recovery-point:continuous:db-payments-" in first["RecoveryPointArn"]
    assert first["Status"] == "AVAILABLE"
    kept = ("RecoveryPointArn", "CreationDate", "Status")
    assert [second[name] for name in kept] == [first[name] for name in kept]
    jobs = planned.ask("ListBackupJobs", ByResourceArn=DATABASE)["BackupJobs"]
    assert [job["RecoveryPointArn"] for job in jobs] == [first["RecoveryPointArn"]] * 2


def test_its_scheduled_copies_are_snapshots_of_their_night(planned: Any) -> None:
    points = [night(planned), night(planned)]
    jobs = planned.ask("ListCopyJobs", ByResourceArn=DATABASE)["CopyJobs"]
    assert {job["SourceRecoveryPointArn"] for job in jobs} == {points[0]["RecoveryPointArn"]}
    assert len({job["CreatedByBackupJobId"] for job in jobs}) == 2
    planned.service.estate.vault_by_arn(CENTRAL_VAULT).policy = None
    listed = planned.ask(
        "ListRecoveryPointsByBackupVault", BACKUP_ACCOUNT, BackupVaultName="central", ByResourceArn=DATABASE
    )
    copies = listed["RecoveryPoints"]
    assert all(":snapshot:awsbackup:copyjob-" in copy["RecoveryPointArn"] for copy in copies)
    assert {copy["Status"] for copy in copies} == {"COMPLETED"}
    assert copies[0]["CreationDate"] - copies[1]["CreationDate"] == timedelta(days=1)


def test_it_is_not_copied_on_demand(planned: Any) -> None:
    with pytest.raises(Exception, match="InvalidRequestException"):
        planned.copied(night(planned)["RecoveryPointArn"])


def test_a_type_without_continuous_backups_gets_snapshots(planned: Any) -> None:
    night(planned)
    volumes = planned.ask("ListRecoveryPointsByBackupVault", BackupVaultName="local", ByResourceType="EBS")
    assert [point["Status"] for point in volumes["RecoveryPoints"]] == ["COMPLETED"]


def test_it_can_be_given_back_to_its_service_where_the_vault_is_not_locked(planned: Any) -> None:
    point = night(planned)["RecoveryPointArn"]
    planned.ask("DisassociateRecoveryPoint", BackupVaultName="local", RecoveryPointArn=point)
    left = planned.ask("ListRecoveryPointsByBackupVault", BackupVaultName="local", ByResourceArn=DATABASE)
    assert left["RecoveryPoints"] == []


@pytest.mark.parametrize(("engine", "is_continuous"), [("aurora-mysql", True), ("postgres", False)])
def test_a_multi_az_cluster_gets_snapshots_where_aurora_is_continuous(
    planned: Any, engine: str, *, is_continuous: bool
) -> None:
    cluster = DATABASE.replace(":db:", ":cluster:")
    planned.aws.clusters["payments"] = {"DBClusterArn": cluster, "Engine": engine}
    night(planned)
    points = planned.ask("ListRecoveryPointsByBackupVault", BackupVaultName="local", ByResourceArn=cluster)
    [point] = points["RecoveryPoints"]
    assert (":recovery-point:continuous:" in point["RecoveryPointArn"]) is is_continuous


def test_another_retention_stops_a_continuous_backup_and_the_next_run_begins_a_new_one(world: Any) -> None:
    """API reference, DescribeRecoveryPoint, Status: STOPPED."""
    world.aws.instances["payments"] = {"DBInstanceArn": DATABASE, "Engine": "postgres"}
    rule = {"RuleName": "r", "TargetBackupVaultName": "local", "EnableContinuousBackup": True}
    selection = {"SelectionName": "all", "IamRoleArn": f"arn:aws:iam::{PAYMENTS}:role/backup", "Resources": [DATABASE]}
    seen = []
    for days, schedule in ((35, "cron(0 1 * * ? *)"), (14, "cron(0 2 * * ? *)"), (14, "cron(0 3 * * ? *)")):
        timed = rule | {"ScheduleExpression": schedule, "Lifecycle": {"DeleteAfterDays": days}}
        plan = world.ask("CreateBackupPlan", BackupPlan={"BackupPlanName": schedule, "Rules": [timed]})["BackupPlanId"]
        world.ask("CreateBackupSelection", BackupPlanId=plan, BackupSelection=selection)
        world.moment += timedelta(days=1)
        world.service.run_plans(schedule)
        world.settle()
        listed = world.ask("ListRecoveryPointsByBackupVault", BackupVaultName="local")["RecoveryPoints"]
        seen.append([point["Status"] for point in listed])
    assert seen == [["AVAILABLE"], ["AVAILABLE", "STOPPED"], ["AVAILABLE", "STOPPED"]]
    assert "STOPPED" in world.states("Recovery Point State Change")
