"""A completed backup opens its promises once; a failed one is told."""

from copy import replace
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus
from strongroom.domain.copies.backup_jobs import BackupJob, BackupState, BackupVerdict
from strongroom.domain.copies.expected.backups import ExpectedState
from strongroom.domain.copies.found import MadeBy, PlanFound
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tiers import RuleSettings
from strongroom.services.copies.open_promises import PromiseOpeningNeeds, open_promises
from tests.builders.copies import (
    COMPLETED_AT,
    CONTINUOUS,
    CREATED_AT,
    IN_TIME,
    PLAN,
    RESOURCE,
    SOURCE,
    a_backup_job,
    a_promise,
    a_source,
)
from tests.builders.expected import an_expected
from tests.builders.gfs import MONTHLY_BEGAN_AT, MONTHLY_ENDED_AT, RULE_IDS, a_maker, with_gfs
from tests.builders.places import CENTRAL_VAULT, PAYMENTS, REPLICA_VAULT, REPORTS
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.copies import FakeBackupJobs, FakeExpectedBackups, FakeGroups, FakePromises, FakeProtection, FakeTruth


@dataclass
class Night:
    intent: Intent
    truth: FakeTruth = field(
        default_factory=lambda: FakeTruth(points=[a_source()], tagged={SOURCE: {"Backup": "daily-prod"}})
    )
    promises: FakePromises = field(default_factory=FakePromises)
    expected: FakeExpectedBackups = field(default_factory=FakeExpectedBackups)
    protection: FakeProtection = field(default_factory=FakeProtection)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)
    backups: FakeBackupJobs = field(default_factory=FakeBackupJobs)

    def see(self, **changes: Any) -> BackupVerdict:
        """What the event of a job comes to, which AWS Backup describes as the event does."""
        self.backups.jobs |= {"backup-1": a_backup_job(**changes)}
        return self.hear(**changes)

    def see_next(self, **changes: Any) -> BackupVerdict:
        """The backup of the next night, a recovery point of its own."""
        point, began_at = f"{SOURCE}-next", CREATED_AT + timedelta(days=1)
        self.truth.points.append(a_source(arn=point, created_at=began_at))
        self.truth.tagged[point] = self.truth.tagged[SOURCE]
        return self.see(id="backup-2", recovery_point=point, created_at=began_at, **changes)

    def hear(self, **changes: Any) -> BackupVerdict:
        needs = PromiseOpeningNeeds(
            intent=self.intent,
            backups=self.backups,
            points=self.truth,
            promises=self.promises,
            groups=FakeGroups(),
            expected=self.expected,
            protection=self.protection,
            alerts=self.alerts.notifier,
            publisher=self.alerts,
        )
        return open_promises(a_backup_job(**changes), needs=needs, now=IN_TIME)

    @property
    def told(self) -> list[AlertKind]:
        return [alert.kind for alert in self.alerts.told]


def a_plan(name: str) -> PlanFound:
    return PlanFound(name=name, rule_names={id_: rule for rule, id_ in RULE_IDS.items()})


@pytest.fixture
def night(intent: Intent) -> Night:
    return Night(intent)


def test_a_completed_backup_owes_its_copy_and_is_remembered(night: Night) -> None:
    verdict = night.see()
    assert (verdict.state, verdict.tier, verdict.destinations) == (BackupState.PROMISED, "daily-prod", (CENTRAL_VAULT,))
    assert list(night.promises.held.values()) == [a_promise()]
    [expected] = night.expected.held.values()
    assert (expected.last_point, expected.last_completed) == (SOURCE, COMPLETED_AT)
    assert not night.protection.backups


def test_a_copy_has_as_long_as_those_before_it_have_taught_and_the_first_has_all_the_time(night: Night) -> None:
    deadlines = replace(night.intent.deadlines, copy_verified_at_most=timedelta(hours=24))
    night.intent = replace(night.intent, deadlines=deadlines)
    night.see()
    assert [each.allowed for each in night.promises.held.values()] == [timedelta(hours=24)]
    night.promises.held.clear()
    night.protection.copies[RESOURCE, CENTRAL_VAULT] = {"copy-1": timedelta(hours=6)}
    night.see()
    assert [each.deadline for each in night.promises.held.values()] == [COMPLETED_AT + timedelta(hours=9)]


