"""A backup that ends in the air-gapped vault of its own account, from its promise to what it leaves behind."""

from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.backup_jobs import BackupState, BackupVerdict
from strongroom.domain.copies.found import CopyNotice, RecoveryPointFound, VaultFound
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.copies.verification import CopyState, CopyVerdict
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.look_at_backup import Whereabouts
from strongroom.services.copies.open_promises import open_promises
from strongroom.services.copies.sweep_overdue_copies import OverdueSweepNeeds, sweep_overdue_copies
from strongroom.services.copies.verify_copy import verify_copy
from strongroom.services.health.expect_heartbeats import HeartbeatNeeds
from tests.builders.air_gaps import DAYS, LOCK, OWN_GAP, with_own_gap
from tests.builders.copies import COMPLETED_AT, CREATED_AT, IN_TIME, a_backup_job, a_copy_job, a_source
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS
from tests.fakes.accounts_and_tags import FakeAccountBook, FakeAlerts, FakeHeartbeats
from tests.fakes.copies import (
    FakeBackupJobs,
    FakeCopyJobs,
    FakeExpectedBackups,
    FakeGroups,
    FakePromises,
    FakeProtection,
    FakeRemediation,
    FakeResources,
    FakeTruth,
)

VOLUME = f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-1"
TABLE = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders"
DATABASE = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:payments"
SNAPSHOT = f"arn:aws:ec2:{HOME}::snapshot/snap-1"
MOVED = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:moved"
DIRECT = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:direct"
A_DAY = timedelta(days=1)


def temporary(**changes: Any) -> RecoveryPointFound:
    """The snapshot in the standard vault, on its way."""
    return replace(a_source(arn=SNAPSHOT, resource=VOLUME, retention_days=DAYS, is_temporary=True), **changes)


def arrived(**changes: Any) -> RecoveryPointFound:
    """What lies in the air-gapped vault; AWS names neither its key nor the vault's."""
    point = a_source(arn=MOVED, resource=VOLUME, vault=OWN_GAP, retention_days=DAYS, encryption_key=None)
    return replace(point, **changes)


def a_gap(**changes: Any) -> VaultFound:
    vault = VaultFound(
        arn=OWN_GAP,
        encryption_key=None,
        is_locked=True,
        min_retention_days=LOCK.min_retention_days,
        max_retention_days=LOCK.max_retention_days,
        is_air_gapped=True,
    )
    return replace(vault, **changes)


@dataclass
class Night:
    intent: Intent
    truth: FakeTruth = field(
        default_factory=lambda: FakeTruth(
            points=[temporary(), arrived()],
            vaults={OWN_GAP: a_gap()},
            tagged={arn: {"Backup": "daily-prod"} for arn in (SNAPSHOT, DIRECT)},
        )
    )
    jobs: FakeCopyJobs = field(default_factory=FakeCopyJobs)
    promises: FakePromises = field(default_factory=FakePromises)
    protection: FakeProtection = field(default_factory=FakeProtection)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)

    @property
    def needs(self) -> OverdueSweepNeeds:
        return OverdueSweepNeeds(
            intent=self.intent,
            backups=FakeBackupJobs(),
            expected=FakeExpectedBackups(),
            points=self.truth,
            vaults=self.truth,
            jobs=self.jobs,
            promises=self.promises,
            groups=FakeGroups(),
            protection=self.protection,
            alerts=self.alerts.notifier,
            publisher=self.alerts,
            due=self.promises,
            whereabouts=Whereabouts(resources=FakeResources(), accounts=FakeAccountBook()),
            heartbeats=HeartbeatNeeds(
                intent=self.intent, beats=FakeHeartbeats(), accounts=FakeAccountBook(), alerts=self.alerts.notifier
            ),
            remediations=FakeRemediation(),
        )

    def back_up(self, **changes: Any) -> BackupVerdict:
        job = a_backup_job(**{"resource": VOLUME, "recovery_point": SNAPSHOT, **changes})
        return open_promises(job, needs=self.needs, now=IN_TIME)

    def copy(self, *, at: datetime = IN_TIME, **changes: Any) -> CopyVerdict:
        told = {"recovery_point": SNAPSHOT, "destination": OWN_GAP, "destination_recovery_point": MOVED, **changes}
        notice = CopyNotice(account=PAYMENTS, region=HOME, job=a_copy_job(**told))
        return verify_copy(notice, needs=self.needs, now=at)

    def promise(self, recovery_point: str, destination: str) -> Promise:
        promise = self.promises.get(recovery_point, destination)
        assert promise is not None
        return promise

    @property
    def told(self) -> list[AlertKind]:
        return [alert.kind for alert in self.alerts.told]


@pytest.fixture
def night(intent: Intent) -> Night:
    return Night(with_own_gap(intent))


