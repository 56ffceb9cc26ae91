"""What we touch inside MiniStack's Step Functions is still there, and does what AWS does once it is touched."""

import inspect

from ministack.services import stepfunctions
from ministack.services.cloudformation import provisioners

from sandbox import seams_step_functions


def test_what_is_replaced_still_takes_what_it_took() -> None:
    seams_step_functions.install()
    parameters = inspect.signature(stepfunctions._jsonata_state_field).parameters  # noqa: SLF001
    assert list(parameters) == ["state_def", "field", "expected", "raw_input", "ctx"]
    assert len(inspect.signature(stepfunctions._execute_task).parameters) == 4  # noqa: SLF001
    assert len(inspect.signature(provisioners._sfn_definition).parameters) == 1  # noqa: SLF001


def test_a_definition_in_yaml_becomes_json_with_its_substitutions() -> None:
    seams_step_functions.install()
    properties = {"DefinitionString": "StartAt: ${First}", "DefinitionSubstitutions": {"First": "A"}}
    assert provisioners._sfn_definition(properties) == '{"StartAt": "A"}'  # noqa: SLF001
