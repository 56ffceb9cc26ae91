"""What a resource can be restored from: the table of cases."""

from copy import replace
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest

from strongroom.domain.restores.candidates.model import Candidates, ListedPoint, Mark
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.scans.verdicts import Scan
from tests.builders.deciding.candidates import BEFORE, GIB, TWO_O_CLOCK, a_listed_copy, a_listed_point
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import CENTRAL_POINT, NOW, POINT
from tests.unit.domain.restores.candidates.asking import WAYS, found

EFS = f"arn:aws:elasticfilesystem:{HOME}:{PAYMENTS}:file-system/fs-1"
LOG = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:continuous:db-1"


def _hour(hour: int, **changes: Any) -> ListedPoint:
    at = TWO_O_CLOCK.replace(hour=hour)
    return a_listed_point(arn=f"{POINT}-{hour}", created_at=at, completed_at=at + timedelta(minutes=9), **changes)


def test_copies_of_one_backup_are_one_row_with_several_ways_the_soonest_first() -> None:
    [row] = found(a_listed_copy(), a_listed_point()).rows
    assert [(each.way, each.minutes) for each in row.ways] == [(Way.LOCAL, 15), (Way.COPY_BACK, 42)]
    assert (row.instant, row.minutes_lost) == (TWO_O_CLOCK, 12 * 60)


def test_a_copy_of_a_copy_belongs_to_the_same_backup() -> None:
    back = a_listed_point(arn=f"{POINT}-back", source_vault=CENTRAL_VAULT)
    [row] = found(a_listed_copy(), back).rows
    assert {each.point.arn for each in row.ways} == {CENTRAL_POINT, f"{POINT}-back"}


def test_two_backups_of_one_moment_in_two_vaults_stay_two() -> None:
    other = a_listed_point(arn=f"{POINT}-2", vault=REPLICA_VAULT)
    assert len(found(a_listed_point(), other).rows) == 2


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        pytest.param(a_listed_point(status="PARTIAL"), "its status is PARTIAL", id="state"),
        pytest.param(a_listed_point(is_composite=True), "it is a composite of others", id="composite"),
        pytest.param(_hour(15), "it is later", id="later"),
        pytest.param(
            a_listed_point(
                resource=EFS, resource_type="EFS", completed_at=BEFORE + timedelta(minutes=5), created_at=TWO_O_CLOCK
            ),
            "it was still being written then",
            id="written over the moment",
        ),
        pytest.param(
            a_listed_point(resource=EFS, resource_type="EFS", completed_at=None, status="CREATING"),
            "it is still being written",
            id="being written",
        ),
        pytest.param(
            a_listed_point(resource=EFS, resource_type="EFS", completed_at=None),
            "it could not be read, so that nobody can say of when it is",
            id="whole, and not read",
        ),
        pytest.param(
            a_listed_point(arn=LOG, created_at=BEFORE + timedelta(seconds=1)), "its log begins later", id="log"
        ),
        pytest.param(
            # 15 minutes twice, and an hour.
            a_listed_point(expires_at=(NOW + timedelta(minutes=89)).astimezone(timezone(timedelta(hours=9)))),
            "it expires at 2026-11-23 15:49 UTC",
            id="expires",
        ),
        pytest.param(a_listed_point(scan=Scan.THREATS), "malware was found in it", id="infected"),
    ],
)
def test_what_is_not_offered_says_why(point: ListedPoint, reason: str) -> None:
    answer = found(point)
    assert answer.rows == ()
    [told] = answer.not_offered
    assert told.recovery_point == point.arn
    assert told.reason.startswith(reason)


def test_what_lives_as_long_as_twice_the_estimate_and_an_hour_is_offered() -> None:
    assert len(found(a_listed_point(expires_at=NOW + timedelta(minutes=90))).rows) == 1


def test_of_a_backup_one_of_whose_copies_cannot_come_back_the_others_are_offered() -> None:
    answer = found(a_listed_point(status="DELETING"), a_listed_copy())
    assert [each.point.arn for each in answer.rows[0].ways] == [CENTRAL_POINT]
    assert [each.recovery_point for each in answer.not_offered] == [POINT]


@pytest.mark.parametrize(
    ("before", "instant"),
    [
        pytest.param(BEFORE, BEFORE, id="inside"),
        pytest.param(NOW, NOW - timedelta(minutes=5), id="later than its end"),
    ],
)
def test_a_log_holds_the_very_second_or_its_last_one(before: datetime, instant: datetime) -> None:
    log = a_listed_point(arn=LOG, created_at=TWO_O_CLOCK - timedelta(days=90), status="COMPLETED")
    [row] = found(log, before=before).rows
    assert row.instant == instant


