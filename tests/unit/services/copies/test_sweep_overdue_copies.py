"""A sweep looks at whatever is due in its turn, and nobody who cannot be asked keeps the others waiting."""

from dataclasses import replace
from datetime import timedelta

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.promises import Learnt, PromiseState
from strongroom.domain.copies.transitions import verified
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    ConfigurationMissingError,
    MalformedIdentifierError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.model import Intent
from tests.builders.copies import (
    COPY,
    RESOURCE,
    TOO_LATE,
    a_copy_job,
    a_promise,
)
from tests.builders.expected import BACKUP_DUE, an_expected
from tests.builders.places import CENTRAL_VAULT, REPLICA_VAULT, REPORTS
from tests.fakes.copies import LateNight


@pytest.fixture
def night(intent: Intent) -> LateNight:
    night = LateNight(intent)
    night.promises.open(a_promise())
    return night


def test_one_promise_that_cannot_be_looked_at_does_not_stop_the_others(night: LateNight) -> None:
    night.promises.held.clear()
    night.promises.open(a_promise(destination=REPLICA_VAULT))
    night.promises.open(a_promise())
    night.truth.refusal[REPLICA_VAULT] = TemporarilyUnavailableError("busy")
    assert night.sweep().counts == {"UNREACHABLE": 1, "MISSING": 1}
    left = night.promise(destination=REPLICA_VAULT)
    assert (left.due_at, left.unseen) == (TOO_LATE + night.intent.deadlines.look_every, 1)


IN_VAIN = (
    TemporarilyUnavailableError("no answer in time"),
    AccessRefusedError("denied"),
    CallRefusedError("not accepted"),
    MalformedIdentifierError("no ARN"),
    NotFoundError("gone"),
)


@pytest.mark.parametrize("refusal", IN_VAIN, ids=repr)
def test_a_promise_that_can_never_be_looked_at_is_told_after_six_looks_in_vain(
    refusal: StrongroomError, night: LateNight
) -> None:
    night.truth.refusal[CENTRAL_VAULT] = refusal
    told = []
    for hours in range(14):
        night.sweep(TOO_LATE + timedelta(hours=2 * hours))
        told.append(len(night.told))
    assert told == [0] * 5 + [1] * 9
    assert f"6 looks in vain, the last because {refusal}" in night.alerts.told[0].reason


def test_a_look_that_succeeds_forgets_those_in_vain(night: LateNight) -> None:
    night.truth.refusal[CENTRAL_VAULT] = TemporarilyUnavailableError("busy")
    for hours in (0, 2):
        night.sweep(TOO_LATE + timedelta(hours=hours))
    assert night.promise().unseen == 2
    night.truth.refusal.clear()
    night.jobs.jobs = [a_copy_job(state="RUNNING", destination_recovery_point=None)]
    night.sweep(TOO_LATE + timedelta(hours=3))
    assert night.promise().unseen == 0


def test_what_the_control_plane_itself_lacks_ends_the_sweep(night: LateNight) -> None:
    night.truth.refusal[CENTRAL_VAULT] = ConfigurationMissingError("the ledger is closed to us")
    with pytest.raises(ConfigurationMissingError):
        night.sweep()


@pytest.mark.parametrize(
    ("refusal", "counts"),
    [
        pytest.param(
            TemporarilyUnavailableError("Rate exceeded"),
            {"UNREACHABLE": 3, "MISSING": 10},
            id="too busy, and soon left in peace",
        ),
        pytest.param(
            CallRefusedError("InvalidParameterValueException"), {"UNREACHABLE": 190, "MISSING": 10}, id="poisoned"
        ),
    ],
)
def test_a_crowd_that_cannot_be_looked_at_starves_nobody(
    refusal: StrongroomError, counts: dict[str, int], night: LateNight
) -> None:
    night.promises.held.clear()
    for number in range(1_700):
        night.promises.open(a_promise(recovery_point=f"arn:crowd-{number}", destination=REPLICA_VAULT))
    for number in range(10):
        night.promises.open(a_promise(recovery_point=f"arn:well-{number}", account=REPORTS))
    night.truth.refusal[REPLICA_VAULT] = refusal
    assert night.sweep().counts == counts


