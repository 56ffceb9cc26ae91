"""Clients that read and do nothing else, and that tell what AWS answered to whoever records it."""

from collections.abc import Callable, Mapping
from functools import partial
from threading import Lock
from typing import Any, Final

from msgspec import Struct

from strongroom.adapters.aws.account_access import AccountClients
from strongroom.domain.errors import CallRefusedError
from strongroom.domain.identifiers import AccountId, Region

READINGS: Final = ("Describe", "Get", "List")

_REQUEST: Final = "strongroom_request"


class Answer(Struct, frozen=True, kw_only=True):
    """What AWS answered to a call, word for word."""

    service: str
    operation: str
    account: AccountId
    region: Region
    request: Mapping[str, Any]
    status: int
    body: str


class ReadingAccess:
    """Clients in any account that cannot send anything but a reading: what is no reading is refused before it is sent.

    How accounts are entered is none of its business, so that credentials are never heard.
    """

    def __init__(self, clients: AccountClients, *, hear: Callable[[Answer], None]) -> None:
        """`hear` is told of every answer, refusals too, from whichever thread asked."""
        self._clients = clients
        self._hear = hear
        self._prepared: set[tuple[str, AccountId, Region]] = set()
        self._preparing = Lock()

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        """A client of the service there that reads only."""
        made = self._clients.client(service, account=account, region=region)
        key = (service, account, region)
        with self._preparing:
            if key not in self._prepared:
                self._prepared.add(key)
                made.meta.events.register("before-parameter-build", _refuse_changes)
                made.meta.events.register("after-call", partial(self._told, account=account, region=region))
        return made

    def _told(
        self,
        *,
        account: AccountId,
        region: Region,
        http_response: Any,
        model: Any,
        context: Mapping[str, Any],
        **_: Any,
    ) -> None:
        self._hear(
            Answer(
                service=model.service_model.service_name,
                operation=model.name,
                account=account,
                region=region,
                request=context.get(_REQUEST, {}),
                status=http_response.status_code,
                body=http_response.content.decode("utf-8", "replace"),
            )
        )


def _refuse_changes(*, model: Any, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
    if not model.name.startswith(READINGS):
        raise CallRefusedError(f"{model.name} is no reading, and was not sent")
    context[_REQUEST] = dict(params)
