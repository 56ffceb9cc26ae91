"""Every path through the state machine `restore_approval`, walked by a Step Functions that we did not write.

The definition is the real one, so are the services, their errors and the ledger; jobs, ticket, Slack and login are
fakes, and the functions are called in the process instead of in Lambda.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError
from ministack import app
from ministack.services import stepfunctions

from sandbox.seams import host as seams
from sandbox.seams.machines import step_functions as seams_step_functions
from strongroom.adapters.aws.step_functions import CallbackTasks
from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import AccessRefusedError, StrongroomError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.restores.votes import Decision
from strongroom.runtime.contracts.restores import ActInput, ApprovalInput, ClosingInput, RequestInput
from strongroom.runtime.steps import each_step
from strongroom.services.evidence.keep_evidence import EvidenceRecorder
from strongroom.services.restores.acting.check_copy_back import check_copy_back
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.close_restore import close_restore
from strongroom.services.restores.acting.start_copy_back import start_copy_back
from strongroom.services.restores.acting.start_restore import start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from strongroom.services.restores.approving.cancel_restore import cancel_restore
from strongroom.services.restores.approving.cast_vote import cast_vote
from strongroom.services.restores.approving.confirm_presence import confirm_presence
from strongroom.services.restores.approving.open_approval import open_approval
from strongroom.services.restores.approving.snapshot_ticket import snapshot_ticket
from tests.builders.places import CENTRAL_VAULT
from tests.builders.restores import CENTRAL_POINT, NOW, POINT, RESTORED, a_request, a_ticket
from tests.fakes.restores import World

MACHINE = Path(__file__).parents[3] / "statemachines" / "restore_approval.asl.yaml"
ID = a_request().id
_SECONDS = 10.0


def _functions(world: World) -> dict[str, Callable[[dict[str, Any], Any], Any]]:
    return {
        "SnapshotTicket": each_step(ActInput)(
            lambda step, _: snapshot_ticket(
                step.request_id, execution=step.execution, needs=world.reading, now=world.now
            )
        ),
        "OpenApproval": each_step(ApprovalInput)(
            lambda step, _: open_approval(
                step.request_id,
                token=step.task_token,
                needs=world.opening,
                now=world.now,
            )
        ),
        "StartCopyBack": each_step(ActInput)(
            lambda step, _: start_copy_back(
                step.request_id, execution=step.execution, needs=world.copying, now=world.now
            )
        ),
        "CheckCopyBack": each_step(RequestInput)(
            lambda step, _: check_copy_back(step.request_id, needs=world.checking_copy, now=world.now)
        ),
        "StartRestore": each_step(ActInput)(
            lambda step, _: start_restore(
                step.request_id, execution=step.execution, needs=world.restoring, now=world.now
            )
        ),
        "CheckRestore": each_step(RequestInput)(
            lambda step, _: check_restore(step.request_id, needs=world.checking_restore, now=world.now)
        ),
        "TagRestored": each_step(RequestInput)(
            lambda step, _: tag_restored(step.request_id, needs=world.tagging, now=world.now)
        ),
        "CloseRestore": each_step(ClosingInput)(
            lambda step, _: close_restore(
                step.request_id,
                outcome=step.outcome,
                reason=step.explanation,
                error=step.error,
                needs=world.closing,
                now=world.now,
            )
        ),
    }


def _call(action: str, **body: Any) -> dict[str, Any]:
    headers = {"x-amz-target": f"AWSStepFunctions.{action}"}
    status, _, content = asyncio.run(stepfunctions.handle_request("POST", "/", headers, json.dumps(body).encode(), {}))
    assert status == 200, content
    return dict(json.loads(content))


class _StepFunctions:
    """The engine as a client: what it refuses is raised as boto3 raises it."""

    def send_task_success(self, **request: str) -> None:
        headers = {"x-amz-target": "AWSStepFunctions.SendTaskSuccess"}
        status, _, content = asyncio.run(
            stepfunctions.handle_request("POST", "/", headers, json.dumps(request).encode(), {})
        )
        if status != 200:
            raise ClientError({"Error": {"Code": json.loads(content)["__type"], "Message": ""}}, "SendTaskSuccess")


@dataclass
class Ceremony:
    """One execution, and the people around it."""

    world: "PathWorld"
    execution: str

    def until(self, happened: Callable[[], Any]) -> Any:
        """Wait until it happened, within ten seconds."""
        ends = time.monotonic() + _SECONDS
        while time.monotonic() < ends:
            if found := happened():
                return found
            time.sleep(0.02)
        raise AssertionError(f"not within {_SECONDS} s; the execution is {self.describe()}")

    def describe(self) -> dict[str, Any]:
        """The execution as the engine describes it."""
        return _call("DescribeExecution", executionArn=self.execution)

    def opened(self) -> None:
        """Wait until the approvers see the request."""
        self.until(lambda: self.world.book.kept_message(ID))

    def vote(self, decision: Decision) -> None:
        """Maria votes, and proves that it is her."""
        world = self.world
        sealed = world.book.read(ID)
        answer = cast_vote(sealed, decision, person="maria", needs=world.voting, now=world.now)
        code = world.prove(answer.presence_url)
        counted = confirm_presence(
            answer.presence_url.rpartition("/")[2],
            code=code,
            needs=world.proving,
            now=world.now,
        )
        assert counted.counted, counted.reason

    def end(self) -> tuple[str, str]:
        """The execution's status and the recorded outcome, once it has ended."""
        found = self.until(lambda: self.describe() if self.describe()["status"] != "RUNNING" else None)
        closed = self.world.ledger_outcome(ID)
        return found["status"], closed


