"""Hand out what somebody may sign: a statement of one decision on one request, good for some minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.domain.restores.requests import parse_request_id
from strongroom.domain.written import base64url

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.ports.ceremony import Drafts, Limits, OpenStatements

_NONCE_BYTES: Final = 16
_AN_HOUR: Final = timedelta(hours=1)
_MOST_AN_HOUR: Final = 60
_STOPPING: Final = (Decision.DENY, Decision.CANCEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementProposed:
    """What to sign, with the request that it is about: whoever signs hashes the text themselves."""

    request_id: str
    statement: str
    text: str
    digest: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementProposalNeeds:
    """What handing out a statement needs of the world."""

    drafts: Drafts
    statements: OpenStatements
    limits: Limits
    random: Callable[[int], bytes]


def propose_statement(
    request_id: str, decision: Decision, *, view: str | None, needs: StatementProposalNeeds, now: datetime
) -> StatementProposed:
    """A new statement; NotFoundError for an unknown request, PermissionRefusedError for a link of another one.

    `view` is the token of the link, None for somebody who is logged in. Who signs it is not known yet, so that what is
    limited is how many are handed out for each request; not of those that stop it, which nobody keeps from others.
    """
    draft = needs.drafts.read(parse_request_id(request_id))
    if view is not None:
        draft.demand_view(view)
    asked = draft.sealed.asked
    if now >= asked.act_before:
        raise RestoreRefusedError(f"{request_id} is over; nothing can be decided about it any more")
    is_limited = decision not in _STOPPING
    if is_limited and not needs.limits.count(f"{decision} {request_id}", most=_MOST_AN_HOUR, within=_AN_HOUR, now=now):
        raise RestoreRefusedError("too many statements were asked for on this request; try again within the hour")
    nonce = base64url(needs.random(_NONCE_BYTES))
    statement = make_statement(asked, decision, nonce=nonce, issued_at=now)
    needs.statements.hand_out(statement, until=now + asked.policy.presence_max_age)
    return StatementProposed(
        request_id=request_id,
        statement=statement.text,
        text=draft.sealed.text,
        digest=draft.sealed.digest,
        mark=draft.sealed.mark,
    )
