"""Hand out what somebody may sign: a statement of one decision on one request, good for some minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import PermissionRefusedError, RestoreRefusedError
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.domain.restores.drafts import Link
from strongroom.domain.restores.requests import parse_request_id
from strongroom.domain.written import base64url

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.restores.drafts import Draft
    from strongroom.ports.ceremony import Drafts, Limits, OpenStatements

_NONCE_BYTES: Final = 16
_AN_HOUR: Final = timedelta(hours=1)
_MOST_AN_HOUR: Final = 60
MOST_OF_A_PERSON: Final = 20
_MOST_WRONG: Final = 5
_STOPPING: Final = (Decision.DENY, Decision.CANCEL)


class StatementProposed(Struct, frozen=True, kw_only=True):
    """What to sign, with the request that it is about: whoever signs hashes the text themselves.

    `link` is where they came from.
    """

    request_id: str
    link: Link
    statement: str
    text: str
    digest: str
    mark: str


class StatementProposalNeeds(Struct, frozen=True, kw_only=True):
    """What handing out a statement needs of the world."""

    drafts: Drafts
    statements: OpenStatements
    limits: Limits
    random: Callable[[int], bytes]


def propose_statement(
    request_id: str,
    decision: Decision,
    *,
    view: str | None,
    number: str = "",
    person: str = "",
    needs: StatementProposalNeeds,
    now: datetime,
) -> StatementProposed:
    """A new statement; NotFoundError for an unknown request, PermissionRefusedError for a link of another one.

    `view` is the token of the link, None for somebody who is logged in, `person`; `number` are the digits that stand
    beside the link in chat, which an approval that comes from there takes. Whoever is logged in gets so many an hour.
    Who signs with a link is not known yet, so that there are so many for each request, too; but not of those that stop
    it, which nobody keeps from others.
    """
    draft = needs.drafts.read(parse_request_id(request_id))
    link = Link.PAGE if view is None else draft.demand_link(view)
    if link is Link.CHAT and decision not in _STOPPING:
        _demand_number(draft, number, needs=needs, now=now)
    asked = draft.sealed.asked
    if now >= asked.act_before:
        raise RestoreRefusedError(f"{request_id} is over; nothing can be decided about it any more")
    if decision not in _STOPPING:
        _demand_patience(f"{decision} {request_id}", person, needs=needs, now=now)
    nonce = base64url(needs.random(_NONCE_BYTES))
    statement = make_statement(asked, decision, nonce=nonce, issued_at=now)
    needs.statements.hand_out(statement, until=now + asked.policy.presence_max_age)
    return StatementProposed(
        request_id=request_id,
        link=link,
        statement=statement.text,
        text=draft.sealed.text,
        digest=draft.sealed.digest,
        mark=draft.sealed.mark,
    )


def _demand_patience(about: str, person: str, *, needs: StatementProposalNeeds, now: datetime) -> None:
    """RestoreRefusedError for the person who asks too often, and for a request that too many are asked for."""
    counted = needs.limits.count
    if person and not counted(f"statements {person}", most=MOST_OF_A_PERSON, within=_AN_HOUR, now=now):
        raise RestoreRefusedError(
            f"you asked for {MOST_OF_A_PERSON} statements within an hour; wait, or let somebody else approve"
        )
    if not counted(about, most=_MOST_AN_HOUR, within=_AN_HOUR, now=now):
        raise RestoreRefusedError("too many statements were asked for on this request; try again within the hour")


def _demand_number(draft: Draft, number: str, *, needs: StatementProposalNeeds, now: datetime) -> None:
    """PermissionRefusedError for other digits than those in chat; after some wrong ones none are right for a while."""
    name = f"wrong numbers {draft.sealed.request.id}"
    if needs.limits.is_reached(name, most=_MOST_WRONG, within=_AN_HOUR, now=now):
        raise PermissionRefusedError("the number was wrong too often; approve by `strongroom restore`, or in an hour")
    if not draft.is_number(number):
        needs.limits.count(name, most=_MOST_WRONG, within=_AN_HOUR, now=now)
        raise PermissionRefusedError("this is not the number that stands beside the link in chat")
