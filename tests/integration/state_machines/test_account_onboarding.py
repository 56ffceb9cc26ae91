"""Every path through the state machine `account_onboarding`, walked by a Step Functions that we did not write.

The definition is the real one, so are the adapter that names executions, the ledger's families, the services and their
errors; the organisation and its accounts are fakes, and the functions are called in the process instead of in Lambda.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from ministack import app
from ministack.services import stepfunctions

from sandbox.seams import host as seams
from sandbox.seams.machines import executions as seams_executions
from sandbox.seams.machines import step_functions as seams_step_functions
from strongroom.adapters.aws.step_functions.onboardings import AccountOnboardings
from strongroom.domain.accounts.events import AccountNotice, Follow
from strongroom.domain.accounts.facts import AccountAssessed
from strongroom.domain.accounts.membership import AccountState, Membership
from strongroom.domain.accounts.onboarding import DEADLINE
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import CallRefusedError, StrongroomError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.runtime.contracts.onboarding import MissingInput, OnboardingInput
from strongroom.runtime.steps import each_step
from strongroom.services.accounts.onboarding.claim_account import AccountClaimNeeds, claim_account
from strongroom.services.accounts.onboarding.inspect_account import inspect_account
from strongroom.services.accounts.onboarding.report_missing import MissingReportNeeds, report_missing
from strongroom.services.accounts.place_account import AccountPlacingNeeds, place_account
from tests.builders.accounts import IN_PRODUCTION, IN_SANDBOX, a_complete_inspection
from tests.builders.places import HOME, REPORTS
from tests.integration.state_machines.ceremonies import Engine, call_engine, status_of
from tests.unit.services.accounts.surroundings import EMPTY, World

MACHINE: Final = Path(__file__).parents[3] / "statemachines" / "account_onboarding.asl.yaml"
NOW: Final = datetime(2026, 9, 1, 10, tzinfo=UTC)
STEPS: Final = ("ClaimAccount", "InspectAccount", "ReportMissing")
ROOT: Final = Membership(status="ACTIVE", units=(), name="reports")


@dataclass
class Deployed:
    """The machine as it is deployed; each look of an account comes a while after the one before."""

    world: World
    arn: str = ""
    now: datetime = NOW
    between: timedelta = timedelta(minutes=5)
    arriving_after: int = 0
    is_heard: bool = True
    called: list[str] = field(default_factory=list)
    away: dict[str, list[StrongroomError]] = field(default_factory=dict)
    executions: list[str] = field(default_factory=list)

    def start_execution(self, **request: str) -> dict[str, Any]:
        """Step Functions' own answer; the execution is noted."""
        answer = Engine().start_execution(**request)
        self.executions.append(answer["executionArn"])
        return answer

    def hear(self, event: str, membership: Membership | None) -> None:
        """An event has the account's place read, and what it begins runs to its end."""
        memberships: dict[str, Membership] = {} if membership is None else {REPORTS: membership}
        self.world.organization.memberships = memberships
        needs = AccountPlacingNeeds(
            assessment=self.world.needs,
            onboardings=self.world.onboardings,
            machine=AccountOnboardings(self, self.arn),
        )
        notice = AccountNotice(account=REPORTS, reason=event, follow=Follow.JUDGE, event_id=event, actor="arn:sana")
        place_account(REPORTS, notice=notice, needs=needs, now=self.now)

    def ends(self) -> list[str]:
        """How the executions ended."""
        return [status_of(execution) for execution in self.executions]

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
        world = self.world
        match name:
            case "ClaimAccount":
                needs = AccountClaimNeeds(onboardings=world.onboardings)
                return each_step(OnboardingInput)(
                    lambda step, _: claim_account(step.account_id, execution=step.execution, needs=needs, now=self.now)
                )
            case "InspectAccount":
                return each_step(OnboardingInput)(lambda step, _: self._look(step.account_id, step.execution))
        reporting = MissingReportNeeds(
            intent=world.intent, book=world.book, onboardings=world.onboardings, alerts=world.alerts.notifier
        )
        return each_step(MissingInput)(
            lambda step, _: report_missing(
                step.account_id,
                execution=step.execution,
                error=step.error,
                missing=step.words,
                needs=reporting,
                now=self.now,
            )
        )

    def _look(self, account: AccountId, execution: str) -> Any:
        looks = self.called.count("InspectAccount")
        if self.arriving_after and looks > self.arriving_after:
            self.world.members.inspections[account] = a_complete_inspection(account)
        verdict = inspect_account(account, execution=execution, needs=self.world.inspection, now=self.now)
        self.now += self.between
        if verdict.missing[:1] == (f"heartbeat of the forwarder in {HOME}",) and self.is_heard:
            self.world.hear()
        return verdict


