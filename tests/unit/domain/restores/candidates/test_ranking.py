"""What a resource can be restored from: the table of cases, and 1,000 histories held to a reference that is slow."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.restores.candidates.model import Candidate, Candidates, ListedPoint, Mark
from strongroom.domain.restores.candidates.ranking import MOST_ROWS, Question, rank_candidates
from strongroom.domain.restores.deciding.case import Scan, Way
from tests.builders.candidates import BEFORE, GIB, TWO_O_CLOCK, a_listed_copy, a_listed_point
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import CENTRAL_POINT, NOW, POINT

EFS = f"arn:aws:elasticfilesystem:{HOME}:{PAYMENTS}:file-system/fs-1"
LOG = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:continuous:db-1"
WAYS = {LOCAL_VAULT: Way.LOCAL, CENTRAL_VAULT: Way.COPY_BACK, REPLICA_VAULT: Way.REPLICA}


def way_of(point: ListedPoint) -> Way:
    """The way by the vault alone."""
    if point.status != "COMPLETED":
        raise RestoreRefusedError(f"its status is {point.status}")
    return WAYS[point.vault]


def a_question(**changes: Any) -> Question:
    return Question(before=BEFORE, now=NOW, way_of=way_of, seen={})._replace(**changes)


def found(*points: ListedPoint, **changes: Any) -> Candidates:
    return rank_candidates(points, a_question(**changes))


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
            a_listed_point(resource=EFS, resource_type="EFS", completed_at=None),
            "it is still being written",
            id="being written",
        ),
        pytest.param(
            a_listed_point(arn=LOG, created_at=BEFORE + timedelta(seconds=1)), "its log begins later", id="log"
        ),
        pytest.param(
            # 15 minutes twice, and an hour.
            a_listed_point(expires_at=NOW + timedelta(minutes=89)),
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


# A history, and a second opinion on it that shares no line with the first.


def _history(seed: int) -> list[ListedPoint]:
    drawn, number = random.Random(seed), count()  # noqa: S311
    points: list[ListedPoint] = []
    for _ in range(drawn.randrange(12)):
        created = BEFORE - timedelta(minutes=drawn.randrange(-120, 3000))
        size = drawn.choice([None, GIB, 40 * GIB, 900 * GIB])
        kind, resource = drawn.choice([("RDS", a_listed_point().resource), ("EFS", EFS)])
        for vault, source in ((LOCAL_VAULT, ""), (CENTRAL_VAULT, LOCAL_VAULT), (REPLICA_VAULT, CENTRAL_VAULT)):
            if drawn.random() < 0.3:
                continue
            points.append(
                a_listed_point(
                    arn=f"arn:{drawn.randrange(10**6)}:{next(number)}",
                    vault=vault,
                    source_vault=source,
                    created_at=created,
                    completed_at=drawn.choice([None, *(created + timedelta(minutes=each) for each in (5, 40, 130))]),
                    size=size,
                    resource=resource,
                    resource_type=kind,
                    status=drawn.choice(["COMPLETED"] * 6 + ["EXPIRED"]),
                    scan=drawn.choice([*Scan, *[Scan.CLEAN] * 3, *[Scan.NEVER] * 3]),
                    verified=drawn.choice([None, True, False]),
                    is_cold=drawn.random() < 0.1,
                    expires_at=drawn.choice([None, NOW + timedelta(minutes=drawn.randrange(30, 4000))]),
                )
            )
    return points


def _same(one: ListedPoint, other: ListedPoint, points: list[ListedPoint]) -> bool:
    """Whether two points are of one backup: there is a way from vault to vault, by what was copied from where."""
    reached = {one.vault}
    for _ in WAYS:
        for each in points:
            hop = {each.vault, each.source_vault or each.vault}
            if (each.resource, each.created_at) == (one.resource, one.created_at) and reached & hop:
                reached |= hop
    return (one.resource, one.created_at) == (other.resource, other.created_at) and other.vault in reached


def _reference(points: list[ListedPoint], *, allows: bool) -> Iterator[dict[str, Any]]:
    """Every backup that can be restored, in no order."""
    left = list(points)
    while left:
        group = [each for each in left if _same(left[0], each, points)]
        left = [each for each in left if each not in group]
        ended = [each.completed_at for each in group if each.completed_at]
        is_database = group[0].resource_type == "RDS"
        instant = group[0].created_at if is_database else min(ended, default=None)
        scans = {each.scan for each in group}
        is_infected = Scan.THREATS in scans
        if instant is None or instant > BEFORE or (is_infected and not allows):
            continue
        ways = []
        for each in group:
            gib = None if each.size is None else each.size / GIB
            minutes = None
            if gib is not None:
                minutes = (12 + 0.03 * gib) if is_database else (5 + 0.09 * gib)
                minutes += 0 if each.vault == LOCAL_VAULT else 10 + 0.17 * gib
                minutes += 240 if each.is_cold else 0
                minutes = int(minutes) + (minutes > int(minutes))
            needed = NOW + timedelta(hours=1, minutes=2 * (minutes or 0))
            if each.status == "COMPLETED" and (each.expires_at is None or each.expires_at >= needed):
                nearness = [LOCAL_VAULT, CENTRAL_VAULT, REPLICA_VAULT].index(each.vault)
                ways.append((minutes if minutes is not None else 10**9, nearness, each.arn))
        if ways:
            told = {each.verified for each in group}
            yield {
                "doubtful": is_infected or (Scan.CLEAN not in scans and Scan.INCOMPLETE in scans),
                "clean": Scan.CLEAN in scans and not is_infected,
                "lost": (BEFORE - instant).total_seconds() / 60,
                "verified": 0 if True in told else 2 if False in told else 1,
                "ways": sorted(ways),
            }


def _expected(points: list[ListedPoint], *, allows: bool) -> tuple[dict[str, tuple[str, ...]], int]:
    """The rows' first points in their order, with their marks; and how many there are in all."""
    every = list(_reference(points, allows=allows))
    every.sort(key=lambda each: (each["doubtful"], each["lost"], each["verified"], each["ways"][0]))
    marks: dict[int, list[str]] = {}
    for name, places in (
        ("least loss", sorted(range(len(every)))),
        (
            "soonest",
            sorted(
                (place for place, each in enumerate(every) if each["ways"][0][0] < 10**9),
                key=lambda place: (every[place]["doubtful"], every[place]["ways"][0][0], place),
            ),
        ),
        (
            "newest clean",
            sorted(
                (place for place, each in enumerate(every) if each["clean"]),
                key=lambda place: (every[place]["lost"], place),
            ),
        ),
    ):
        if places:
            marks.setdefault(places[0], []).append(name)
    rest = [place for place in range(len(every)) if place not in marks]
    shown = sorted([*marks, *rest[: MOST_ROWS - len(marks)]])
    return {every[place]["ways"][0][2]: tuple(marks.get(place, ())) for place in shown}, len(every)


def _arn(row: Candidate) -> str:
    return row.best.point.arn


def test_of_a_thousand_histories_the_rows_are_those_of_a_slow_reference_in_any_order() -> None:
    rows = 0
    for seed in range(1000):
        allows = seed % 2 == 0
        points = _history(seed)
        expected, in_all = _expected(points, allows=allows)
        random.Random(seed + 1).shuffle(points)  # noqa: S311
        answer = found(*points, allows_infected=allows)
        assert {_arn(row): tuple(map(str, row.marks)) for row in answer.rows} == expected, seed
        assert list(map(_arn, answer.rows)) == list(expected), seed
        assert len(answer.rows) + answer.more == in_all, seed
        told = {each.point.arn for row in answer.rows for each in row.ways}
        refused = {each.recovery_point for each in answer.not_offered}
        assert told.isdisjoint(refused), seed
        if not answer.more:
            assert told | refused == {point.arn for point in points}, seed
        assert all(each.reason for each in answer.not_offered)
        rows += len(answer.rows)
    assert rows > 1000
