"""What AWS refuses in the definition of a state machine: no JSON, or a transition to a state that is not there.

The words are those of `ValidateStateMachineDefinition` (Step Functions API Reference), whose codes CreateStateMachine
repeats in its `InvalidDefinition`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

_ENDS: Final = frozenset({"Succeed", "Fail", "Choice"})


def fault_of(definition: str) -> str | None:
    """What is wrong with a definition in JSON; None when it can be run."""
    try:
        machine = json.loads(definition)
    except ValueError as error:
        return f"INVALID_JSON_DESCRIPTION: {error}"
    if not isinstance(machine, dict):
        return "INVALID_JSON_DESCRIPTION: it is no object"
    return next(_faults(machine, at=""), None)


def _faults(machine: Mapping[str, Any], *, at: str) -> Iterator[str]:
    states = machine.get("States")
    if not isinstance(states, dict) or not states or "StartAt" not in machine:
        yield f"SCHEMA_VALIDATION_FAILED: StartAt and States are needed at {at or '/'}"
        return
    if machine["StartAt"] not in states:
        yield f"MISSING_TRANSITION_TARGET: Missing 'StartAt' target: {machine['StartAt']} at {at}/StartAt"
    for name, state in states.items():
        place = f"{at}/States/{name}"
        for field, target in _transitions(state):
            if target not in states:
                yield f"MISSING_TRANSITION_TARGET: Missing '{field}' target: {target} at {place}"
        if state.get("Type") not in _ENDS and "Next" not in state and not state.get("End"):
            yield f"SCHEMA_VALIDATION_FAILED: Next or End is needed at {place}"
        for field, inner in _machines_within(state):
            yield from _faults(inner, at=f"{place}/{field}")


def _transitions(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in ("Next", "Default"):
        if field in state:
            yield field, state[field]
    for catcher in (*state.get("Catch", ()), *state.get("Choices", ())):
        if "Next" in catcher:
            yield "Next", catcher["Next"]


def _machines_within(state: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, branch in enumerate(state.get("Branches", ())):
        yield f"Branches[{index}]", branch
    for field in ("ItemProcessor", "Iterator"):
        if field in state:
            yield field, state[field]
