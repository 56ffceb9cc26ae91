"""What became of a backup that must be made is written before it is told, once, and told by whoever comes next."""

from copy import replace
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.expected.backups import ExpectedBackup, ExpectedState
from strongroom.domain.copies.facts import BackupFailed, BackupMissing
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.expect_backups import answer_backup, await_backups, tell_backup
from tests.builders.copies import CREATED_AT, RESOURCE, an_origin
from tests.builders.expected import FIRING, NIGHT, an_answer, an_expected
from tests.builders.gfs import with_gfs
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.copies import Audience, FakeExpectedBackups

NOW = FIRING + timedelta(minutes=20)
KEY = an_expected().key


@dataclass
class Night(Audience):
    intent: Intent
    expected: FakeExpectedBackups = field(default_factory=lambda: FakeExpectedBackups(held={KEY: an_expected()}))

    @property
    def backup(self) -> ExpectedBackup:
        return self.expected.held[KEY]

    def hear(self, **changes: Any) -> ExpectedBackup | None:
        return answer_backup(
            an_answer(**changes),
            resource=RESOURCE,
            origin=an_origin(self.intent),
            account=PAYMENTS,
            region=HOME,
            needs=self,
            now=NOW,
        )


@pytest.fixture
def night(intent: Intent) -> Night:
    return Night(intent)


def test_a_good_backup_is_one_write_and_nobody_is_told(night: Night) -> None:
    night.hear()
    assert (night.backup.state, night.backup.firing, night.backup.revision) == (ExpectedState.OK, FIRING + NIGHT, 2)
    assert (night.people.facts, night.people.told) == ([], [])


def test_a_failure_is_written_told_and_noted_as_told(night: Night) -> None:
    night.hear(is_good=False, reason="no space")
    assert (night.backup.state, night.backup.untold, night.backup.revision) == (ExpectedState.FAILED, False, 3)
    (alert,) = night.people.told
    assert (alert.kind, alert.subject, alert.reason) == (
        AlertKind.BACKUP_FAILED,
        f"{RESOURCE} (daily-prod)",
        "no space",
    )
    assert [fact.backup_job for fact in night.people.of(BackupFailed)] == ["backup-2"]


def test_the_next_good_backup_ends_the_alert_once(night: Night) -> None:
    night.hear(is_good=False)
    for _ in range(2):
        night.hear(job="backup-3", created_at=FIRING + timedelta(hours=1))
    assert [alert.kind for alert in night.people.settled] == [AlertKind.BACKUP_FAILED]
    assert night.backup.alert is None


def test_the_first_backup_of_a_rule_makes_the_next_one_expected(night: Night) -> None:
    night.expected.held.clear()
    night.hear()
    assert (night.backup.state, night.backup.firing, night.backup.revision) == (ExpectedState.OK, FIRING + NIGHT, 1)


def test_a_first_backup_that_failed_is_told(night: Night) -> None:
    night.expected.held.clear()
    night.hear(is_good=False)
    assert night.people.kinds == [AlertKind.BACKUP_FAILED]


def test_what_is_older_is_neither_written_nor_published(night: Night) -> None:
    assert night.hear(is_good=False, created_at=CREATED_AT - NIGHT) is None
    assert (night.backup, night.people.facts) == (an_expected(), [])


def test_what_somebody_else_wrote_meanwhile_is_decided_anew(night: Night) -> None:
    night.expected.overtaken = [an_expected(last_job="backup-3", last_created=FIRING + NIGHT, revision=2)]
    assert night.hear(is_good=False) is None
    assert (night.backup.last_job, night.people.told) == ("backup-3", [])


def test_what_others_change_all_the_time_is_left_for_later(night: Night) -> None:
    night.expected.overtaken = [an_expected(unseen=number, revision=number) for number in range(2, 9)]
    with pytest.raises(TemporarilyUnavailableError):
        night.hear()


def test_what_could_not_be_told_is_told_with_the_next_job_that_is_heard_of(night: Night) -> None:
    night.people.is_down = True
    with pytest.raises(TemporarilyUnavailableError):
        night.hear(is_good=False)
    assert night.backup.untold
    night.people.is_down = False
    assert night.hear(is_good=False) is None
    assert (night.people.kinds, night.backup.untold) == ([AlertKind.BACKUP_FAILED], False)


def test_missing_and_failed_are_one_alert_of_the_rule(night: Night) -> None:
    missing = an_expected(
        state=ExpectedState.MISSING, alert=AlertKind.BACKUP_MISSING, untold=True, missed=FIRING, version=2
    )
    night.expected.held[KEY] = missing
    tell_backup(missing, needs=night, now=NOW)
    night.hear(is_good=False)
    night.hear(job="backup-3", created_at=FIRING + NIGHT)
    assert night.people.kinds == [AlertKind.BACKUP_MISSING]
    assert len(night.people.settled) == 1
    assert night.people.of(BackupMissing) == []


def test_a_backup_that_was_told_by_somebody_else_meanwhile_is_theirs(night: Night) -> None:
    untold = an_expected(state=ExpectedState.FAILED, alert=AlertKind.BACKUP_FAILED, untold=True)
    night.expected.overtaken = [replace(untold, untold=False, revision=9)]
    assert tell_backup(untold, needs=night, now=NOW) == untold
    assert night.backup.revision == 9


def test_each_rule_of_a_new_resource_is_expected_once_from_an_hour_on(intent: Intent) -> None:
    book = FakeExpectedBackups()
    gfs = with_gfs(intent)
    for now in (FIRING - timedelta(minutes=30), FIRING + NIGHT):
        await_backups(RESOURCE, tier="gfs", account=PAYMENTS, region=HOME, intent=gfs, expected=book, now=now)
    firings = {each.rule: f"{each.firing:%Y-%m-%d %H:%M}" for each in book.held.values()}
    assert firings == {
        "daily": "2026-09-03 02:00",
        "weekly": "2026-09-06 03:00",
        "monthly": "2026-10-01 04:00",
        "yearly": "2027-01-01 05:00",
    }
