"""Every path through the state machine `copy_remediation`, walked by a Step Functions that we did not write.

The definition is the real one, so are the sweep that begins it, the adapter that names it, the services and their
errors; the accounts are fakes, and the functions are called in the process instead of in Lambda.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from ministack import app
from ministack.services import stepfunctions

from sandbox.seams import host as seams
from sandbox.seams.machines import executions as seams_executions
from sandbox.seams.machines import step_functions as seams_step_functions
from strongroom.adapters.aws.step_functions.remediations import CopyRemediations
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.obstacles import Cause
from strongroom.domain.copies.promises import Promise
from strongroom.domain.errors import AccessRefusedError, CopyRefusedError, StrongroomError, TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.runtime.contracts.remediation import CopyInput, DiagnosisInput
from strongroom.runtime.steps import each_step
from strongroom.services.copies.remediation.diagnose_copy import LastTry, diagnose_copy
from strongroom.services.copies.remediation.start_copy import start_copy
from tests.builders.copies import CONTINUOUS, TOO_LATE, a_copy, a_copy_job, a_promise, a_source
from tests.builders.places import CENTRAL_VAULT
from tests.fakes.copies import FakeRemediation, LateNight
from tests.integration.state_machines.ceremonies import Engine, call_engine, status_of

MACHINE: Final = Path(__file__).parents[3] / "statemachines" / "copy_remediation.asl.yaml"
BEGUN_AT: Final = TOO_LATE + timedelta(minutes=30)
REFUSED: Final = a_copy_job(state="FAILED", message="Given key ID is not accessible", destination_recovery_point=None)


@dataclass
class Deployed(FakeRemediation):
    """The machine as it is deployed; its functions are known by their names, and `away` are the next answers."""

    night: LateNight | None = None
    arn: str = ""
    called: list[str] = field(default_factory=list)
    away: dict[str, list[StrongroomError]] = field(default_factory=dict)
    executions: list[str] = field(default_factory=list)

    def begin(self, promise: Promise, *, attempt: int) -> None:
        """Begin it as the sweep does."""
        CopyRemediations(lambda: self, self.arn).begin(promise, attempt=attempt)

    def start_execution(self, **request: str) -> dict[str, Any]:
        """Step Functions' own answer; the execution is noted."""
        answer = Engine().start_execution(**request)
        self.executions.append(answer["executionArn"])
        return answer

    def run(self, night: LateNight, *, now: Any) -> None:
        """What was begun runs by itself: wait for its end."""
        for execution in self.executions:
            status_of(execution)

    def call(self, reference: str, payload: dict[str, Any]) -> Any:
        """A function as the engine calls it: its error carries the name of its class."""
        name = reference.rpartition(":")[2]
        self.called.append(name)
        try:
            if waiting := self.away.get(name):
                raise waiting.pop(0)
            return self._handler(name)(payload, None)
        except StrongroomError as error:
            cause = json.dumps({"errorType": type(error).__name__, "errorMessage": str(error)})
            raise stepfunctions._ExecutionError(type(error).__name__, cause) from error  # noqa: SLF001

    def _handler(self, name: str) -> Callable[[dict[str, Any], Any], Any]:
        night = self.night
        assert night is not None
        if name == "StartCopy":
            return each_step(CopyInput)(lambda step, _: start_copy(step.key, needs=night.start_needs))
        return each_step(DiagnosisInput)(
            lambda step, _: diagnose_copy(
                step.key,
                last_try=LastTry(error=step.error, words=step.words),
                needs=night.diagnosis_needs,
                now=BEGUN_AT,
            )
        )


