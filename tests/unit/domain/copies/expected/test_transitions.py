"""The newest job by creation decides, in any order of arrival; what is missed is told once, and ends with the next."""

from copy import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.expected.backups import Answer, ExpectedBackup, ExpectedState
from strongroom.domain.copies.expected.transitions import (
    answered,
    awaited,
    ended,
    missed,
    overtaken,
    postponed,
    told,
)
from strongroom.domain.intent.model import Intent
from tests.builders.copies import CREATED_AT, RESOURCE
from tests.builders.expected import BACKUP_DUE, FIRING, NIGHT, a_timetable, an_answer, an_expected

NOW = FIRING + timedelta(minutes=20)
SOON = timedelta(minutes=5)
FAILED = {"state": ExpectedState.FAILED, "alert": AlertKind.BACKUP_FAILED}
MISSING = {
    "state": ExpectedState.MISSING,
    "alert": AlertKind.BACKUP_MISSING,
    "missed": FIRING,
    "firing": FIRING + NIGHT,
}
BAD = an_answer(is_good=False, reason="no space")
EXPIRED = an_answer(is_good=False, reason="too late", kind=AlertKind.BACKUP_EXPIRED)


def test_the_last_backup_stays_known_while_those_after_it_fail(intent: Intent) -> None:
    runs = a_timetable(intent)
    good = answered(an_expected(), an_answer(point="arn:point", completed_at=NOW), runs=runs, now=NOW)
    assert good is not None
    later = an_answer(job="backup-3", created_at=FIRING + NIGHT, is_good=False)
    failed = answered(good, later, runs=runs, now=NOW + NIGHT)
    assert failed is not None
    assert (failed.state, failed.last_point, failed.last_completed) == (ExpectedState.FAILED, "arn:point", NOW)


def test_a_later_job_that_ended_before_the_one_before_it_leaves_the_latest_backup_where_it_was(intent: Intent) -> None:
    runs, slow, quick = a_timetable(intent), FIRING + timedelta(hours=30), FIRING + timedelta(hours=26)
    first = an_answer(point="arn:slow", completed_at=slow)
    known = answered(an_expected(), first, runs=runs, now=slow)
    assert known is not None
    second = an_answer(job="backup-3", created_at=FIRING + NIGHT, point="arn:quick", completed_at=quick)
    after = answered(known, second, runs=runs, now=slow)
    assert after is not None
    assert (after.last_job, after.last_point, after.last_completed) == ("backup-3", "arn:slow", slow)
    third = an_answer(job="backup-4", created_at=FIRING + 2 * NIGHT, point="arn:third", completed_at=slow + NIGHT)
    latest = answered(after, third, runs=runs, now=slow + NIGHT)
    assert latest is not None
    assert (latest.last_point, latest.last_completed) == ("arn:third", slow + NIGHT)


