"""A continuous backup owes a copy each night, and each copy job serves one of them.

Developer Guide, "Continuous backups and point-in-time recovery (PITR)"; API reference, "CopyJob", of which
CreatedByBackupJobId is there for scheduled copies.
"""

from datetime import timedelta

import pytest

from strongroom.domain.copies.found import is_continuous
from strongroom.domain.copies.promises import Night, promise_of_night, promises_of
from strongroom.domain.intent.model import Intent
from tests.builders.copies import COMPLETED_AT, CREATED_AT, SOURCE, a_copy_job, a_promise, a_source
from tests.builders.places import HOME, PAYMENTS, REPLICA_VAULT

CONTINUOUS = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:continuous:db-abcdefghij-1a2b3c4d"
FIRST = a_promise(recovery_point=CONTINUOUS, night="backup-1")
SECOND = a_promise(recovery_point=CONTINUOUS, night="backup-2", created_at=CREATED_AT + timedelta(days=1))


def test_a_continuous_recovery_point_is_told_by_its_arn() -> None:
    assert is_continuous(CONTINUOUS)
    assert not is_continuous(SOURCE)


def test_a_nights_promise_counts_from_its_own_backup_and_not_from_the_points_first(intent: Intent) -> None:
    began_at, now = CREATED_AT + timedelta(days=5), COMPLETED_AT + timedelta(days=5)
    [promise] = promises_of(
        a_source(arn=CONTINUOUS),
        tier="daily-prod",
        account=PAYMENTS,
        region=HOME,
        intent=intent,
        now=now,
        night=Night(backup_job="backup-6", began_at=began_at),
    )
    assert (promise.night, promise.created_at) == ("backup-6", began_at)
    assert promise.deadline == now + intent.deadlines.copy_verified_within


def test_alerts_about_two_nights_are_two() -> None:
    assert FIRST.subject != SECOND.subject
    assert "2026-09-02 02:00 UTC" in SECOND.subject


@pytest.mark.parametrize(
    ("changes", "night"),
    [
        pytest.param({"backup_job": "backup-1"}, "backup-1", id="it names its backup"),
        pytest.param({"backup_job": "backup-1", "recovery_point": "arn:snapshot"}, "backup-1", id="under another ARN"),
        pytest.param({"backup_job": "backup-1", "created_at": None}, "backup-1", id="without a date"),
        pytest.param({"backup_job": "backup-9"}, None, id="it names a night that owes nothing"),
        pytest.param({}, "backup-1", id="only its date tells: before the second night"),
        pytest.param({"created_at": SECOND.created_at}, "backup-2", id="only its date tells: in the second night"),
        pytest.param({"created_at": CREATED_AT - timedelta(days=1)}, None, id="before any night"),
        pytest.param({"created_at": None}, "backup-2", id="nothing tells: the latest"),
        pytest.param({"backup_job": "backup-1", "destination": REPLICA_VAULT}, None, id="to another vault"),
    ],
)
def test_a_copy_job_serves_the_night_that_it_follows(changes: dict[str, object], night: str | None) -> None:
    job = a_copy_job(**{"recovery_point": CONTINUOUS} | changes)
    served = promise_of_night((FIRST, SECOND), job=job)
    assert (served.night if served else None) == night
