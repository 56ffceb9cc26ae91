"""Ceremonies begin once, and late answers are no errors."""

from typing import Any

import pytest

from strongroom.adapters.aws.step_functions import CallbackTasks, RestoreCeremonies
from strongroom.domain.errors import ConfigurationMissingError
from tests.fakes.account_clients import refusal


class FakeStepFunctions:
    def __init__(self, error: str = "") -> None:
        self.error = error
        self.started: dict[str, str] = {}

    def start_execution(self, **request: Any) -> None:
        if request["name"] in self.started:
            raise refusal("ExecutionAlreadyExists", "StartExecution")
        self.started[request["name"]] = request["input"]

    def send_task_success(self, **request: Any) -> None:
        if self.error:
            raise refusal(self.error, "SendTaskSuccess")


def test_a_ceremony_begins_once_and_knows_only_its_request() -> None:
    fake = FakeStepFunctions()
    ceremonies = RestoreCeremonies(fake, "arn:machine")
    ceremonies.begin("r-1")
    ceremonies.begin("r-1")
    assert fake.started == {"r-1": '{"request_id": "r-1"}'}


@pytest.mark.parametrize("code", ["InvalidToken", "TaskTimedOut", "TaskDoesNotExist"])
def test_a_closed_task_is_closed_whatever_it_is_called(code: str) -> None:
    assert not CallbackTasks(FakeStepFunctions(code)).succeed("t", {})


def test_an_open_task_goes_on() -> None:
    assert CallbackTasks(FakeStepFunctions()).succeed("t", {})


def test_any_other_refusal_is_an_error() -> None:
    with pytest.raises(ConfigurationMissingError, match="SendTaskSuccess answered AccessDeniedException"):
        CallbackTasks(FakeStepFunctions("AccessDeniedException")).succeed("t", {})
