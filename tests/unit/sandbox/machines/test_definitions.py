"""A definition that AWS would not store is refused with AWS's code and the place.

Source: Step Functions API Reference, CreateStateMachine (`InvalidDefinition`) and ValidateStateMachineDefinition.
"""

import json
from typing import Any

import pytest

from sandbox.machines.definitions import fault_of
from sandbox.machines.names import is_name


def a_machine(start: str = "A", **states: dict[str, Any]) -> str:
    """A definition of these states; without any, of one that ends at once."""
    return json.dumps({"StartAt": start, "States": states or {"A": {"Type": "Pass", "End": True}}})


END: dict[str, Any] = {"Type": "Pass", "End": True}
INNER = {"StartAt": "X", "States": {"Y": END}}


def test_a_definition_whose_states_are_all_there_is_taken() -> None:
    choice = {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "B"}], "Default": "C"}
    assert fault_of(a_machine(A=choice, B={"Type": "Fail"}, C={"Type": "Succeed"})) is None


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ("{", "INVALID_JSON_DESCRIPTION"),
        ("[]", "INVALID_JSON_DESCRIPTION"),
        ('{"StartAt": "A"}', "SCHEMA_VALIDATION_FAILED"),
        (a_machine("Nowhere"), "Missing 'StartAt' target: Nowhere at /StartAt"),
        (a_machine(A={"Type": "Pass", "Next": "Z"}), "Missing 'Next' target: Z at /States/A"),
        (a_machine(A={"Type": "Pass"}), "Next or End is needed at /States/A"),
        (a_machine(A=END | {"Catch": [{"Next": "Z"}]}), "Missing 'Next' target: Z"),
        (a_machine(A={"Type": "Choice", "Choices": [], "Default": "Z"}), "Missing 'Default' target: Z"),
        (a_machine(A=END | {"Type": "Parallel", "Branches": [INNER]}), "X at /States/A/Branches[0]/StartAt"),
        (a_machine(A=END | {"Type": "Map", "ItemProcessor": INNER}), "X at /States/A/ItemProcessor/StartAt"),
    ],
)
def test_another_is_refused_with_the_place(definition: str, said: str) -> None:
    assert said in (fault_of(definition) or "")


@pytest.mark.parametrize("name", ["a b", "a/b", "a:b", "a*", "a#", "", "x" * 81, "tab\there"])
def test_a_name_with_a_sign_that_aws_refuses_is_none(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize("name", ["r-abc.1_2", "x" * 80, "Zürich"])
def test_other_names_are(name: str) -> None:
    assert is_name(name)
