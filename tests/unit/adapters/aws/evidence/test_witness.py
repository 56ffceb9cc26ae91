"""What the audit account's log answers is taken as it is; what it cannot do is one of our own errors."""

import io
import json
from typing import Any

import pytest

from strongroom.adapters.aws.evidence.witness import Witness
from strongroom.domain.errors import (
    AccessRefusedError,
    ApprovalVoidError,
    CallRefusedError,
    ConfigurationMissingError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from tests.builders.places import AUDIT_ACCOUNT, HOME
from tests.fakes.account_clients import FakeAccountClients
from tests.fakes.aws_failures import FailingClient, answered

PROOFS = {"evidence/r-1/request.json": "c2sp.org/tlog-proof@v1\nindex 0\n"}


class FakeFunctions:
    def __init__(self, told: bytes, **answer: str) -> None:
        self.told = told
        self.answer = answer
        self.asked: list[dict[str, Any]] = []

    def invoke(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        return {"StatusCode": 200, "Payload": io.BytesIO(self.told), **self.answer}


def a_witness(functions: Any) -> Witness:
    return Witness(FakeAccountClients({"lambda": functions}), account=AUDIT_ACCOUNT, region=HOME)


def failing(error_type: str) -> FakeFunctions:
    told = {"errorType": error_type, "errorMessage": "r-1/request.json was tampered with", "stackTrace": ["x"]}
    return FakeFunctions(json.dumps(told).encode(), FunctionError="Unhandled")


def test_a_request_is_asked_for_by_its_id_and_answered_with_its_proofs() -> None:
    functions = FakeFunctions(json.dumps({"state": "witnessed", "proofs": PROOFS}).encode())
    clients = FakeAccountClients({"lambda": functions})
    assert Witness(clients, account=AUDIT_ACCOUNT, region=HOME).witness("r-1") == PROOFS
    assert clients.asked == [("lambda", AUDIT_ACCOUNT, HOME)]
    assert functions.asked == [{"FunctionName": "strongroom-log-evidence", "Payload": b'{"request_id": "r-1"}'}]


@pytest.mark.parametrize(
    ("error_type", "meaning"),
    [
        ("TemporarilyUnavailableError", TemporarilyUnavailableError),
        ("ApprovalVoidError", ApprovalVoidError),
        ("Sandbox.Timedout", TemporarilyUnavailableError),
        ("Runtime.ExitError", TemporarilyUnavailableError),
        ("KeyError", ConfigurationMissingError),
        ("Runtime.ImportModuleError", ConfigurationMissingError),
        ("Final", ConfigurationMissingError),
        ("", ConfigurationMissingError),
    ],
)
def test_an_error_of_the_function_means_what_its_name_says(error_type: str, meaning: type[StrongroomError]) -> None:
    with pytest.raises(
        StrongroomError, match=r"r-1 cannot be witnessed: r-1/request\.json was tampered with"
    ) as caught:
        a_witness(failing(error_type)).witness("r-1")
    assert type(caught.value) is meaning


def test_no_traceback_of_the_function_is_passed_on() -> None:
    with pytest.raises(StrongroomError) as caught:
        a_witness(failing("KeyError")).witness("r-1")
    assert "stackTrace" not in str(caught.value)


@pytest.mark.parametrize("told", [b"", b"null", b"[]", b'{"proofs": []}', b'{"proofs": {"k": 1}}'], ids=repr)
def test_an_answer_without_proofs_is_an_error(told: bytes) -> None:
    with pytest.raises(CallRefusedError, match="r-1 cannot be witnessed"):
        a_witness(FakeFunctions(told)).witness("r-1")


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("TooManyRequestsException", TemporarilyUnavailableError), ("AccessDeniedException", AccessRefusedError)],
)
def test_a_function_that_is_busy_is_asked_again_and_one_that_refuses_is_not(
    code: str, meaning: type[StrongroomError]
) -> None:
    with pytest.raises(meaning):
        a_witness(FailingClient(answered(code))).witness("r-1")


def test_a_hint_is_given_and_not_waited_for() -> None:
    functions = FakeFunctions(b"")
    a_witness(functions).hint("r-1")
    [asked] = functions.asked
    assert asked == {
        "FunctionName": "strongroom-log-evidence",
        "InvocationType": "Event",
        "Payload": b'{"request_id": "r-1"}',
    }


def test_a_hint_that_nobody_takes_is_one_of_our_errors() -> None:
    with pytest.raises(AccessRefusedError):
        a_witness(FailingClient(answered("AccessDeniedException"))).hint("r-1")
