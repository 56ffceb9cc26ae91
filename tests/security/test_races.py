"""Attacks with order and repetition: two at once, a step again, an execution that is not the request's own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import permutations, product
from random import Random

import pytest

from strongroom.domain.errors import ApprovalVoidError, ForeignExecutionError, RestoreRefusedError, StrongroomError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.statements import Decision
from strongroom.services.restores.acting.close_restore import close_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.approving.snapshot_ticket import snapshot_ticket
from strongroom.services.restores.approving.take_proof import take_proof
from strongroom.services.restores.asking.open_restore import open_restore
from tests.builders.restores import AUTHENTICATORS, CENTRAL_POINT, COPIED_POINT, POINT, a_wish
from tests.fakes.carrying.machine import FUNCTIONS
from tests.fakes.restores.world import MACHINE, CeremonyWorld

FOREIGN = {
    "by hand": f"{MACHINE.replace(':stateMachine:', ':execution:')}:by-hand",
    "of another machine": "arn:aws:states:eu-west-1:111111111112:execution:mallory:x",
    "of a name that ends alike": "arn:aws:states:eu-west-1:111111111112:execution:mallory:x-{request}",
    "no execution": "",
}


def _start(world: CeremonyWorld, request: str, *, execution: str | None = None) -> None:
    own = world.execution(request) if execution is None else execution
    start_restore(request, execution=own, needs=world.restoring, now=world.now)


def test_attack_14_a_denial_wins_in_every_order(world: CeremonyWorld) -> None:
    """Two approve while one denies, in every order and all in one second, and it is denied each time."""
    said = (("maria", Decision.APPROVE), ("sana", Decision.APPROVE), ("sana", Decision.DENY))
    for order in permutations(said):
        each = CeremonyWorld(world.intent)
        request = each.open()
        each.read_ticket(request)
        for person, decision in order:
            each.sign(request, person, decision)
        assert each.judge.decide(each.kept(request), now=each.now).state == "denied"
        with pytest.raises(ApprovalVoidError, match="denied"):
            _start(each, request)
        assert each.restores.begun == []


def test_attack_14_a_double_click_is_one_vote(world: CeremonyWorld) -> None:
    """Maria clicks twice and both posts run at once, and the proof lies once where its hash says."""
    request = world.open()
    proposed = propose_statement(request, Decision.APPROVE, view=None, needs=world.proposing, now=world.now)
    signed = AUTHENTICATORS["maria"].sign(proposed.statement)

    def click(_: int) -> str:
        return take_proof(
            request, statement=proposed.statement, signed=signed, needs=world.proving, now=world.now
        ).state

    with ThreadPoolExecutor(max_workers=8) as threads:
        states = list(threads.map(click, range(8)))
    assert "counted" in states
    assert len(world.kept(request).proofs) == 1


def test_attack_14_of_many_who_use_one_ticket_at_once_one_opens(world: CeremonyWorld) -> None:
    """Omar opens three requests by one ticket in the same moment, and ticket and listing are one transaction."""
    drafts = [world.draft(a_wish(target_name=f"payments-db-{number}")) for number in range(3)]

    def opened(number: int) -> bool:
        drafted = drafts[number]
        signed = AUTHENTICATORS["omar"].sign(drafted.statement)
        try:
            open_restore(
                drafted.request_id, statement=drafted.statement, signed=signed, needs=world.opening, now=world.now
            )
        except RestoreRefusedError:
            return False
        return True

    with ThreadPoolExecutor(max_workers=3) as threads:
        assert sorted(threads.map(opened, range(3))) == [False, False, True]
    assert len(set(world.begun)) == 1


@pytest.mark.parametrize("name", FOREIGN)
def test_attack_17_another_execution_gains_nothing_and_ends_nothing(name: str, world: CeremonyWorld) -> None:
    """Mallory starts an execution of his own with Omar's request, and it ends itself alone, with an alert."""
    request = world.come_to_approval()
    foreign = FOREIGN[name].replace("{request}", request)
    world.running.add(foreign)
    with pytest.raises(ForeignExecutionError):
        _start(world, request, execution=foreign)
    with pytest.raises(ForeignExecutionError):
        snapshot_ticket(request, execution=foreign, needs=world.snapshot, now=world.now)
    before = dict(world.shelf.kept)
    ended = _close(world, request, foreign)
    assert (ended, world.shelf.kept, world.restores.begun) == ("failed", before, [])
    _start(world, request)
    assert len(world.restores.begun) == 1


