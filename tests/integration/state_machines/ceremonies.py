"""Restore ceremonies that run through the real state machine, around a world that is kept in memory."""

import asyncio
import json
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import yaml
from botocore.exceptions import ClientError
from ministack.services import stepfunctions

from strongroom.adapters.aws.step_functions.ceremonies import CallbackTasks, CeremonyExecutions, RestoreCeremonies
from strongroom.adapters.ledger.restores import CeremonyBells
from strongroom.domain.errors import StrongroomError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.executions import closing_name
from strongroom.domain.restores.requests import RestoreWish
from strongroom.runtime.contracts.restores import ActInput, ClosingInput, DoorbellInput, RequestInput
from strongroom.runtime.steps import Handler, each_step
from strongroom.services.restores.acting.check_copy_back import check_copy_back
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.close_restore import close_restore
from strongroom.services.restores.acting.start_copy_back import start_copy_back
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from strongroom.services.restores.approving.keep_doorbell import keep_doorbell
from strongroom.services.restores.approving.snapshot_ticket import snapshot_ticket
from strongroom.services.restores.approving.take_proof import ProofState
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from strongroom.services.restores.deciding.judge_approval import judge_approval
from strongroom.services.restores.deciding.sweep_ceremonies import CeremoniesSwept
from tests.fakes.restores.world import CeremonyWorld

MACHINE: Final = Path(__file__).parents[3] / "statemachines" / "restore_approval.asl.yaml"
_ROLE: Final = "arn:aws:iam::999999999999:role/machine"
_SECONDS: Final = 60.0


class Engine:
    """Step Functions as a client: what it refuses is raised as boto3 raises it."""

    def start_execution(self, **request: str) -> dict[str, Any]:
        return call_engine("StartExecution", **request)

    def describe_execution(self, **request: str) -> dict[str, Any]:
        return call_engine("DescribeExecution", **request)

    def send_task_success(self, **request: str) -> dict[str, Any]:
        return call_engine("SendTaskSuccess", **request)


def call_engine(action: str, **request: str) -> dict[str, Any]:
    """One call of Step Functions."""
    headers, body = {"x-amz-target": f"AWSStepFunctions.{action}"}, json.dumps(request).encode()
    status, _, content = asyncio.run(stepfunctions.handle_request("POST", "/", headers, body, {}))
    answer = dict(json.loads(content))
    if status != 200:
        raise ClientError({"Error": {"Code": answer["__type"], "Message": str(answer.get("message"))}}, action)
    return answer


def make_machine(*, bell_seconds: int) -> str:
    """The machine as it is deployed, but for its numbers; its functions are known by their names. Its ARN."""
    definition = MACHINE.read_text(encoding="utf-8")
    given = {"PollSeconds": "15", "BellSeconds": str(bell_seconds), "Partition": "aws"}
    functions = {f"{name}FunctionArn": f"arn:aws:lambda:eu-west-1:999999999999:function:{name}" for name in FUNCTIONS}
    for name, value in (given | functions).items():
        definition = definition.replace(f"${{{name}}}", value)
    assert "${" not in definition
    made = call_engine(
        "CreateStateMachine",
        name=f"restore-approval-{time.monotonic_ns()}",
        definition=json.dumps(yaml.load(definition, Loader=yaml.CSafeLoader)),
        roleArn=_ROLE,
    )
    return str(made["stateMachineArn"])


@dataclass
class RunningWorld(CeremonyWorld):
    """A world whose executions and waiting tasks are the engine's.

    `coming` is what happens just before the next calls of a function, a raised error instead of it; `called` are the
    functions in the order of their calls.
    """

    machine: str = ""
    coming: dict[str, list[Callable[[], object]]] = field(default_factory=dict)
    called: list[str] = field(default_factory=list)
    # What is in memory is not made for several threads.
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.tasks = CallbackTasks(Engine())  # type: ignore[assignment]

    def begin(self, request_id: str) -> bool:
        return RestoreCeremonies(Engine(), self.machine).begin(request_id)

    def begin_closing(self, request_id: str, *, now: datetime) -> None:
        RestoreCeremonies(Engine(), self.machine).begin_closing(request_id, now=now)

    def is_running(self, execution: str) -> bool:
        return CeremonyExecutions(Engine(), self.machine).is_running(execution)

    def ended_at(self, execution: str) -> datetime | None:
        """When it ended, by the world's clock: a minute ago, so that no test waits for one."""
        ended = CeremonyExecutions(Engine(), self.machine).ended_at(execution)
        return None if ended is None else self.now - timedelta(minutes=1)

    def before(self, function: str, *happens: Callable[[], object]) -> None:
        """Let this happen just before the function's next calls."""
        self.coming.setdefault(function, []).extend(happens)

    def call(self, reference: str, payload: dict[str, Any]) -> Any:
        """A function as the engine calls it: its error carries the name of its class."""
        name = reference.rpartition(":")[2]
        try:
            with self.lock:
                self.called.append(name)
                if happens := self.coming.get(name):
                    happens.pop(0)()
                return FUNCTIONS[name](self)(payload, None)
        except StrongroomError as error:
            cause = json.dumps({"errorType": type(error).__name__, "errorMessage": str(error)})
            raise stepfunctions._ExecutionError(type(error).__name__, cause) from error  # noqa: SLF001

    def asked_for(self, wish: RestoreWish | None = None) -> "RunningCeremony":
        """Omar asks and signs, by which the execution begins."""
        with self.lock:
            request = self.open(wish)
        return RunningCeremony(self, request)

    def sweep(self) -> CeremoniesSwept:
        """Take up what was interrupted."""
        with self.lock:
            return super().sweep()

    def closing_execution(self, request: str) -> str:
        """The ARN of the execution that closes what the request's own has left."""
        return f"{self.machine.replace(':stateMachine:', ':execution:')}:{closing_name(request, at=self.now)}"


