"""Which recovery points are copies of one backup, and what they know together."""

from itertools import permutations

from strongroom.domain.restores.candidates.backups import backups_of
from tests.builders.deciding.candidates import BEFORE, TWO_O_CLOCK, a_listed_copy, a_listed_point
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import POINT

EFS = f"arn:aws:elasticfilesystem:{HOME}:{PAYMENTS}:file-system/fs-1"
LOG = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:continuous:db"


def test_copies_belong_together_by_however_many_steps_and_in_whatever_order_they_are_listed() -> None:
    second = a_listed_point(arn=f"{POINT}-2", vault=REPLICA_VAULT, source_vault=CENTRAL_VAULT)
    aside = a_listed_point(arn=f"{POINT}-3", vault=f"{LOCAL_VAULT}-2", source_vault=LOCAL_VAULT)
    points = (a_listed_point(), a_listed_copy(), second, aside)
    in_order = tuple(sorted(points, key=lambda each: each.arn))
    for listed in permutations(points):
        assert [backup.points for backup in backups_of(listed)] == [in_order]


def test_two_logs_in_one_vault_are_two() -> None:
    assert len(backups_of((a_listed_point(arn=f"{LOG}-1"), a_listed_point(arn=f"{LOG}-2")))) == 2


def test_a_copy_that_is_being_written_keeps_nobody_from_knowing_when_the_first_was_whole() -> None:
    whole = a_listed_point(resource=EFS, resource_type="EFS", completed_at=BEFORE)
    written = a_listed_copy(resource=EFS, resource_type="EFS", completed_at=None)
    [backup] = backups_of((written, whole))
    assert (backup.instant, backup.points[0].created_at) == (BEFORE, TWO_O_CLOCK)
