"""A copy is believed only when it is in its vault as promised, and it counts once."""

from copy import replace
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.facts import CopyFailed, CopyVerified
from strongroom.domain.copies.found import CopyJob, CopyNotice
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.copies.verification import CopyState, CopyVerdict
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.intent.destinations import Lifecycle
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.verify_copy import CopyVerificationNeeds, verify_copy
from tests.builders.copies import (
    BY_PLAN,
    COMPLETED_AT,
    CONTINUOUS,
    COPY,
    CREATED_AT,
    IN_TIME,
    RESOURCE,
    SOURCE,
    a_copy,
    a_copy_job,
    a_promise,
    a_source,
    a_vault,
)
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.copies import (
    FakeBackupJobs,
    FakeCopyJobs,
    FakeExpectedBackups,
    FakeGroups,
    FakePromises,
    FakeProtection,
    FakeTruth,
)


@dataclass
class Night:
    intent: Intent
    truth: FakeTruth = field(
        default_factory=lambda: FakeTruth(
            points=[a_source(), a_copy()], vaults={CENTRAL_VAULT: a_vault()}, tagged={SOURCE: {"Backup": "daily-prod"}}
        )
    )
    jobs: FakeCopyJobs = field(default_factory=FakeCopyJobs)
    promises: FakePromises = field(default_factory=FakePromises)
    protection: FakeProtection = field(default_factory=FakeProtection)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)

    @property
    def promise(self) -> Promise:
        promise = self.promises.get(SOURCE, CENTRAL_VAULT)
        assert promise is not None
        return promise

    def see(self, **changes: Any) -> CopyVerdict:
        needs = CopyVerificationNeeds(
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
        )
        notice = CopyNotice(account=PAYMENTS, region=HOME, job=a_copy_job(**changes))
        return verify_copy(notice, needs=needs, now=IN_TIME)


@pytest.fixture
def night(intent: Intent) -> Night:
    night = Night(intent)
    night.promises.open(a_promise())
    return night


def test_a_good_copy_keeps_the_promise_and_is_published(night: Night) -> None:
    assert night.see().state is CopyState.VERIFIED
    assert night.promise.state is PromiseState.VERIFIED
    (fact,) = night.alerts.of(CopyVerified)
    assert (fact.resource, fact.destination, fact.copy) == (RESOURCE, CENTRAL_VAULT, COPY)


def test_how_long_a_copy_took_is_remembered_only_where_deadlines_are_learnt(night: Night) -> None:
    night.see()
    assert night.protection.copies == {}
    night.promises.held.clear()
    night.promises.open(a_promise(allowed=a_promise().deadline - COMPLETED_AT))
    night.see(completed_at=COMPLETED_AT + timedelta(hours=1))
    assert night.protection.copies == {(RESOURCE, CENTRAL_VAULT): {COPY: timedelta(hours=1)}}


def test_the_same_event_twice_has_one_effect(night: Night) -> None:
    night.see()
    assert night.see().state is CopyState.UNCHANGED
    assert len(night.alerts.facts) == 1


def test_a_late_running_event_takes_nothing_back(night: Night) -> None:
    night.see()
    assert night.see(state="RUNNING", destination_recovery_point=None).state is CopyState.UNCHANGED
    assert night.promise.state is PromiseState.VERIFIED


def test_a_completed_event_is_not_believed_without_the_copy(night: Night) -> None:
    night.truth.points = [a_source()]
    assert night.see().state is CopyState.PENDING
    assert night.promise.state is PromiseState.OPEN


def test_what_aws_says_now_counts_more_than_the_event(night: Night) -> None:
    night.jobs.jobs = [a_copy_job(state="FAILED", message="key not shared")]
    verdict = night.see()
    assert verdict.state is CopyState.FAILED
    assert "key not shared" in verdict.reason


def test_the_destination_is_read_from_the_job_when_the_event_lacks_it(night: Night) -> None:
    night.jobs.jobs = [a_copy_job()]
    assert night.see(destination_recovery_point=None).state is CopyState.VERIFIED


def test_a_failed_copy_is_told_once_and_looked_at_again(night: Night) -> None:
    night.jobs.jobs = [a_copy_job(state="FAILED", message="Access denied")]
    night.see(state="FAILED")
    assert night.see(state="FAILED").state is CopyState.UNCHANGED
    assert night.alerts.kinds == [AlertKind.COPY_FAILED]
    assert "Access denied" in night.alerts.told[0].reason
    assert len(night.alerts.of(CopyFailed)) == 1
    assert (night.promise.untold, night.promise.due_at) == (False, IN_TIME + night.intent.deadlines.look_every)


@pytest.mark.parametrize(
    "described", [(), (a_copy_job(),), (a_copy_job(state="RUNNING"),)], ids=["unknown", "good", "on"]
)
def test_bad_news_that_aws_does_not_confirm_changes_nothing(described: tuple[CopyJob, ...], night: Night) -> None:
    night.truth.points, night.jobs.jobs = [a_source()], list(described)
    assert night.see(state="FAILED", message="forged").state is CopyState.PENDING
    assert (night.alerts.told, night.promises.changes) == ([], [])