class SlowEvidence(EvidenceRecorder):
    """Takes its time over a decision."""

    def note_once(self, request_id: str, kind: str, *, at: datetime, facts: Mapping[str, str]) -> None:
        """Write it down, later, when the main thread says it."""
        if threading.current_thread() is threading.main_thread():
            time.sleep(0.6)
        super().note_once(request_id, kind, at=at, facts=facts)


class PathWorld(World):
    """A world whose tasks are the engine's."""

    def ledger_outcome(self, request_id: str) -> str:
        from strongroom.domain.restores.steps import Closed

        closed = self.book.recorded(request_id, Closed)
        return closed.outcome if closed else "none"


@pytest.fixture
def world(ledger_table: LedgerTable, intent: Intent, platform_environment: None) -> PathWorld:
    made = PathWorld(ledger_table, intent)
    made.tasks = CallbackTasks(_StepFunctions())  # type: ignore[assignment]
    return made


@pytest.fixture
def begin(world: PathWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Ceremony]]:
    seams_step_functions.install()
    monkeypatch.setattr(app, "AUTH", False)  # only the engine runs here, without IAM
    monkeypatch.setattr(stepfunctions, "_SFN_WAIT_SCALE", 0)
    monkeypatch.setattr(stepfunctions, "_call_lambda", _dispatch(_functions(world)))
    definition = MACHINE.read_text(encoding="utf-8")
    definition = definition.replace("${PollSeconds}", "15").replace("${Partition}", "aws")
    for name in _functions(world):
        arn = f"arn:aws:lambda:eu-west-1:999999999999:function:{name}"
        definition = definition.replace(f"${{{name}FunctionArn}}", arn)
    assert "${" not in definition
    made = _call(
        "CreateStateMachine",
        name=f"restore-approval-{time.monotonic_ns()}",
        definition=json.dumps(yaml.safe_load(definition)),
        roleArn="arn:aws:iam::999999999999:role/machine",
    )

    def start(**changes: Any) -> Ceremony:
        world.book.add(seal_request(a_request(**changes)))
        started = _call(
            "StartExecution",
            stateMachineArn=made["stateMachineArn"],
            name=ID,
            input=json.dumps({"request_id": ID}),
        )
        return Ceremony(world, started["executionArn"])

    yield start
    seams.restore()


def _dispatch(functions: dict[str, Callable[[dict[str, Any], Any], Any]]) -> Callable[[str, Any], Any]:
    lock = threading.Lock()  # the fake ledger is one client, and not made for several threads

    def call(reference: str, payload: Any) -> Any:
        try:
            with lock:
                return functions[str(reference).rpartition(":")[2]](payload, None)
        except StrongroomError as error:
            cause = json.dumps({"errorType": type(error).__name__, "errorMessage": str(error)})
            raise stepfunctions._ExecutionError(type(error).__name__, cause) from error  # noqa: SLF001

    return call


def test_an_approved_restore_runs_to_its_end(world: PathWorld, begin: Callable[..., Ceremony]) -> None:
    ceremony = begin()
    ceremony.opened()
    ceremony.vote(Decision.APPROVE)
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert world.restores.started == [POINT]
    assert world.tags.added == {RESTORED: {"Backup": "daily-prod", "team": "payments"}}
    assert world.copies.started == []


def test_a_central_recovery_point_is_copied_back_before_it_is_restored(
    world: PathWorld, begin: Callable[..., Ceremony]
) -> None:
    ceremony = begin(plan=RestorePlan.COPY_BACK, recovery_point=CENTRAL_POINT, vault=CENTRAL_VAULT)
    ceremony.opened()
    ceremony.vote(Decision.APPROVE)
    assert ceremony.end() == ("SUCCEEDED", "restored")
    assert world.copies.started == [CENTRAL_POINT]
    assert world.restores.started == ["arn:aws:rds:eu-west-1:222222222222:snapshot:awsbackup:copyjob-9"]


def test_a_denied_request_restores_nothing(world: PathWorld, begin: Callable[..., Ceremony]) -> None:
    ceremony = begin()
    ceremony.opened()
    ceremony.vote(Decision.DENY)
    assert ceremony.end() == ("SUCCEEDED", "denied")
    assert world.restores.started == []


def test_a_request_taken_back_restores_nothing(world: PathWorld, begin: Callable[..., Ceremony]) -> None:
    ceremony = begin()
    ceremony.opened()
    cancel_restore(ID, person="omar", needs=world.cancelling, now=world.now)
    assert ceremony.end() == ("SUCCEEDED", "cancelled")
    assert world.restores.started == []


