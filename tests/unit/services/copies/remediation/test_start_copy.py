"""A copy is started by whoever has read everything again, counted afterwards, and never twice."""

from copy import replace

import pytest

from strongroom.domain.copies.facts import CopyRestarted
from strongroom.domain.copies.promises import PromiseKey, PromiseState
from strongroom.domain.copies.remediation.starting import Remedy
from strongroom.domain.errors import AccessRefusedError, CopyRefusedError, StrongroomError
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.remediation.start_copy import StartVerdict, start_copy
from tests.builders.copies import a_copy, a_copy_job, a_promise
from tests.builders.places import CENTRAL_VAULT, PAYMENTS
from tests.fakes.copies import LateNight

MISSING = a_promise(state=PromiseState.MISSING)


@pytest.fixture
def night(intent: Intent) -> LateNight:
    night = LateNight(intent)
    night.promises.open(MISSING)
    return night


def start(night: LateNight) -> StartVerdict:
    return start_copy(MISSING.key, needs=night.start_needs)


def test_a_copy_that_never_began_is_started_counted_and_said(night: LateNight) -> None:
    verdict = start(night)
    assert (verdict.remedy, verdict.copy_job) == (Remedy.START, "copy-again-1")
    assert night.jobs.started == [(MISSING, 1)]
    assert night.promise().restarts == 1
    [fact] = night.alerts.of(CopyRestarted)
    assert (fact.copy_job, fact.destination) == ("copy-again-1", CENTRAL_VAULT)


def test_what_came_meanwhile_is_left_to_the_looks(night: LateNight) -> None:
    night.truth.points = [a_copy()]
    assert start(night).remedy is Remedy.LEAVE
    night.truth.points, night.jobs.jobs = [], [a_copy_job(state="CREATED", destination_recovery_point=None)]
    assert start(night).remedy is Remedy.LEAVE
    assert (night.jobs.started, night.promise().restarts) == ([], 0)


def test_what_no_other_try_mends_is_to_be_diagnosed(night: LateNight) -> None:
    night.jobs.jobs = [
        a_copy_job(state="FAILED", message="Given key ID is not accessible", destination_recovery_point=None)
    ]
    verdict = start(night)
    assert (verdict.remedy, verdict.copy_job, night.jobs.started) == (Remedy.DIAGNOSE, None, [])


def test_nothing_is_started_for_what_nobody_owes(night: LateNight) -> None:
    verdict = start_copy(PromiseKey("arn:other", CENTRAL_VAULT, None, PAYMENTS), needs=night.start_needs)
    assert verdict.remedy is Remedy.LEAVE
    assert night.jobs.started == []


def test_a_repeated_step_counts_one_start_because_it_sees_the_job_of_the_first(night: LateNight) -> None:
    start(night)
    night.jobs.jobs = [a_copy_job(state="CREATED", destination_recovery_point=None)]
    assert start(night).remedy is Remedy.LEAVE
    assert (len(night.jobs.started), night.promise().restarts) == (1, 1)


def test_whoever_died_before_counting_asks_for_the_same_job_again(night: LateNight) -> None:
    start(night)
    night.promises.held[MISSING.key] = MISSING  # the count was never written
    start(night)
    assert [attempt for _, attempt in night.jobs.started] == [1, 1]


def test_the_start_is_counted_on_what_others_wrote_meanwhile(night: LateNight) -> None:
    night.promises.overtaken = [replace(MISSING, looks=1, revision=2)]
    start(night)
    assert (night.promise().restarts, night.promise().looks) == (1, 1)


@pytest.mark.parametrize("refusal", [AccessRefusedError("no"), CopyRefusedError("it is cold")], ids=repr)
def test_what_aws_refuses_is_raised_and_counts_nothing(refusal: StrongroomError, night: LateNight) -> None:
    night.jobs.start_refusal = refusal
    with pytest.raises(type(refusal)):
        start(night)
    assert (night.promise().restarts, night.alerts.of(CopyRestarted)) == (0, [])


def test_an_account_that_cannot_be_asked_starts_nothing(night: LateNight) -> None:
    night.jobs.refusal = AccessRefusedError("no")
    with pytest.raises(AccessRefusedError):
        start(night)
    assert night.jobs.started == []
