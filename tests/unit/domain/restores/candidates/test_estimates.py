"""How long a restore takes: an estimate by its type, until enough of them were seen."""

from datetime import timedelta

import pytest

from strongroom.domain.restores.candidates.estimates import estimate_of, is_of_its_start, minutes_back, seen_minutes
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.kinds.model import Grade
from strongroom.domain.restores.kinds.table import KINDS
from tests.builders.deciding.candidates import GIB


@pytest.mark.parametrize(
    ("kind", "way", "size", "is_cold", "minutes"),
    [
        pytest.param("RDS", Way.LOCAL, 100 * GIB, False, 15, id="local"),
        pytest.param("RDS", Way.LOCAL, GIB, False, 13, id="part of a minute is a minute"),
        pytest.param("RDS", Way.COPY_BACK, 100 * GIB, False, 42, id="copied back first"),
        pytest.param("RDS", Way.OTHER_REGION_IN_TWO, 100 * GIB, False, 69, id="copied twice first"),
        pytest.param("RDS", Way.LOCAL, 100 * GIB, True, 255, id="cold"),
        pytest.param("EBS", Way.LOCAL, None, False, 2, id="whatever its size"),
        pytest.param("EBS", Way.LOCAL, 1, True, 4322, id="archived"),
        pytest.param("EBS", Way.COPY_BACK, None, False, None, id="a copy of unknown size"),
        pytest.param("RDS", Way.LOCAL, None, False, None, id="unknown size"),
        pytest.param("Unheard", Way.LOCAL, GIB, False, None, id="unknown type"),
        pytest.param("EFS", Way.AIR_GAPPED_MPA, 100 * GIB, False, 1454, id="air-gapped, its team has a day"),
        pytest.param("EFS", Way.AIR_GAPPED, 100 * GIB, False, 14, id="air-gapped, nothing is copied"),
    ],
)
def test_minutes_are_estimated(kind: str, way: Way, *, size: int | None, is_cold: bool, minutes: int | None) -> None:
    assert minutes_back(kind, way, size=size, is_cold=is_cold, seen=None) == (minutes, False)


@pytest.mark.parametrize(
    ("way", "is_cold", "told"),
    [
        pytest.param(Way.LOCAL, False, (9, True), id="local"),
        pytest.param(Way.COPY_BACK, False, (36, False), id="the copy is still an estimate"),
        pytest.param(Way.AIR_GAPPED_MPA, False, (1449, False), id="nobody knows when a team votes"),
        pytest.param(Way.LOCAL, True, (249, False), id="the thawing is still an estimate"),
    ],
)
def test_minutes_that_were_seen_are_measured(way: Way, *, is_cold: bool, told: tuple[int, bool]) -> None:
    assert minutes_back("RDS", way, size=100 * GIB, is_cold=is_cold, seen=9) == told


def test_a_type_of_which_nothing_is_known_is_measured_all_the_same() -> None:
    assert minutes_back("Unheard", Way.LOCAL, size=None, is_cold=True, seen=9) == (9, False)
    assert minutes_back("Unheard", Way.LOCAL, size=None, is_cold=False, seen=9) == (9, True)


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [
        ((), None),
        ((600, 600), None),
        ((60, 120, 600), 2),
        ((60, 61, 62, 63), 2),
        ((60, 60, 540, 540), 9),
        ((60, 60, 540, 540, 60), 1),
        ((60, 60, 60, 540, 540, 540, 540), 1),
    ],
    ids=["none", "too few", "the middle one", "part of a minute", "of four the longer", "five", "the last five"],
)
def test_three_restores_tell_and_the_last_five_count(seconds: tuple[int, ...], minutes: int | None) -> None:
    assert seen_minutes([timedelta(seconds=each) for each in seconds]) == minutes


@pytest.mark.parametrize(
    ("kind", "minutes"),
    [
        ("RDS", 15),
        ("RDS cluster", 27),
        ("Aurora", 27),
        ("DocumentDB", 27),
        ("Neptune", 27),
        ("DynamoDB", 30),
        ("EBS", 2),
        ("EC2", 5),
        ("FSx", 20),
        ("EFS", 14),
        ("S3", 27),
        ("Redshift", 20),
        ("CloudFormation", 5),
        ("EKS", 15),
        ("Aurora DSQL", 22),
        ("Timestream", 32),
    ],
)
def test_a_hundred_gibibytes_of_each_kind(kind: str, minutes: int) -> None:
    assert minutes_back(kind, Way.LOCAL, size=100 * GIB, is_cold=False, seen=None) == (minutes, False)


@pytest.mark.parametrize(
    "kind", ["EFS", "S3", "Redshift", "CloudFormation", "EKS", "Aurora DSQL", "Timestream", "Unheard"]
)
def test_what_is_written_while_it_is_backed_up_is_of_its_end(kind: str) -> None:
    assert not is_of_its_start(kind)
    assert is_of_its_start("RDS")


def test_every_kind_that_the_machine_restores_has_an_estimate() -> None:
    guessed = [kind.name for kind in KINDS if kind.estimate is None]
    assert [kind.name for kind in KINDS if kind.grade is Grade.AUTOMATIC and kind.name in guessed] == []
    assert {name: estimate_of(name) for name in guessed} == dict.fromkeys(guessed)


def test_kinds_that_a_list_calls_the_same_are_estimated_alike() -> None:
    of_fsx = [kind.estimate for kind in KINDS if kind.file_system]
    assert of_fsx == [estimate_of("FSx")] * 4
