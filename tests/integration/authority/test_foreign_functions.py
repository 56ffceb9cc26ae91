"""A function of another account is invoked by its ARN, where both accounts allow, and no more often than it may run.

Sources: Lambda Developer Guide, "Granting Lambda function access to other accounts" and "Working with resource-based
IAM policies in Lambda" (the caller names the whole ARN; a principal is an account or the ARN of a role); API Reference,
Invoke (`TooManyRequestsException`, 429, `ReservedFunctionConcurrentInvocationLimitExceeded`); "Configuring reserved
concurrency for a function"; CloudFormation Template Reference, AWS::Lambda::Permission.
"""

import json
import threading
import time
from functools import partial
from typing import Any, Final

import pytest
from ministack.services import lambda_svc

from sandbox.clients import client
from sandbox.settings import AUDIT_ACCOUNT, BACKUP_ACCOUNT
from tests.integration.authority.conftest import Role, a_name, a_role, allow, refusal
from tests.integration.lambda_functions.functions import create_function

# The emulator does not close the pipes of the workers that it ends.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

SOURCE: Final = """
import os, time, boto3
def handler(event, context):
    time.sleep(event.get("seconds", 0))
    if event.get("fail"):
        raise KeyError("no such stream")
    return {"arn": context.invoked_function_arn, "who": boto3.client("sts").get_caller_identity()["Arn"]}
"""


def _lambda() -> Any:
    return client("lambda", AUDIT_ACCOUNT)


@pytest.fixture(scope="module")
def function(sandbox_host: object) -> str:
    """A function of the audit account, by its ARN."""
    name = a_name()
    create_function(lambda service: client(service, AUDIT_ACCOUNT), name, SOURCE)
    return str(_lambda().get_function(FunctionName=name)["Configuration"]["FunctionArn"])


@pytest.fixture
def caller() -> Role:
    """A role of the backup account that may invoke what lets it in."""
    return a_role(allow("lambda:InvokeFunction"), account=BACKUP_ACCOUNT, path="/strongroom/")


def _permit(function: str, principal: str) -> None:
    _lambda().add_permission(
        FunctionName=function, StatementId=a_name(), Action="lambda:InvokeFunction", Principal=principal
    )


@pytest.fixture(autouse=True)
def _closed(function: str) -> None:
    """Nobody is permitted at first."""
    statements = json.loads(_policy(function))["Statement"]
    for each in statements:
        _lambda().remove_permission(FunctionName=function, StatementId=each["Sid"])


def _policy(function: str) -> str:
    try:
        return str(_lambda().get_policy(FunctionName=function)["Policy"])
    except _lambda().exceptions.ResourceNotFoundException:
        return '{"Statement": []}'


def _invoke(caller: Any, function: str, **event: Any) -> dict[str, Any]:
    answer = caller.invoke(FunctionName=function, Payload=json.dumps(event))
    return {"error": answer.get("FunctionError"), **json.loads(answer["Payload"].read())}


def test_a_role_that_is_named_gets_the_answer_of_the_other_accounts_function(function: str, caller: Role) -> None:
    _permit(function, caller.arn)
    answer = _invoke(caller.client("lambda"), function)
    assert (answer["error"], answer["arn"]) == (None, function)
    assert answer["who"].startswith(f"arn:aws:sts::{AUDIT_ACCOUNT}:assumed-role/")


def test_an_error_of_the_function_is_told_by_its_class(function: str, caller: Role) -> None:
    _permit(function, caller.arn)
    answer = _invoke(caller.client("lambda"), function, fail=True)
    assert (answer["error"], answer["errorType"]) == ("Unhandled", "KeyError")


def test_without_a_permission_nobody_of_another_account_invokes(function: str, caller: Role) -> None:
    for stranger in (caller.client("lambda"), client("lambda", BACKUP_ACCOUNT)):
        code, message = refusal(partial(_invoke, stranger, function))
        assert code == "AccessDeniedException"
        assert "lambda:InvokeFunction" in message


