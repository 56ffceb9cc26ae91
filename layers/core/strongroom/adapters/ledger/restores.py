"""The ceremony's own table: drafts, the list of requests, used tickets, bells and messages. Nothing of it decides.

The family stands in the partition key, because that is all that IAM sees of an item (`dynamodb:LeadingKeys`):
`REQUEST#<id>`, `TICKET#<key>`, `OPEN`, `BELL#<id>`, `MESSAGE#<id>`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from strongroom.adapters.ledger.changes import AnyOf, Change, Equals, Key, absent
from strongroom.adapters.ledger.table import to_moment, to_text
from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import NotFoundError
from strongroom.domain.restores.drafts import Draft, OpenRequest
from strongroom.domain.restores.requests import open_seal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.adapters.ledger.table import Item, Table

_OPEN: Final = "OPEN"
_TEXTS: Final = ("requester", "account", "resource", "target_name", "ticket")


class CeremonyDrafts:
    """Requests before they are signed, `REQUEST#<id>` / `DRAFT`."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "keep": ("dynamodb:PutItem",),
        "read": ("dynamodb:GetItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ceremony's."""
        self._table = table

    def keep(self, draft: Draft) -> None:
        """Keep a new draft under its id; what is there is never replaced."""
        said = {"text": draft.sealed.text, "view": draft.view, "account_name": draft.account_name}
        self._table.put_new(_draft(draft.sealed.request.id).item | said)

    def read(self, request_id: str) -> Draft:
        """The draft; NotFoundError when there is none."""
        item = self._table.get(_draft(request_id))
        if item is None:
            raise NotFoundError(f"no restore request has the id {request_id}")
        name = item.get("account_name", "")  # drafts of before have none
        return Draft(sealed=open_seal(item["text"]), view=item["view"], account_name=name)


class CeremonyRequests:
    """The list of requests, `OPEN` / `<time>#<id>`, and the tickets that they use, `TICKET#<key>` / `USE`."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "open": ("dynamodb:UpdateItem",),
        "latest": ("dynamodb:Query",),
        "close": ("dynamodb:UpdateItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ceremony's."""
        self._table = table

    def open(self, request: OpenRequest) -> bool:
        """Use the ticket and list the request, both or none; False when another request has the ticket."""
        is_ours = AnyOf(absent("request_id"), Equals("request_id", request.id))
        line = {name: getattr(request, name) for name in _TEXTS}
        listing = {"request_id": request.id, "requested_at": to_text(request.requested_at), **line}
        changes = {_line(request): Change(set=listing, when=is_ours)}
        if request.ticket:
            changes[_ticket(request)] = Change(set={"request_id": request.id}, when=is_ours)
        return self._table.change_all(changes)

    def latest(self, *, limit: int) -> tuple[OpenRequest, ...]:
        """The latest requests, newest first."""
        items = list(self._table.under(_OPEN))
        return tuple(_request(item) for item in reversed(items[-limit:]))

    def close(self, request: OpenRequest, *, outcome: str, is_ticket_free: bool) -> None:
        """Remember how it ended, and give the ticket back where nothing came of it."""
        is_its_own = Equals("request_id", request.id)
        self._table.change(_line(request), Change(set={"outcome": outcome}, when=is_its_own))
        if request.ticket and is_ticket_free:
            self._table.change(_ticket(request), Change(set={"request_id": None}, when=is_its_own))


class CeremonyBells:
    """The token of the task that waits for people, `BELL#<id>` / `TOKEN`."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "hang": ("dynamodb:PutItem",),
        "token": ("dynamodb:GetItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ceremony's."""
        self._table = table

    def hang(self, request_id: str, token: str) -> None:
        """Keep the token, replacing that of an earlier round."""
        self._table.put(_bell(request_id).item | {"token": token})

    def token(self, request_id: str) -> str | None:
        """The token, or None."""
        item = self._table.get(_bell(request_id))
        return None if item is None else str(item["token"])


class CeremonyMessages:
    """Where requests are shown, `MESSAGE#<id>` / `MESSAGE`."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "keep": ("dynamodb:PutItem",),
        "find": ("dynamodb:GetItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ceremony's."""
        self._table = table

    def keep(self, request_id: str, message: PostedMessage) -> None:
        """Keep where the message is; the first one stands."""
        self._table.put_new(_message(request_id).item | {"channel": message.channel, "ts": message.ts})

    def find(self, request_id: str) -> PostedMessage | None:
        """Where the message is, or None before it was posted."""
        item = self._table.get(_message(request_id))
        return None if item is None else PostedMessage(channel=item["channel"], ts=item["ts"])


def _draft(request_id: str) -> Key:
    return Key(f"REQUEST#{request_id}", "DRAFT")


def _line(request: OpenRequest) -> Key:
    return Key(_OPEN, f"{to_text(request.requested_at)}#{request.id}")


def _ticket(request: OpenRequest) -> Key:
    return Key(f"TICKET#{request.ticket}", "USE")


def _bell(request_id: str) -> Key:
    return Key(f"BELL#{request_id}", "TOKEN")


def _message(request_id: str) -> Key:
    return Key(f"MESSAGE#{request_id}", "MESSAGE")


def _request(item: Item) -> OpenRequest:
    return OpenRequest(
        id=item["request_id"],
        requested_at=to_moment(item["requested_at"]),
        outcome=item.get("outcome", ""),
        **{name: item.get(name, "") for name in _TEXTS},
    )
