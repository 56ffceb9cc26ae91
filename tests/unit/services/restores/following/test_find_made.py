"""What a restore has made its job says, as it is described now."""

import pytest

from strongroom.domain.errors import ApprovalVoidError, ForeignExecutionError, RestoreFailedError
from strongroom.domain.intent.model import Intent
from strongroom.services.restores.following.find_made import find_made
from tests.builders.deciding.afterwards import RESTORED_TABLE, a_table_wish
from tests.fakes.restores.tables import TableWorld


@pytest.fixture
def world(intent: Intent) -> TableWorld:
    """A table was backed up that has time to live."""
    return TableWorld(intent)


def test_it_is_what_the_job_made(world: TableWorld) -> None:
    of = world.restored_table()
    assert find_made(world.kept(of), jobs=world.looking) == RESTORED_TABLE


def test_nothing_was_made_before_it_is_restored(world: TableWorld) -> None:
    request = world.come_to_approval(a_table_wish())
    with pytest.raises(ApprovalVoidError, match=r"^nothing was restored for this request yet$"):
        find_made(world.kept(request), jobs=world.looking)


def test_a_job_that_is_not_what_was_approved_made_nothing(world: TableWorld) -> None:
    of = world.restored_table()
    world.restores.changes["role"] = "arn:aws:iam::222222222222:role/another"
    with pytest.raises(RestoreFailedError, match="is not the one that was approved"):
        find_made(world.kept(of), jobs=world.looking)


def test_what_the_evidence_says_otherwise_is_nobody_s(world: TableWorld) -> None:
    """Mallory, who may write entries, names a table of others as the one that was restored."""
    of = world.restored_table()
    world.restores.changes["created"] = f"{RESTORED_TABLE}-2"
    with pytest.raises((ForeignExecutionError, RestoreFailedError)):
        find_made(world.kept(of), jobs=world.looking)
