"""The deployed state machine as its file defines it: where a state leads, by what its function answers or raises."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import yaml

from tests.conftest import ROOT

type Variables = tuple[tuple[str, str], ...]

FILE: Final = ROOT / "statemachines/restore_approval.asl.yaml"
WAITS_FOR_PEOPLE: Final = "KeepDoorbell"
EVERYTHING, OVERDUE = "States.ALL", "States.Timeout"
# What another try may mend leaves a function under this one name.
PASSING: Final = "TemporarilyUnavailableError"
_KEPT: Final = {"decision", "plan", "job_state", "error", "outcome", "is_closing"}
_IS: Final = re.compile(r"\$(\w+) = '([\w-]*)'")
_IS_NOT: Final = re.compile(r"\$not\(\$(\w+)\)")
_IS_NAMED: Final = re.compile(r"\$contains\(\$states\.context\.Execution\.Name, '([\w-]+)'\)")


@cache
def definition() -> Mapping[str, Any]:
    """The whole machine."""
    loaded: Mapping[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded


def begins_at(name: str) -> tuple[str, Variables]:
    """Where a new execution of that name comes to rest first."""
    return settle(str(definition()["StartAt"]), (), name=name)


def after(state: str, answer: Mapping[str, str], variables: Variables, *, name: str) -> tuple[str, Variables]:
    """Where a function's answer leads."""
    now = _state(state)
    assigned = _assigned(now, variables, answer=answer)
    return settle(str(now["Next"]), assigned, name=name)


def after_error(state: str, error: str, variables: Variables, *, name: str) -> tuple[str, Variables]:
    """Where an error leads once it is not tried again; to an end of the execution where nothing catches it."""
    for catch in _state(state).get("Catch", ()):
        if error in catch["ErrorEquals"] or EVERYTHING in catch["ErrorEquals"]:
            return settle(str(catch["Next"]), _assigned(catch, variables, error=error), name=name)
    return "Failed", variables


def settle(state: str, variables: Variables, *, name: str) -> tuple[str, Variables]:
    """The next state that does something, past choices and waits; an end of the execution where it comes to one."""
    match _state(state):
        case {"Type": "Choice"} as choice:
            chosen = next((each for each in choice["Choices"] if _holds(each["Condition"], variables, name)), None)
            taken = choice if chosen is None else chosen
            following = choice["Default"] if chosen is None else chosen["Next"]
            return settle(str(following), _assigned(taken, variables), name=name)
        case {"Type": "Wait", "Next": following}:
            return settle(str(following), variables, name=name)
        case {"Type": "Succeed"}:
            return "Succeeded", variables
        case {"Type": "Fail"}:
            return "Failed", variables
        case _:
            return state, variables


def _state(name: str) -> dict[str, Any]:
    found: dict[str, Any] = definition()["States"][name]
    return found


def _holds(condition: str, variables: Variables, name: str) -> bool:
    """Whether all parts of a condition hold; an assertion fails for a part that is written in another way."""
    known = dict(variables)
    inner = condition.removeprefix("{%").removesuffix("%}").strip()
    return all(_part_holds(part.strip(), known, name) for part in inner.split(" and "))


def _part_holds(part: str, known: Mapping[str, str], name: str) -> bool:
    if found := _IS.fullmatch(part):
        return known.get(found[1], "") == found[2]
    if found := _IS_NOT.fullmatch(part):
        return known.get(found[1], "False") != "True"
    found = _IS_NAMED.fullmatch(part)
    assert found, f"the search does not read {part!r}"
    return found[1] in name


def _assigned(
    holder: Mapping[str, Any], variables: Variables, *, answer: Mapping[str, str] | None = None, error: str = ""
) -> Variables:
    known = dict(variables)
    for variable, value in holder.get("Assign", {}).items():
        if variable in _KEPT:
            known[variable] = _valued(str(value), answer=answer or {}, error=error)
    return tuple(sorted(known.items()))


def _valued(value: str, *, answer: Mapping[str, str], error: str) -> str:
    if not value.startswith("{%"):
        return value
    path = value.removeprefix("{%").removesuffix("%}").strip()
    if path == "$states.errorOutput.Error":
        return error
    return answer[path.removeprefix("$states.result.Payload.")]


def tasks() -> Iterator[str]:
    """The states that do something."""
    return (name for name, state in definition()["States"].items() if state["Type"] == "Task")
