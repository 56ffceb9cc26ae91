"""A backup that is due is looked for, waited for while it runs, and told once when it never began."""

from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.accounts.membership import AccountState, KnownAccount
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.expected.backups import ExpectedBackup, ExpectedState
from strongroom.domain.copies.facts import BackupMissing
from strongroom.domain.copies.found import MadeBy
from strongroom.domain.copies.promises import Learnt
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tiers import RuleSettings
from strongroom.services.copies.look_at_backup import (
    BackupLook,
    BackupLookState,
    Whereabouts,
    leave_backup,
    look_at_backup,
)
from strongroom.services.copies.open_promises import PromiseOpeningNeeds
from tests.builders.copies import PLAN, RESOURCE, SOURCE, a_backup_job, a_source
from tests.builders.expected import BACKUP_DUE, FIRING, NIGHT, an_expected
from tests.builders.gfs import with_gfs
from tests.builders.places import PAYMENTS
from tests.fakes.accounts_and_tags import FakeAccountBook, FakeAlerts
from tests.fakes.copies import (
    FakeBackupJobs,
    FakeExpectedBackups,
    FakeGroups,
    FakePromises,
    FakeProtection,
    FakeResources,
    FakeTruth,
)

KEY = an_expected().key
BY_DAILY = MadeBy(plan=PLAN, plan_name="strongroom-daily-prod", rule_name="backup-and-copy")
LATER = timedelta(minutes=15)


@dataclass
class Night:
    intent: Intent
    truth: FakeTruth = field(default_factory=FakeTruth)
    backups: FakeBackupJobs = field(default_factory=FakeBackupJobs)
    expected: FakeExpectedBackups = field(default_factory=lambda: FakeExpectedBackups(held={KEY: an_expected()}))
    resources: FakeResources = field(default_factory=lambda: FakeResources({RESOURCE: {"Backup": "daily-prod"}}))
    accounts: FakeAccountBook = field(default_factory=FakeAccountBook)
    promises: FakePromises = field(default_factory=FakePromises)
    people: FakeAlerts = field(default_factory=FakeAlerts)

    @property
    def needs(self) -> PromiseOpeningNeeds:
        return PromiseOpeningNeeds(
            intent=self.intent,
            backups=self.backups,
            points=self.truth,
            promises=self.promises,
            groups=FakeGroups(),
            expected=self.expected,
            protection=FakeProtection(),
            alerts=self.people.notifier,
            publisher=self.people,
        )

    @property
    def backup(self) -> ExpectedBackup:
        (backup,) = self.expected.held.values()
        return backup

    def job(self, **changes: Any) -> None:
        job = {"id": "backup-2", "created_at": FIRING, "made_by": BY_DAILY, "recovery_point": None} | changes
        self.backups.jobs[str(job["id"])] = a_backup_job(**job)

    def look(self, now: datetime = BACKUP_DUE) -> BackupLookState:
        return self.see(now).state

    def see(self, now: datetime = BACKUP_DUE) -> BackupLook:
        whereabouts = Whereabouts(resources=self.resources, accounts=self.accounts)
        return look_at_backup(self.backup, needs=self.needs, whereabouts=whereabouts, now=now)


@pytest.fixture
def night(intent: Intent) -> Night:
    return Night(intent)


def test_a_backup_that_never_began_is_told_once_and_the_next_one_expected(night: Night) -> None:
    assert night.look() is BackupLookState.MISSING
    assert night.people.kinds == [AlertKind.BACKUP_MISSING]
    assert "was to begin 2026-09-02 02:00 UTC" in night.people.told[0].reason
    assert [fact.firing for fact in night.people.of(BackupMissing)] == [FIRING.isoformat()]
    assert (night.backup.firing, night.backup.due_at) == (FIRING + NIGHT, BACKUP_DUE + NIGHT)
    assert night.look(BACKUP_DUE + NIGHT) is BackupLookState.MISSING
    assert night.people.kinds == [AlertKind.BACKUP_MISSING]


