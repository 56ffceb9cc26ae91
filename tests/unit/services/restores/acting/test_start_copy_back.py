"""The copy back is started once, after everything was looked at again and the intent was witnessed."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.errors import ApprovalPendingError, ApprovalVoidError, NotWitnessedYetError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.services.restores.acting.start_copy_back import CopyBackStarted, start_copy_back
from tests.builders.intents import with_restores
from tests.builders.places import CENTRAL_VAULT, TEMPORARY_VAULT
from tests.builders.restores import CENTRAL_POINT, PROFILE, a_landing_vault, a_local_landing, a_wish
from tests.fakes.restores.world import CeremonyWorld


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


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param(
            {"encryption_key": "arn:k"}, "lies under arn:k, which is no key", id="made anew under another key"
        ),
        pytest.param({"min_days": 36_500}, "is locked, as none of Strongroom's is", id="locked meanwhile"),
    ],
)
def test_attack_13_a_vault_that_was_changed_after_the_approval_takes_no_copy(
    changes: dict[str, Any], why: str, world: CeremonyWorld
) -> None:
    """A member makes the empty temporary vault anew, under a key or a lock of their own, and it is looked at again
    before the copy is intended.
    """
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    world.points.vault = a_landing_vault(**changes)
    with pytest.raises(
        ApprovalVoidError, match=rf"^the vault that it is copied back into is not as it was: {TEMPORARY_VAULT} {why}"
    ):
        _start(world, request)
    assert world.copies.begun == []
    assert world.kinds(request) == ["ticket-entitles"]


def test_what_goes_into_the_local_vault_does_not_look_at_one_that_was_made_since(world: CeremonyWorld) -> None:
    """It was asked for before the profile named a key."""
    before = CeremonyWorld(with_restores(world.intent, profiles=(replace(PROFILE, keys=()),)))
    before.points.vault = a_local_landing()
    request = before.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    assert before.kept(request).sealed.request.temporary_vault == ""
    before.intent = world.intent
    before.points.vault = a_landing_vault(min_days=36_500)
    assert _start(before, request).job == "copy-1"