def test_the_permission_alone_is_not_enough(function: str, caller: Role) -> None:
    _permit(function, caller.arn)
    caller.may()
    assert refusal(lambda: _invoke(caller.client("lambda"), function))[0] == "AccessDeniedException"


def test_another_role_of_the_account_is_not_meant(function: str, caller: Role) -> None:
    _permit(function, a_role(account=BACKUP_ACCOUNT).arn)
    assert refusal(lambda: _invoke(caller.client("lambda"), function))[0] == "AccessDeniedException"


def test_an_account_that_is_named_lets_its_own_policies_decide(function: str, caller: Role) -> None:
    _permit(function, BACKUP_ACCOUNT)
    assert _invoke(caller.client("lambda"), function)["error"] is None
    other = a_role(allow("s3:*"), account=BACKUP_ACCOUNT)
    assert refusal(lambda: _invoke(other.client("lambda"), function))[0] == "AccessDeniedException"


def test_a_permission_to_invoke_is_no_permission_to_change(function: str, caller: Role) -> None:
    _permit(function, caller.arn)
    caller.may(allow("lambda:*"))
    admin = caller.client("lambda")
    # By which of two codes is not documented.
    codes = {"AccessDeniedException", "ResourceNotFoundException"}
    for call in (admin.get_function_configuration, admin.delete_function):
        assert refusal(partial(call, FunctionName=function))[0] in codes


def test_by_its_name_alone_a_function_is_looked_for_at_home(function: str, caller: Role) -> None:
    _permit(function, caller.arn)
    missing = refusal(lambda: _invoke(caller.client("lambda"), function.rpartition(":")[2]))
    assert missing[0] == "ResourceNotFoundException"


def test_of_the_same_account_the_role_or_the_function_may_allow(function: str) -> None:
    allowed, named = a_role(allow("lambda:InvokeFunction"), account=AUDIT_ACCOUNT), a_role(account=AUDIT_ACCOUNT)
    assert _invoke(allowed.client("lambda"), function)["error"] is None
    assert refusal(lambda: _invoke(named.client("lambda"), function))[0] == "AccessDeniedException"
    _permit(function, named.arn)
    assert _invoke(named.client("lambda"), function)["error"] is None


def test_a_second_call_beside_the_one_that_may_run_is_throttled(function: str, caller: Role) -> None:
    _permit(function, caller.arn)
    _lambda().put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=1)
    invoke = caller.client("lambda")
    answers: list[dict[str, Any]] = []
    first = threading.Thread(target=lambda: answers.append(_invoke(invoke, function, seconds=4)))
    first.start()
    try:
        _wait_until_one_runs()
        error = _throttled(invoke, function)
        assert error["Error"]["Code"] == "TooManyRequestsException"
        assert error["ResponseMetadata"]["HTTPStatusCode"] == 429
        assert error["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    finally:
        first.join()
        _lambda().delete_function_concurrency(FunctionName=function)
    assert answers[0]["error"] is None
    assert _invoke(invoke, function)["error"] is None


def _wait_until_one_runs() -> None:
    deadline = time.monotonic() + 60
    while not lambda_svc.executions_in_flight()[0]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _throttled(invoke: Any, function: str) -> dict[str, Any]:
    with pytest.raises(invoke.exceptions.TooManyRequestsException) as caught:
        invoke.invoke(FunctionName=function, Payload=b"{}")
    found: dict[str, Any] = caught.value.response
    return found


def test_a_stack_permits_the_exact_role(function: str, caller: Role) -> None:
    permission = {
        "Type": "AWS::Lambda::Permission",
        "Properties": {"FunctionName": function, "Action": "lambda:InvokeFunction", "Principal": caller.arn},
    }
    cloudformation, name = client("cloudformation", AUDIT_ACCOUNT), a_name()
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": {"May": permission}}))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    assert _invoke(caller.client("lambda"), function)["error"] is None
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    assert refusal(lambda: _invoke(caller.client("lambda"), function))[0] == "AccessDeniedException"
