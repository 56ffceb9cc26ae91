"""The copy back is started once, after everything was looked at again and the intent was witnessed."""

import pytest

from strongroom.domain.errors import ApprovalPendingError, ApprovalVoidError, NotWitnessedYetError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.services.restores.acting.start_copy_back import CopyBackStarted, start_copy_back
from tests.builders.places import CENTRAL_VAULT
from tests.builders.restores import CENTRAL_POINT, a_wish
from tests.fakes.restores import CeremonyWorld


def _start(world: CeremonyWorld, request: str) -> CopyBackStarted:
    return start_copy_back(request, execution=world.execution(request), needs=world.copying, now=world.now)


def test_an_approved_copy_back_is_started_from_the_central_vault(world: CeremonyWorld) -> None:
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    assert _start(world, request) == CopyBackStarted(request_id=request, job="copy-1", reason="everything still held")
    intended = world.kept(request).last(EntryKind.COPY_BACK_INTENDED) or {}
    assert (intended["recovery_point"], intended["source"]) == (CENTRAL_POINT, CENTRAL_VAULT)
    assert world.copies.begun == [CENTRAL_POINT]
    assert world.kinds(request) == ["ticket-entitles", "copy-back-intended", "copy-back-started"]


def test_a_step_tried_again_starts_nothing_more(world: CeremonyWorld) -> None:
    request = world.come_to_copy()
    _start(world, request)
    assert world.copies.begun == [CENTRAL_POINT]


def test_a_plan_without_a_copy_copies_nothing(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    with pytest.raises(ApprovalVoidError, match=r"^the approved plan copies nothing back$"):
        _start(world, request)


def test_nothing_is_copied_before_it_is_approved(world: CeremonyWorld) -> None:
    request = world.open(a_wish(recovery_point=CENTRAL_POINT))
    world.read_ticket(request)
    with pytest.raises(ApprovalPendingError):
        _start(world, request)
    assert world.copies.begun == []


def test_nothing_is_copied_while_the_log_is_down(world: CeremonyWorld) -> None:
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    world.witness.is_down = True
    with pytest.raises(NotWitnessedYetError):
        _start(world, request)
    assert world.copies.begun == []
