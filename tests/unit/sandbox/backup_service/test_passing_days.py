"""Days that pass: recovery points grow old, turn cold and expire, and the lists forget jobs."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from sandbox.backup_service.passing_days import JobsRunError
from strongroom.domain.restores.arriving.landing import decide_keeping
from tests.builders.places import BACKUP_ACCOUNT
from tests.builders.restores import a_landing_vault, a_recovery_point
from tests.unit.sandbox.backup_service.conftest import ROLE, VOLUME


def described(world: Any, arn: str) -> Any:
    return world.ask("DescribeRecoveryPoint", BackupVaultName="local", RecoveryPointArn=arn)


def started(world: Any, *, seconds: float) -> str:
    """The id of a backup job that takes so many seconds, just begun."""
    world.service.estate.surroundings = replace(world.service.estate.surroundings, job_seconds=seconds)
    request = {"BackupVaultName": "local", "ResourceArn": VOLUME, "IamRoleArn": ROLE}
    return str(world.ask("StartBackupJob", **request)["BackupJobId"])


def test_a_recovery_point_is_deleted_within_eight_hours_of_its_end_and_not_before(world: Any) -> None:
    """Developer Guide, "Deleting backups": "at a randomly chosen point over the following 8 hours"."""
    arn = world.backed_up(Lifecycle={"DeleteAfterDays": 35})
    assert world.service.let_days_pass(35) == []
    world.moment += timedelta(hours=8)
    assert world.service.let_days_pass(0) == []
    assert (world.moment - described(world, arn)["CreationDate"]) == timedelta(days=35, hours=8)
    world.moment += timedelta(seconds=1)
    assert world.service.let_days_pass(0) == [arn]
    assert world.states("Recovery Point State Change") == ["COMPLETED", "DELETING"]
    with pytest.raises(Exception, match="ResourceNotFoundException"):
        described(world, arn)


def test_no_day_passes_before_the_jobs_have_ended_and_their_backups_are_whole(world: Any) -> None:
    """A backup that began a day before it ended would have taken a day, and would be of its end."""
    job = started(world, seconds=0.2)
    world.service.let_days_pass(1)
    point = described(world, world.ask("DescribeBackupJob", BackupJobId=job)["RecoveryPointArn"])
    assert world.moment - point["CreationDate"] == world.moment - point["CompletionDate"] == timedelta(days=1)


def test_where_jobs_do_not_end_no_day_passes_and_they_are_named(world: Any) -> None:
    started(world, seconds=30)
    with pytest.raises(JobsRunError, match=f"1 job still runs, ask again when it has ended: backup of {VOLUME}"):
        world.service.let_days_pass(1, patience=0.05)
    assert {job.created for job in world.service.estate.backup_jobs.values()} == {world.moment}


def test_what_the_role_is_gone_of_stays_expired(world: Any) -> None:
    """Developer Guide, "Deleting backups": EXPIRED, where the role was deleted or may no longer delete."""
    arn = world.backed_up(Lifecycle={"DeleteAfterDays": 35})
    world.aws.roles.clear()
    assert world.service.let_days_pass(36) == [arn]
    assert described(world, arn)["Status"] == "EXPIRED"


def test_what_is_kept_for_ever_never_expires(world: Any) -> None:
    arn = world.backed_up()
    assert world.service.let_days_pass(10_000) == []
    assert described(world, arn)["Status"] == "COMPLETED"


def test_what_is_lost_is_gone_without_a_word(world: Any) -> None:
    arn = world.backed_up()
    world.service.lose(arn)
    assert world.states("Recovery Point State Change") == ["COMPLETED"]
    with pytest.raises(Exception, match="ResourceNotFoundException"):
        described(world, arn)
    with pytest.raises(LookupError):
        world.service.lose(arn)


def test_a_copy_expires_by_the_age_of_its_source(world: Any) -> None:
    """Developer Guide, "Creating a backup copy": copies keep the creation date of the original."""
    source = world.backed_up()
    world.service.let_days_pass(40)
    copy = world.copied(source, Lifecycle={"DeleteAfterDays": 54})["DestinationRecoveryPointArn"]
    assert world.service.let_days_pass(13) == []
    assert world.service.let_days_pass(2) == [copy]


@pytest.mark.parametrize(("days", "state"), [(40, "FAILED"), (41, "COMPLETED")])
def test_a_copy_that_would_be_born_expired_is_refused(world: Any, days: int, state: str) -> None:
    source = world.backed_up()
    world.service.let_days_pass(40)
    job = world.copied(source, Lifecycle={"DeleteAfterDays": days})
    assert job["State"] == state, job["StatusMessage"]


def test_what_lies_cold_is_copied_nowhere(world: Any) -> None:
    """Developer Guide, "Feature availability by resource": no type copies out of cold storage."""
    arn = world.backed_up(Lifecycle={"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 400})
    world.service.let_days_pass(29)
    assert (described(world, arn)["StorageClass"], world.copied(arn)["State"]) == ("WARM", "COMPLETED")
    world.service.let_days_pass(2)
    assert (described(world, arn)["StorageClass"], world.copied(arn)["State"]) == ("COLD", "FAILED")


@pytest.mark.parametrize(("days", "listed"), [(29, 1), (30, 0)])
def test_the_lists_show_the_jobs_of_thirty_days(world: Any, days: int, listed: int) -> None:
    """API reference, ListBackupJobs: "for the last 30 days"."""
    source = world.backed_up()
    copy = world.copied(source)["CopyJobId"]
    world.service.let_days_pass(days)
    assert len(world.ask("ListBackupJobs")["BackupJobs"]) == listed
    assert len(world.ask("ListCopyJobs")["CopyJobs"]) == listed
    assert world.ask("DescribeCopyJob", CopyJobId=copy)["CopyJob"]["State"] == "COMPLETED"


def test_a_lock_that_was_changeable_is_final_once_its_days_are_over(world: Any) -> None:
    lock = {"MinRetentionDays": 30, "ChangeableForDays": 3}
    world.ask("PutBackupVaultLockConfiguration", BACKUP_ACCOUNT, BackupVaultName="central", **lock)
    world.service.let_days_pass(4)
    with pytest.raises(Exception, match="InvalidRequestException"):
        world.ask("DeleteBackupVaultLockConfiguration", BACKUP_ACCOUNT, BackupVaultName="central")


@pytest.mark.parametrize("age", [1, 40, 400, 2500])
def test_what_strongroom_copies_back_lives_for_two_weeks_however_old_it_is(age: int, world: Any) -> None:
    source = world.backed_up()
    world.service.let_days_pass(age)
    found = world.ask("DescribeRecoveryPoint", BackupVaultName="local", RecoveryPointArn=source)
    point = a_recovery_point(created_at=found["CreationDate"])
    now, act_before = world.moment, world.moment + timedelta(hours=5)
    kept = decide_keeping(point, vault=a_landing_vault(), act_before=act_before, now=now)
    job = world.copied(source, Lifecycle={"DeleteAfterDays": kept.days})
    assert job["State"] == "COMPLETED", job["StatusMessage"]
    copy = job["DestinationRecoveryPointArn"]
    assert copy not in world.service.let_days_pass(13)
    assert copy in world.service.let_days_pass(2)