def test_a_decision_while_the_request_is_still_being_shown_lets_the_machine_go_on_once(
    world: PathWorld, begin: Callable[..., Ceremony], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The opener tells the machine between the decider's record and the decider's own telling, which comes too late.
    monkeypatch.setattr(world.tickets, "comment", lambda *_: time.sleep(0.2))
    world.evidence = SlowEvidence(world.log)
    ceremony = begin()
    ceremony.opened()
    cancel_restore(ID, person="omar", needs=world.cancelling, now=world.now)
    assert ceremony.end() == ("SUCCEEDED", "cancelled")
    assert [kind for kind in world.kinds(ID) if kind in {"approval-cancelled", "closed"}] == [
        "approval-cancelled",
        "closed",
    ]


def test_a_request_that_nobody_decides_expires(world: PathWorld, begin: Callable[..., Ceremony]) -> None:
    ceremony = begin(approval_expires_at=NOW)
    assert ceremony.end() == ("SUCCEEDED", "expired")
    assert world.restores.started == []


def test_a_ticket_that_does_not_entitle_ends_the_ceremony_before_anybody_is_asked(
    world: PathWorld, begin: Callable[..., Ceremony]
) -> None:
    world.tickets.ticket = a_ticket(status="Open")
    assert begin().end() == ("SUCCEEDED", "withdrawn")
    assert world.board.shown == []


def test_a_ticket_withdrawn_after_the_approval_stops_the_restore(
    world: PathWorld, begin: Callable[..., Ceremony]
) -> None:
    ceremony = begin()
    ceremony.opened()
    world.tickets.ticket = a_ticket(status="Withdrawn")
    ceremony.vote(Decision.APPROVE)
    assert ceremony.end() == ("SUCCEEDED", "withdrawn")
    assert world.restores.started == []


def test_a_failed_copy_back_fails_the_ceremony_and_is_alerted(world: PathWorld, begin: Callable[..., Ceremony]) -> None:
    world.copies.states, world.copies.message = ["RUNNING", "FAILED"], "the local vault refused the copy"
    ceremony = begin(plan=RestorePlan.COPY_BACK, recovery_point=CENTRAL_POINT, vault=CENTRAL_VAULT)
    ceremony.opened()
    ceremony.vote(Decision.APPROVE)
    assert ceremony.end() == ("FAILED", "failed")
    assert ceremony.describe()["error"] == "CopyBackFailedError"
    assert "the local vault refused the copy" in world.alerts.told[0].reason
    assert world.restores.started == []


def test_tags_that_cannot_be_read_leave_the_restore_restored_and_are_alerted(
    world: PathWorld, begin: Callable[..., Ceremony], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> dict[str, str]:
        raise AccessRefusedError("rds answered AccessDenied")

    monkeypatch.setattr(world.points, "tags", refuse)
    ceremony = begin()
    ceremony.opened()
    ceremony.vote(Decision.APPROVE)
    assert ceremony.end() == ("SUCCEEDED", "restored")
    [alert] = world.alerts.told
    assert (alert.kind, alert.subject) == (AlertKind.RESOURCE_NOT_TAGGED, RESTORED)
    assert "rds answered AccessDenied" in alert.reason


def test_a_failed_restore_fails_the_ceremony_and_is_alerted(world: PathWorld, begin: Callable[..., Ceremony]) -> None:
    world.restores.states, world.restores.message = ["RUNNING", "FAILED"], "no such subnet group"
    ceremony = begin()
    ceremony.opened()
    ceremony.vote(Decision.APPROVE)
    assert ceremony.end() == ("FAILED", "failed")
    assert ceremony.describe()["error"] == "RestoreFailedError"
    assert "no such subnet group" in world.alerts.told[0].reason
    assert world.tags.added == {}


def test_a_restore_that_used_other_metadata_than_approved_fails_and_is_alerted(
    world: PathWorld, begin: Callable[..., Ceremony]
) -> None:
    world.restores.used = {"DBInstanceIdentifier": "payments-db-0200", "PubliclyAccessible": "true"}
    ceremony = begin()
    ceremony.opened()
    ceremony.vote(Decision.APPROVE)
    assert ceremony.end() == ("FAILED", "failed")
    assert "publiclyaccessible" in world.alerts.told[0].reason


def test_a_request_tampered_with_after_its_approval_is_not_carried_out_and_alerted(
    world: PathWorld, begin: Callable[..., Ceremony]
) -> None:
    ceremony = begin()
    ceremony.opened()
    forged = seal_request(a_request(target_name="payments-db-evil"))
    item = world.table.get(Key(f"RESTORE#{ID}", "REQUEST")) or {}
    world.table.put(item | {"text": forged.text})
    world.tasks.succeed(world.book.kept_token(ID) or "", {"decision": "approved", "reason": "forged"})
    assert ceremony.end() == ("FAILED", "failed")
    assert ceremony.describe()["error"] == "ApprovalVoidError"
    assert world.restores.started == []
    assert "its digest differs" in world.alerts.told[0].reason
