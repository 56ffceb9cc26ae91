"""Which copy of a backup is scanned."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.errors import NotFoundError, RestoreRefusedError, StrongroomError
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.candidates.to_scan import copy_to_scan
from tests.builders.deciding.candidates import a_listed_copy, a_listed_point
from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import CENTRAL_POINT, POINT

OF_A_VOLUME = {"resource": f"arn:aws:ec2:eu-west-1:{PAYMENTS}:volume/vol-1", "resource_type": "EBS"}
HERE, THERE = a_listed_point(**OF_A_VOLUME), a_listed_copy(**OF_A_VOLUME)
REPLICA = replace(THERE, arn=f"{CENTRAL_POINT}-z", vault=REPLICA_VAULT, source_vault=THERE.vault)


def chosen(*listed: ListedPoint, recovery_point: str = POINT) -> str:
    return copy_to_scan(recovery_point, listed=listed, own_account=BACKUP_ACCOUNT).arn


def test_whichever_copy_is_named_one_of_ours_is_scanned() -> None:
    assert chosen(HERE, THERE) == chosen(THERE, HERE, recovery_point=CENTRAL_POINT) == CENTRAL_POINT


@pytest.mark.parametrize("change", [{"is_cold": True}, {"status": "PARTIAL"}, {"status": "EXPIRED"}])
def test_one_that_cannot_be_read_to_its_end_is_passed_by_for_the_next(change: dict[str, Any]) -> None:
    assert chosen(HERE, replace(THERE, **change), REPLICA) == REPLICA.arn
    with pytest.raises(RestoreRefusedError, match="cold, or not whole"):
        chosen(HERE, replace(THERE, **change))


@pytest.mark.parametrize(
    ("listed", "error", "said"),
    [
        pytest.param([], NotFoundError, "no vault that could be read has", id="unknown"),
        pytest.param([HERE], RestoreRefusedError, "none of its copies is there", id="not copied yet"),
        pytest.param([a_listed_point(), a_listed_copy()], RestoreRefusedError, "no backups of RDS", id="type"),
        pytest.param([replace(HERE, resource_type="Tomorrow")], RestoreRefusedError, "Tomorrow", id="unknown type"),
    ],
)
def test_what_is_not_scanned_says_why(listed: list[ListedPoint], error: type[StrongroomError], said: str) -> None:
    with pytest.raises(error, match=said):
        chosen(*listed)


def test_a_log_is_not_scanned() -> None:
    bucket = {"resource": "arn:aws:s3:::orders", "resource_type": "S3"}
    arn = f"arn:aws:backup:eu-west-1:{PAYMENTS}:recovery-point:continuous:orders-1"
    with pytest.raises(RestoreRefusedError, match="up to a second"):
        chosen(a_listed_point(arn=arn, **bucket), recovery_point=arn)
