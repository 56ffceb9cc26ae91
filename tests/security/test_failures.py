"""Whatever is asked may be slow, wrong, lying or silent: unknown is never approved, and nothing honest dies of it."""

from collections.abc import Callable
from copy import replace
from typing import Any

import pytest

from strongroom.domain.errors import (
    AccessRefusedError,
    ApprovalVoidError,
    NotWitnessedYetError,
    RestoreFailedError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.object_keys import entry_key, request_key
from strongroom.domain.proofs.statements import Decision
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.approving.keep_doorbell import keep_doorbell
from strongroom.services.restores.asking.open_restore import open_restore
from strongroom.services.restores.deciding.sweep_ceremonies import sweep_ceremonies
from tests.builders.restores import AUTHENTICATORS
from tests.fakes.restores.world import CeremonyWorld


class KilledError(Exception):
    """The function was ended before it was done."""


def _raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


def _start(world: CeremonyWorld, request: str, **changes: Any) -> None:
    needs = replace(world.restoring, **changes)
    start_restore(request, execution=world.execution(request), needs=needs, now=world.now)


DOWN = {
    "the ticket system": ("tickets", "read"),
    "the directory": ("units", "units_of"),
    "AWS Backup, when asked for the point": ("points", "find"),
    "the log": ("witness", "witness"),
    "Step Functions": ("executions", "is_running"),
    "AWS Backup, when told to restore": ("starter", "start_job"),
}


class _Failing:
    """Answers nothing but an error, whatever it is asked."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, _: str) -> Callable[..., Any]:
        return _raising(self._error)


@pytest.mark.parametrize("error", [TemporarilyUnavailableError("slow"), AccessRefusedError("refused")], ids=str)
@pytest.mark.parametrize("what", DOWN)
def test_attack_27_what_does_not_answer_has_not_said_yes(what: str, error: Exception, world: CeremonyWorld) -> None:
    """Mallory silences one thing that the act asks, and without its answer nothing starts, and with it
    again it does.
    """
    request = world.come_to_approval()
    with pytest.raises(type(error)):
        _start(world, request, **{DOWN[what][0]: _Failing(error)})
    assert world.restores.begun == []
    _start(world, request)
    assert len(world.restores.begun) == 1


def test_attack_27_an_answer_that_is_true_of_nothing_is_no_answer(world: CeremonyWorld) -> None:
    """Mallory lets log and directory answer with nothing at all, and what is missing is not taken for there."""
    request = world.come_to_approval()
    world.witness.is_down = True
    with pytest.raises(NotWitnessedYetError):
        _start(world, request)
    world.witness.is_down = False
    world.units_of_account = ("",)
    with pytest.raises(ApprovalVoidError):
        _start(world, request)
    assert world.restores.begun == []


@pytest.mark.parametrize("step", ["open", "begin", "publish", "use"])
def test_x_07_an_opening_that_dies_halfway_is_taken_up(
    step: str, world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The function dies between evidence, ticket, execution and news, and the same try again finds it all as it was."""
    drafted = world.draft()
    places = {
        "open": "strongroom.adapters.ledger.restores.CeremonyRequests.open",
        "use": "strongroom.adapters.ledger.nonces.LedgerStatements.use",
        "begin": "tests.fakes.restores.world.CeremonyWorld.begin",
        "publish": "tests.fakes.restores.world.CeremonyWorld.publish",
    }
    with monkeypatch.context() as patch:
        patch.setattr(places[step], _raising(KilledError(step)))
        with pytest.raises(KilledError):
            _open(world, drafted)
    if step in {"publish", "use"}:
        sweep_ceremonies(needs=world.sweeping, now=world.now)
    _open(world, drafted)
    assert set(world.begun) == {drafted.request_id}
    world.read_ticket(drafted.request_id)
    world.sign(drafted.request_id, "maria")
    _start(world, drafted.request_id)
    assert len(world.restores.begun) == 1


def _open(world: CeremonyWorld, drafted: Any) -> None:
    signed = AUTHENTICATORS["omar"].sign(drafted.statement)
    open_restore(drafted.request_id, statement=drafted.statement, signed=signed, needs=world.opening, now=world.now)


def test_x_07_a_listed_request_without_an_execution_is_begun_by_the_clock(world: CeremonyWorld) -> None:
    """The function dies after listing the request and before its execution, and the sweep begins it."""
    drafted = world.draft()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CeremonyWorld, "begin", _raising(KilledError("begin")))
        with pytest.raises(KilledError):
            _open(world, drafted)
    assert world.begun == []
    sweep_ceremonies(needs=world.sweeping, now=world.now)
    assert world.begun == [drafted.request_id]