def test_a_completed_job_whose_event_was_lost_answers_and_owes_its_copy(night: Night) -> None:
    point = a_source(created_at=FIRING, completed_at=FIRING + LATER, made_by=BY_DAILY)
    night.truth.points = [point]
    night.job(recovery_point=SOURCE)
    assert night.look() is BackupLookState.ANSWERED
    assert (night.backup.state, night.backup.firing, night.people.told) == (ExpectedState.OK, FIRING + NIGHT, [])
    assert [promise.opened_by for promise in night.promises.held.values()] == [Learnt.SWEEP]


def test_a_failed_job_whose_event_was_lost_is_told_as_failed(night: Night) -> None:
    night.job(state="EXPIRED")
    assert night.look() is BackupLookState.ANSWERED
    assert night.people.kinds == [AlertKind.BACKUP_EXPIRED]


def test_a_running_job_is_waited_for_until_twelve_hours_after_its_firing(night: Night) -> None:
    night.job(state="RUNNING")
    assert night.look() is BackupLookState.STILL_RUNNING
    assert (night.backup.due_at, night.people.told) == (BACKUP_DUE + LATER, [])
    assert night.look(FIRING + timedelta(hours=12)) is BackupLookState.MISSING
    assert "backup-2 is still RUNNING" in night.people.told[0].reason


@pytest.mark.parametrize(
    "job",
    [
        pytest.param({"made_by": None}, id="made by hand"),
        pytest.param({"made_by": replace(BY_DAILY, plan_name="superwerker")}, id="of a plan that is not ours"),
        pytest.param({"made_by": replace(BY_DAILY, plan_name="strongroom-monthly-prod")}, id="of another tier"),
        pytest.param({"created_at": FIRING - LATER}, id="from before the firing"),
        pytest.param({"resource": "arn:other"}, id="of another resource"),
    ],
)
def test_only_a_job_of_the_rule_answers(job: dict[str, Any], night: Night) -> None:
    night.job(state="FAILED", **job)
    assert night.look() is BackupLookState.MISSING


@pytest.mark.parametrize(
    ("tags", "units", "why"),
    [
        pytest.param({}, None, "gone", id="gone"),
        pytest.param({RESOURCE: {"team": "payments"}}, None, "tags choose daily-prod no more", id="no tier's tag"),
        pytest.param({RESOURCE: {"Backup": "none"}}, None, "tags choose daily-prod no more", id="opted out"),
        pytest.param({RESOURCE: {"Backup": "daily-prod"}}, ("ou-strg-elsewhere",), "governed no more", id="moved away"),
    ],
)
def test_what_nobody_backs_up_any_more_ends_without_an_alert(
    tags: dict[str, dict[str, str]], units: tuple[str, ...] | None, why: str, night: Night
) -> None:
    night.resources.tagged = tags
    if units is not None:
        night.accounts.known[PAYMENTS] = KnownAccount(
            account=PAYMENTS, state=AccountState.READY, units=units, assessed_at=FIRING, not_ready_since=None
        )
    look = night.see()
    assert look.state is BackupLookState.ENDED
    assert why in look.reason
    assert (night.backup.state, night.backup.due_at, night.people.told) == (ExpectedState.ENDED, None, [])


def test_a_resource_of_a_type_that_is_not_listed_by_tags_is_not_taken_for_gone(night: Night) -> None:
    other = replace(an_expected(), resource="arn:aws:timestream:eu-west-1:222222222222:database/metrics")
    night.expected.held = {other.key: other}
    assert night.look() is BackupLookState.MISSING


def test_the_alert_of_what_is_gone_is_resolved(night: Night) -> None:
    night.look()
    night.resources.tagged = {}
    assert night.look(BACKUP_DUE + NIGHT) is BackupLookState.ENDED
    assert [alert.kind for alert in night.people.settled] == [AlertKind.BACKUP_MISSING]


@pytest.mark.parametrize("tier", ["daily-prod", "no-such-tier"])
def test_what_the_intent_has_no_more_ends_silently(tier: str, night: Night) -> None:
    gone = an_expected(tier=tier, rule="no-such-rule")
    night.expected.held = {gone.key: gone}
    assert night.look() is BackupLookState.ENDED
    assert night.people.told == []


