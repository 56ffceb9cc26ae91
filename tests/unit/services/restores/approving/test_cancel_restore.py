"""A request is taken back by whoever made it, and by nobody else."""

import pytest

from strongroom.domain.errors import NotFoundError, PermissionRefusedError, RestoreRefusedError
from strongroom.domain.restores.steps import ApprovalClosed
from strongroom.services.restores.approving.cancel_restore import cancel_restore
from tests.builders.restores import NOW, a_request
from tests.fakes.restores import World
from tests.unit.services.restores.acts import ID, approve, show


def test_only_the_requester_takes_a_request_back(world: World) -> None:
    show(world)
    with pytest.raises(PermissionRefusedError):
        cancel_restore(ID, person="maria", needs=world.cancelling, now=world.now)
    assert world.book.recorded(ID, ApprovalClosed) is None
    cancel_restore(ID, person="omar", needs=world.cancelling, now=world.now)
    assert world.tasks.answered["token-1"]["decision"] == "cancelled"


def test_what_was_taken_back_is_recorded_and_written_down_and_no_approval_is_published(world: World) -> None:
    answer = cancel_restore(ID, person="omar", needs=world.cancelling, now=world.now)
    assert (answer.request_id, answer.state, answer.reason) == (ID, "cancelled", "cancelled by omar")
    closed = world.book.recorded(ID, ApprovalClosed)
    assert closed == ApprovalClosed(
        decision="cancelled", reason="cancelled by omar", people="omar", digest=world.book.read(ID).digest, at=NOW
    )
    assert world.kinds(ID)[-1] == "approval-cancelled"
    assert world.facts == []


def test_what_is_decided_is_not_taken_back(world: World) -> None:
    show(world)
    approve(world)
    with pytest.raises(RestoreRefusedError, match="already approved"):
        cancel_restore(ID, person="omar", needs=world.cancelling, now=world.now)
    assert world.tasks.answered["token-1"]["decision"] == "approved"


def test_what_expired_is_not_taken_back(world: World) -> None:
    with pytest.raises(RestoreRefusedError, match="expired"):
        cancel_restore(ID, person="omar", needs=world.cancelling, now=a_request().approval_expires_at)


@pytest.mark.parametrize("request_id", ["r-aaaaaaaaaaaa", "x"], ids=["unknown", "no id"])
def test_nothing_is_taken_back_that_nobody_asked_for(request_id: str, world: World) -> None:
    with pytest.raises(NotFoundError):
        cancel_restore(request_id, person="omar", needs=world.cancelling, now=world.now)
