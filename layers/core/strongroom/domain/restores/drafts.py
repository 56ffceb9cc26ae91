"""A request before its requester signed it, and what the list of requests says of one."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import PermissionRefusedError

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.requests import SealedRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A request as it was planned, and the token in the link to its page: the right to look, and to nothing else."""

    sealed: SealedRequest
    view: str

    def demand_view(self, view: str) -> None:
        """PermissionRefusedError for another token than the link's."""
        mine, theirs = (hashlib.sha256(each.encode()).digest() for each in (self.view, view))
        if not hmac.compare_digest(mine, theirs):
            raise PermissionRefusedError("this link does not lead to that request; ask for a new one")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A line of the list of requests; an index only, which proves nothing.

    `outcome` is empty until it has ended; `untold` are those who do not know of the end yet, because they could not be
    reached.
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
    )


def page_of(public_url: str, draft: Draft) -> str:
    """Where people see the request and sign."""
    return f"{public_url}/approvals/{draft.sealed.request.id}?view={draft.view}"
