"""Plans run from the effective policy: whom they pick, what they start, what they copy."""

from typing import Any

import pytest

from tests.builders.places import PAYMENTS, a_vault_arn

NIGHTLY = "cron(0 2 ? * * *)"
CENTRAL_VAULT = a_vault_arn("central")
VOLUME = f"arn:aws:ec2:eu-west-1:{PAYMENTS}:volume/vol-1"


def policy(**selection: Any) -> dict[str, Any]:
    """An effective policy, as Organizations prints it."""
    role = {"iam_role_arn": "arn:aws:iam::$account:role/backup"}
    tags = role | {"tag_key": "Backup", "tag_value": ["daily-prod"]} | selection
    rule = {
        "schedule_expression": NIGHTLY,
        "start_backup_window_minutes": "60",
        "target_backup_vault_name": "local",
        "lifecycle": {"delete_after_days": "35"},
        "recovery_point_tags": {"k": {"tag_key": "plan", "tag_value": "daily"}},
        "copy_actions": {
            CENTRAL_VAULT: {
                "target_backup_vault_arn": CENTRAL_VAULT,
                "lifecycle": {"delete_after_days": "2555"},
            }
        },
    }
    return {
        "plans": {"daily": {"regions": ["eu-west-1"], "rules": {"night": rule}, "selections": {"tags": {"all": tags}}}}
    }


def test_a_due_rule_backs_up_what_is_tagged_and_copies_it(world: Any) -> None:
    world.organization.policies[PAYMENTS] = policy()
    started = world.service.run_plans(NIGHTLY)
    world.settle()
    assert [(job["account"], job["resource_arn"], job["rule"]) for job in started] == [(PAYMENTS, VOLUME, "night")]
    (backup,) = world.ask("ListBackupJobs")["BackupJobs"]
    assert (backup["State"], backup["RecoveryPointArn"] != "") == ("COMPLETED", True)
    assert backup["CreatedBy"]["BackupPlanArn"].startswith(f"arn:aws:backup:eu-west-1:{PAYMENTS}:backup-plan:orgs/")
    tags = world.natives.kept[backup["RecoveryPointArn"]].tags
    assert tags == {"Backup": "daily-prod", "owner": "payments", "plan": "daily"}
    (copy,) = world.ask("ListCopyJobs", "999999999999", ByAccountId="*")["CopyJobs"]
    assert (copy["State"], copy["CreatedByBackupJobId"]) == ("COMPLETED", backup["BackupJobId"])
    assert copy["DestinationRecoveryPointLifecycle"] == {"DeleteAfterDays": 2555}
    created_by = [event["detail"]["createdBy"] for event in world.events if "createdBy" in event["detail"]]
    assert set(created_by[0]) == {"backupPlanId", "backupPlanArn", "backupPlanVersion", "backupPlanRuleId"}


def test_what_a_plan_made_names_plan_and_rule_unless_aws_leaves_them_out(world: Any) -> None:
    # API reference, "RecoveryPointCreator": none of its members is promised for plans of an organization.
    world.organization.policies[PAYMENTS] = policy()
    world.service.order_fault({"fault": "leave_out_plan_name", "match": {"nth": 2}})
    for _ in range(2):
        world.service.run_plans(NIGHTLY)
        world.settle()
        world.pass_days(1)
    points = world.ask("ListRecoveryPointsByBackupVault", BackupVaultName="local")["RecoveryPoints"]
    names = [(p["CreatedBy"].get("BackupPlanName"), p["CreatedBy"].get("BackupRuleName")) for p in points]
    assert names == [(None, None), ("daily", "night")]
    assert all(point["CreatedBy"]["BackupPlanArn"] for point in points)
    plan = world.ask("GetBackupPlan", BackupPlanId=points[0]["CreatedBy"]["BackupPlanId"])["BackupPlan"]
    rules = {rule["RuleId"]: rule["RuleName"] for rule in plan["Rules"]}
    assert (plan["BackupPlanName"], rules[points[0]["CreatedBy"]["BackupRuleId"]]) == ("daily", "night")


@pytest.mark.parametrize(
    ("change", "schedule", "jobs"),
    [
        pytest.param({}, None, 1, id="no schedule means every rule"),
        pytest.param({}, "cron(0 5 ? * * *)", 0, id="another schedule is not due"),
        pytest.param({"tag_value": ["Daily-Prod"]}, NIGHTLY, 0, id="tag values are case-sensitive"),
        pytest.param({"tag_key": "backup"}, NIGHTLY, 0, id="tag keys are case-sensitive"),
        pytest.param({"tag_value": ["monthly-prod", "daily-prod"]}, NIGHTLY, 1, id="any of several values"),
    ],
)
def test_rules_pick_by_schedule_and_tag(world: Any, change: dict[str, Any], schedule: str | None, jobs: int) -> None:
    world.organization.policies[PAYMENTS] = policy(**change)
    assert len(world.service.run_plans(schedule)) == jobs
    world.settle()


def test_a_missing_role_fails_the_job_and_starts_no_copy(world: Any) -> None:
    world.organization.policies[PAYMENTS] = policy(iam_role_arn="arn:aws:iam::$account:role/absent")
    world.service.run_plans()
    world.settle()
    assert [job["State"] for job in world.ask("ListBackupJobs")["BackupJobs"]] == ["FAILED"]
    assert world.ask("ListCopyJobs")["CopyJobs"] == []


def test_the_managements_opt_in_counts_and_not_the_members(world: Any) -> None:
    world.organization.policies[PAYMENTS] = policy()
    world.ask("UpdateRegionSettings", ResourceTypeOptInPreference={"EBS": False})
    assert len(world.service.run_plans()) == 1
    world.ask("UpdateRegionSettings", "111111111111", ResourceTypeOptInPreference={"EBS": False})
    assert world.service.run_plans() == []
    world.settle()


def test_the_organisations_plan_is_shown_and_cannot_be_deleted(world: Any) -> None:
    world.organization.policies[PAYMENTS] = policy()
    (listed,) = world.ask("ListBackupPlans")["BackupPlansList"]
    plan = world.ask("GetBackupPlan", BackupPlanId=listed["BackupPlanId"])["BackupPlan"]
    assert plan["Rules"][0]["TargetBackupVaultName"] == "local"
    with pytest.raises(Exception, match="InvalidRequestException"):
        world.ask("DeleteBackupPlan", BackupPlanId=listed["BackupPlanId"])


def test_a_local_plan_runs_beside_the_organisations(world: Any) -> None:
    rule = {"RuleName": "r", "TargetBackupVaultName": "local", "ScheduleExpression": NIGHTLY}
    plan_id = world.ask("CreateBackupPlan", BackupPlan={"BackupPlanName": "own", "Rules": [rule]})["BackupPlanId"]
    selection = {
        "SelectionName": "s",
        "IamRoleArn": f"arn:aws:iam::{PAYMENTS}:role/backup",
        "Resources": ["arn:aws:ec2:*:*:volume/*"],
    }
    chosen = world.ask("CreateBackupSelection", BackupPlanId=plan_id, BackupSelection=selection)["SelectionId"]
    assert [job["resource_arn"] for job in world.service.run_plans(NIGHTLY)] == [VOLUME]
    world.settle()
    with pytest.raises(Exception, match="InvalidRequestException"):
        world.ask("DeleteBackupPlan", BackupPlanId=plan_id)
    world.ask("DeleteBackupSelection", BackupPlanId=plan_id, SelectionId=chosen)
    world.ask("DeleteBackupPlan", BackupPlanId=plan_id)
    assert world.ask("ListBackupPlans")["BackupPlansList"] == []