@dataclass
class RunningCeremony:
    """One request, its execution, and the people around it."""

    world: RunningWorld
    request: str

    @property
    def execution(self) -> str:
        """The ARN of the execution that was begun with the request."""
        return f"{self.world.machine.replace(':stateMachine:', ':execution:')}:{self.request}"

    def bell(self, *, after: str = "") -> str:
        """The token of the bell, once one other than `after` hangs."""
        return str(until(lambda: self._token(after), told=self.describe))

    def says(self, person: str, decision: Decision = Decision.APPROVE) -> None:
        """That person signs, and it counts."""
        with self.world.lock:
            taken = self.world.sign(self.request, person, decision)
        assert taken.state is ProofState.COUNTED, taken.reason

    def asks_and(self, person: str, decision: Decision = Decision.APPROVE) -> None:
        """The machine waits for people, then that person signs."""
        self.bell()
        self.says(person, decision)

    def describe(self) -> dict[str, Any]:
        """The execution as the engine describes it."""
        return Engine().describe_execution(executionArn=self.execution)

    def end(self) -> tuple[str, str]:
        """The execution's status and the outcome in the evidence, once it has ended."""
        return status_of(self.execution), self.outcome()

    def outcome(self) -> str:
        """The outcome in the evidence, or `none`."""
        closed = self.world.kept(self.request).last(EntryKind.CLOSED)
        return str(closed["outcome"]) if closed else "none"

    def _token(self, after: str) -> str | None:
        with self.world.lock:
            token = CeremonyBells(self.world.table).token(self.request)
        return token if token != after else None


def status_of(execution: str) -> str:
    """How an execution has ended, once it has."""

    def describe() -> dict[str, Any]:
        return Engine().describe_execution(executionArn=execution)

    def status() -> str | None:
        found = str(describe()["status"])
        return found if found != "RUNNING" else None

    return str(until(status, told=describe))


def until(happened: Callable[[], Any], *, told: Callable[[], object]) -> Any:
    """Wait until it happened, as long as a busy machine may need for it."""
    ends = time.monotonic() + _SECONDS
    while time.monotonic() < ends:
        if found := happened():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {_SECONDS} s; the execution is {told()}")


def settle_backup(url: str) -> None:
    """Wait until every job of the stage's AWS Backup has ended."""
    request = urllib.request.Request(f"{url}/_sandbox/backup/settle", b"{}", method="POST")  # noqa: S310
    with urllib.request.urlopen(request, timeout=60):  # noqa: S310
        pass


def _snapshot_ticket(world: CeremonyWorld) -> Handler:
    return each_step(ActInput)(
        lambda step, _: snapshot_ticket(step.request_id, execution=step.execution, needs=world.snapshot, now=world.now)
    )


def _start_copy_back(world: CeremonyWorld) -> Handler:
    return each_step(ActInput)(
        lambda step, _: start_copy_back(step.request_id, execution=step.execution, needs=world.copying, now=world.now)
    )


def _check_copy_back(world: CeremonyWorld) -> Handler:
    return each_step(ActInput)(
        lambda step, _: check_copy_back(
            step.request_id, execution=step.execution, needs=world.checking_copy, now=world.now
        )
    )


def _start_restore(world: CeremonyWorld) -> Handler:
    return each_step(ActInput)(
        lambda step, _: start_restore(step.request_id, execution=step.execution, needs=world.restoring, now=world.now)
    )


def _check_restore(world: CeremonyWorld) -> Handler:
    return each_step(ActInput)(
        lambda step, _: check_restore(
            step.request_id, execution=step.execution, needs=world.checking_restore, now=world.now
        )
    )


def _tag_restored(world: CeremonyWorld) -> Handler:
    return each_step(ActInput)(
        lambda step, _: tag_restored(step.request_id, execution=step.execution, needs=world.tagging, now=world.now)
    )


def _close_restore(world: CeremonyWorld) -> Handler:
    return each_step(ClosingInput)(
        lambda step, _: close_restore(
            step.request_id,
            execution=step.execution,
            reason=step.explanation,
            error=step.error,
            needs=world.closing,
            now=world.now,
        )
    )


# The machine's functions as they are under functions/, with the world's needs in the place of a platform's.
FUNCTIONS: Final[dict[str, Callable[[CeremonyWorld], Handler]]] = {
    "SnapshotTicket": _snapshot_ticket,
    "TellApprovers": lambda world: each_step(RequestInput)(
        lambda step, _: tell_approvers(step.request_id, needs=world.telling, now=world.now)
    ),
    "JudgeApproval": lambda world: each_step(RequestInput)(
        lambda step, _: judge_approval(step.request_id, needs=world.judging, now=world.now)
    ),
    "KeepDoorbell": lambda world: each_step(DoorbellInput)(
        lambda step, _: keep_doorbell(step.request_id, token=step.task_token, needs=world.doorbell)
    ),
    "StartCopyBack": _start_copy_back,
    "CheckCopyBack": _check_copy_back,
    "StartRestore": _start_restore,
    "CheckRestore": _check_restore,
    "TagRestored": _tag_restored,
    "CloseRestore": _close_restore,
}
