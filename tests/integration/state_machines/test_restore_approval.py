"""Every path through the state machine `restore_approval`, walked by a Step Functions that we did not write.

The definition is the real one, so are the services, their errors, the passkeys' signatures and the judge; jobs,
ticket, Slack, the log's witness and the Object Lock bucket are fakes, and the functions are called in the process
instead of in Lambda.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from ministack import app
from ministack.services import stepfunctions

from sandbox.seams import host as seams
from sandbox.seams.machines import executions as seams_executions
from sandbox.seams.machines import step_functions as seams_step_functions
from strongroom.adapters.ledger.changes import Key
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import (
    AccessRefusedError,
    ConfigurationMissingError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.object_keys import policy_key, proof_key, request_key
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.proof import proof_text
from strongroom.domain.proofs.statements import Decision
from strongroom.services.restores.approving.propose_statement import propose_statement
from tests.builders.intents import with_restores
from tests.builders.places import PAYMENTS
from tests.builders.proving.signing import Authenticator
from tests.builders.restores import CENTRAL_POINT, COPIED_POINT, POINT, RESTORED, a_proving_intent, a_ticket, a_wish
from tests.integration.state_machines.ceremonies import (
    FUNCTIONS,
    Engine,
    RunningCeremony,
    RunningWorld,
    call_engine,
    make_machine,
    status_of,
    until,
)

# Longer than a test waits: what goes on was rung.
BELL_SECONDS: Final = 300
TO_COPY: Final = a_wish(recovery_point=CENTRAL_POINT)

type Happening = Callable[[], object]


@pytest.fixture
def make_world(
    intent: Intent, platform_environment: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., RunningWorld]]:
    """Make the world of a test, whose functions the engine calls."""
    monkeypatch.setattr(app, "AUTH", False)  # only the engine runs here, without IAM
    monkeypatch.setattr(stepfunctions, "_SFN_WAIT_SCALE", 0)

    def make(*, bell_seconds: int = BELL_SECONDS) -> RunningWorld:
        made = RunningWorld(a_proving_intent(intent))
        monkeypatch.setattr(stepfunctions, "_call_lambda", made.call)
        seams_step_functions.install()
        seams_executions.install()
        made.machine = make_machine(bell_seconds=bell_seconds)
        return made

    yield make
    seams.restore()


@pytest.fixture
def world(make_world: Callable[..., RunningWorld]) -> RunningWorld:
    """The world in which a bell that nobody rings is silent for longer than the test."""
    return make_world()


def _fails(error: Exception) -> Happening:
    def fail() -> None:
        raise error

    return fail


# --- To its end --------------------------------------------------------------


def test_an_approved_restore_runs_to_its_end(world: RunningWorld) -> None:
    ceremony = world.asked_for()
    ceremony.asks_and("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert world.restores.begun == [POINT]
    assert world.tagged == [(RESTORED, {"Backup": "daily-prod", "team": "payments"})]
    assert world.copies.begun == []
    assert world.kinds(ceremony.request) == [
        "ticket-entitles",
        "restore-intended",
        "restore-started",
        "restored",
        "tagged",
        "after-step",
        "closed",
    ]


def test_the_judge_is_asked_before_the_bell_and_after_it(world: RunningWorld) -> None:
    ceremony = world.asked_for()
    ceremony.asks_and("maria")
    ceremony.end()
    assert world.called == [
        "SnapshotTicket",
        "TellApprovers",
        "JudgeApproval",
        "KeepDoorbell",
        "JudgeApproval",
        "StartRestore",
        "CheckRestore",
        "CheckRestore",
        "TagRestored",
        "CloseRestore",
    ]


def test_a_central_recovery_point_is_copied_back_before_it_is_restored(world: RunningWorld) -> None:
    ceremony = world.asked_for(TO_COPY)
    ceremony.asks_and("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert world.copies.begun == [CENTRAL_POINT]
    assert world.restores.begun == [COPIED_POINT]


# --- What people sign, and when ----------------------------------------------

ENDS: Final = [
    pytest.param("maria", Decision.DENY, "denied", id="denied"),
    pytest.param("omar", Decision.CANCEL, "cancelled", id="taken back"),
]


@pytest.mark.parametrize(("person", "decision", "outcome"), ENDS)
def test_a_request_that_is_ended_restores_nothing(
    person: str, decision: Decision, outcome: str, world: RunningWorld
) -> None:
    ceremony = world.asked_for()
    ceremony.asks_and(person, decision)
    assert ceremony.end() == ("SUCCEEDED", outcome)
    assert world.restores.begun == []
    assert world.alerts.told == []


@pytest.mark.parametrize(("person", "decision", "outcome"), ENDS)
def test_so_does_one_that_is_ended_between_the_judge_and_the_act(
    person: str, decision: Decision, outcome: str, world: RunningWorld
) -> None:
    ceremony = world.asked_for()
    world.before("StartRestore", lambda: ceremony.says(person, decision))
    ceremony.asks_and("maria")
    assert ceremony.end() == ("SUCCEEDED", outcome)
    assert world.restores.begun == []


@pytest.mark.parametrize(("person", "decision", "outcome"), ENDS)
def test_so_does_one_that_is_ended_while_it_is_copied_back(
    person: str, decision: Decision, outcome: str, world: RunningWorld
) -> None:
    ceremony = world.asked_for(TO_COPY)
    world.before("CheckCopyBack", lambda: ceremony.says(person, decision))
    ceremony.asks_and("maria")
    assert ceremony.end() == ("SUCCEEDED", outcome)
    assert (world.copies.begun, world.restores.begun) == ([CENTRAL_POINT], [])


def test_a_request_that_nobody_decides_expires_though_nobody_rings(make_world: Callable[..., RunningWorld]) -> None:
    world = make_world(bell_seconds=1)
    ceremony = world.asked_for()
    ceremony.bell()
    with world.lock:
        world.later(hours=5)
    assert ceremony.end() == ("SUCCEEDED", "expired")
    assert world.restores.begun == []


def test_a_silent_bell_is_hung_again(make_world: Callable[..., RunningWorld]) -> None:
    world = make_world(bell_seconds=1)
    ceremony = world.asked_for()
    ceremony.bell(after=ceremony.bell())
    ceremony.says("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")


def test_what_is_signed_while_the_request_is_being_shown_needs_no_bell(world: RunningWorld) -> None:
    with world.lock:  # the execution waits with its first step until this is arranged
        ceremony = world.asked_for()
        world.before("TellApprovers", lambda: ceremony.says("maria"))
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert "KeepDoorbell" not in world.called


def test_what_is_signed_between_the_judge_and_the_bell_is_heard_by_the_sweep(world: RunningWorld) -> None:
    with world.lock:
        ceremony = world.asked_for()
        world.before("KeepDoorbell", lambda: ceremony.says("maria"))
    ceremony.bell()
    assert world.sweep().woken == 1
    assert ceremony.end() == ("SUCCEEDED", "restored")


def test_a_bell_decides_nothing_whoever_rings_it(world: RunningWorld) -> None:
    ceremony = world.asked_for()
    rung = ceremony.bell()
    assert world.tasks.succeed(rung, {"decision": "approved", "state": "approved", "reason": "forged"})
    ceremony.bell(after=rung)
    assert world.restores.begun == []
    ceremony.says("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")


def test_an_approval_by_a_key_that_nobody_has_counts_for_nothing_where_it_lies(world: RunningWorld) -> None:
    """Whoever may write proofs into the bucket has no vote by that."""
    ceremony = world.asked_for()
    rung = ceremony.bell()
    with world.lock:
        _keep_forged_approval(world, ceremony.request)
    world.tasks.succeed(rung, {})
    ceremony.bell(after=rung)
    assert world.restores.begun == []
    ceremony.says("maria", Decision.DENY)
    assert ceremony.end() == ("SUCCEEDED", "denied")


def _keep_forged_approval(world: RunningWorld, request: str) -> None:
    statement = propose_statement(request, Decision.APPROVE, view=None, needs=world.proposing, now=world.now).statement
    proof = proof_text(statement, signed=Authenticator(name="nobody's key").sign(statement))
    assert world.shelf.put_new(proof_key(request, digest_of(proof)), proof)


def test_rules_that_are_tightened_meanwhile_send_it_back_to_its_bell(world: RunningWorld) -> None:
    ceremony = world.asked_for()
    world.before("StartRestore", lambda: _tighten(world))
    first = ceremony.bell()
    ceremony.says("maria")
    ceremony.bell(after=first)
    assert world.restores.begun == []
    ceremony.says("sana")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert world.restores.begun == [POINT]


def _tighten(world: RunningWorld) -> None:
    """Somebody deploys other rules; those of the request were in force until then."""
    before = world.policy_of(PAYMENTS, "Production")
    world.shelf.put_new(policy_key(digest_of(before)), before)
    rule = ApprovalRule(unit="Production", group="approvers", needed=2)
    world.intent = with_restores(world.intent, rules=(rule,))


# --- The ticket --------------------------------------------------------------


def test_a_ticket_that_does_not_entitle_ends_the_ceremony_before_anybody_is_asked(world: RunningWorld) -> None:
    with world.lock:
        ceremony = world.asked_for()
        world.tickets.ticket = a_ticket(status="Open")
    assert ceremony.end() == ("SUCCEEDED", "withdrawn")
    assert world.board.shown == []


def test_a_ticket_withdrawn_after_the_approval_stops_the_restore(world: RunningWorld) -> None:
    ceremony = world.asked_for()
    ceremony.bell()
    world.tickets.ticket = a_ticket(status="Withdrawn")
    ceremony.says("maria")
    assert ceremony.end() == ("SUCCEEDED", "withdrawn")
    assert world.restores.begun == []


# --- What fails --------------------------------------------------------------


def test_a_failed_copy_back_fails_the_ceremony_and_is_alerted(world: RunningWorld) -> None:
    world.copies.states, world.copies.message = ["RUNNING", "FAILED"], "the local vault refused the copy"
    ceremony = world.asked_for(TO_COPY)
    ceremony.asks_and("maria")
    assert ceremony.end() == ("FAILED", "failed")
    assert ceremony.describe()["error"] == "CopyBackFailedError"
    assert "the local vault refused the copy" in world.alerts.told[0].reason
    assert world.restores.begun == []


def test_a_failed_restore_fails_the_ceremony_and_is_alerted(world: RunningWorld) -> None:
    world.restores.states, world.restores.message = ["RUNNING", "FAILED"], "no such subnet group"
    ceremony = world.asked_for()
    ceremony.asks_and("maria")
    assert ceremony.end() == ("FAILED", "failed")
    assert ceremony.describe()["error"] == "RestoreFailedError"
    assert "no such subnet group" in world.alerts.told[0].reason
    assert world.tagged == []


def test_a_restore_that_used_other_metadata_than_approved_fails_and_is_alerted(world: RunningWorld) -> None:
    world.restores.used = {"DBInstanceIdentifier": "payments-db-0200", "PubliclyAccessible": "true"}
    ceremony = world.asked_for()
    ceremony.asks_and("maria")
    assert ceremony.end() == ("FAILED", "failed")
    assert "publiclyaccessible" in world.alerts.told[0].reason.lower()
    assert world.tagged == []


def test_evidence_tampered_with_after_the_approval_is_not_acted_on_and_is_alerted(world: RunningWorld) -> None:
    ceremony = world.asked_for()
    world.before("StartRestore", lambda: world.shelf.tampered.add(request_key(ceremony.request)))
    ceremony.asks_and("maria")
    assert status_of(ceremony.execution) == "FAILED"
    assert ceremony.describe()["error"] == "ApprovalVoidError"
    assert world.restores.begun == []
    [alert] = world.alerts.told
    assert (alert.kind, "was tampered with" in alert.reason) == (AlertKind.RESTORE_FAILED, True)


@pytest.mark.parametrize("error", [AccessRefusedError, NotFoundError])
def test_tags_that_cannot_be_read_leave_the_restore_restored_and_are_alerted(
    world: RunningWorld, monkeypatch: pytest.MonkeyPatch, error: type[StrongroomError]
) -> None:
    def refuse(*_: Any, **__: Any) -> dict[str, str]:
        raise error("rds answered AccessDenied")

    monkeypatch.setattr(world.points, "tags", refuse)
    ceremony = world.asked_for()
    ceremony.asks_and("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    [alert] = world.alerts.told
    assert (alert.kind, alert.subject) == (AlertKind.RESOURCE_NOT_TAGGED, RESTORED)
    assert "rds answered AccessDenied" in alert.reason


# --- What fails and is tried again -------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_that_fails_for_a_moment_is_tried_again(function: str, world: RunningWorld) -> None:
    with world.lock:
        world.before(function, *[_fails(TemporarilyUnavailableError("busy"))] * 2)
        ceremony = world.asked_for(TO_COPY)
    ceremony.asks_and("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert world.called.count(function) >= 3
    assert (world.copies.begun, world.restores.begun) == ([CENTRAL_POINT], [COPIED_POINT])
    assert world.kinds(ceremony.request).count("closed") == 1


@pytest.mark.parametrize(
    "error",
    ["Sandbox.Timedout", "Lambda.Unknown", "Lambda.ServiceException", "Lambda.TooManyRequestsException"],
)
def test_a_judge_whom_lambda_could_not_ask_is_asked_again(error: str, world: RunningWorld) -> None:
    world.before("JudgeApproval", _fails(stepfunctions._ExecutionError(error, "of the moment")))  # noqa: SLF001
    ceremony = world.asked_for()
    ceremony.asks_and("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert world.called.count("JudgeApproval") == 3


def test_a_judge_who_fails_after_the_approval_is_asked_again_and_restores_once(world: RunningWorld) -> None:
    ceremony = world.asked_for()
    ceremony.bell()
    world.before("JudgeApproval", *[_fails(TemporarilyUnavailableError("busy"))] * 12)
    ceremony.says("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert world.restores.begun == [POINT]


AWAY: Final = [_fails(TemporarilyUnavailableError("away"))] * 13  # once more than it is tried again


@pytest.mark.parametrize("function", ["JudgeApproval", "StartCopyBack", "StartRestore"])
def test_x07_whoever_is_away_for_long_costs_time_and_not_the_request(function: str, world: RunningWorld) -> None:
    ceremony = world.asked_for(TO_COPY)
    first = ceremony.bell()
    world.before(function, *AWAY)
    ceremony.says("maria")
    ceremony.bell(after=first)
    assert ceremony.outcome() == "none"
    until(lambda: world.sweep().woken, told=ceremony.describe)
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert (world.copies.begun, world.restores.begun) == ([CENTRAL_POINT], [COPIED_POINT])
    assert world.alerts.told == []


@pytest.mark.parametrize("function", ["SnapshotTicket", "CheckCopyBack", "CheckRestore"])
def test_x07_what_cannot_be_looked_at_for_long_is_looked_at_again(function: str, world: RunningWorld) -> None:
    with world.lock:
        world.before(function, *AWAY)
        ceremony = world.asked_for(TO_COPY)
    ceremony.asks_and("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert world.called.count(function) > len(AWAY)
    assert (world.restores.begun, world.alerts.told) == ([COPIED_POINT], [])


def test_x07_who_could_not_be_told_of_a_request_is_told_at_the_next_round(
    make_world: Callable[..., RunningWorld],
) -> None:
    world = make_world(bell_seconds=1)
    with world.lock:
        world.board.refusal = AccessRefusedError("not_in_channel")
        ceremony = world.asked_for()
    ceremony.bell()
    assert world.board.shown == []
    world.board.refusal = None
    until(lambda: world.board.shown, told=ceremony.describe)
    ceremony.says("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert len(world.board.shown) == len(world.board.closed) == 1


# --- What an execution left open ---------------------------------------------


def _stop(ceremony: RunningCeremony) -> None:
    call_engine("StopExecution", executionArn=ceremony.execution)
    assert status_of(ceremony.execution) == "ABORTED"


def _is_ticket_used(world: RunningWorld) -> bool:
    return "request_id" in (world.table.get(Key("TICKET#OPS-123", "USE")) or {})


def test_x07_a_ceremony_that_somebody_stopped_is_closed_and_gives_its_ticket_back(world: RunningWorld) -> None:
    ceremony = world.asked_for()
    ceremony.bell()
    _stop(ceremony)
    world.sweep()
    assert status_of(world.closing_execution(ceremony.request)) == "SUCCEEDED"
    assert (ceremony.outcome(), _is_ticket_used(world), world.sweep().open) == ("failed", False, 0)
    assert [alert.kind for alert in world.alerts.told] == [AlertKind.RESTORE_FAILED]
    assert world.restores.begun == []


@pytest.mark.parametrize(
    "failures",
    [
        pytest.param([_fails(ConfigurationMissingError("a setting is missing"))], id="at once"),
        pytest.param(AWAY, id="by somebody who was away for longer than it is tried again"),
    ],
)
def test_x07_a_close_that_failed_for_good_is_made_up_for(failures: list[Happening], world: RunningWorld) -> None:
    with world.lock:
        world.before("CloseRestore", *failures)
        ceremony = world.asked_for()
    ceremony.asks_and("maria")
    assert ceremony.end() == ("FAILED", "none")
    world.sweep()
    assert status_of(world.closing_execution(ceremony.request)) == "SUCCEEDED"
    assert (ceremony.outcome(), world.sweep().open) == ("restored", 0)
    assert world.alerts.told == []


def test_attack_17_a_closing_execution_that_is_begun_by_hand_ends_itself_alone(world: RunningWorld) -> None:
    ceremony = world.asked_for()
    ceremony.bell()
    by_hand = call_engine(
        "StartExecution",
        stateMachineArn=world.machine,
        name=f"{ceremony.request}-close-1",
        input=f'{{"request_id": "{ceremony.request}"}}',
    )["executionArn"]
    assert status_of(by_hand) == "SUCCEEDED"
    assert ceremony.outcome() == "none"
    assert [alert.kind for alert in world.alerts.told] == [AlertKind.TAMPERING_ATTEMPTED]
    ceremony.says("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")


def test_nothing_is_restored_while_the_log_is_down_and_once_when_it_is_back(world: RunningWorld) -> None:
    world.witness.is_down = True
    begun: list[list[str]] = []

    def look() -> None:
        begun.append(list(world.restores.begun))

    def mend() -> None:
        world.witness.is_down = False

    world.before("StartRestore", look, look, mend)
    ceremony = world.asked_for()
    ceremony.asks_and("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert (begun, world.restores.begun) == ([[], []], [POINT])
    assert world.kinds(ceremony.request).count("restore-intended") == 1


@pytest.mark.parametrize(
    ("function", "ends", "is_restored"),
    [
        pytest.param("SnapshotTicket", ("FAILED", "failed"), False, id="the ticket"),
        pytest.param("TellApprovers", ("SUCCEEDED", "restored"), True, id="showing it, which is not needed"),
        pytest.param("JudgeApproval", ("FAILED", "failed"), False, id="the judge"),
        pytest.param("KeepDoorbell", ("SUCCEEDED", "restored"), True, id="a bell, in whose place the next one hangs"),
        pytest.param("StartCopyBack", ("FAILED", "failed"), False, id="the copy's start"),
        pytest.param("CheckCopyBack", ("FAILED", "failed"), False, id="the copy"),
        pytest.param("StartRestore", ("FAILED", "failed"), False, id="the restore's start"),
        pytest.param("CheckRestore", ("FAILED", "failed"), True, id="the restore, which AWS goes on with"),
        pytest.param("TagRestored", ("SUCCEEDED", "restored"), True, id="the tags"),
        pytest.param("CloseRestore", ("FAILED", "none"), True, id="the end itself"),
    ],
)
def test_what_fails_for_good(function: str, ends: tuple[str, str], world: RunningWorld, *, is_restored: bool) -> None:
    with world.lock:
        world.before(function, _fails(ConfigurationMissingError("a setting is missing")))
        ceremony = world.asked_for(TO_COPY)
    if function not in {"SnapshotTicket", "JudgeApproval"}:
        ceremony.asks_and("maria")
    assert ceremony.end() == ends
    assert world.restores.begun == ([COPIED_POINT] if is_restored else [])
    failed = [alert for alert in world.alerts.told if alert.kind is AlertKind.RESTORE_FAILED]
    assert len(failed) == (ends == ("FAILED", "failed"))
    assert all("a setting is missing" in alert.reason for alert in failed)


# --- Two executions for one request ------------------------------------------


def test_a_request_that_is_begun_twice_has_one_execution(world: RunningWorld) -> None:
    ceremony = world.asked_for()
    world.begin(ceremony.request)
    ceremony.asks_and("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert (world.called.count("SnapshotTicket"), world.restores.begun) == (1, [POINT])


def test_another_execution_for_an_approved_request_ends_itself_alone_and_is_alerted(world: RunningWorld) -> None:
    ceremony = world.asked_for()
    ceremony.bell()
    before = world.kinds(ceremony.request)
    other = call_engine(
        "StartExecution",
        stateMachineArn=world.machine,
        name="by-hand",
        input=f'{{"request_id": "{ceremony.request}"}}',
    )["executionArn"]
    assert status_of(other) == "FAILED"
    assert Engine().describe_execution(executionArn=other)["error"] == "ForeignExecutionError"
    assert [alert.kind for alert in world.alerts.told] == [AlertKind.TAMPERING_ATTEMPTED]
    assert world.kinds(ceremony.request) == before
    ceremony.says("maria")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert world.restores.begun == [POINT]
