"""Clients in any account: moto's, unless a test put one of its own there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from strongroom.domain.identifiers import AccountId, Region
from tests.fakes.moto_clients import moto_client


@dataclass
class FakeAccountClients:
    """Hands out what is kept under the service's name, else moto's client; remembers where it was asked for."""

    own: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        self.asked.append((service, account, region))
        return self.own[service] if service in self.own else moto_client(service, region)


def refusal(code: str, operation: str = "Call", message: str = "no") -> ClientError:
    """An answer of AWS that is an error."""
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


def operation_of(method: str) -> str:
    """The name of a client's method as botocore's errors tell it: `StartCopyJob` for `start_copy_job`."""
    return "".join(word.capitalize() for word in method.split("_"))


@dataclass
class Pages:
    """A paginator over a client's calls, one page each."""

    call: Callable[..., dict[str, Any]]

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        yield self.call(**request)


STOPPED: Final = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)


class FakeStepFunctions:
    """`executions` are the state and the machine of each that there is, by its ARN."""

    def __init__(self, error: str = "", executions: dict[str, tuple[str, str]] | None = None) -> None:
        self.error = error
        self.executions = executions or {}
        self.started: dict[str, str] = {}

    def start_execution(self, **request: Any) -> None:
        if request["name"] in self.started:
            raise refusal("ExecutionAlreadyExists", "StartExecution")
        self.started[request["name"]] = request["input"]

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        if self.error or executionArn not in self.executions:
            raise refusal(self.error or "ExecutionDoesNotExist", "DescribeExecution")
        status, machine = self.executions[executionArn]
        stopped = {} if status == "RUNNING" else {"stopDate": STOPPED}
        return {"executionArn": executionArn, "status": status, "stateMachineArn": machine} | stopped

    def send_task_success(self, **request: Any) -> None:
        if self.error:
            raise refusal(self.error, "SendTaskSuccess")
