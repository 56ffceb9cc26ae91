"""A request before its requester signed it, and what the list of requests says of one."""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import PermissionRefusedError, RestoreRefusedError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.left_off.steps import asked_call
from strongroom.domain.restores.requests import UNNAMED
from strongroom.domain.written import base64url

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from strongroom.domain.restores.requests import RestoreRequest, SealedRequest

_MOST_OPEN: Final = 3
_NAME: Final = "say another name, or wait for its end"
_CHAT: Final = "strongroom-chat-view/1\n"
_NUMBER: Final = "strongroom-number/1\n"
_LEAST_NUMBER, _NUMBERS = 10, 90


class Link(StrEnum):
    """Where somebody came from: whoever asked, or a terminal, showed them the page; or the message in chat did."""

    PAGE = "page"
    CHAT = "chat"


class Draft(Struct, frozen=True, kw_only=True):
    """A request as it was planned, and the token in the link to its page: the right to look, and to nothing else.

    `account_name` is what the account was called then, for people to read.
    """

    sealed: SealedRequest
    view: str
    account_name: str = ""

    @property
    def chat_view(self) -> str:
        """The token of the link in chat, which tells neither the other one nor the number that stands beside it."""
        return base64url(hashlib.sha256((_CHAT + self.view).encode()).digest()[:16])

    @property
    def number(self) -> str:
        """The two digits that stand in chat beside the link: whoever types them has read what they click on."""
        drawn = int.from_bytes(hashlib.sha256((_NUMBER + self.view).encode()).digest())
        return str(_LEAST_NUMBER + drawn % _NUMBERS)

    def demand_link(self, view: str) -> Link:
        """Which of the links has that token; PermissionRefusedError for a token of neither."""
        tokens = {Link.PAGE: self.view, Link.CHAT: self.chat_view}
        found = [link for link, token in tokens.items() if _is_same(token, view)]
        if not found:
            raise PermissionRefusedError("this link does not lead to that request; ask for a new one")
        return found[0]

    def is_number(self, number: str) -> bool:
        """Whether these are the two digits."""
        return _is_same(self.number, number)


class OpenRequest(Struct, frozen=True, kw_only=True):
    """A line of the list of requests; an index only, which proves nothing.

    `outcome` is empty until it has ended; `untold` are those who do not know of the end yet, because they could not be
    reached. `is_ticket_free` is whether its end gave the ticket back, None before that or where that is not known. `of`
    and `call` say what is set after which restore, and are empty of restores.
    """

    id: str
    requester: str
    account: str
    resource: str
    target_name: str
    ticket: str
    requested_at: datetime
    outcome: str = ""
    untold: tuple[str, ...] = ()
    incident: str = ""
    is_ticket_free: bool | None = None
    of: str = ""
    call: str = ""


def line_of(sealed: SealedRequest) -> OpenRequest:
    """The line of a request that is opened."""
    request = sealed.request
    return OpenRequest(
        id=request.id,
        requester=request.requester,
        account=request.account,
        resource=request.resource,
        target_name=request.target_name,
        ticket=request.ticket,
        requested_at=request.requested_at,
        incident=request.incident,
        of=request.of,
        call=request.call if request.of else "",
    )


def rivals_of(request: RestoreRequest, lines: Iterable[OpenRequest]) -> tuple[OpenRequest, ...]:
    """The other open requests that would make, or set, something of the same name in the same place, earliest first."""
    if request.target_name == UNNAMED:
        return ()
    place = (request.account, _kind(request.resource), request.target_name)
    rivals = (
        line
        for line in lines
        if not line.outcome
        and line.id != request.id
        and _sets(line.of, line.call) == _sets(request.of, request.call)
        and (line.account, _kind(line.resource), line.target_name) == place
    )
    return tuple(sorted(rivals, key=lambda line: (line.requested_at, line.id)))


def _sets(of: str, call: str) -> str:
    """What is set on what a restore made; restores, of whatever kind, all come to one name."""
    return call if of else ""


def demand_no_rival(request: RestoreRequest, lines: Iterable[OpenRequest]) -> None:
    """RestoreRefusedError where another request is open that would make something of the same name."""
    if rivals := rivals_of(request, lines):
        how = "wait for its end" if request.is_after else _NAME
        raise RestoreRefusedError(f"{_told(rivals[0])} is open and {_makes(request)} as well: {how}")


def demand_first(request: RestoreRequest, lines: Iterable[OpenRequest]) -> None:
    """RestoreRefusedError where such a request is open that was asked for before this one: of two, the first has it."""
    own = (request.requested_at, request.id)
    if earlier := [line for line in rivals_of(request, lines) if (line.requested_at, line.id) < own]:
        raise RestoreRefusedError(f"{_told(earlier[0])} was asked for before it and {_makes(request)} as well")


def demand_own_ticket(request: RestoreRequest, lines: Iterable[OpenRequest]) -> None:
    """RestoreRefusedError where another request has used its ticket and not given it back, as far as the lines tell."""
    for line in lines:
        is_used = not line.outcome or line.is_ticket_free is False
        if request.ticket and line.ticket == request.ticket and line.id != request.id and is_used:
            raise RestoreRefusedError(f"{line.ticket} was used for {line.id}; each restore needs its own ticket")


def demand_room(lines: Iterable[OpenRequest], *, requester: str, besides: str = "") -> None:
    """RestoreRefusedError where that person has as many open requests as one may have, `besides` the one of that id."""
    own = [line.id for line in lines if line.requester == requester and not line.outcome and line.id != besides]
    if len(own) >= _MOST_OPEN:
        raise RestoreRefusedError(f"you have {len(own)} open requests ({', '.join(own)}); {_MOST_OPEN} are the limit")


def _makes(request: RestoreRequest) -> str:
    """What two such requests both do."""
    if asked := asked_call(request.call):
        return f"sets {asked.label} of {request.target_name}"
    return f"becomes {request.target_name}"


def _told(line: OpenRequest) -> str:
    entitled = f"incident {line.incident}" if line.incident else f"ticket {line.ticket or 'none'}"
    return f"{line.id} ({entitled}, {line.requested_at:%Y-%m-%d %H:%M} UTC)"


def _kind(resource: str) -> tuple[str, str]:
    """The service and Region in which its name is one name."""
    arn = Arn.parse(resource)
    return arn.service, arn.region


def page_of(public_url: str, draft: Draft, *, link: Link = Link.PAGE) -> str:
    """Where people see the request and sign."""
    view = draft.chat_view if link is Link.CHAT else draft.view
    return f"{public_url}/approvals/{draft.sealed.request.id}?view={view}"


def _is_same(mine: str, theirs: str) -> bool:
    one, other = (hashlib.sha256(each.encode(errors="surrogatepass")).digest() for each in (mine, theirs))
    return hmac.compare_digest(one, other)
