"""Which recovery points are copies of one backup, and what they know together."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from strongroom.domain.restores.candidates.backups import backups_of, scan_of_backup
from strongroom.domain.restores.scans.verdicts import Scan
from tests.builders.deciding.candidates import BEFORE, TWO_O_CLOCK, a_listed_copy, a_listed_point
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import CENTRAL_POINT, POINT, a_recovery_point

EFS = f"arn:aws:elasticfilesystem:{HOME}:{PAYMENTS}:file-system/fs-1"
LOG = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:continuous:db"


def test_copies_belong_together_by_however_many_steps_and_in_whatever_order_they_are_listed() -> None:
    second = a_listed_point(arn=f"{POINT}-2", vault=REPLICA_VAULT, source_vault=CENTRAL_VAULT)
    aside = a_listed_point(arn=f"{POINT}-3", vault=f"{LOCAL_VAULT}-2", source_vault=LOCAL_VAULT)
    points = (a_listed_point(), a_listed_copy(), second, aside)
    in_order = tuple(sorted(points, key=lambda each: each.arn))
    for listed in permutations(points):
        assert [backup.points for backup in backups_of(listed)] == [in_order]


@pytest.mark.parametrize(("apart", "backups"), [(0.0, 1), (0.4, 1), (1.0, 1), (1.001, 2), (60.0, 2)])
def test_copies_belong_together_though_aws_tells_the_moment_in_less_detail(apart: float, backups: int) -> None:
    """Malware in one of them is malware in all."""
    copy = a_listed_copy(created_at=TWO_O_CLOCK + timedelta(seconds=apart), scan=Scan.THREATS)
    found = backups_of((copy, a_listed_point(scan=Scan.CLEAN)))
    assert len(found) == len(backups_of((a_listed_point(), copy))) == backups
    point = a_recovery_point(created_at=TWO_O_CLOCK, scan=Scan.CLEAN)
    known = scan_of_backup(point, listed=[copy, a_listed_point(scan=Scan.CLEAN)])
    assert known is (Scan.THREATS if backups == 1 else Scan.CLEAN)
    assert min(each.instant for each in found if each.instant) == TWO_O_CLOCK


def test_two_logs_in_one_vault_are_two() -> None:
    assert len(backups_of((a_listed_point(arn=f"{LOG}-1"), a_listed_point(arn=f"{LOG}-2")))) == 2


def test_a_copy_that_is_being_written_keeps_nobody_from_knowing_when_the_first_was_whole() -> None:
    whole = a_listed_point(resource=EFS, resource_type="EFS", completed_at=BEFORE)
    written = a_listed_copy(resource=EFS, resource_type="EFS", completed_at=None)
    [backup] = backups_of((written, whole))
    assert (backup.instant, backup.points[0].created_at) == (BEFORE, TWO_O_CLOCK)


@pytest.mark.parametrize(
    ("own", "copy", "known"),
    [
        pytest.param({}, {}, Scan.NEVER, id="never"),
        pytest.param({"scan": Scan.CLEAN}, {}, Scan.CLEAN, id="as the list has it"),
        pytest.param({}, {"scan": Scan.THREATS}, Scan.THREATS, id="as its copy has it"),
        pytest.param({}, {"scan": Scan.THREATS, "source_vault": REPLICA_VAULT}, Scan.NEVER, id="no copy of it"),
        pytest.param({"arn": "another"}, {"scan": Scan.THREATS}, Scan.NEVER, id="another point there"),
        pytest.param({"vault": CENTRAL_VAULT}, {"scan": Scan.THREATS}, Scan.NEVER, id="of that ARN elsewhere"),
    ],
)
def test_lists_tell_of_all_copies_of_the_points_own_backup(
    own: dict[str, Any], copy: dict[str, Any], known: Scan
) -> None:
    point = a_recovery_point(created_at=a_listed_point().created_at)
    listed = [a_listed_copy(**copy), a_listed_point(**own)]
    assert scan_of_backup(point, listed=listed) is known
    assert scan_of_backup(point, listed=listed[::-1]) is known


@pytest.mark.parametrize("scan", list(Scan))
def test_what_no_list_has_is_known_by_itself(scan: Scan) -> None:
    assert scan_of_backup(a_recovery_point(scan=scan), listed=[a_listed_copy(scan=Scan.THREATS)]) is scan


def test_a_copy_is_known_by_its_original() -> None:
    copy = a_recovery_point(arn=CENTRAL_POINT, vault=CENTRAL_VAULT)
    original = a_listed_point(scan=Scan.THREATS, vault=LOCAL_VAULT)
    assert scan_of_backup(copy, listed=[original, a_listed_copy()]) is Scan.THREATS