def test_a_log_goes_back_no_further_than_it_is_kept() -> None:
    log = a_listed_point(arn=LOG, created_at=TWO_O_CLOCK - timedelta(days=90), kept_for_days=35)
    assert found(log, before=NOW - timedelta(days=35)).rows
    answer = found(log, before=NOW - timedelta(days=35, seconds=1))
    assert answer.not_offered[0].reason == "its log begins later, at 2026-10-19 14:20 UTC"
    endless = a_listed_point(arn=LOG, created_at=TWO_O_CLOCK - timedelta(days=90), kept_for_days=None)
    assert found(endless, before=NOW - timedelta(days=80)).rows


def test_the_log_of_a_bucket_ends_a_quarter_of_an_hour_ago() -> None:
    log = a_listed_point(arn=LOG, resource="arn:aws:s3:::docs", resource_type="S3")
    [row] = found(log, before=NOW).rows
    assert row.instant == NOW - timedelta(minutes=15)


@pytest.mark.parametrize(
    ("resource_type", "whole", "reason"),
    [
        pytest.param("CloudFormation", False, "it is a composite of others, which are restored one by one", id="stack"),
        pytest.param("EKS", True, "it is a part of a composite, which is restored as a whole", id="cluster"),
    ],
)
def test_of_a_composite_and_what_lies_in_it_that_is_offered_which_aws_restores(
    resource_type: str, *, whole: bool, reason: str
) -> None:
    resource = {"resource": f"arn:aws:eks:{HOME}:{PAYMENTS}:cluster/shop", "resource_type": resource_type}
    points = [a_listed_point(arn=f"{POINT}-{each}", is_composite=each, **resource) for each in (True, False)]
    answer = found(*points)
    [row] = answer.rows
    assert [each.point.is_composite for each in row.ways] == [whole]
    assert [each.reason.partition(":")[0] for each in answer.not_offered] == [reason]


def test_a_log_is_no_copy_of_a_backup_of_the_same_moment() -> None:
    assert len(found(a_listed_point(arn=LOG), a_listed_point()).rows) == 2


def test_a_backup_of_the_very_moment_is_offered() -> None:
    [row] = found(a_listed_point(created_at=BEFORE)).rows
    assert row.minutes_lost == 0


def test_what_began_at_the_moment_was_being_written_then() -> None:
    told = found(a_listed_point(resource=EFS, resource_type="EFS", created_at=BEFORE, completed_at=NOW)).not_offered
    assert told[0].reason == "it was still being written then"


def test_what_is_not_offered_is_named_by_when_it_was_begun_as_what_is() -> None:
    file_system = {"resource": EFS, "resource_type": "EFS", "created_at": TWO_O_CLOCK}
    written = a_listed_point(**file_system, completed_at=BEFORE + timedelta(minutes=5))
    assert found(written).not_offered[0].created_at == TWO_O_CLOCK
    [row] = found(a_listed_point(**file_system, completed_at=TWO_O_CLOCK + timedelta(hours=1))).rows
    assert (row.created_at, row.instant) == (TWO_O_CLOCK, TWO_O_CLOCK + timedelta(hours=1))


def test_a_cluster_of_rds_takes_as_long_as_a_cluster() -> None:
    cluster = a_listed_point(resource=f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:c")
    [row] = found(cluster).rows
    assert (row.kind, row.best.minutes) == ("RDS cluster", 27)


def test_what_takes_an_unknown_time_needs_an_hour_at_least() -> None:
    for minutes, rows in ((60, 1), (59, 0)):
        assert len(found(a_listed_point(size=None, expires_at=NOW + timedelta(minutes=minutes))).rows) == rows


def test_what_is_left_to_do_is_said() -> None:
    of_the_machine, by_hand = found(a_listed_point()).rows[0].steps[:2]
    assert of_the_machine.startswith("The machine makes its alarms anew")
    assert by_hand.startswith("Set the parameters")


def test_the_last_scan_of_those_that_came_to_the_verdict_is_told() -> None:
    clean = (a_listed_point(scan=Scan.CLEAN, scanned_at=BEFORE), a_listed_copy(scan=Scan.CLEAN, scanned_at=NOW))
    failed = a_listed_copy(arn="failed", vault=REPLICA_VAULT, scan=Scan.INCOMPLETE, scanned_at=NOW + timedelta(hours=1))
    [row] = found(*clean, failed).rows
    assert row.scanned_at == NOW


def test_what_is_not_offered_comes_newest_first_and_before_it_what_has_no_moment_yet() -> None:
    unwritten = a_listed_point(arn="x", resource=EFS, resource_type="EFS", completed_at=None)
    same = [_hour(3, status="EXPIRED", vault=vault) for vault in (REPLICA_VAULT, LOCAL_VAULT)]
    twin = replace(same[1], arn="a")
    answer = found(_hour(2, status="EXPIRED"), *same, twin, _hour(4, status="EXPIRED"), unwritten)
    told = [each.recovery_point.removeprefix(POINT) for each in answer.not_offered]
    assert told == ["x", "-4", "a", "-3", "-3", "-2"]


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        (a_listed_point(is_composite=True), "it is a composite of others, which are restored one by one"),
        (a_listed_point(scan=Scan.THREATS), "malware was found in it, and the intent lets none of those be restored"),
        (
            a_listed_point(resource=EFS, resource_type="EFS", completed_at=None, status="CREATING"),
            "it is still being written",
        ),
        (_hour(15), "it is later"),
        (
            a_listed_point(expires_at=NOW),
            "it expires at 2026-11-23 14:20 UTC, before it could be restored for certain",
        ),
    ],
)
def test_a_reason_is_a_whole_sentence(point: ListedPoint, reason: str) -> None:
    assert [each.reason for each in found(point).not_offered] == [reason]