@pytest.mark.parametrize(
    ("known", "answer", "state", "alert", "untold"),
    [
        pytest.param({}, an_answer(), ExpectedState.OK, None, False, id="good after good"),
        pytest.param({}, BAD, ExpectedState.FAILED, AlertKind.BACKUP_FAILED, True, id="failed after good"),
        pytest.param(FAILED, BAD, ExpectedState.FAILED, AlertKind.BACKUP_FAILED, False, id="failed again: silent"),
        pytest.param({}, EXPIRED, ExpectedState.FAILED, AlertKind.BACKUP_EXPIRED, True, id="expired after good"),
        pytest.param(FAILED, EXPIRED, ExpectedState.FAILED, AlertKind.BACKUP_EXPIRED, True, id="another way: told"),
        pytest.param(MISSING, EXPIRED, ExpectedState.FAILED, AlertKind.BACKUP_MISSING, False, id="begun late, expired"),
        pytest.param(FAILED, an_answer(), ExpectedState.OK, AlertKind.BACKUP_FAILED, True, id="mended: told"),
        pytest.param(MISSING, an_answer(), ExpectedState.OK, AlertKind.BACKUP_MISSING, True, id="late: told"),
        pytest.param(MISSING, BAD, ExpectedState.FAILED, AlertKind.BACKUP_MISSING, False, id="begun late and failed"),
        pytest.param(
            {"alert": AlertKind.BACKUP_FAILED, "untold": True},
            BAD,
            ExpectedState.FAILED,
            AlertKind.BACKUP_FAILED,
            True,
            id="failed again before its end was told",
        ),
        pytest.param(
            {"state": ExpectedState.ENDED, "firing": None}, an_answer(), ExpectedState.OK, None, False, id="anew"
        ),
    ],
)
def test_a_newer_job_decides_and_moves_the_firing_on(
    intent: Intent,
    known: dict[str, Any],
    answer: Answer,
    state: ExpectedState,
    alert: AlertKind | None,
    untold: bool,  # noqa: FBT001
) -> None:
    expected = an_expected(**known)
    moved = answered(expected, answer, runs=a_timetable(intent), now=NOW)
    assert moved is not None
    assert (moved.state, moved.alert, moved.untold) == (state, alert, untold)
    assert (moved.firing, moved.last_created, moved.last_job) == (FIRING + NIGHT, FIRING, "backup-2")
    assert moved.due_at == (NOW + SOON if untold else BACKUP_DUE + NIGHT)
    assert moved.revision == expected.revision + 1
    assert moved.version == expected.version + (state is not ExpectedState.OK or expected.state is not ExpectedState.OK)


@pytest.mark.parametrize(
    ("known", "answer"),
    [
        pytest.param({}, an_answer(created_at=CREATED_AT - NIGHT), id="an older job"),
        pytest.param({}, an_answer(created_at=CREATED_AT - NIGHT, is_good=False), id="an older failure"),
        pytest.param({}, an_answer(job="backup-1", created_at=CREATED_AT), id="the same job"),
        pytest.param(
            {}, an_answer(job="backup-1", created_at=CREATED_AT + timedelta(milliseconds=5)), id="its date in a list"
        ),
        pytest.param({}, an_answer(job="other", created_at=CREATED_AT, is_good=False), id="worse at the same moment"),
        pytest.param(MISSING, an_answer(created_at=FIRING - SOON), id="from before what is missing"),
    ],
)
def test_what_is_older_or_known_changes_nothing(intent: Intent, known: dict[str, Any], answer: Answer) -> None:
    assert answered(an_expected(**known), answer, runs=a_timetable(intent), now=NOW) is None


def test_of_two_jobs_of_one_moment_the_good_one_counts_whichever_is_heard_of_first(intent: Intent) -> None:
    runs, good = a_timetable(intent), an_answer(job="backup-3")
    first = answered(an_expected(), BAD, runs=runs, now=NOW)
    assert first is not None
    mended = answered(first, good, runs=runs, now=NOW)
    assert mended is not None
    assert mended.state is ExpectedState.OK


def test_jobs_come_to_the_same_in_any_order_of_arrival(intent: Intent) -> None:
    runs = a_timetable(intent)
    jobs = [
        an_answer(job=f"backup-{number}", created_at=FIRING + number * NIGHT, is_good=number % 2 == 1)
        for number in range(4)
    ]
    ends = set()
    for order in permutations(jobs):
        expected = an_expected(last_created=None, last_job=None)
        for job in order:
            expected = answered(expected, job, runs=runs, now=NOW) or expected
        ends.add((expected.state, expected.firing, expected.last_job))
    assert ends == {(ExpectedState.OK, FIRING + 4 * NIGHT, "backup-3")}


