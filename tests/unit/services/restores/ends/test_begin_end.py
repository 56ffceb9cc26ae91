"""What a restore leaves behind is remembered from when its copy back was started, or may have been."""

from collections.abc import Callable

import pytest

from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.ends.standing import EndState
from strongroom.services.restores.ends.begin_end import begin_end
from tests.builders.places import TEMPORARY_VAULT
from tests.builders.restores import CENTRAL_POINT, a_wish
from tests.fakes.restores.world import CeremonyWorld


def intended(world: CeremonyWorld) -> str:
    """Whoever started the copy did not live to write that down."""
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    facts = {"recovery_point": CENTRAL_POINT}
    world.keeper.record(world.kept(request), EntryKind.COPY_BACK_INTENDED, facts=facts, at=world.now)
    return request


def ended(come_to: Callable[[CeremonyWorld], str]) -> Callable[[CeremonyWorld], str]:
    """The same, and then it failed."""

    def ends(world: CeremonyWorld) -> str:
        request = come_to(world)
        world.close(request, error="CopyBackFailedError")
        return request

    return ends


def cancelled(world: CeremonyWorld) -> str:
    """Taken back while the copy runs, which nobody can stop."""
    request = world.come_to_copy()
    world.sign(request, "omar", Decision.CANCEL)
    world.close(request, error="ApprovalVoidError")
    assert world.kept(request).last(EntryKind.CLOSED)["outcome"] == "cancelled"  # type: ignore[index]
    return request


def start(world: CeremonyWorld) -> str:
    return world.come_to_copy()


def arrive(world: CeremonyWorld) -> str:
    return world.come_to_copied()


def ask(world: CeremonyWorld) -> str:
    return world.open()


@pytest.mark.parametrize(
    ("come_to", "state", "job"),
    [
        pytest.param(start, EndState.ARRIVING, "copy-1", id="the copy runs"),
        pytest.param(arrive, EndState.ARRIVING, "copy-1", id="the copy is there"),
        pytest.param(ended(start), EndState.ARRIVING, "copy-1", id="it failed while the copy ran"),
        pytest.param(cancelled, EndState.ARRIVING, "copy-1", id="it was cancelled while the copy ran"),
        pytest.param(
            ended(intended), EndState.ARRIVING, "", id="it ended, and nobody knows whether a copy was started"
        ),
        pytest.param(ended(ask), EndState.NOTHING, "", id="it ended, and nothing was to be copied"),
    ],
)
def test_a_ceremony_has_an_end_once_it_may_leave_something(
    come_to: Callable[[CeremonyWorld], str], state: EndState, job: str, world: CeremonyWorld
) -> None:
    request = come_to(world)
    end = begin_end(world.kept(request), needs=world.following, now=world.now)
    assert end is not None
    assert (end.state, end.job, end.vault, end.owner) == (
        state,
        job,
        TEMPORARY_VAULT if end.is_open else "",
        "idp|omar",
    )
    assert world.following.ends.end_of(request) == end


@pytest.mark.parametrize("come_to", [ask, intended], ids=["asked for", "to be copied"])
def test_while_nothing_was_started_and_nothing_is_over_there_is_no_end(
    come_to: Callable[[CeremonyWorld], str], world: CeremonyWorld
) -> None:
    request = come_to(world)
    assert begin_end(world.kept(request), needs=world.following, now=world.now) is None
    assert world.following.ends.end_of(request) is None


def test_an_end_is_begun_once(world: CeremonyWorld) -> None:
    request = world.come_to_copied()
    first = begin_end(world.kept(request), needs=world.following, now=world.now)
    world.later(hours=1)
    assert begin_end(world.kept(request), needs=world.following, now=world.now) == first