def test_every_way_has_its_place_in_the_order() -> None:
    points = {a_listed_point(arn=f"p-{way}", vault=f"{LOCAL_VAULT}-{way}", size=None): way for way in Way}
    nearest = [Way.LOCAL, Way.AIR_GAPPED, Way.AIR_GAPPED_MPA, Way.COPY_BACK, Way.REPLICA, Way.OTHER_REGION]
    for near, far in pairwise(nearest):
        pair = [point for point, way in points.items() if way in (near, far)]
        answer = found(*pair, way_of=lambda point: points[point])
        assert [row.best.way for row in answer.rows] == [near, far]


def test_a_file_system_is_of_the_moment_at_which_its_backup_was_whole() -> None:
    original = a_listed_point(resource=EFS, resource_type="EFS", completed_at=TWO_O_CLOCK + timedelta(hours=3))
    copy = a_listed_copy(resource=EFS, resource_type="EFS", completed_at=TWO_O_CLOCK + timedelta(hours=9))
    [row] = found(original, copy).rows
    assert row.instant == TWO_O_CLOCK + timedelta(hours=3)


def test_before_14_a_log_comes_first_and_the_others_say_why_not() -> None:
    written = a_listed_point(
        arn="written", resource=EFS, resource_type="EFS", completed_at=BEFORE + timedelta(minutes=5)
    )
    log, infected = a_listed_point(arn=LOG), _hour(13, scan=Scan.THREATS)
    answer = found(written, log, infected, _hour(12))
    assert [(row.best.point.arn, row.minutes_lost) for row in answer.rows] == [(LOG, 0), (f"{POINT}-12", 120)]
    assert {each.recovery_point: each.reason.partition(",")[0] for each in answer.not_offered} == {
        "written": "it was still being written then",
        f"{POINT}-13": "malware was found in it",
    }


@pytest.mark.parametrize(
    ("scans", "verdict"),
    [
        ((Scan.NEVER, Scan.CLEAN), Scan.CLEAN),
        ((Scan.INCOMPLETE, Scan.CLEAN), Scan.CLEAN),
        ((Scan.CLEAN, Scan.THREATS), Scan.THREATS),
        ((Scan.NEVER, Scan.INCOMPLETE), Scan.INCOMPLETE),
        ((Scan.NEVER, Scan.NEVER), Scan.NEVER),
    ],
)
def test_what_one_copy_says_of_malware_holds_for_all(scans: tuple[Scan, Scan], verdict: Scan) -> None:
    points = a_listed_point(scan=scans[0]), a_listed_copy(scan=scans[1], scanned_at=NOW)
    [row] = found(*points, allows_infected=True).rows
    assert row.scan is verdict
    assert row.scanned_at == (NOW if scans[1] is verdict else None)


def test_an_infected_backup_takes_its_clean_copy_with_it() -> None:
    answer = found(a_listed_point(scan=Scan.CLEAN), a_listed_copy(scan=Scan.THREATS))
    assert (len(answer.rows), len(answer.not_offered)) == (0, 2)


@pytest.mark.parametrize(
    ("told", "verified"),
    [((None, None), None), ((None, False), False), ((True, False), True), ((True, None), True)],
)
def test_a_backup_is_verified_by_any_of_its_copies(*, told: tuple[bool | None, ...], verified: bool | None) -> None:
    [row] = found(a_listed_point(verified=told[0]), a_listed_copy(verified=told[1])).rows
    assert row.verified is verified


def _two(**changes: Any) -> tuple[ListedPoint, ListedPoint]:
    """Two backups of one moment: one in the local vault, and one that differs."""
    return a_listed_point(), a_listed_point(**{"arn": f"{POINT}-2", "vault": REPLICA_VAULT} | changes)