def test_a_critical_backup_owes_two_copies(night: Night) -> None:
    night.truth.tagged[SOURCE] = {"Backup": "compliance-7y"}
    night.see()
    assert {key.destination for key in night.promises.held} == {CENTRAL_VAULT, REPLICA_VAULT}


def test_the_same_event_twice_opens_nothing_twice(night: Night) -> None:
    night.see()
    known = dict(night.promises.held)
    night.see()
    assert night.promises.held == known


def test_the_tier_of_the_resource_counts_where_the_recovery_point_has_no_tag(night: Night) -> None:
    night.truth.tagged.clear()
    night.protection.tiers[RESOURCE] = "monthly-prod"
    assert night.see().tier == "monthly-prod"


def test_a_database_from_before_strongroom_is_promised_by_the_plan_that_backed_it_up(night: Night) -> None:
    night.truth.tagged.clear()
    night.truth.points = [a_source(made_by=MadeBy(plan=PLAN, plan_name="strongroom-daily-prod"))]
    verdict = night.see()
    assert (verdict.state, verdict.tier) == (BackupState.PROMISED, "daily-prod")
    assert night.told == []


def test_the_plan_that_made_a_backup_counts_for_more_than_what_the_tags_say_since(night: Night) -> None:
    night.truth.points = [a_source(made_by=MadeBy(plan=PLAN, plan_name="strongroom-monthly-prod"))]
    night.protection.tiers[RESOURCE] = "daily-prod"
    assert night.see().tier == "monthly-prod"


def test_a_plan_whose_name_is_left_out_is_asked_for_it_before_the_ledger_counts(night: Night) -> None:
    night.truth.tagged.clear()
    night.truth.plans[PLAN] = a_plan("strongroom-monthly-prod")
    night.protection.tiers[RESOURCE] = "daily-prod"
    assert night.see().tier == "monthly-prod"


def test_a_plan_of_another_account_is_not_asked_for_its_name(night: Night) -> None:
    night.truth.tagged.clear()
    foreign = PLAN.replace(PAYMENTS, REPORTS)
    night.truth.points = [a_source(made_by=MadeBy(plan=foreign))]
    night.truth.plans[foreign] = a_plan("strongroom-daily-prod")
    assert night.see().state is BackupState.UNKNOWN_TIER


def test_a_recovery_point_that_does_not_say_who_made_it_is_its_jobs(night: Night) -> None:
    night.truth.tagged.clear()
    night.truth.points = [a_source(made_by=None)]
    night.truth.plans[PLAN] = a_plan("strongroom-daily-prod")
    assert night.see().tier == "daily-prod"


def test_a_backup_of_unknown_tier_is_told_instead_of_forgotten(night: Night) -> None:
    night.truth.tagged.clear()
    assert night.see().state is BackupState.UNKNOWN_TIER
    assert night.told == [AlertKind.RESOURCE_NOT_TAGGED]


def test_a_backup_on_demand_owes_nothing(night: Night) -> None:
    night.truth.points = [a_source(made_by=None)]
    assert night.see(made_by=None).state is BackupState.NOT_OURS
    assert not night.promises.held


def test_a_plan_of_somebody_else_in_the_organisation_owes_nothing_whatever_the_tag_says(night: Night) -> None:
    night.truth.points = [a_source(made_by=MadeBy(plan=PLAN, plan_name="superwerker-backup"))]
    assert night.see().state is BackupState.NOT_OURS
    night.truth.points = [a_source()]
    night.truth.plans[PLAN] = a_plan("superwerker-backup")
    assert night.see().state is BackupState.NOT_OURS
    assert (night.promises.held, night.told) == ({}, [])


def test_a_rule_that_copies_nowhere_owes_nothing_and_nobody_is_told(intent: Intent) -> None:
    keep = {"daily": RuleSettings(schedule="daily 02:00", keep={"local": 7})}
    night = Night(with_gfs(intent, rules=keep))
    night.see(state="FAILED")
    night.truth.tagged[SOURCE] = {"Backup": "gfs"}
    verdict = night.see()
    assert (verdict.state, verdict.tier, verdict.rule) == (BackupState.LOCAL_ONLY, "gfs", "daily")
    assert verdict.destinations == ()
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.BACKUP_FAILED]


