"""What we touch inside MiniStack's executions is still there, and still takes what it took."""

import inspect

import pytest
from ministack.services import stepfunctions


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("_invoke_with_callback", ["resource", "input_data", "token", "state_def"]),
        ("_call_lambda", ["func_ref", "event"]),
        ("_add_event", ["execution", "event_type", "details"]),
        ("_start_execution", ["data"]),
        ("_create_state_machine", ["data"]),
        ("_update_state_machine", ["data"]),
    ],
)
def test_what_is_replaced_still_takes_what_it_took(name: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(stepfunctions, name)).parameters) == parameters


def test_an_error_of_the_engine_says_its_name_and_cause() -> None:
    error = stepfunctions._ExecutionError("Name", "cause")  # noqa: SLF001
    assert (error.error, error.cause) == ("Name", "cause")


def test_who_waits_for_a_token_is_told_by_an_event_and_an_error() -> None:
    source = inspect.getsource(inspect.unwrap(stepfunctions._invoke_with_callback))  # noqa: SLF001
    assert '"event": evt, "result": None, "error": None, "heartbeat": None' in source
    assert 'e.get("Error"' in source
