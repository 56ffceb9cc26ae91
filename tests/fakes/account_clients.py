"""Clients in any account: moto's, unless a test put one of its own there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

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