def test_a_snapshot_owes_a_copy_in_the_air_gapped_vault_as_long_as_the_rule_keeps(night: Night) -> None:
    assert set(night.back_up().destinations) == {CENTRAL_VAULT, OWN_GAP}
    promise = night.promise(SNAPSHOT, OWN_GAP)
    assert (promise.source_vault, promise.lifecycle.retention_days) == (LOCAL_VAULT, DAYS)
    verdict = night.copy()
    assert (verdict.state, verdict.is_unencrypted) == (CopyState.VERIFIED, False)
    assert "encrypted with its key, locked, and kept 35 days" in verdict.reason
    assert night.told == []


def test_a_snapshot_that_is_gone_before_its_event_comes_owes_the_same(night: Night) -> None:
    night.truth.points = [arrived()]
    assert night.back_up().state is BackupState.PROMISED
    promise = night.promise(SNAPSHOT, OWN_GAP)
    assert (promise.recovery_point, promise.source_vault, promise.created_at) == (SNAPSHOT, LOCAL_VAULT, CREATED_AT)


def test_a_backup_of_another_night_does_not_stand_for_one_that_is_gone(night: Night) -> None:
    night.truth.points = [arrived(created_at=CREATED_AT - A_DAY)]
    assert night.back_up(completed_at=COMPLETED_AT - A_DAY).state is BackupState.FAILED


def test_what_was_made_there_at_once_is_looked_at_by_the_next_sweep(night: Night) -> None:
    night.truth.points = [arrived(arn=DIRECT, resource=TABLE)]
    night.back_up(resource=TABLE, recovery_point=DIRECT, vault=OWN_GAP)
    promise = night.promise(DIRECT, OWN_GAP)
    assert promise.due_at == COMPLETED_AT
    assert promise.deadline > COMPLETED_AT
    assert night.promise(DIRECT, CENTRAL_VAULT).source_vault == OWN_GAP
    sweep_overdue_copies(needs=night.needs, now=IN_TIME)
    assert night.promise(DIRECT, OWN_GAP).state is PromiseState.VERIFIED


def test_a_type_that_it_does_not_take_owes_the_other_copies_only(night: Night) -> None:
    night.truth.points = [a_source(resource=DATABASE)]
    night.truth.tagged = {a_source().arn: {"Backup": "daily-prod"}}
    assert night.back_up(resource=DATABASE, recovery_point=a_source().arn).destinations == (CENTRAL_VAULT,)


FOUND = {
    "as AWS tells its own key": ({}, {}, CopyState.VERIFIED, "encrypted with its key"),
    "a key that only the point names": (
        {"encryption_key": "arn:aws"},
        {},
        CopyState.VERIFIED,
        "encrypted with its key",
    ),
    "kept too briefly": ({"retention_days": 7}, {}, CopyState.FAILED, "kept 7 days instead of 35"),
    "another key than the vault's": (
        {"encryption_key": "arn:other"},
        {"encryption_key": "arn:key"},
        CopyState.FAILED,
        "encrypted with arn:other",
    ),
    "a standard vault of that name": (
        {"encryption_key": "arn:key"},
        {"encryption_key": "arn:key", "is_air_gapped": False},
        CopyState.PENDING,
        "the vault is a standard one, and not air-gapped",
    ),
}


@pytest.mark.parametrize(("point", "vault", "state", "why"), FOUND.values(), ids=FOUND)
def test_what_lies_there_is_verified_by_reading_it(
    night: Night, point: dict[str, Any], vault: dict[str, Any], state: CopyState, why: str
) -> None:
    night.back_up()
    night.truth.points = [temporary(), arrived(**point)]
    night.truth.vaults[OWN_GAP] = a_gap(**vault)
    verdict = night.copy()
    assert (verdict.state, why in verdict.reason) == (state, True)


LEFT_OVER = {
    "that may not be deleted": temporary(status="EXPIRED"),
    "of the night before": temporary(arn="arn:before", created_at=CREATED_AT - A_DAY),
}


@pytest.mark.parametrize("left", LEFT_OVER.values(), ids=LEFT_OVER)
def test_a_snapshot_that_stays_behind_is_one_finding_until_it_is_gone(night: Night, left: RecoveryPointFound) -> None:
    night.back_up()
    night.truth.points = [left, arrived()]
    night.copy()
    (alert,) = night.alerts.told
    assert (alert.kind, alert.subject, alert.account) == (AlertKind.SNAPSHOT_LEFT_OVER, VOLUME, PAYMENTS)
    assert f"temporary snapshots are left over in {LOCAL_VAULT}: 1" in alert.reason
    later = SNAPSHOT.replace("snap-1", "snap-2")
    night.truth.points = [temporary(arn=later), arrived()]
    night.truth.tagged[later] = {"Backup": "daily-prod"}
    night.back_up(recovery_point=later)
    night.copy(recovery_point=later)
    assert AlertKind.SNAPSHOT_LEFT_OVER in [settled.kind for settled in night.alerts.settled]


def test_one_that_still_waits_for_its_other_copies_and_one_that_is_kept_are_no_finding(night: Night) -> None:
    night.back_up()
    kept = temporary(arn="arn:kept", created_at=CREATED_AT - 9 * A_DAY, is_temporary=False)
    night.truth.points = [temporary(), kept, arrived()]
    assert night.copy().state is CopyState.VERIFIED
    assert night.told == []
