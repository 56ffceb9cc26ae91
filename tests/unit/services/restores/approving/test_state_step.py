"""Steps by hand are stated by a person's own signature, and nothing else comes of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import (
    MalformedRequestError,
    PermissionRefusedError,
    RestoreRefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.bundles import read_bundle
from strongroom.domain.evidence.object_keys import stated_of
from strongroom.domain.proofs.proof import proof_text
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.checklists.stated import StatedOutcome, StepWish, make_step_statement
from strongroom.domain.restores.checklists.steps import steps_by_hand
from strongroom.domain.restores.kinds.finishing import BEFORE, SENTENCES, MachineStep
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.approving.state_step import propose_step, take_step
from strongroom.services.restores.approving.take_proof import ProofState
from strongroom.services.restores.asking.show_restores import show_evidence, show_restore
from tests.builders.restores import AUTHENTICATORS
from tests.fakes.restores.world import CeremonyWorld


def restored(world: CeremonyWorld) -> tuple[str, tuple[str, ...]]:
    """A restore that has ended well, and its steps by hand."""
    request = world.come_to_restore()
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    world.close(request)
    return request, steps_by_hand(world.kept(request).sealed.request.steps)


def done(step: str) -> StepWish:
    """It is done."""
    return StepWish(step=step, outcome=StatedOutcome.DONE)


def kept(world: CeremonyWorld, request: str) -> list[str]:
    """What lies where steps are stated."""
    return [key for key in world.shelf.kept if key.startswith(stated_of(request))]


def test_a_step_is_left_to_do_until_a_person_signs_that_it_is_done(world: CeremonyWorld) -> None:
    request, steps = restored(world)
    assert [each.outcome for each in show_restore(request, needs=world.showing, now=world.now).checklist] == ["", ""]
    taken = world.state(request, "omar", done(steps[0]))
    assert (taken.state, taken.subject, taken.left) == (ProofState.COUNTED, "idp|omar", steps[1:])
    assert world.witness.hints[-1:] == [request]
    first, second = show_restore(request, needs=world.showing, now=world.now).checklist
    assert (first.step, first.outcome, first.by, first.at) == (steps[0], "done", "Omar Haddad", world.now)
    assert (second.number, second.step, second.outcome) == (2, steps[1], "")


def test_a_step_is_dismissed_with_a_reason_that_is_signed(world: CeremonyWorld) -> None:
    request, steps = restored(world)
    world.state(request, "maria", StepWish(step=steps[1], outcome=StatedOutcome.DISMISSED, reason="no proxy is left"))
    _, second = show_restore(request, needs=world.showing, now=world.now).checklist
    assert (second.outcome, second.by, second.reason) == ("dismissed", "Maria Lindqvist", "no proxy is left")


@pytest.mark.parametrize(
    ("outcome", "reason", "why"),
    [
        pytest.param(StatedOutcome.DISMISSED, "", "dismissed with a reason", id="dismissed without a word"),
        pytest.param(StatedOutcome.DONE, "so", "done without one", id="done with a reason"),
        pytest.param(StatedOutcome.DISMISSED, "no\nproxy", "not a line", id="two lines"),
        pytest.param(StatedOutcome.DISMISSED, "n" * 501, "not a line", id="too long"),
        pytest.param(StatedOutcome.DISMISSED, "f\u00e4llt aus", "ASCII", id="no ASCII"),
    ],
)
def test_nobody_signs_what_cannot_be_said(outcome: StatedOutcome, reason: str, why: str, world: CeremonyWorld) -> None:
    request, steps = restored(world)
    wish = StepWish(step=steps[0], outcome=outcome, reason=reason)
    with pytest.raises(MalformedRequestError, match=why):
        world.state(request, "omar", wish)


def test_a_step_that_was_never_on_the_list_is_stated_by_nobody(world: CeremonyWorld) -> None:
    request, _ = restored(world)
    for step in ("Open the firewall.", SENTENCES[MachineStep.WRITER], ""):
        with pytest.raises(RestoreRefusedError, match="has no such step by hand"):
            world.state(request, "omar", done(step))


def test_a_step_is_stated_once(world: CeremonyWorld) -> None:
    request, steps = restored(world)
    world.state(request, "omar", done(steps[0]))
    with pytest.raises(RestoreRefusedError, match=r"idp\|omar has stated already that it is done"):
        world.state(request, "maria", done(steps[0]))


def test_of_two_who_state_a_step_at_once_the_second_is_refused(world: CeremonyWorld) -> None:
    request, steps = restored(world)
    proposed = propose_step(request, done(steps[0]), view=None, needs=world.stating, now=world.now)
    world.state(request, "omar", done(steps[0]))
    signed = AUTHENTICATORS["maria"].sign(proposed.statement)
    taken = take_step(request, statement=proposed.statement, signed=signed, needs=world.stating, now=world.now)
    assert (taken.state, len(kept(world, request))) == (ProofState.REFUSED, 1)


def test_what_comes_after_a_restore_is_not_stated_before_it(world: CeremonyWorld) -> None:
    request = world.open()
    step = steps_by_hand(world.kept(request).sealed.request.steps)[0]
    with pytest.raises(RestoreRefusedError, match="is not restored yet"):
        world.state(request, "omar", done(step))


def test_what_comes_before_a_restore_is_stated_before_it(world: CeremonyWorld) -> None:
    step = f"{BEFORE}stop it."
    request = world.open_forged(steps=(step,))
    assert world.state(request, "omar", done(step)).state is ProofState.COUNTED


def test_of_a_request_that_came_to_nothing_nothing_is_left(world: CeremonyWorld) -> None:
    request = world.open()
    step = steps_by_hand(world.kept(request).sealed.request.steps)[0]
    world.read_ticket(request)
    world.sign(request, "maria", Decision.DENY)
    world.close(request, reason="")
    assert show_restore(request, needs=world.showing, now=world.now).checklist == ()
    with pytest.raises(RestoreRefusedError, match="ended as denied: there is nothing left to do"):
        world.state(request, "omar", done(step))


def _of_another_request(world: CeremonyWorld, request: str, step: str) -> str:
    other = world.open_another()
    asked = world.kept(other).sealed.asked
    return make_step_statement(asked, step, StatedOutcome.DONE, reason="", nonce="A" * 22, issued_at=world.now).text


def _not_handed_out(world: CeremonyWorld, request: str, step: str) -> str:
    asked = world.kept(request).sealed.asked
    return make_step_statement(asked, step, StatedOutcome.DONE, reason="", nonce="A" * 22, issued_at=world.now).text


def _too_late(world: CeremonyWorld, request: str, step: str) -> str:
    text = propose_step(request, done(step), view=None, needs=world.stating, now=world.now).statement
    world.later(minutes=6)
    return text


@pytest.mark.parametrize(
    ("make", "why"),
    [
        pytest.param(_of_another_request, "it is about another request", id="of another request"),
        pytest.param(_not_handed_out, "was not handed out here", id="not handed out"),
        pytest.param(_too_late, "too long ago", id="too late"),
    ],
)
def test_a_statement_that_is_not_of_here_and_now_is_refused(
    make: Callable[[CeremonyWorld, str, str], str], why: str, world: CeremonyWorld
) -> None:
    request, steps = restored(world)
    statement = make(world, request, steps[0])
    signed = AUTHENTICATORS["omar"].sign(statement)
    taken = take_step(request, statement=statement, signed=signed, needs=world.stating, now=world.now)
    assert taken.state is ProofState.REFUSED
    assert why in taken.reason
    assert kept(world, request) == []


def test_a_statement_is_used_once(world: CeremonyWorld) -> None:
    request, steps = restored(world)
    proposed = propose_step(request, done(steps[0]), view=None, needs=world.stating, now=world.now)
    signed = AUTHENTICATORS["omar"].sign(proposed.statement)
    for _ in range(2):
        take_step(request, statement=proposed.statement, signed=signed, needs=world.stating, now=world.now)
    assert len(kept(world, request)) == 1


def test_who_has_no_part_in_such_a_restore_states_nothing(world: CeremonyWorld) -> None:
    request, steps = restored(world)
    taken = world.state(request, "piet", done(steps[0]))
    assert (taken.state, taken.reason) == (ProofState.REFUSED, "nobody here has enrolled this passkey")
    assert kept(world, request) == []


def test_a_link_of_another_request_gets_no_statement(world: CeremonyWorld) -> None:
    request, steps = restored(world)
    with pytest.raises(PermissionRefusedError):
        propose_step(request, done(steps[0]), view="A" * 22, needs=world.stating, now=world.now)


def test_nobody_fills_the_place_with_statements(world: CeremonyWorld) -> None:
    request, steps = restored(world)
    for _ in range(60):
        propose_step(request, done(steps[0]), view=None, needs=world.stating, now=world.now)
    with pytest.raises(RestoreRefusedError, match="too many statements"):
        propose_step(request, done(steps[0]), view=None, needs=world.stating, now=world.now)


def _is_down(key: str, text: str) -> bool:
    raise TemporarilyUnavailableError(f"nothing is put under {key}: {len(text)}")


def test_what_could_not_be_kept_is_not_counted_and_can_be_sent_again(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, steps = restored(world)
    proposed = propose_step(request, done(steps[0]), view=None, needs=world.stating, now=world.now)
    signed = AUTHENTICATORS["omar"].sign(proposed.statement)
    with monkeypatch.context() as down:
        down.setattr(world.shelf, "put_new", _is_down)
        with pytest.raises(TemporarilyUnavailableError):
            take_step(request, statement=proposed.statement, signed=signed, needs=world.stating, now=world.now)
    taken = take_step(request, statement=proposed.statement, signed=signed, needs=world.stating, now=world.now)
    assert taken.state is ProofState.COUNTED


def test_what_was_stated_is_in_the_bundle_once_the_log_has_it(world: CeremonyWorld) -> None:
    request, steps = restored(world)
    world.state(request, "omar", done(steps[0]))
    assert read_bundle(canonical_text(show_evidence(request, needs=world.showing))).stated == ()
    world.witness.witness(request)
    [stated] = read_bundle(canonical_text(show_evidence(request, needs=world.showing))).stated
    assert steps[0] in stated["stated"]["statement"]


def test_a_statement_that_is_signed_later_does_not_take_the_place_of_the_first(world: CeremonyWorld) -> None:
    request, steps = restored(world)
    world.state(request, "omar", done(steps[0]))
    world.later(minutes=1)
    text = _not_handed_out(world, request, steps[0])
    late = proof_text(text, signed=AUTHENTICATORS["maria"].sign(text))
    world.shelf.put_new(f"{stated_of(request)}{digest_of(late)}.json", late)
    first = show_restore(request, needs=world.showing, now=world.now + timedelta(hours=1)).checklist[0]
    assert first.by == "Omar Haddad"