@pytest.fixture
def machine(intent: Intent, platform_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    """The machine, and a night on which one copy is missing."""
    monkeypatch.setattr(app, "AUTH", False)  # only the engine runs here, without IAM
    monkeypatch.setattr(stepfunctions, "_SFN_WAIT_SCALE", 0)
    seams_executions.install()
    seams_step_functions.install()
    deployed = Deployed()
    night = LateNight(intent, remediation=deployed)
    deployed.night = night
    monkeypatch.setattr(stepfunctions, "_call_lambda", deployed.call)
    deployed.arn = _make_machine()
    yield deployed
    monkeypatch.undo()  # what was put over a seam goes before the seam
    seams.restore()


def _make_machine() -> str:
    definition = MACHINE.read_text(encoding="utf-8").replace("${Partition}", "aws")
    for name in ("StartCopy", "DiagnoseCopy"):
        arn = f"arn:aws:lambda:eu-west-1:999999999999:function:{name}"
        definition = definition.replace(f"${{{name}FunctionArn}}", arn)
    assert "${" not in definition
    made = call_engine(
        "CreateStateMachine",
        name=f"copy-remediation-{time.monotonic_ns()}",
        definition=json.dumps(yaml.load(definition, Loader=yaml.CSafeLoader)),
        roleArn="arn:aws:iam::999999999999:role/machine",
    )
    return str(made["stateMachineArn"])


@pytest.fixture
def night(machine: Deployed) -> LateNight:
    night = machine.night
    assert night is not None
    night.promises.open(a_promise())
    return night


def begin(night: LateNight, *, until: timedelta = timedelta(minutes=45)) -> list[str]:
    """Sweep until the machine was begun and has run; how its executions ended."""
    night.sweep_until(TOO_LATE + until)
    assert isinstance(night.remediation, Deployed)
    return [status_of(execution) for execution in night.remediation.executions]


def test_a_copy_that_aws_never_started_is_started_again_once(machine: Deployed, night: LateNight) -> None:
    assert begin(night) == ["SUCCEEDED"]
    assert machine.called == ["StartCopy"]
    assert [attempt for _, attempt in night.jobs.started] == [1]
    assert (night.promise().restarts, night.promise().remediations, night.promise().diagnosis) == (1, 1, None)
    assert night.told == [AlertKind.COPY_MISSING]
    night.truth.points = [a_copy()]
    assert night.sweep(TOO_LATE + timedelta(hours=5)).counts == {"VERIFIED": 1}


def test_a_refused_cause_is_diagnosed_and_nothing_is_started(machine: Deployed, night: LateNight) -> None:
    night.jobs.jobs = [REFUSED]
    assert begin(night) == ["SUCCEEDED"]
    assert machine.called == ["StartCopy", "DiagnoseCopy"]
    assert night.jobs.started == []
    assert (night.promise().restarts, night.promise().diagnosis) == (0, Cause.KEY_POLICY)
    assert "to do in account 222222222222" in night.promise().reason


@pytest.mark.parametrize(
    ("refusal", "cause", "restarted_later"),
    [
        (CopyRefusedError("it is in cold storage, from where it cannot be copied"), Cause.COLD, False),
        (AccessRefusedError("strongroom-copying may not be assumed"), Cause.ROLE, True),
    ],
    ids=["refused for good", "refused for now"],
)
def test_what_aws_answers_to_the_start_is_diagnosed_by_its_words(
    machine: Deployed,
    night: LateNight,
    refusal: StrongroomError,
    cause: Cause,
    restarted_later: bool,  # noqa: FBT001
) -> None:
    night.jobs.start_refusal = refusal
    assert begin(night) == ["SUCCEEDED"]
    assert machine.called == ["StartCopy", "DiagnoseCopy"]
    assert night.promise().diagnosis is cause
    assert cause.words in night.alerts.told[-1].reason
    night.jobs.start_refusal = None
    night.sweep_until(TOO_LATE + timedelta(hours=4), since=TOO_LATE + timedelta(minutes=50))
    assert bool(night.jobs.started) is restarted_later


def test_what_shows_itself_between_the_look_and_the_step_is_left_alone(machine: Deployed, night: LateNight) -> None:
    night.sweep_until(TOO_LATE + timedelta(minutes=25))
    night.jobs.jobs = [a_copy_job(state="CREATED", destination_recovery_point=None)]
    machine.begin(night.promise(), attempt=1)
    machine.run(night, now=BEGUN_AT)
    assert (machine.called, night.jobs.started) == (["StartCopy"], [])


def test_a_repetition_of_the_sweep_begins_nothing_a_second_time(machine: Deployed, night: LateNight) -> None:
    begin(night)
    machine.begin(night.promise(), attempt=1)
    assert (machine.called, len(night.jobs.started)) == (["StartCopy"], 1)


def test_aws_that_is_away_for_a_moment_is_asked_again_in_the_same_execution(
    machine: Deployed, night: LateNight
) -> None:
    machine.away = {"StartCopy": [TemporarilyUnavailableError("slow")] * 3}
    assert begin(night) == ["SUCCEEDED"]
    assert machine.called == ["StartCopy"] * 4
    assert len(night.jobs.started) == 1


def test_aws_that_stays_away_is_no_cause_and_the_copy_gets_its_start_later(machine: Deployed, night: LateNight) -> None:
    machine.away = {"StartCopy": [TemporarilyUnavailableError("slow")] * 7}
    assert begin(night) == ["SUCCEEDED"]
    assert (night.promise().diagnosis, night.told) == (Cause.BUSY, [AlertKind.COPY_MISSING])
    night.sweep_until(TOO_LATE + timedelta(hours=4), since=TOO_LATE + timedelta(minutes=50))
    assert len(night.jobs.started) == 1


def test_a_diagnosis_that_fails_is_a_failed_execution_and_is_tried_again(machine: Deployed, night: LateNight) -> None:
    night.jobs.jobs = [REFUSED]
    machine.away = {"DiagnoseCopy": [TemporarilyUnavailableError("slow")] * 7}
    assert begin(night) == ["FAILED"]
    assert night.promise().diagnosis is None
    night.sweep_until(TOO_LATE + timedelta(hours=4), since=TOO_LATE + timedelta(minutes=50))
    assert night.promise().diagnosis is Cause.KEY_POLICY


def test_a_continuous_backup_is_never_started_and_says_what_comes_next(machine: Deployed, night: LateNight) -> None:
    night.promises.held.clear()
    night.promises.open(a_promise(recovery_point=CONTINUOUS, night="backup-1"))
    night.sources.points = [a_source(arn=CONTINUOUS)]
    assert begin(night) == ["SUCCEEDED"]
    assert machine.called == ["StartCopy", "DiagnoseCopy"]
    [promise] = night.promises.nights(CONTINUOUS, CENTRAL_VAULT)
    assert (promise.diagnosis, night.jobs.started) == (Cause.CONTINUOUS, [])
