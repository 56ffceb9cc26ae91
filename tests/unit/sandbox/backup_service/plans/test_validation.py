"""What CreateBackupPlan refuses."""

from typing import Any

import pytest

from sandbox.backup_service.plans.validation import is_cron

RULE = {"RuleName": "nightly", "TargetBackupVaultName": "local", "ScheduleExpression": "cron(0 2 ? * * *)"}


# API reference, "BackupRuleInput" (cron; start windows from 60 minutes), and Developer Guide, "AWS Backup quotas"
# (ten rules for each plan).
@pytest.mark.parametrize(
    ("rules", "code"),
    [
        pytest.param([], "InvalidParameterValueException", id="no rule"),
        pytest.param([RULE] * 11, "LimitExceededException", id="eleven rules"),
        pytest.param([RULE | {"StartWindowMinutes": 10}], "InvalidParameterValueException", id="short start window"),
        pytest.param([RULE | {"ScheduleExpression": "nightly"}], "InvalidParameterValueException", id="no cron"),
        pytest.param([RULE | {"TargetBackupVaultName": "nowhere"}], "InvalidParameterValueException", id="no vault"),
    ],
)
def test_a_plan_is_refused(world: Any, rules: list[dict[str, Any]], code: str) -> None:
    with pytest.raises(Exception, match=code):
        world.ask("CreateBackupPlan", BackupPlan={"BackupPlanName": "own", "Rules": rules})


def test_a_plan_at_the_limits_is_kept(world: Any) -> None:
    rules = [RULE | {"StartWindowMinutes": 60}] * 10
    assert world.ask("CreateBackupPlan", BackupPlan={"BackupPlanName": "own", "Rules": rules})["BackupPlanId"]


# EventBridge Scheduler User Guide, "Schedule types on EventBridge Scheduler".
@pytest.mark.parametrize(
    "schedule",
    [
        "cron(0 5 ? * * *)",
        "cron(0/15 8-17 ? * MON-FRI *)",
        "cron(30 1 1,15 JAN,JUL ? 2026-2030)",
        "cron(0 1 L * ? *)",
        "cron(0 1 ? * 6#3 *)",
    ],
)
def test_a_schedule_of_six_good_fields_is_taken(schedule: str) -> None:
    assert is_cron(schedule)


@pytest.mark.parametrize(
    "schedule",
    [
        "cron(0 5 * * * *)",
        "cron(0 5 ? * ? *)",
        "cron(60 5 ? * * *)",
        "cron(0 24 ? * * *)",
        "cron(0 5 ? * *)",
        "cron(0 5 ? FOO * *)",
        "cron(? 5 1 * ? *)",
        "rate(1 day)",
        "0 5 * * *",
    ],
)
def test_a_schedule_that_aws_does_not_read_is_refused(schedule: str) -> None:
    assert not is_cron(schedule)