def test_a_rule_with_another_schedule_is_expected_by_that(night: Night) -> None:
    moved = replace(night.intent.tiers["daily-prod"], schedule="daily 05:00")
    night.intent = replace(night.intent, tiers=night.intent.tiers | {"daily-prod": moved})
    assert night.look() is BackupLookState.RESCHEDULED
    assert night.backup.firing == FIRING + timedelta(hours=3)
    assert night.people.told == []


def test_a_rule_with_longer_windows_is_looked_at_when_they_have_passed(night: Night) -> None:
    longer = replace(night.intent.tiers["daily-prod"], complete_window=timedelta(hours=8))
    night.intent = replace(night.intent, tiers=night.intent.tiers | {"daily-prod": longer})
    assert night.look() is BackupLookState.RESCHEDULED
    assert (night.backup.firing, night.backup.due_at) == (FIRING, BACKUP_DUE + timedelta(hours=4))


def _beside_an_equal_rule(intent: Intent) -> Night:
    """The night of rule `a`, which rule `b` meets half an hour later, and which keeps as long."""
    rules = {
        name: RuleSettings(schedule=f"daily 02:{at}", keep={"local": 14}) for name, at in (("a", "00"), ("b", "30"))
    }
    expected = an_expected(tier="gfs", rule="a")
    return Night(with_gfs(intent, rules=rules), expected=FakeExpectedBackups(held={expected.key: expected}))


@pytest.mark.parametrize("state", ["COMPLETED", "FAILED", "RUNNING"])
def test_a_run_that_an_equal_rule_took_is_answered_by_that(state: str, intent: Intent) -> None:
    night = _beside_an_equal_rule(intent)
    by_other = MadeBy(plan=PLAN, plan_name="strongroom-gfs", rule_name="b")
    night.job(state=state, created_at=FIRING + timedelta(minutes=30), made_by=by_other)
    assert night.look() is BackupLookState.ANSWERED
    assert (night.backup.firing, night.backup.state, night.people.told) == (FIRING + NIGHT, ExpectedState.OK, [])


def test_a_job_of_its_own_that_began_before_the_run_is_not_waited_for(intent: Intent) -> None:
    night = _beside_an_equal_rule(intent)
    night.resources.tagged = {RESOURCE: {"Backup": "gfs"}}
    own = MadeBy(plan=PLAN, plan_name="strongroom-gfs", rule_name="a")
    night.job(state="RUNNING", created_at=FIRING - timedelta(minutes=30), made_by=own)
    assert night.look() is BackupLookState.MISSING


def test_what_is_untold_is_told_before_anything_is_asked(night: Night) -> None:
    night.backups.refusal = AccessRefusedError("no")
    untold = an_expected(state=ExpectedState.FAILED, alert=AlertKind.BACKUP_FAILED, untold=True, version=2)
    night.expected.held[KEY] = untold
    assert night.look() is BackupLookState.TOLD
    assert night.people.kinds == [AlertKind.BACKUP_FAILED]


@pytest.mark.parametrize("asked", ["backups", "resources"])
def test_what_cannot_be_asked_is_left_to_whoever_looks(asked: str, night: Night) -> None:
    getattr(night, asked).refusal = TemporarilyUnavailableError("busy")
    with pytest.raises(TemporarilyUnavailableError):
        night.look()
    assert night.people.told == []


def test_what_cannot_be_looked_at_six_times_in_a_row_is_told(night: Night) -> None:
    for number in range(1, 7):
        assert night.people.told == []
        look = leave_backup(
            night.backup, cause="the account is busy", needs=night.needs, now=BACKUP_DUE + number * LATER
        )
        assert look.state is BackupLookState.UNREACHABLE
    (alert,) = night.people.told
    assert (alert.kind, alert.reason) == (
        AlertKind.BACKUP_MISSING,
        "6 looks in vain, the last because the account is busy",
    )
    assert night.backup.unseen == 0