def test_x_07_a_bell_that_nobody_heard_is_rung_again(world: CeremonyWorld) -> None:
    """The vote is kept and the function dies before ringing, and the sweep wakes the judge within a minute."""
    request = world.open()
    world.read_ticket(request)
    keep_doorbell(request, token="token", needs=world.doorbell)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("strongroom.services.restores.approving.take_proof.ring", _raising(KilledError("ring")))
        with pytest.raises(KilledError):
            world.sign(request, "maria")
    assert world.tasks.answered == {}
    assert sweep_ceremonies(needs=world.sweeping, now=world.now).woken == 1
    assert set(world.tasks.answered) == {"token"}


def test_x_07_a_start_whose_answer_is_lost_is_looked_up(world: CeremonyWorld) -> None:
    """AWS Backup takes the job and the answer is lost, and the next try finds the job instead of starting another."""
    request = world.come_to_approval()

    class Lost:
        def start_job(self, asked: Any, *, recovery_point: str) -> str:
            world.restores.start(asked, recovery_point=recovery_point)
            raise TemporarilyUnavailableError("no answer in time")

    with pytest.raises(TemporarilyUnavailableError):
        _start(world, request, starter=Lost())
    world.later(minutes=30)
    _start(world, request)
    assert len(world.restores.begun) == 1
    assert world.kinds(request)[-1] == "restore-started"


def test_x_07_what_cannot_be_known_is_loud_and_not_repeated(world: CeremonyWorld) -> None:
    """A try died long ago and no job is listed, or two are, and nothing is started on a guess."""
    request = world.come_to_approval()
    with pytest.raises(TemporarilyUnavailableError):
        _start(world, request, starter=_Failing(TemporarilyUnavailableError("slow")))
    world.later(minutes=11)
    with pytest.raises(RestoreFailedError, match="cannot be told"):
        _start(world, request)
    world.restores.known = ["restore-1", "restore-2"]
    with pytest.raises(RestoreFailedError, match="cannot be told"):
        _start(world, request)
    assert world.restores.begun == []


def test_x_07_what_was_refused_for_a_moment_goes_on(world: CeremonyWorld) -> None:
    """The log is down for an hour, the approval waits and is carried out when it is back, with the first intent."""
    request = world.come_to_approval()
    world.witness.is_down = True
    for _ in range(6):
        with pytest.raises(NotWitnessedYetError):
            _start(world, request)
        world.later(minutes=1)
    world.witness.is_down = False
    _start(world, request)
    assert world.kinds(request) == ["ticket-entitles", "restore-intended", "restore-started"]


def test_x_07_a_denial_while_the_log_is_down_is_heard(world: CeremonyWorld) -> None:
    """The intent waits for the log, somebody denies meanwhile, and everything is decided again before the act."""
    request = world.come_to_approval()
    world.witness.is_down = True
    with pytest.raises(NotWitnessedYetError):
        _start(world, request)
    world.sign(request, "sana", Decision.DENY)
    world.witness.is_down = False
    with pytest.raises(ApprovalVoidError, match="denied"):
        _start(world, request)
    assert world.restores.begun == []


@pytest.mark.parametrize("what", ["request", "proof", "chain"])
def test_attack_30_a_second_version_or_a_marker_ends_the_ceremony(what: str, world: CeremonyWorld) -> None:
    """Mallory hides or doubles an object of the evidence, and what has more than one version is believed in nothing."""
    request = world.come_to_approval()
    proofs = [key for key in world.shelf.kept if "/proofs/" in key]
    world.shelf.tampered.add(
        {"request": request_key(request), "proof": proofs[0], "chain": entry_key(request, 1)}[what]
    )
    with pytest.raises(StrongroomError):
        _start(world, request)
    assert world.restores.begun == []


def test_attack_30_a_crash_between_intent_and_act_leaves_an_intent_to_answer_for(world: CeremonyWorld) -> None:
    """The function dies after the intent, which the log has signed by then, so that an act without a word is found."""
    request = world.come_to_approval()
    seen: list[str] = []

    class Dies:
        def start_job(self, _: Any, *, recovery_point: str) -> str:
            seen.extend(world.kinds(request))
            raise KilledError(recovery_point)

    with pytest.raises(KilledError):
        _start(world, request, starter=Dies())
    assert seen[-1] == "restore-intended"
    assert world.witness.asked == [request]
