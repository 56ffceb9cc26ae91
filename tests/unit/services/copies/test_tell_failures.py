"""A failure of ours counts for what its rule owes; any other is told of its resource, unless a later backup exists."""

from copy import replace
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.backup_jobs import BackupState, BackupVerdict, judge_backup
from strongroom.domain.copies.found import MadeBy
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.tell_failures import believe, tell_failure
from tests.builders.copies import CREATED_AT, IN_TIME, PLAN, RESOURCE, a_backup_job
from tests.builders.expected import NIGHT
from tests.builders.places import PAYMENTS, a_vault_arn
from tests.fakes.copies import Audience, FakeBackupJobs, FakeExpectedBackups, FakeProtection, FakeTruth

OURS = MadeBy(plan=PLAN, plan_name="strongroom-daily-prod")
FAILED = a_backup_job(state="FAILED", message="no space", made_by=OURS)


@dataclass
class World(Audience):
    intent: Intent
    points: FakeTruth = field(default_factory=FakeTruth)
    protection: FakeProtection = field(default_factory=FakeProtection)
    expected: FakeExpectedBackups = field(default_factory=FakeExpectedBackups)

    def tell(self, made_by: MadeBy | None = OURS, **changes: Any) -> BackupVerdict:
        job = replace(FAILED, made_by=made_by, **changes)
        return tell_failure(job, judge_backup(job, intent=self.intent), needs=self, now=IN_TIME)


@pytest.fixture
def world(intent: Intent) -> World:
    return World(intent)


def test_a_failure_of_ours_is_told_of_its_rule_whatever_else_was_backed_up_since(world: World) -> None:
    world.protection.backups[RESOURCE] = CREATED_AT + timedelta(hours=1)
    verdict = world.tell()
    assert (verdict.state, verdict.tier) == (BackupState.FAILED, "daily-prod")
    assert [(alert.kind, alert.subject) for alert in world.people.told] == [
        (AlertKind.BACKUP_FAILED, f"{RESOURCE} (daily-prod)")
    ]
    assert world.tell().state is BackupState.UNCHANGED
    assert len(world.people.told) == 1


def test_any_other_failure_is_told_of_the_resource(world: World) -> None:
    assert world.tell(made_by=None).state is BackupState.FAILED
    assert [alert.subject for alert in world.people.told] == [RESOURCE]
    assert world.expected.held == {}


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        pytest.param("FAILED", AlertKind.BACKUP_FAILED, id="failed"),
        pytest.param("PARTIAL", AlertKind.BACKUP_PARTIAL, id="partial"),
        pytest.param("EXPIRED", AlertKind.BACKUP_EXPIRED, id="expired"),
        pytest.param("ABORTED", AlertKind.BACKUP_ABORTED, id="aborted"),
    ],
)
@pytest.mark.parametrize("made_by", [pytest.param(OURS, id="ours"), pytest.param(None, id="any other")])
def test_each_way_to_end_badly_is_told_as_itself(
    world: World, state: str, kind: AlertKind, made_by: MadeBy | None
) -> None:
    world.tell(made_by, state=state)
    assert world.people.kinds == [kind]


def test_a_rule_s_backup_that_ends_badly_in_another_way_is_told_beside_it_and_both_end_as_one(world: World) -> None:
    world.tell(state="EXPIRED")
    world.tell(id="backup-2", created_at=CREATED_AT + NIGHT)
    world.tell(id="backup-3", created_at=CREATED_AT + 2 * NIGHT)
    assert world.people.kinds == [AlertKind.BACKUP_EXPIRED, AlertKind.BACKUP_FAILED]
    assert len({alert.fingerprint for alert in world.people.told}) == 1


def test_any_other_failure_that_is_heard_of_again_is_not_told_beside_a_later_one(world: World) -> None:
    """Its jobs have no order that is kept, and lists name each of them for a week."""
    for state in ("EXPIRED", "FAILED", "EXPIRED"):
        world.tell(None, state=state)
    assert world.people.kinds == [AlertKind.BACKUP_EXPIRED]


def test_any_other_failure_from_before_the_last_backup_is_not_told(world: World) -> None:
    world.protection.backups[RESOURCE] = CREATED_AT + timedelta(hours=1)
    assert world.tell(made_by=None).state is BackupState.UNCHANGED
    assert world.people.told == []


def test_what_an_event_leaves_out_aws_backup_tells(intent: Intent) -> None:
    hint = replace(FAILED, made_by=None, created_at=None)
    backups = FakeBackupJobs(jobs={"backup-1": FAILED})
    job, verdict = believe(hint, judge_backup(hint, intent=intent), intent=intent, backups=backups)
    assert (job.made_by, job.created_at, verdict.state) == (OURS, CREATED_AT, BackupState.FAILED)


def test_how_a_job_ended_and_why_aws_backup_tells_whatever_the_event_says(intent: Intent) -> None:
    hint = replace(FAILED, state="ABORTED", message="forged")
    backups = FakeBackupJobs(jobs={"backup-1": replace(FAILED, state="EXPIRED", message="a job was running")})
    job, verdict = believe(hint, judge_backup(hint, intent=intent), intent=intent, backups=backups)
    assert (job.state, verdict.reason) == ("EXPIRED", "the backup job ended EXPIRED: a job was running")


def test_what_a_job_was_to_back_up_and_where_aws_backup_tells(intent: Intent) -> None:
    """Who knows the id of a job that failed could have the failure told of anything else."""
    elsewhere = replace(FAILED, resource="arn:aws:rds:eu-west-1:222222222222:db:another", vault=None)
    backups = FakeBackupJobs(jobs={"backup-1": FAILED})
    job, verdict = believe(elsewhere, judge_backup(elsewhere, intent=intent), intent=intent, backups=backups)
    assert (job.resource, job.vault, verdict.resource) == (FAILED.resource, FAILED.vault, FAILED.resource)


def test_a_failure_in_a_vault_that_is_not_ours_is_not_ours_whatever_its_event_says(intent: Intent) -> None:
    vault = a_vault_arn("theirs", account=PAYMENTS)
    backups = FakeBackupJobs(jobs={"backup-1": replace(FAILED, vault=vault)})
    _, verdict = believe(FAILED, judge_backup(FAILED, intent=intent), intent=intent, backups=backups)
    assert verdict.state is BackupState.NOT_OURS


def test_what_aws_backup_leaves_out_the_event_tells(intent: Intent) -> None:
    bare = replace(FAILED, resource=None, vault=None, message=None, created_at=None)
    backups = FakeBackupJobs(jobs={"backup-1": bare})
    job, verdict = believe(FAILED, judge_backup(FAILED, intent=intent), intent=intent, backups=backups)
    assert (job, verdict.reason) == (FAILED, "the backup job ended FAILED: no space")
