"""What a resource can be restored from: 1,000 histories, each held to a second opinion that shares no line."""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

from strongroom.domain.restores.candidates.model import Candidate, ListedPoint
from strongroom.domain.restores.candidates.ranking import MOST_ROWS
from strongroom.domain.restores.scans.verdicts import Scan
from tests.builders.deciding.candidates import BEFORE, GIB, a_listed_point
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import NOW
from tests.unit.domain.restores.candidates.asking import WAYS, found

EFS = f"arn:aws:elasticfilesystem:{HOME}:{PAYMENTS}:file-system/fs-1"


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
