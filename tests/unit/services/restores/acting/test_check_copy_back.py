"""A copy back is looked at until it has arrived, or somebody has said no meanwhile."""

import pytest

from strongroom.domain.errors import ApprovalVoidError, CopyBackFailedError, ForeignExecutionError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.jobs import JobState, JobVerdict
from strongroom.services.restores.acting.check_copy_back import check_copy_back
from tests.builders.restores import CENTRAL_POINT, COPIED_POINT, a_wish
from tests.fakes.restores.world import CeremonyWorld


def _check(world: CeremonyWorld, request: str, *, execution: str = "") -> JobVerdict:
    execution = execution or world.execution(request)
    return check_copy_back(request, execution=execution, needs=world.checking_copy, now=world.now)


def test_a_copy_that_runs_is_waited_for(world: CeremonyWorld) -> None:
    request = world.come_to_copy()
    assert _check(world, request).state is JobState.RUNNING
    assert world.kinds(request)[-1] == "copy-back-started"


def test_a_copy_that_has_arrived_is_written_down_once(world: CeremonyWorld) -> None:
    request = world.come_to_copied()
    assert _check(world, request).state is JobState.COMPLETED
    assert world.kinds(request).count("copied-back") == 1
    assert world.kept(request).last(EntryKind.COPIED_BACK) == {"job": "copy-1", "recovery_point": COPIED_POINT}


@pytest.mark.parametrize("state", ["FAILED", "PARTIAL", "NEW"])
def test_any_other_end_is_a_failure(state: str, world: CeremonyWorld) -> None:
    request = world.come_to_copy()
    world.copies.states = [state]
    with pytest.raises(CopyBackFailedError, match=state):
        _check(world, request)


@pytest.mark.parametrize(
    ("person", "decision", "said"),
    [
        ("sana", Decision.DENY, "the request is denied: denied by idp|sana"),
        ("omar", Decision.CANCEL, "the request is cancelled: cancelled by idp|omar"),
    ],
)
def test_whoever_says_no_meanwhile_is_heard(person: str, decision: Decision, said: str, world: CeremonyWorld) -> None:
    """X11: the stop button works while the copy runs."""
    request = world.come_to_copy()
    world.sign(request, person, decision)
    with pytest.raises(ApprovalVoidError) as void:
        _check(world, request)
    assert str(void.value) == said


def test_without_a_copy_there_is_nothing_to_look_at(world: CeremonyWorld) -> None:
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    with pytest.raises(ApprovalVoidError, match=r"^no copy back was started for this request$"):
        _check(world, request)


def test_a_first_of_two_copies_is_none_where_one_was_asked_for(world: CeremonyWorld) -> None:
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    world.keeper.record(world.kept(request), EntryKind.COPY_THROUGH_STARTED, facts={"job": "copy-1"}, at=world.now)
    with pytest.raises(ApprovalVoidError, match=r"^no copy back was started for this request$"):
        _check(world, request)


def test_another_execution_is_turned_away(world: CeremonyWorld) -> None:
    request = world.come_to_copy()
    with pytest.raises(ForeignExecutionError):
        _check(world, request, execution="arn:other:by-hand")