def test_a_backup_that_never_began_is_missed_and_the_next_one_expected(intent: Intent) -> None:
    runs = a_timetable(intent)
    moved = missed(an_expected(), firing=FIRING, reason="none", runs=runs, now=BACKUP_DUE)
    assert moved is not None
    assert (moved.state, moved.alert, moved.untold) == (ExpectedState.MISSING, AlertKind.BACKUP_MISSING, True)
    assert (moved.missed, moved.firing, moved.due_at) == (FIRING, FIRING + NIGHT, BACKUP_DUE + SOON)
    again = missed(told(moved, runs=runs), firing=FIRING + NIGHT, reason="none", runs=runs, now=BACKUP_DUE + NIGHT)
    assert again is not None
    assert (again.untold, again.missed, again.version) == (False, FIRING + NIGHT, moved.version + 1)


def test_after_days_away_one_look_is_for_every_run_that_should_have_been_answered(intent: Intent) -> None:
    moved = missed(
        an_expected(), firing=FIRING, reason="none", runs=a_timetable(intent), now=BACKUP_DUE + 6 * NIGHT + SOON
    )
    assert moved is not None
    assert moved.firing == FIRING + 7 * NIGHT


def test_what_somebody_answered_meanwhile_is_not_missed(intent: Intent) -> None:
    answered_meanwhile = an_expected(firing=FIRING + NIGHT)
    assert missed(answered_meanwhile, firing=FIRING, reason="", runs=a_timetable(intent), now=BACKUP_DUE) is None


@pytest.mark.parametrize(
    ("known", "untold"),
    [pytest.param({}, False, id="silently"), pytest.param(FAILED, True, id="with the end of its alert")],
)
def test_what_nobody_has_to_make_any_more_ends(intent: Intent, known: dict[str, Any], untold: bool) -> None:  # noqa: FBT001
    over = ended(an_expected(**known), reason="gone", now=NOW)
    assert over is not None
    assert (over.state, over.firing, over.untold) == (ExpectedState.ENDED, None, untold)
    assert over.due_at == (NOW + SOON if untold else None)
    assert ended(over, reason="gone", now=NOW) is None
    known_over = told(over, runs=a_timetable(intent))
    assert (known_over.alert, known_over.due_at) == (None, None)


@pytest.mark.parametrize(
    ("is_good", "state", "untold"),
    [
        pytest.param(True, ExpectedState.OK, True, id="a good backup is one"),
        pytest.param(False, ExpectedState.FAILED, False, id="a failure is the other rule's"),
    ],
)
def test_a_run_that_another_rule_took_is_answered_by_it(
    intent: Intent,
    is_good: bool,  # noqa: FBT001
    state: ExpectedState,
    untold: bool,  # noqa: FBT001
) -> None:
    moved = overtaken(an_expected(**FAILED), an_answer(is_good=is_good), runs=a_timetable(intent), now=NOW)
    assert moved is not None
    assert (moved.firing, moved.state, moved.untold, moved.last_job) == (FIRING + NIGHT, state, untold, "backup-1")


def test_a_new_resource_is_awaited_once(intent: Intent) -> None:
    expected = an_expected()
    fresh = ExpectedBackup(
        resource=RESOURCE, account=expected.account, region=expected.region, tier=expected.tier, rule=expected.rule
    )
    first = awaited(fresh, runs=a_timetable(intent), after=CREATED_AT)
    assert first is not None
    assert (first.firing, first.due_at, first.version, first.revision) == (FIRING, BACKUP_DUE, 1, 1)
    assert awaited(first, runs=a_timetable(intent), after=CREATED_AT) is None


def test_what_cannot_be_looked_at_gives_way_and_is_counted() -> None:
    later = postponed(an_expected(), again=NOW, unseen=3)
    assert (later.due_at, later.unseen, later.firing, later.version, later.revision) == (NOW, 3, FIRING, 1, 2)


def test_what_was_told_is_looked_at_when_its_next_run_is_due(intent: Intent) -> None:
    known = told(replace(an_expected(**FAILED), untold=True), runs=a_timetable(intent))
    assert (known.untold, known.alert, known.due_at) == (False, AlertKind.BACKUP_FAILED, BACKUP_DUE)
