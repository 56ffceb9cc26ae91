"""Show a request to whoever holds its link, who may look and gets no right to decide by that."""

from __future__ import annotations

import hashlib
import hmac
from copy import replace
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import PermissionRefusedError
from strongroom.domain.proofs.asked import read_asked
from strongroom.domain.restores.drafts import Link
from strongroom.domain.restores.requests import parse_request_id
from strongroom.domain.restores.showing.approval_view import view_approval

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.showing.approval_view import ApprovalView
    from strongroom.ports.approval_page import LinkedRequest, LinkedRequests, RequestStandings, RequestSurroundings


class ApprovalShowNeeds(Struct, frozen=True, kw_only=True):
    """What showing a request needs of the world."""

    requests: LinkedRequests
    standings: RequestStandings
    surroundings: RequestSurroundings


def show_approval(request_id: str, *, view: str, needs: ApprovalShowNeeds, now: datetime) -> ApprovalView:
    """The request as its page shows it; PermissionRefusedError for another token than those of its links, `view`."""
    linked = needs.requests.read(parse_request_id(request_id))
    link = linked_by(view, linked)
    asked = read_asked(linked.text)
    judged = needs.standings.read(asked, now=now)
    return view_approval(
        asked,
        linked.text,
        judged=judged,
        around=replace(needs.surroundings.of(asked), account_name=linked.account_name),
        now=now,
        asks_number=link is Link.CHAT,
    )


def linked_by(view: str, linked: LinkedRequest) -> Link:
    """Which of its links leads to the request; PermissionRefusedError for none of them."""
    given = hashlib.sha256(view.encode(errors="surrogatepass")).hexdigest()
    known = {Link.PAGE: linked.view_digest, Link.CHAT: linked.chat_digest}
    found = [link for link, digest in known.items() if hmac.compare_digest(given, digest)]
    if not found:
        raise PermissionRefusedError("this link does not lead to that request; ask for a new one")
    return found[0]