@pytest.mark.parametrize(
    ("told_by_point", "told_by_job", "rule"),
    [
        pytest.param({"rule_name": "weekly"}, {"rule_id": RULE_IDS["yearly"]}, "weekly", id="its name counts first"),
        pytest.param({"rule_id": RULE_IDS["weekly"]}, {}, "weekly", id="its id, in the plan"),
        pytest.param({}, {"rule_id": RULE_IDS["yearly"]}, "yearly", id="only its job tells the id"),
        pytest.param({}, {}, "monthly", id="nobody tells: the time"),
    ],
)
def test_a_backup_owes_what_the_rule_that_made_it_keeps(
    intent: Intent, told_by_point: dict[str, str], told_by_job: dict[str, str], rule: str
) -> None:
    night = Night(with_gfs(intent))
    point = a_source(created_at=MONTHLY_BEGAN_AT, completed_at=MONTHLY_ENDED_AT, made_by=a_maker(**told_by_point))
    night.truth.points = [point]
    night.truth.plans[PLAN] = a_plan("strongroom-gfs")
    verdict = night.see(made_by=a_maker(**told_by_job))
    assert (verdict.tier, verdict.rule) == ("gfs", rule)
    assert {promise.rule for promise in night.promises.held.values()} == {rule}


def test_a_run_of_a_continuous_backup_owes_what_its_own_rule_keeps(intent: Intent) -> None:
    """The recovery point may go on naming the rule that made it first."""
    night = Night(with_gfs(intent))
    point = a_source(arn=CONTINUOUS, made_by=a_maker(plan_name="strongroom-gfs", rule_name="daily"))
    night.truth.points = [point]
    night.truth.plans[PLAN] = a_plan("strongroom-gfs")
    verdict = night.see(recovery_point=CONTINUOUS, made_by=a_maker(rule_id=RULE_IDS["monthly"]))
    assert (verdict.rule, verdict.destinations) == ("monthly", (CENTRAL_VAULT, REPLICA_VAULT))


def test_a_failed_backup_is_told_once_with_its_cause(night: Night) -> None:
    for _ in range(2):
        night.see(state="FAILED", message='"No space."', recovery_point=None)
    assert night.told == [AlertKind.BACKUP_FAILED]
    assert night.alerts.told[0].reason == "the backup job ended FAILED: No space."


@pytest.mark.parametrize(
    ("known", "why"),
    [
        pytest.param({}, "does not know the job", id="forged, or forgotten"),
        pytest.param({"backup-1": a_backup_job()}, "says that the job is COMPLETED", id="completed"),
        pytest.param({"backup-1": a_backup_job(state="RUNNING")}, "says that the job is RUNNING", id="under way"),
    ],
)
def test_bad_news_that_aws_does_not_confirm_changes_nothing(
    known: dict[str, BackupJob], why: str, night: Night
) -> None:
    night.backups.jobs = known
    verdict = night.hear(state="FAILED", message="forged", recovery_point=None)
    assert (verdict.state, night.told) == (BackupState.UNCHANGED, [])
    assert why in verdict.reason


def test_a_failure_without_a_job_is_not_believed(night: Night) -> None:
    assert night.see(id=None, state="FAILED").state is BackupState.UNCHANGED


def test_a_later_backup_settles_the_failure(night: Night) -> None:
    night.see(state="EXPIRED", recovery_point=None)
    night.see()
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.BACKUP_EXPIRED]


def test_a_backup_with_issues_is_told_and_still_owes_its_copy(night: Night) -> None:
    night.see(message="some files were skipped")
    assert night.told == [AlertKind.BACKUP_WITH_ISSUES]
    assert night.promises.held


def test_issues_that_stay_hide_no_failure(night: Night) -> None:
    night.see(message="some files were skipped")
    failed = {"id": "backup-2", "state": "ABORTED", "created_at": CREATED_AT + timedelta(days=1)}
    night.backups.jobs["backup-2"] = a_backup_job(**failed)
    night.hear(**failed)
    assert night.told == [AlertKind.BACKUP_WITH_ISSUES, AlertKind.BACKUP_ABORTED]


