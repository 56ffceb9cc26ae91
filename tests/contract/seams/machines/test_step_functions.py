"""What we touch inside MiniStack's Step Functions is still there, and does what AWS does once it is touched."""

import inspect
from collections.abc import Iterator

import pytest
from ministack.services import stepfunctions
from ministack.services.cloudformation import provisioners

from sandbox.seams import host as seams
from sandbox.seams.machines import step_functions as seams_step_functions


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    """The replaced parts, put back afterwards."""
    seams_step_functions.install()
    yield
    seams.restore()


def test_what_is_replaced_still_takes_what_it_took() -> None:
    parameters = inspect.signature(stepfunctions._jsonata_state_field).parameters  # noqa: SLF001
    assert list(parameters) == ["state_def", "field", "expected", "raw_input", "ctx"]
    assert len(inspect.signature(stepfunctions._execute_task).parameters) == 4  # noqa: SLF001
    assert len(inspect.signature(provisioners._sfn_definition).parameters) == 1  # noqa: SLF001


def test_a_definition_in_yaml_becomes_json_with_its_substitutions() -> None:
    properties = {"DefinitionString": "StartAt: ${First}", "DefinitionSubstitutions": {"First": "A"}}
    assert provisioners._sfn_definition(properties) == '{"StartAt": "A"}'  # noqa: SLF001


def test_a_token_knows_the_machine_that_waits_for_it() -> None:
    parameters = inspect.signature(inspect.unwrap(stepfunctions._invoke_with_callback)).parameters  # noqa: SLF001
    assert len(parameters) == 4
    assert seams_step_functions.machine_of("a token that nobody waits for") is None