def test_a_hundred_forged_failures_are_told_to_nobody_and_cost_one_look_each(night: Night) -> None:
    night.truth.points, night.jobs.jobs = [a_source()], [a_copy_job()]
    states = {night.see(state="FAILED", message=f"forged {number}").state for number in range(100)}
    assert (states, night.jobs.described) == ({CopyState.PENDING}, 100)
    assert (night.alerts.told, night.alerts.facts, night.promises.changes) == ([], [], [])


def test_a_failure_that_nobody_lived_to_tell_is_told_when_its_event_comes_again(night: Night) -> None:
    night.jobs.jobs = [a_copy_job(state="FAILED", message="Access denied")]
    night.alerts.is_down = True
    with pytest.raises(TemporarilyUnavailableError):
        night.see(state="FAILED")
    assert (night.promise.state, night.promise.untold) == (PromiseState.FAILED, True)
    night.alerts.is_down = False
    assert night.see(state="FAILED").state is CopyState.UNCHANGED
    assert night.alerts.kinds == [AlertKind.COPY_FAILED]
    assert not night.promise.untold


def test_a_copy_that_somebody_else_verifies_at_the_same_moment_counts_once(night: Night) -> None:
    night.promises.overtaken = [replace(night.promise, state=PromiseState.VERIFIED, revision=2)]
    assert night.see().state is CopyState.UNCHANGED
    assert night.promises.changes == []


def test_a_promise_that_somebody_else_has_written_since_is_decided_anew(night: Night) -> None:
    night.promises.overtaken = [replace(night.promise, looks=2, revision=2)]
    assert night.see().state is CopyState.VERIFIED
    assert (night.promise.state, night.promise.revision) == (PromiseState.VERIFIED, 3)


def test_a_copy_that_is_kept_too_short_is_a_failed_copy(night: Night) -> None:
    night.truth.points = [a_copy(retention_days=35)]
    verdict = night.see()
    assert verdict.state is CopyState.FAILED
    assert "35 days instead of 2555" in night.alerts.told[0].reason


def test_a_good_copy_settles_what_was_complained_about(night: Night) -> None:
    night.jobs.jobs = [a_copy_job(id="copy-0", state="FAILED")]
    night.see(id="copy-0", state="FAILED")
    assert night.see().state is CopyState.VERIFIED
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.COPY_FAILED]
    assert (night.promise.alert, night.promise.untold, night.promise.due_at) == (None, False, None)


def test_a_failure_after_the_copy_was_verified_is_no_news(night: Night) -> None:
    night.see()
    assert night.see(id="copy-0", state="FAILED").state is CopyState.UNCHANGED
    assert night.alerts.told == []


def test_a_copy_seen_before_its_backup_opens_the_promise(night: Night) -> None:
    night.promises.held.clear()
    assert night.see().state is CopyState.VERIFIED
    assert night.promise.lifecycle == Lifecycle(retention_days=2555)


@pytest.mark.parametrize("state", ["RUNNING", "COMPLETED", "FAILED"])
def test_a_backup_on_demand_stays_nobodys_when_its_owner_copies_it_by_hand(state: str, night: Night) -> None:
    night.promises.held.clear()
    night.truth.points[0] = a_source(made_by=None)
    night.truth.tagged[SOURCE] = {"Backup": "compliance-7y"}
    assert night.see(state=state).state is CopyState.NOT_OURS
    assert (night.promises.held, night.alerts.told, night.alerts.facts) == ({}, [], [])


@pytest.mark.parametrize("described", [(), (a_copy_job(),)], ids=["forgotten by AWS", "described without its plan"])
def test_a_copy_by_the_plan_tells_who_made_a_backup_that_does_not(described: tuple[CopyJob, ...], night: Night) -> None:
    night.promises.held.clear()
    night.truth.points[0] = a_source(made_by=None)
    night.jobs.jobs = list(described)
    assert night.see(made_by=BY_PLAN).state is CopyState.VERIFIED


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"source_vault": CENTRAL_VAULT, "destination": LOCAL_VAULT}, id="copy-back"),
        pytest.param({"destination": LOCAL_VAULT.replace("eu-west-1", "eu-west-2")}, id="a-teams-own-copy"),
        pytest.param({"destination": REPLICA_VAULT}, id="not-owed-by-its-tier"),
        pytest.param({"recovery_point": "arn:unknown"}, id="source-gone"),
    ],
)
def test_a_copy_that_is_not_owed_changes_nothing(night: Night, changes: dict[str, Any]) -> None:
    assert night.see(**changes).state is CopyState.NOT_OURS
    assert night.alerts.facts == []
    assert night.promises.changes == []


def test_a_promise_that_the_backups_own_event_opened_at_the_same_moment_counts_as_it_stands(night: Night) -> None:
    """Only the backup knows when it began, and the alert is named by that."""
    opened = a_promise(recovery_point=CONTINUOUS, night="backup-1", created_at=CREATED_AT)
    night.promises.held = {opened.key: opened}
    night.promises.is_slow = True  # not there when the copy looks for it, and there when it opens it
    night.truth.points.append(a_source(arn=CONTINUOUS))
    night.truth.tagged[CONTINUOUS] = {"Backup": "daily-prod"}
    failed = a_copy_job(recovery_point=CONTINUOUS, state="FAILED", backup_job="backup-1", created_at=IN_TIME)
    night.jobs.jobs = [failed]
    assert night.see(recovery_point=CONTINUOUS, state="FAILED").state is CopyState.FAILED
    assert [alert.subject for alert in night.alerts.told] == [opened.subject]
