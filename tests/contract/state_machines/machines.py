"""State machines as the template deploys them: definition, role, substitutions, and the alarms that watch them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from tests.contract.templates import CONTROL_PLANE, ROOT, Resources, of_type, role_of

type State = dict[str, Any]

EVERYTHING = "States.ALL"


# Chat may be down, and a bell that does not hang costs some minutes: people are asked anyway, and the judge looks.
NOT_WAITED_FOR = {"TellApprovers": "JudgeApproval", "KeepDoorbell": "AwaitAnotherRound"}


@dataclass(frozen=True)
class Machine:
    """A state machine: what the template says of it, its definition, and the alarms that watch it."""

    logical_id: str
    properties: dict[str, Any]
    role: dict[str, Any]
    definition: dict[str, Any]
    alarms: Resources

    @property
    def states(self) -> dict[str, State]:
        """Every state by its name."""
        states: dict[str, State] = self.definition["States"]
        return states

    @property
    def tasks(self) -> dict[str, State]:
        """The states that do something."""
        return {name: state for name, state in self.states.items() if state["Type"] == "Task"}

    @property
    def substitutions(self) -> dict[str, Any]:
        """What the template puts into the definition."""
        given: dict[str, Any] = self.properties["DefinitionSubstitutions"]
        return given

    @property
    def ways_out(self) -> set[str]:
        """Where whatever nobody foresaw leads to: the named failure state, which is one.

        But for what nothing waits for: it goes on as if it had not failed.
        """
        return {
            each["Next"]
            for name, state in self.tasks.items()
            for each in catches(state)
            if is_for_everything(each) and NOT_WAITED_FOR.get(name) != each["Next"]
        }

    @property
    def texts(self) -> list[str]:
        """Every text in the definition."""
        return list(_texts(self.definition))

    def reachable(self, *, without: str = "") -> set[str]:
        """Every state that an execution can come to, never entering `without`."""
        seen: set[str] = set()
        waiting = [self.definition["StartAt"]]
        while waiting:
            name = waiting.pop()
            if name not in seen and name != without:
                seen.add(name)
                waiting.extend(_ways_on(self.states.get(name, {})))
        return seen


def machine_of(logical_id: str) -> Machine:
    """The machine as the template deploys it."""
    properties = CONTROL_PLANE[logical_id]["Properties"]
    watched = [{"Name": "StateMachineArn", "Value": {"!Ref": logical_id}}]
    return Machine(
        logical_id=logical_id,
        properties=properties,
        role=role_of(logical_id),
        definition=yaml.load((ROOT / properties["DefinitionUri"]).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader),
        alarms={
            name: alarm
            for name, alarm in of_type(CONTROL_PLANE, "AWS::CloudWatch::Alarm").items()
            if alarm["Properties"].get("Dimensions") == watched
        },
    )


def catches(state: State) -> list[dict[str, Any]]:
    """What the state catches."""
    return [*state.get("Catch", ())]


def is_for_everything(caught: dict[str, Any]) -> bool:
    """Whether the retry or catch takes whatever comes."""
    return EVERYTHING in caught["ErrorEquals"]


def waits_for_people(task: State) -> bool:
    """Whether the task goes on when somebody answers."""
    resource: str = task["Resource"]
    return resource.endswith(".waitForTaskToken")


def _ways_on(state: State) -> Iterator[str]:
    yield from (state[key] for key in ("Next", "Default") if key in state)
    yield from (each["Next"] for each in (*state.get("Choices", ()), *catches(state)))


def _texts(node: Any) -> Iterator[str]:
    match node:
        case str():
            yield node
        case dict():
            for value in node.values():
                yield from _texts(value)
        case list():
            for value in node:
                yield from _texts(value)
