"""A request before its requester signed it, and what the list of requests says of one."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import PermissionRefusedError, RestoreRefusedError
from strongroom.domain.identifiers import Arn

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from strongroom.domain.restores.requests import RestoreRequest, SealedRequest

MOST_LOOKED_AT: Final = 200
_MOST_OPEN: Final = 3
_NAME: Final = "say another name, or wait for its end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A request as it was planned, and the token in the link to its page: the right to look, and to nothing else.

    `account_name` is what the account was called then, for people to read.
    """

    sealed: SealedRequest
    view: str
    account_name: str = ""

    def demand_view(self, view: str) -> None:
        """PermissionRefusedError for another token than the link's."""
        mine, theirs = (hashlib.sha256(each.encode()).digest() for each in (self.view, view))
        if not hmac.compare_digest(mine, theirs):
            raise PermissionRefusedError("this link does not lead to that request; ask for a new one")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A line of the list of requests; an index only, which proves nothing."""

    id: str
    requester: str
    account: str
    resource: str
    target_name: str
    ticket: str
    requested_at: datetime
    outcome: str = ""


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
    )


def rivals_of(request: RestoreRequest, lines: Iterable[OpenRequest]) -> tuple[OpenRequest, ...]:
    """The other open requests that would make something of the same name in the same place, the earliest first."""
    place = (request.account, _kind(request.resource), request.target_name)
    rivals = (
        line
        for line in lines
        if not line.outcome
        and line.id != request.id
        and (line.account, _kind(line.resource), line.target_name) == place
    )
    return tuple(sorted(rivals, key=lambda line: (line.requested_at, line.id)))


def demand_no_rival(request: RestoreRequest, lines: Iterable[OpenRequest]) -> None:
    """RestoreRefusedError where another request is open that would make something of the same name."""
    if rivals := rivals_of(request, lines):
        raise RestoreRefusedError(f"{_told(rivals[0])} is open and becomes {request.target_name} as well: {_NAME}")


def demand_first(request: RestoreRequest, lines: Iterable[OpenRequest]) -> None:
    """RestoreRefusedError where such a request is open that was asked for before this one: of two, the first has it."""
    own = (request.requested_at, request.id)
    if earlier := [line for line in rivals_of(request, lines) if (line.requested_at, line.id) < own]:
        raise RestoreRefusedError(
            f"{_told(earlier[0])} was asked for before it and becomes {request.target_name} as well"
        )


def demand_room(lines: Iterable[OpenRequest], *, requester: str, besides: str = "") -> None:
    """RestoreRefusedError where that person has as many open requests as one may have, `besides` the one of that id."""
    own = [line.id for line in lines if line.requester == requester and not line.outcome and line.id != besides]
    if len(own) >= _MOST_OPEN:
        raise RestoreRefusedError(f"you have {len(own)} open requests ({', '.join(own)}); {_MOST_OPEN} are the limit")


def _told(line: OpenRequest) -> str:
    return f"{line.id} (ticket {line.ticket or 'none'}, {line.requested_at:%Y-%m-%d %H:%M} UTC)"


def _kind(resource: str) -> tuple[str, str]:
    """The service and Region in which its name is one name."""
    arn = Arn.parse(resource)
    return arn.service, arn.region


def page_of(public_url: str, draft: Draft) -> str:
    """Where people see the request and sign."""
    return f"{public_url}/approvals/{draft.sealed.request.id}?view={draft.view}"
