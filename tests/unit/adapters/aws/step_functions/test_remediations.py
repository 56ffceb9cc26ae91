"""A remediation begins once for a promise and an attempt."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.machines.names import is_name
from strongroom.adapters.aws.step_functions.remediations import CopyRemediations
from strongroom.domain.errors import ConfigurationMissingError
from tests.builders.copies import CONTINUOUS, SOURCE, a_promise
from tests.builders.places import CENTRAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.fakes.account_clients import STOPPED, FakeStepFunctions, refusal


def test_a_remediation_begins_once_for_a_promise_and_an_attempt_and_knows_only_which_promise() -> None:
    fake = FakeStepFunctions()
    remediations = CopyRemediations(lambda: fake, "arn:machine")
    for attempt in (1, 1, 2):
        remediations.begin(a_promise(), attempt=attempt)
    assert [name.rpartition("-")[2] for name in fake.started] == ["1", "2"]
    assert all(is_name(name) for name in fake.started)
    told = {"recovery_point": SOURCE, "destination": CENTRAL_VAULT, "night": "", "account": PAYMENTS}
    assert [json.loads(each) for each in fake.started.values()] == [told, told]


def test_each_promise_has_a_remediation_of_its_own() -> None:
    fake = FakeStepFunctions()
    nights = [
        a_promise(recovery_point=CONTINUOUS, night=f"job-{day}", created_at=STOPPED + timedelta(days=day))
        for day in (1, 2)
    ]
    for promise in (a_promise(), a_promise(destination=REPLICA_VAULT), *nights):
        CopyRemediations(lambda: fake, "arn:machine").begin(promise, attempt=1)
    assert len(fake.started) == 4


def test_a_remediation_that_nobody_may_begin_is_a_fault_of_ours() -> None:
    def refused(**_: Any) -> None:
        raise refusal("AccessDeniedException", "StartExecution")

    client = SimpleNamespace(start_execution=refused)
    with pytest.raises(ConfigurationMissingError):
        CopyRemediations(lambda: client, "arn:machine").begin(a_promise(), attempt=1)
