"""An alert's life as a table: whatever was written, and whoever comes, with or without a number."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint, is_news_beside, is_worse
from strongroom.domain.alerts.lifecycle import (
    CLAIM_LASTS,
    AlertState,
    AlertStatus,
    Step,
    judge_complaint,
    judge_end,
    judge_mending,
    left,
    never_told,
    told,
)
from tests.builders.places import HOME, PAYMENTS

NOW = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)
LATER = NOW + CLAIM_LASTS
ALERT = Alert(kind=AlertKind.COPY_MISSING, subject="arn:db", account=PAYMENTS, region=HOME, reason="nothing arrived")
OPEN, RESOLVED = AlertStatus.OPEN, AlertStatus.RESOLVED


def state(status: AlertStatus, version: int, told_as: tuple[int, AlertStatus | None] = (0, None)) -> AlertState:
    plain = AlertState(alert=ALERT, status=status, version=version, opened_at=NOW, last_seen_at=NOW)
    return replace(plain, told_version=told_as[0], told_status=told_as[1])


BEGUN = replace(state(OPEN, 2), claimed_until=LATER)
LEFT = state(OPEN, 2)
TOLD = told(BEGUN)
EXPIRED = replace(TOLD, alert=replace(ALERT, kind=AlertKind.BACKUP_EXPIRED))
ENDING = replace(state(RESOLVED, 3, (2, OPEN)), claimed_until=LATER)
ENDED = told(ENDING)
WORSE = state(OPEN, 4, (2, OPEN))


@pytest.mark.parametrize(
    ("kept", "version", "step"),
    [
        (None, 1, Step.TELL),
        (None, None, Step.TELL),
        (BEGUN, 2, Step.BUSY),
        (BEGUN, None, Step.KNOWN),
        (BEGUN, 3, Step.BUSY),
        (LEFT, 2, Step.TELL),
        (LEFT, None, Step.TELL),
        (TOLD, 1, Step.SUPERSEDED),
        (TOLD, 2, Step.KNOWN),
        (TOLD, None, Step.KNOWN),
        (TOLD, 3, Step.TELL),
        (ENDING, 2, Step.SUPERSEDED),
        (ENDING, 4, Step.BUSY),
        (ENDING, None, Step.BUSY),
        (ENDED, 2, Step.SUPERSEDED),
        (ENDED, 4, Step.TELL),
        (ENDED, None, Step.TELL),
    ],
)
def test_a_complaint_is_told_known_too_late_or_must_wait(
    kept: AlertState | None, version: int | None, step: Step
) -> None:
    following = judge_complaint(kept, ALERT, version=version, now=NOW)
    assert following.step is step
    if step is Step.TELL:
        assert following.state is not None
        assert (following.state.status, following.state.claimed_until) == (OPEN, LATER)
        assert not following.state.is_told


@pytest.mark.parametrize(
    ("kept", "version", "step", "owed"),
    [
        (BEGUN, 3, Step.BUSY, False),
        (BEGUN, None, Step.BUSY, False),
        (LEFT, 3, Step.TELL, True),
        (LEFT, None, Step.TELL, True),
        (TOLD, 1, Step.SUPERSEDED, False),
        (TOLD, 3, Step.TELL, False),
        (TOLD, None, Step.TELL, False),
        (WORSE, 5, Step.TELL, False),
        (ENDING, 3, Step.BUSY, False),
        (ENDING, None, Step.KNOWN, False),
        (left(ENDING), 3, Step.TELL, False),
        (left(ENDING), None, Step.TELL, False),
        (ENDED, 3, Step.KNOWN, False),
        (ENDED, None, Step.KNOWN, False),
        (ENDED, 5, Step.SILENT, False),
        (None, 3, Step.SILENT, False),
        (None, None, Step.SILENT, False),
    ],
)
def test_an_end_is_told_if_its_opening_was_or_may_have_been(
    *, kept: AlertState | None, version: int | None, step: Step, owed: bool
) -> None:
    following = judge_end(kept, reason="arrived", version=version, now=NOW)
    assert (following.step, following.is_opening_owed) == (step, owed)
    if step in {Step.TELL, Step.SILENT} and kept is not None:
        assert following.state is not None
        assert (following.state.status, following.state.is_told) == (RESOLVED, step is Step.SILENT)


@pytest.mark.parametrize(
    ("kept", "kind", "step"),
    [
        pytest.param(TOLD, AlertKind.COPY_MISSING, Step.KNOWN, id="people know that it is open"),
        pytest.param(LEFT, AlertKind.COPY_MISSING, Step.TELL, id="perhaps nobody knows"),
        pytest.param(BEGUN, AlertKind.COPY_MISSING, Step.BUSY, id="somebody is telling it"),
        pytest.param(ENDED, AlertKind.COPY_MISSING, Step.TELL, id="people know that it was over"),
        pytest.param(TOLD, AlertKind.COPY_VANISHED, Step.KNOWN, id="as grave"),
        pytest.param(
            replace(TOLD, alert=replace(ALERT, kind=AlertKind.COPY_SLOW)), AlertKind.COPY_MISSING, Step.TELL, id="worse"
        ),
        pytest.param(EXPIRED, AlertKind.BACKUP_EXPIRED, Step.KNOWN, id="expired again"),
        pytest.param(EXPIRED, AlertKind.BACKUP_FAILED, Step.TELL, id="a backup that ended in another way"),
        pytest.param(EXPIRED, AlertKind.BACKUP_MISSING, Step.KNOWN, id="one that never began"),
    ],
)
def test_the_same_with_a_later_number_is_told_to_those_who_do_not_know_it(
    kept: AlertState, kind: AlertKind, step: Step
) -> None:
    following = judge_complaint(kept, replace(ALERT, kind=kind), version=9, now=NOW, is_same=True)
    assert following.step is step
    if step is Step.KNOWN:
        assert following.state is not None
        assert (following.state.version, following.state.told_version, following.state.count) == (9, 9, 2)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        pytest.param(AlertKind.BACKUP_EXPIRED, "again", id="the same"),
        pytest.param(AlertKind.BACKUP_WITH_ISSUES, ALERT.reason, id="one that is less grave"),
        pytest.param(AlertKind.BACKUP_MISSING, ALERT.reason, id="one that is no news beside it"),
    ],
)
def test_the_reason_of_an_alert_is_one_of_its_kind(kind: AlertKind, reason: str) -> None:
    later = replace(ALERT, kind=kind, reason="again")
    following = judge_complaint(EXPIRED, later, version=9, now=NOW, is_same=True)
    assert following.state is not None
    assert (following.state.alert.kind, following.state.alert.reason) == (AlertKind.BACKUP_EXPIRED, reason)


def test_what_is_worse_and_has_no_number_is_told_beside_what_stands() -> None:
    slow, missing = (replace(ALERT, kind=kind) for kind in (AlertKind.COPY_SLOW, AlertKind.COPY_MISSING))
    following = judge_complaint(replace(TOLD, alert=slow), missing, version=None, now=NOW)
    assert (following.step, following.state and following.state.alert.kind) == (Step.TELL, AlertKind.COPY_MISSING)
    assert judge_complaint(replace(TOLD, alert=missing), slow, version=None, now=NOW).step is Step.KNOWN


def test_a_claim_ends_by_itself() -> None:
    assert judge_complaint(BEGUN, ALERT, version=2, now=LATER - timedelta(seconds=1)).step is Step.BUSY
    assert judge_complaint(BEGUN, ALERT, version=2, now=LATER).step is Step.TELL
    assert judge_end(ENDING, reason="arrived", version=3, now=LATER).step is Step.TELL


def test_an_alert_that_opens_again_counts_anew_and_has_a_later_number() -> None:
    again = judge_complaint(ENDED, replace(ALERT, reason="again"), version=None, now=LATER).state
    assert again is not None
    assert (again.version, again.count, again.opened_at, again.alert.reason) == (4, 1, LATER, "again")


def test_one_that_was_over_before_anybody_was_told_is_known_to_be_over() -> None:
    silent = never_told(ALERT, reason="arrived", version=3, now=NOW)
    assert silent.is_told
    assert judge_complaint(silent, ALERT, version=2, now=NOW).step is Step.SUPERSEDED


def test_what_may_become_of_a_copy_is_one_alert() -> None:
    kinds = (AlertKind.COPY_MISSING, AlertKind.COPY_FAILED, AlertKind.COPY_SLOW, AlertKind.COPY_VANISHED)
    assert len({fingerprint(kind, "arn:db") for kind in kinds}) == 1
    assert fingerprint(AlertKind.BACKUP_FAILED, "arn:db") != fingerprint(AlertKind.COPY_FAILED, "arn:db")


def test_what_may_become_of_a_backup_is_one_alert() -> None:
    kinds = [kind for kind in AlertKind if kind.startswith("backup-")]
    assert (len(kinds), len({fingerprint(kind, "arn:db") for kind in kinds})) == (6, 1)


def test_a_backup_that_ends_in_another_way_is_news_beside_the_first() -> None:
    ends = {AlertKind.BACKUP_FAILED, AlertKind.BACKUP_PARTIAL, AlertKind.BACKUP_EXPIRED, AlertKind.BACKUP_ABORTED}
    told = {(kind, than) for kind in AlertKind for than in ends if is_news_beside(kind, than)}
    assert told == {(kind, than) for kind in ends for than in ends if kind is not than}
    assert not any(is_news_beside(kind, AlertKind.BACKUP_MISSING) for kind in ends)


def test_worse_is_what_a_person_must_look_at_sooner() -> None:
    assert is_worse(AlertKind.COPY_MISSING, AlertKind.COPY_SLOW)
    assert not is_worse(AlertKind.COPY_FAILED, AlertKind.COPY_MISSING)
    assert not is_worse(AlertKind.COPY_SLOW, AlertKind.COPY_MISSING)


def about(state: AlertState, *resources: str) -> AlertState:
    return replace(state, alert=replace(state.alert, resources=resources))


@pytest.mark.parametrize(
    ("kept", "mended", "step", "remaining"),
    [
        pytest.param(None, ["a"], Step.SILENT, None, id="unknown"),
        pytest.param(about(TOLD, "a", "b"), ["a"], Step.KNOWN, ("b",), id="some"),
        pytest.param(about(TOLD, "a", "b"), ["c"], Step.KNOWN, None, id="another"),
        pytest.param(about(ENDED, "a", "b"), ["a"], Step.KNOWN, None, id="over"),
        pytest.param(about(BEGUN, "a", "b"), ["a"], Step.BUSY, None, id="being told"),
        pytest.param(about(TOLD, "a", "b"), ["a", "b"], Step.TELL, ("a", "b"), id="all"),
        pytest.param(TOLD, ["a"], Step.TELL, (), id="about one"),
    ],
)
def test_an_alert_about_several_goes_on_with_what_is_left(
    kept: AlertState | None, mended: list[str], step: Step, remaining: tuple[str, ...] | None
) -> None:
    following = judge_mending(kept, mended, reason="tagged", now=NOW)
    assert following.step is step
    assert (following.state and following.state.alert.resources) == remaining
    is_over = following.state is not None and following.state.status is RESOLVED
    assert is_over == (step is Step.TELL)


def test_of_two_who_take_something_out_of_an_alert_the_second_looks_again() -> None:
    kept = about(TOLD, "a", "b", "c")
    narrowed = judge_mending(kept, ["a"], reason="tagged", now=NOW).state
    assert narrowed is not None
    assert narrowed.count == kept.count + 1