@pytest.mark.parametrize(
    ("pair", "first"),
    [
        pytest.param((a_listed_point(scan=Scan.INCOMPLETE), _hour(1)), f"{POINT}-1", id="doubtful scans last"),
        pytest.param((a_listed_point(), _hour(3)), f"{POINT}-3", id="minutes lost"),
        pytest.param(_two(verified=True, size=900 * GIB), f"{POINT}-2", id="verified before minutes"),
        pytest.param(_two(vault=LOCAL_VAULT + "-2", size=GIB), POINT, id="minutes"),
    ],
)
def test_rows_come_in_that_order(pair: tuple[ListedPoint, ...], first: str) -> None:
    ways = WAYS | {LOCAL_VAULT + "-2": Way.COPY_BACK}
    for points in (pair, pair[::-1]):
        answer = found(*points, way_of=lambda point: ways[point.vault])
        assert answer.rows[0].best.point.arn == first


def test_what_was_verified_as_wrong_comes_after_what_nobody_looked_at() -> None:
    answer = found(*_two(verified=False, size=1))
    assert [row.verified for row in answer.rows] == [None, False]


def test_the_nearest_way_comes_first_where_all_else_is_the_same() -> None:
    copy = a_listed_copy(resource_type="Unheard")
    [row] = found(a_listed_point(resource_type="Unheard"), copy).rows
    assert [(each.way, each.minutes) for each in row.ways] == [(Way.LOCAL, None), (Way.COPY_BACK, None)]
    assert row.marks == (Mark.LEAST_LOSS,)


def test_measured_restores_take_the_place_of_the_estimate() -> None:
    [row] = found(a_listed_point(), a_listed_copy(), seen={"RDS": 7}).rows
    assert [(each.minutes, each.measured) for each in row.ways] == [(7, True), (34, False)]


def test_the_soonest_and_the_newest_clean_stand_among_the_five() -> None:
    many = [_hour(hour, size=500 * GIB) for hour in range(13, 4, -1)]
    clean, small = _hour(4, size=500 * GIB, scan=Scan.CLEAN), _hour(1, size=GIB)
    older = _hour(3, size=500 * GIB, scan=Scan.CLEAN)
    answer = found(*many, older, clean, small)
    assert [row.instant.hour for row in answer.rows] == [13, 12, 11, 4, 1]
    marks = (Mark.LEAST_LOSS,), (), (), (Mark.NEWEST_CLEAN,), (Mark.SOONEST,)
    assert tuple(row.marks for row in answer.rows) == marks
    assert answer.more == 7


def test_half_a_minute_is_a_minute_lost() -> None:
    [row] = found(a_listed_point(created_at=BEFORE - timedelta(seconds=1))).rows
    assert row.minutes_lost == 1


def test_nothing_is_found_in_nothing() -> None:
    assert found() == Candidates(rows=(), more=0, not_offered=())


def test_what_is_infected_comes_behind_what_is_not_and_is_never_the_soonest() -> None:
    """Where the intent lets it be restored at all."""
    infected, copied = _hour(10, scan=Scan.THREATS), a_listed_copy(arn=f"{CENTRAL_POINT}-2")
    rows = found(infected, copied, allows_infected=True).rows
    assert [row.best.point.arn for row in rows] == [copied.arn, infected.arn]
    assert [row.best.minutes for row in rows] == [42, 15]
    assert Mark.SOONEST in rows[0].marks
    assert rows[1].marks == ()


def test_a_way_that_takes_nobody_knows_how_long_is_the_last() -> None:
    [row] = found(a_listed_copy(size=None), a_listed_point()).rows
    assert [(each.way, each.minutes) for each in row.ways] == [(Way.LOCAL, 15), (Way.COPY_BACK, None)]


def test_the_soonest_way_comes_before_the_nearest() -> None:
    disk = {"resource": f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-1", "resource_type": "EBS"}
    [row] = found(a_listed_point(**disk, is_cold=True), a_listed_copy(**disk)).rows
    assert [each.way for each in row.ways] == [Way.COPY_BACK, Way.LOCAL]
    assert (row.ways[0].minutes or 0) < (row.ways[1].minutes or 0)


def test_what_is_alike_in_everything_comes_by_its_name_in_whatever_order_it_is_listed() -> None:
    logs = [a_listed_point(arn=f"{LOG}-{number}", created_at=TWO_O_CLOCK - timedelta(days=9)) for number in range(4)]
    for listed in (logs, logs[::-1]):
        assert [row.best.point.arn for row in found(*listed).rows] == [each.arn for each in logs]


def test_what_never_expires_is_offered() -> None:
    assert len(found(a_listed_point(expires_at=None)).rows) == 1