def _close(world: CeremonyWorld, request: str, execution: str) -> str:
    ended = close_restore(request, execution=execution, error="", reason="x", needs=world.closing, now=world.now)
    return ended.outcome


def _redrive_after_the_end(world: CeremonyWorld, request: str) -> None:
    world.close(request, error="States.Timeout", reason="x")


def _redrive_too_late(world: CeremonyWorld, request: str) -> None:
    world.later(hours=6)


def _redrive_a_dead_one(world: CeremonyWorld, request: str) -> None:
    world.running.clear()


@pytest.mark.parametrize("happen", [_redrive_after_the_end, _redrive_too_late, _redrive_a_dead_one])
def test_attack_17_an_execution_that_is_redriven_starts_nothing(
    happen: Callable[[CeremonyWorld, str], None], world: CeremonyWorld
) -> None:
    """Mallory redrives an approved execution after its end, and closing, clock and state are looked at
    before the act.
    """
    request = world.come_to_approval()
    happen(world, request)
    with pytest.raises(ApprovalVoidError):
        _start(world, request)
    assert world.restores.begun == []


def test_attack_17_a_step_that_is_taken_again_starts_nothing_more(world: CeremonyWorld) -> None:
    """Mallory invokes the step of the act a hundred times, and what was started is written down and only described."""
    request = world.come_to_approval()
    for _ in range(100):
        _start(world, request)
    assert len(world.restores.begun) == 1
    assert world.kinds(request).count(EntryKind.RESTORE_STARTED) == 1


@pytest.mark.parametrize("state", ["open", "approved", "restoring"])
def test_attack_17_whoever_may_invoke_every_step_starts_only_what_is_approved(state: str, world: CeremonyWorld) -> None:
    """Mallory may invoke every step with any input in any order, and can start the approved restore, once, and no
    other.
    """
    come = {"open": world.open, "approved": world.come_to_approval, "restoring": world.come_to_restore}
    request = come[state]()
    begun, own = len(world.restores.begun), world.execution(request)
    steps: list[Callable[[], object]] = [
        lambda: _close(world, request, "arn:aws:states:::execution:x:y"),
        lambda: _start(world, request, execution="arn:aws:states:::execution:x:y"),
        lambda: snapshot_ticket(request, execution="", needs=world.snapshot, now=world.now),
        lambda: snapshot_ticket(request, execution=own, needs=world.snapshot, now=world.now),
        lambda: _start(world, request, execution=own),
    ]
    for step in steps * 2:
        try:
            step()
        except StrongroomError:
            continue
    expected = {"open": 0, "approved": 1, "restoring": begun}[state]
    assert len(world.restores.begun) == expected
    assert EntryKind.CLOSED not in world.kinds(request)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("come", ["open", "come_to_approval", "come_to_restore", "come_to_copy", "come_to_copied"])
def test_attack_17_every_step_in_any_order_with_any_execution_starts_what_is_approved_once_or_nothing(
    come: str, seed: int, world: CeremonyWorld
) -> None:
    """Mallory invokes all ten steps by hand, again and again, as the request's execution, as another or as none, with
    errors that never were, and at the most the restore that was approved is started.
    """
    request = getattr(world, come)()
    world.restores.states = ["COMPLETED"] if seed % 2 else ["RUNNING"]
    executions = (world.execution(request), *(each.replace("{request}", request) for each in FOREIGN.values()))
    calls = list(product(FUNCTIONS, executions, ("", "States.Timeout"))) * 2
    Random(seed).shuffle(calls)  # noqa: S311 - an order, not a secret
    for step, execution, error in calls:
        given = {"request_id": request, "execution": execution, "error": error, "reason": "x", "task_token": "theirs"}
        with suppress(StrongroomError):
            FUNCTIONS[step](world, given)
    approved = {COPIED_POINT if "cop" in come else POINT}
    assert set(world.restores.begun) <= (set() if come == "open" else approved)
    assert len(world.restores.known) <= 1
    assert set(world.copies.begun) <= {CENTRAL_POINT}
    closed = world.kept(request).last(EntryKind.CLOSED) or {}
    if closed.get("outcome") == "restored":
        assert (len(world.restores.known), world.restores.states) == (1, ["COMPLETED"])
    assert not (come == "open" and closed.get("outcome") == "restored")
