"""The state machine `restore_approval` as it is deployed, walked without Step Functions and by the world's clock."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonata  # type: ignore[import-untyped]
import msgspec
import yaml

from strongroom.domain.errors import StrongroomError, TemporarilyUnavailableError
from strongroom.services.restores.acting.check_copy_back import check_copy_back
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.close_restore import close_restore
from strongroom.services.restores.acting.start_copy_back import start_copy_back
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from strongroom.services.restores.approving.keep_doorbell import keep_doorbell
from strongroom.services.restores.approving.snapshot_ticket import snapshot_ticket
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from strongroom.services.restores.deciding.judge_approval import judge_approval
from tests.fakes.restores.world import CeremonyWorld

_DEFINITION: Final = Path(__file__).parents[3] / "statemachines" / "restore_approval.asl.yaml"
_GIVEN: Final = {"PollSeconds": "15", "BellSeconds": "300", "Partition": "aws"}
_RETRIED_AFTER: Final = timedelta(seconds=5)

type Payload = Mapping[str, Any]


class KilledError(Exception):
    """The process of a function died, and with it all that it had not done yet."""


class StoppedError(Exception):
    """Somebody stopped the execution, at this very moment."""


def _step(act: Callable[..., Any], needs: str) -> Callable[[CeremonyWorld, Payload], Any]:
    """A function that takes the request and its execution."""
    return lambda world, given: act(
        given["request_id"], execution=given["execution"], needs=getattr(world, needs), now=world.now
    )


FUNCTIONS: Final[dict[str, Callable[[CeremonyWorld, Payload], Any]]] = {
    "SnapshotTicket": _step(snapshot_ticket, "snapshot"),
    "TellApprovers": lambda world, given: tell_approvers(given["request_id"], needs=world.telling, now=world.now),
    "JudgeApproval": lambda world, given: judge_approval(given["request_id"], needs=world.judging, now=world.now),
    "KeepDoorbell": lambda world, given: keep_doorbell(
        given["request_id"], token=given["task_token"], needs=world.doorbell
    ),
    "StartCopyBack": _step(start_copy_back, "copying"),
    "CheckCopyBack": _step(check_copy_back, "checking_copy"),
    "StartRestore": _step(start_restore, "restoring"),
    "CheckRestore": _step(check_restore, "checking_restore"),
    "TagRestored": _step(tag_restored, "tagging"),
    "CloseRestore": lambda world, given: close_restore(
        given["request_id"],
        execution=given["execution"],
        error=given["error"],
        reason=given["reason"],
        needs=world.closing,
        now=world.now,
    ),
}


@cache
def _machine() -> dict[str, Any]:
    text = _DEFINITION.read_text(encoding="utf-8")
    for name, value in _GIVEN.items():
        text = text.replace(f"${{{name}}}", value)
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))


@cache
def _compiled(expression: str) -> Any:
    return jsonata.Jsonata(expression)


@dataclass
class Carried:
    """One execution: where it stands, what it has assigned, and until when it waits."""

    world: CeremonyWorld
    arn: str
    request_id: str
    state: str = field(default_factory=lambda: str(_machine()["StartAt"]))
    variables: dict[str, Any] = field(default_factory=dict)
    wakes_at: datetime | None = None
    token: str = ""
    tokens: int = 0
    tries: int = 0
    status: str = "RUNNING"

    def go_on(self) -> None:
        """Take steps until it waits, or is at its end."""
        while self.status == "RUNNING" and not self._waits():
            self._enter(_machine()["States"][self.state])

    def end(self, status: str) -> None:
        """Be over, now."""
        self.status = status
        self.world.running.discard(self.arn)
        self.world.ended[self.arn] = self.world.now

    def _waits(self) -> bool:
        is_silent = self.wakes_at is not None and self.world.now < self.wakes_at
        if self.token and self.token in self.world.tasks.answered:
            self._goto(_machine()["States"][self.state]["Next"])
        elif self.token and not is_silent:
            self._fail("States.Timeout", "")
        return self.token != "" or (is_silent and self.wakes_at is not None)

    def _enter(self, state: dict[str, Any]) -> None:
        match state["Type"]:
            case "Choice":
                taken = next((each for each in state["Choices"] if self._value(each["Condition"])), None)
                self._assign(state if taken is None else taken)
                self._goto(state["Default"] if taken is None else taken["Next"])
            case "Wait":
                wakes_at = self.world.now + timedelta(seconds=self._value(state["Seconds"]))
                self._assign(state)
                self._goto(state["Next"])
                self.wakes_at = wakes_at
            case "Task":
                self._call(state)
            case "Succeed":
                self.end("SUCCEEDED")
            case _:
                self.end("FAILED")

    def _call(self, state: dict[str, Any]) -> None:
        waits = state["Resource"].endswith(".waitForTaskToken")
        self.tokens += waits
        token = f"{self.arn} {self.tokens}"
        task = {"context": {"Task": {"Token": token}}}
        payload = {name: self._value(text, **task) for name, text in state["Arguments"]["Payload"].items()}
        try:
            told = FUNCTIONS[self.state](self.world, payload)
        except TemporarilyUnavailableError as error:
            self._fail(TemporarilyUnavailableError.__name__, str(error))
        except StrongroomError as error:
            self._fail(type(error).__name__, str(error))
        except KilledError:
            self._fail("Sandbox.Timedout", "")
        else:
            self._answered(state, msgspec.to_builtins(told), token=token if waits else "")

    def _answered(self, state: dict[str, Any], told: Any, *, token: str) -> None:
        if token:
            self.token = token
            self.wakes_at = self.world.now + timedelta(seconds=self._value(state["TimeoutSeconds"]))
            return
        self._assign(state, result={"Payload": told})
        self._goto(state["Next"])

    def _fail(self, error: str, cause: str) -> None:
        """Try again where that may help and was not done often enough, or go where the error is caught."""
        state = _machine()["States"][self.state]
        [retry] = state["Retry"]
        if error in retry["ErrorEquals"] and self.tries < retry["MaxAttempts"]:
            self.tries += 1
            self.world.now += _RETRIED_AFTER
            return
        caught = (each for each in state.get("Catch", ()) if {error, "States.ALL"} & set(each["ErrorEquals"]))
        found = next(caught, None)
        if found is None:
            self.end("FAILED")
            return
        self._assign(found, errorOutput={"Error": error, "Cause": json.dumps(cause)})
        self._goto(found["Next"])

    def _goto(self, name: str) -> None:
        self.state, self.token, self.tries, self.wakes_at = name, "", 0, None

    def _assign(self, source: dict[str, Any], **states: Any) -> None:
        self.variables |= {name: self._value(text, **states) for name, text in source.get("Assign", {}).items()}

    def _value(self, text: Any, **states: Any) -> Any:
        """What a text of the definition stands for."""
        if not (isinstance(text, str) and text.startswith("{%")):
            return text
        execution = {"Id": self.arn, "Name": self.arn.rpartition(":")[2]}
        known = {"input": {"request_id": self.request_id}, **states}
        known["context"] = {"Execution": execution, **states.get("context", {})}
        expression = _compiled(text[2:-2].strip())
        frame = expression.create_frame()
        for name, value in {**self.variables, "states": known}.items():
            frame.bind(name, value)
        return expression.evaluate(None, frame)
