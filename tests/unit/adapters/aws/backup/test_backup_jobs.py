"""Backup jobs are listed under the inspection role, for one resource and from one moment on."""

from datetime import timedelta
from typing import Any

from strongroom.adapters.aws.backup.backup_jobs import MemberBackupJobs
from strongroom.domain.copies.found import MadeBy
from tests.builders.copies import CREATED_AT, PLAN, RESOURCE
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.backup import FakeBackup


class Clients:
    def __init__(self, backup: FakeBackup) -> None:
        self._backup = backup

    def client(self, service: str, *, account: str, region: str) -> FakeBackup:
        assert (service, account, region) == ("backup", PAYMENTS, HOME)
        return self._backup


def a_job(number: int, **changes: Any) -> dict[str, Any]:
    at = CREATED_AT + timedelta(hours=number)
    return {"BackupJobId": f"job-{number}", "State": "COMPLETED", "ResourceArn": RESOURCE, "CreationDate": at} | changes


def test_jobs_of_the_resource_are_listed_from_the_moment_itself_on_oldest_first() -> None:
    made_by = {"BackupPlanArn": PLAN, "BackupRuleId": "rule-1"}
    of_another = a_job(3, ResourceArn="arn:other")
    jobs_there = [a_job(2), a_job(0, CreatedBy=made_by), a_job(-1), a_job(1, State="RUNNING"), of_another]
    backup = FakeBackup(backup_jobs=jobs_there)
    jobs = MemberBackupJobs(Clients(backup)).of_resource(RESOURCE, account=PAYMENTS, region=HOME, since=CREATED_AT)  # type: ignore[arg-type]
    assert [job.id for job in jobs] == ["job-0", "job-1", "job-2"]
    assert [job.state for job in jobs] == ["COMPLETED", "RUNNING", "COMPLETED"]
    assert jobs[0].made_by == MadeBy(plan=PLAN, rule_id="rule-1")