@pytest.fixture
def machine(intent: Intent, platform_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    """The machine, and an account whose stack is not there yet."""
    monkeypatch.setattr(app, "AUTH", False)  # only the engine runs here, without IAM
    monkeypatch.setattr(stepfunctions, "_SFN_WAIT_SCALE", 0)
    seams_executions.install()
    seams_step_functions.install()
    deployed = Deployed(World(intent))
    deployed.world.members.inspections[REPORTS] = EMPTY
    monkeypatch.setattr(stepfunctions, "_call_lambda", deployed.call)
    deployed.arn = _make_machine()
    yield deployed
    monkeypatch.undo()  # what was put over a seam goes before the seam
    seams.restore()


def _make_machine() -> str:
    definition = MACHINE.read_text(encoding="utf-8").replace("${Partition}", "aws")
    definition = definition.replace("${OnboardingSeconds}", "30")
    for name in STEPS:
        arn = f"arn:aws:lambda:eu-west-1:999999999999:function:{name}"
        definition = definition.replace(f"${{{name}FunctionArn}}", arn)
    assert "${" not in definition
    made = call_engine(
        "CreateStateMachine",
        name=f"account-onboarding-{time.monotonic_ns()}",
        definition=json.dumps(yaml.load(definition, Loader=yaml.CSafeLoader)),
        roleArn="arn:aws:iam::999999999999:role/machine",
    )
    return str(made["stateMachineArn"])


def states(machine: Deployed) -> list[str]:
    """The states of the account that were published, without repetitions."""
    told = [fact.state for fact in machine.world.alerts.of(AccountAssessed)]
    return [state for number, state in enumerate(told) if number == 0 or told[number - 1] != state]


def test_an_account_joins_moves_in_becomes_ready_and_moves_out(machine: Deployed) -> None:
    machine.hear("created", ROOT)
    assert (machine.executions, states(machine)) == ([], ["NOT_GOVERNED"])
    machine.arriving_after = 3
    machine.hear("moved in", IN_PRODUCTION)
    assert machine.ends() == ["SUCCEEDED"]
    assert states(machine) == ["NOT_GOVERNED", "NOT_READY", "READY"]
    assert machine.called == ["ClaimAccount", *["InspectAccount"] * 4]
    assert machine.world.alerts.told == []
    machine.hear("moved out", IN_SANDBOX)
    assert machine.world.book.known[REPORTS].state is AccountState.NOT_GOVERNED
    [alert] = machine.world.alerts.told
    assert alert.kind is AlertKind.PROTECTION_ENDED
    assert "arn:sana" in alert.reason
    machine.hear("moved back", IN_PRODUCTION)
    assert machine.ends() == ["SUCCEEDED"] * 2
    assert machine.world.alerts.settled == [alert]


def test_four_events_give_one_ready_and_a_doubled_one_no_execution_more(machine: Deployed) -> None:
    machine.arriving_after = 2
    for event in ("created", "joined", "moved", "enrolled", "moved"):
        machine.hear(event, IN_PRODUCTION)
    assert set(machine.ends()) == {"SUCCEEDED"}
    assert len(set(machine.executions)) == 4
    assert states(machine).count("READY") == 1


def test_what_is_still_missing_at_the_deadline_is_told_exactly(machine: Deployed) -> None:
    machine.between = timedelta(minutes=10)
    machine.hear("moved", IN_PRODUCTION)
    assert machine.ends() == ["SUCCEEDED"]
    assert machine.called[-1] == "ReportMissing"
    assert machine.now - NOW >= DEADLINE
    assert machine.world.alerts.kinds == [AlertKind.ACCOUNT_SLOW, AlertKind.ACCOUNT_NOT_READY]
    alert = machine.world.alerts.told[-1]
    reason = "1 missing: inspection role: cannot be assumed: AccessDenied"
    assert alert.reason == f"account {REPORTS} is not protected: {reason}"


def test_a_forwarder_that_is_never_heard_and_an_inventory_that_never_ends_are_told_by_name(machine: Deployed) -> None:
    machine.world.show_nothing()
    machine.is_heard = False
    machine.arriving_after = 1
    machine.hear("moved", IN_PRODUCTION)
    assert machine.ends() == ["SUCCEEDED"]
    assert machine.world.alerts.kinds == [AlertKind.ACCOUNT_SLOW, AlertKind.ACCOUNT_NOT_READY]
    alert = machine.world.alerts.told[-1]
    signs = (
        "heartbeat of the forwarder in eu-west-1; heartbeat of the forwarder in us-east-1; first inventory in eu-west-1"
    )
    assert alert.reason == f"account {REPORTS} is not protected: 3 missing: {signs}"
    assert machine.world.inventories.owed() == (REPORTS,)


def test_whoever_is_away_for_a_moment_is_asked_again(machine: Deployed) -> None:
    machine.world.members.inspections[REPORTS] = a_complete_inspection()
    machine.away = {name: [TemporarilyUnavailableError("slow")] * 3 for name in STEPS}
    machine.hear("moved", IN_PRODUCTION)
    assert machine.ends() == ["SUCCEEDED"]
    assert machine.called == [*["ClaimAccount"] * 4, *["InspectAccount"] * 4]


@pytest.mark.parametrize("step", ["ClaimAccount", "InspectAccount"])
def test_whatever_fails_is_told_and_the_account_is_free(step: str, machine: Deployed) -> None:
    machine.away = {step: [CallRefusedError("GetRole answered Odd")]}
    machine.hear("moved", IN_PRODUCTION)
    assert machine.ends() == ["SUCCEEDED"]
    [alert] = machine.world.alerts.told
    assert alert.reason.endswith("is not protected: GetRole answered Odd (CallRefusedError)")
    found = machine.world.onboardings.find(REPORTS)
    assert found is not None
    assert found.claim == ""
