"""The adapter that deploys stacks, against CloudFormation's own ways of failing."""

import json
import uuid

import pytest
import requests

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.settings import AUDIT_ACCOUNT
from strongroom.adapters.aws.cloudformation.stacks import Stacks
from strongroom.domain.errors import CallRefusedError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.rollout.desired import DesiredStack, StackPlace
from tests.builders.places import GLOBAL_REGION, HOME
from tests.fakes.account_clients import FakeAccountClients

QUEUE = {"Type": "AWS::SQS::Queue"}
TEMPLATE = json.dumps({"Resources": {"First": QUEUE, "Second": {**QUEUE, "DependsOn": "First"}}})


def a_stack(sandbox: lifecycle.Sandbox, *, fails: int, is_tried_again: bool) -> DesiredStack:
    """A stack whose last resource fails so many times."""
    name = f"a-{uuid.uuid4().hex[:10]}"
    reason = "Only management and delegated administrators report on other accounts"
    fault = {"stack": name, "resource": "Second", "reason": reason, "times": fails}
    requests.post(f"{sandbox.url}/_sandbox/cloudformation/faults", json=fault, timeout=60).raise_for_status()
    place = StackPlace(name=name, account=AccountId(AUDIT_ACCOUNT), region=HOME)
    return DesiredStack(place=place, template=TEMPLATE, parameters={}, is_tried_again=is_tried_again)


def stacks(slept: list[float]) -> Stacks:
    clients = FakeAccountClients(own={"cloudformation": client("cloudformation", AUDIT_ACCOUNT)})
    return Stacks(
        clients,
        management_account=AccountId(AUDIT_ACCOUNT),
        global_region=GLOBAL_REGION,
        template_bucket=None,
        new_id=lambda: uuid.uuid4().hex,
        sleep=slept.append,
    )


def test_what_aws_backup_does_not_know_yet_is_waited_for(sandbox_host: lifecycle.Sandbox) -> None:
    slept: list[float] = []
    stack = a_stack(sandbox_host, fails=2, is_tried_again=True)
    stacks(slept).deploy(stack)
    found = stacks(slept).find(stack.place)
    assert found is not None
    assert (found.status, slept.count(20.0)) == ("UPDATE_COMPLETE", 2)


def test_a_creation_that_fails_says_why_and_the_next_try_goes_on(sandbox_host: lifecycle.Sandbox) -> None:
    stack = a_stack(sandbox_host, fails=1, is_tried_again=False)
    with pytest.raises(CallRefusedError, match="ended as CREATE_FAILED: Second: Only management"):
        stacks([]).deploy(stack)
    stacks([]).deploy(stack)
    found = stacks([]).find(stack.place)
    assert found is not None
    assert found.status == "UPDATE_COMPLETE"