def test_a_promise_that_was_settled_since_it_was_listed_is_left_alone(night: LateNight) -> None:
    listed = night.promise()
    night.promises.lagging = [listed.key]
    night.promises.held[listed.key] = replace(listed, state=PromiseState.VERIFIED, due_at=None, revision=2)
    assert night.sweep().verdicts == ()


@pytest.mark.parametrize("refusal", [AccessRefusedError("denied"), CallRefusedError("not accepted")], ids=repr)
def test_a_promise_that_aws_refuses_to_be_asked_about_lets_those_behind_it_pass(
    refusal: StrongroomError, night: LateNight
) -> None:
    night.promises.held.clear()
    night.promises.open(a_promise(destination=REPLICA_VAULT))
    night.promises.open(a_promise())
    night.truth.refusal[REPLICA_VAULT] = refusal
    [refused] = night.sweep(limit=1).verdicts
    assert (refused.state, refused.reason) == ("UNREACHABLE", str(refusal))
    assert night.promise(destination=REPLICA_VAULT).due_at == TOO_LATE + night.intent.deadlines.look_every
    assert night.sweep(limit=1).counts == {"MISSING": 1}
    assert night.promise().state is PromiseState.MISSING


def test_a_sweep_takes_no_more_than_its_limit(night: LateNight) -> None:
    night.promises.open(a_promise(recovery_point="arn:second"))
    assert len(night.sweep(limit=1).verdicts) == 1


# What was written and not told


def test_what_could_not_be_told_is_told_at_the_next_sweep_and_once(night: LateNight) -> None:
    night.alerts.is_down = True
    assert night.sweep().counts == {"UNREACHABLE": 1}
    assert (night.promise().state, night.promise().untold) == (PromiseState.MISSING, True)
    night.alerts.is_down = False
    assert night.sweep_until(TOO_LATE + timedelta(minutes=15), since=TOO_LATE + timedelta(minutes=5)) == ["TOLD"]
    assert night.told == [AlertKind.COPY_MISSING]
    assert not night.promise().untold


def test_a_verification_that_was_not_told_is_told_by_the_sweep(night: LateNight) -> None:
    night.sweep()
    known = night.promise()
    over = verified(
        known, copy=COPY, reason="arrived", learnt=Learnt.EVENT, deadlines=night.intent.deadlines, now=TOO_LATE
    )
    assert over is not None
    night.promises.keep(over, was=known)  # by a function that died then
    assert night.sweep(TOO_LATE + timedelta(minutes=5)).counts == {"TOLD": 1}
    assert [alert.kind for alert in night.alerts.settled] == [AlertKind.COPY_MISSING]


def test_promises_and_expected_backups_are_looked_at_in_one_sweep(night: LateNight) -> None:
    night.promises.open(a_promise())
    night.expected.held = {an_expected().key: an_expected()}
    night.resources.tagged = {RESOURCE: {"Backup": "daily-prod"}}
    assert night.sweep(BACKUP_DUE).counts == {"MISSING": 2}
    assert night.alerts.kinds == [AlertKind.COPY_MISSING, AlertKind.BACKUP_MISSING]


def test_an_expected_backup_that_cannot_be_looked_at_gives_way(night: LateNight) -> None:
    night.promises.held.clear()
    night.expected.held = {an_expected().key: an_expected()}
    night.backups.refusal = AccessRefusedError("the role is missing")
    for number in range(6):
        assert night.alerts.told == []
        assert night.sweep(BACKUP_DUE + number * timedelta(minutes=15)).counts == {"UNREACHABLE": 1}
    assert "6 looks in vain, the last because the role is missing" in night.alerts.told[0].reason


def test_an_account_that_is_too_busy_is_asked_no_more_whatever_is_due_there(night: LateNight) -> None:
    night.promises.held.clear()
    for number in range(8):
        backup = replace(an_expected(), resource=f"{RESOURCE}-{number}")
        night.expected.held[backup.key] = backup
    night.backups.refusal = TemporarilyUnavailableError("busy")
    assert night.sweep(BACKUP_DUE).counts == {"UNREACHABLE": 3}


def test_a_backup_that_was_answered_since_it_was_listed_is_left_alone(night: LateNight) -> None:
    night.promises.held.clear()
    later = an_expected(due_at=BACKUP_DUE + timedelta(days=1))
    night.expected.held = {later.key: later}
    night.promises.lagging = [later.key]
    assert night.sweep(BACKUP_DUE).verdicts == ()
