"""What AWS and the way to it answer on a bad day, and clients that answer nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    IncompleteReadError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from tests.fakes.account_clients import Pages, operation_of, refusal

type Failure = Callable[[str], Exception]

URL = "https://service.eu-west-1.amazonaws.com"
PASSING_CODES = (
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
)


def answered(code: str, *, status: int = 400) -> Failure:
    """An error that AWS answers."""

    def failure(operation: str) -> ClientError:
        error = refusal(code, operation)
        error.response["ResponseMetadata"] = {"HTTPStatusCode": status}  # type: ignore[typeddict-item]
        return error

    return failure


# What the same call may get over by itself.
PASSING: dict[str, Failure] = {
    **{code: answered(code) for code in PASSING_CODES},
    "an unknown code with 503": answered("Unheard", status=503),
    "an unknown code with 429": answered("Unheard", status=429),
    "no answer in time": lambda _: ReadTimeoutError(endpoint_url=URL),
    "no connection in time": lambda _: ConnectTimeoutError(endpoint_url=URL),
    "no connection": lambda _: EndpointConnectionError(endpoint_url=URL),
    "a connection that was closed": lambda _: ConnectionClosedError(endpoint_url=URL),
    "half an answer": lambda _: IncompleteReadError(actual_bytes=1, expected_bytes=2),
    "an answer that cannot be read": lambda _: ResponseParserError("Unable to parse response"),
}


@dataclass
class FailingClient:
    """A client of any service: every call fails in the one way."""

    failure: Failure

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        def call(**_: Any) -> dict[str, Any]:
            raise self.failure(operation_of(method))

        return call

    def get_paginator(self, method: str) -> Pages:
        return Pages(getattr(self, method))


@dataclass
class FailingOnce:
    """A client whose calls reach the one behind it, but for one of them."""

    behind: Any
    failure: Failure
    number: int = 0
    calls: list[str] = field(default_factory=list)

    def fail_at(self, number: int) -> None:
        """Let the call of that number fail, counted from now and from zero."""
        self.number = number
        self.calls.clear()

    @property
    def has_failed(self) -> bool:
        """Whether there were enough calls to come to the one that fails."""
        return len(self.calls) > self.number

    def __getattr__(self, method: str) -> Callable[..., Any]:
        return lambda **request: self._call(getattr(self.behind, method), method, request)

    def get_paginator(self, method: str) -> "FailingPages":
        return FailingPages(self, method)

    def _call(self, call: Callable[..., Any], method: str, request: dict[str, Any]) -> Any:
        self.calls.append(method)
        if len(self.calls) == self.number + 1:
            raise self.failure(operation_of(method))
        return call(**request)


@dataclass
class FailingPages:
    """The pages of such a client, which are one call."""

    client: FailingOnce
    method: str

    def paginate(self, **request: Any) -> Any:
        pages = self.client.behind.get_paginator(self.method).paginate
        yield from self.client._call(pages, self.method, request)  # noqa: SLF001 - its other half