def test_a_failure_from_before_the_last_backup_is_not_told(night: Night) -> None:
    night.protection.backups[RESOURCE] = COMPLETED_AT + timedelta(days=1)
    night.see(state="FAILED")
    assert night.told == []


def test_a_backup_that_is_older_than_what_its_rule_counts_is_remembered_with_the_resource(night: Night) -> None:
    """The later job ended first, and failed."""
    later = an_expected(last_created=CREATED_AT + timedelta(hours=1), last_job="backup-2", state=ExpectedState.FAILED)
    night.expected.held[later.key] = later
    night.see()
    assert night.expected.held[later.key] == later
    assert night.protection.backups == {RESOURCE: COMPLETED_AT}


def test_a_backup_that_is_heard_of_again_is_written_down_nowhere_else(night: Night) -> None:
    night.see()
    night.see()
    assert not night.protection.backups


def test_what_no_plan_of_ours_made_is_remembered_with_the_resource(night: Night) -> None:
    night.truth.tagged.clear()
    assert night.see().state is BackupState.UNKNOWN_TIER
    assert night.protection.backups == {RESOURCE: COMPLETED_AT}


def test_a_completed_job_without_recovery_point_is_a_failed_backup(night: Night) -> None:
    night.truth.points.clear()
    assert night.see().state is BackupState.FAILED
    assert night.told == [AlertKind.BACKUP_FAILED]


def test_a_recovery_point_that_is_gone_since_its_copies_were_promised_is_no_failure(night: Night) -> None:
    night.see()
    night.truth.points.clear()
    assert night.see().state is BackupState.UNCHANGED
    assert night.told == []


def test_a_recovery_point_that_is_gone_since_it_was_remembered_is_no_failure_either(night: Night) -> None:
    night.protection.backups[RESOURCE] = COMPLETED_AT
    night.truth.points.clear()
    assert night.see().state is BackupState.UNCHANGED
    assert night.told == []


def test_a_recovery_point_that_is_not_shown_yet_is_asked_for_again(night: Night) -> None:
    night.truth.points.clear()
    with pytest.raises(TemporarilyUnavailableError, match="not shown yet"):
        night.see(completed_at=IN_TIME - timedelta(minutes=9))
    assert night.told == []
    assert night.see(completed_at=IN_TIME - timedelta(minutes=11)).state is BackupState.FAILED


def test_an_older_backup_with_issues_that_is_heard_of_late_is_not_told(night: Night) -> None:
    night.see_next()
    assert night.see(message="some files were skipped").state is BackupState.PROMISED
    assert night.told == []


def test_an_older_backup_with_issues_does_not_outlive_a_later_one_that_is_heard_of_meanwhile(night: Night) -> None:
    meanwhile = [night.see_next]

    class Raced(FakeAlerts):
        def find(self, fingerprint: str) -> AlertState | None:
            if meanwhile:
                meanwhile.pop()()
            return super().find(fingerprint)

    night.alerts = Raced()
    night.see(message="some files were skipped")
    assert [state.status for state in night.alerts.kept.values()] == [AlertStatus.RESOLVED]


def test_a_later_backup_with_issues_outlives_the_end_that_an_older_one_brings(night: Night) -> None:
    meanwhile = [lambda: night.see_next(message="some files were skipped")]

    class Raced(FakeAlerts):
        def find(self, fingerprint: str) -> AlertState | None:
            if meanwhile:
                meanwhile.pop()()
            return super().find(fingerprint)

    night.alerts = Raced()
    night.see()
    assert [state.status for state in night.alerts.kept.values()] == [AlertStatus.OPEN]


def test_issues_of_two_nights_are_told_once_and_end_with_the_next_good_backup(night: Night) -> None:
    for days in (0, 1):
        night.see(id=f"backup-{days}", created_at=CREATED_AT + timedelta(days=days), message="some files were skipped")
    assert night.told == [AlertKind.BACKUP_WITH_ISSUES]
    night.see(id="backup-2", created_at=CREATED_AT + timedelta(days=2))
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.BACKUP_WITH_ISSUES]
