"""What is kept of a candidate, and of the chosen backup where it is none of the rows."""

from datetime import timedelta

import pytest

from strongroom.domain.restores.candidates.backups import backups_of
from strongroom.domain.restores.candidates.keeping import kept_row, row_of_chosen
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.choosing.kept import KeptRow
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.scans.verdicts import Scan
from tests.builders.deciding.candidates import BEFORE, TWO_O_CLOCK, a_kept_row, a_listed_copy, a_listed_point
from tests.builders.restores import NOW
from tests.unit.domain.restores.candidates.asking import a_question, found


def _chosen(point: ListedPoint, *others: ListedPoint, way: Way = Way.LOCAL) -> KeptRow:
    [backup] = backups_of((point, *others))
    return row_of_chosen(point, backup, a_question(), way=way)


def test_a_candidate_is_kept_with_all_its_ways() -> None:
    [row] = found(a_listed_point(verified=True), a_listed_copy()).rows
    assert kept_row(row) == a_kept_row()


def test_a_chosen_backup_that_could_be_offered_has_no_marks_of_its_own() -> None:
    row = _chosen(a_listed_copy(verified=True), a_listed_point(), way=Way.COPY_BACK)
    assert row == a_kept_row(marks=())


@pytest.mark.parametrize(
    ("point", "why"),
    [
        (a_listed_point(scan=Scan.THREATS, scanned_at=NOW), "malware was found in it"),
        (a_listed_point(created_at=BEFORE + timedelta(minutes=1)), "it is later"),
        (a_listed_point(status="EXPIRED"), "its status is EXPIRED"),
        (a_listed_point(expires_at=NOW + timedelta(minutes=5)), "it expires at"),
    ],
    ids=["infected", "later", "its state", "it expires"],
)
def test_a_chosen_backup_that_is_not_offered_says_why_and_by_which_way_it_was_chosen(
    point: ListedPoint, why: str
) -> None:
    row = _chosen(point)
    assert row.why_not.startswith(why)
    assert (row.instant, row.minutes_lost, row.scan, row.scanned_at) == (
        point.created_at,
        None,
        point.scan,
        point.scanned_at,
    )
    assert [(way.recovery_point, way.plan, way.minutes) for way in row.ways] == [(point.arn, "local", None)]


def test_where_another_copy_of_it_is_offered_the_chosen_one_still_says_why_it_is_not() -> None:
    row = _chosen(a_listed_copy(status="EXPIRED"), a_listed_point(), way=Way.COPY_BACK)
    assert (row.why_not, row.instant) == ("its status is EXPIRED", TWO_O_CLOCK)
    assert [way.plan for way in row.ways] == ["copy-back"]
