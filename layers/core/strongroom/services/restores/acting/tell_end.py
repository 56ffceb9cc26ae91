"""Tell everybody concerned how a ceremony ended; whoever cannot be reached is told later."""

from __future__ import annotations

from copy import replace
from functools import partial
from typing import TYPE_CHECKING

from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.drafts import line_of
from strongroom.domain.restores.facts import RestoreClosed
from strongroom.domain.restores.kinds.finishing import settings_outcome
from strongroom.domain.restores.showing.card import Ending, closed_card
from strongroom.domain.restores.showing.reach import AWAY, Whom
from strongroom.domain.restores.showing.told import told_kind
from strongroom.domain.restores.steps import said_outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from strongroom.domain.alerts.complaints import Alert
    from strongroom.domain.restores.requests import SealedRequest
    from strongroom.services.evidence.keep_ceremony import KeptCeremony
    from strongroom.services.restores.acting.close_restore import RestoreClosingNeeds, RestoreEnded


def tell_end(
    ended: RestoreEnded,
    kept: KeptCeremony,
    *,
    findings: Iterable[Alert],
    is_ticket_free: bool,
    is_again: bool,
    needs: RestoreClosingNeeds,
    now: datetime,
) -> RestoreEnded:
    """Alert, publish, free the ticket, then tell chat and ticket; the answer names those who could not be told.

    `is_again` is a closing after the request's own: where the list says who knows of it, only the others are told.
    """
    for alert in findings:
        needs.alerts.complain(alert, now=now)
    sealed = kept.sealed
    line = needs.open_requests.find(ended.request_id, now=now) or line_of(sealed)
    untold = line.untold
    if not (is_again and line.outcome):
        untold = (Whom.CHAT, Whom.TICKET)
        needs.publisher.publish(_fact(ended, sealed))
        needs.open_requests.close(line, outcome=ended.outcome, is_ticket_free=is_ticket_free, untold=untold)
    text = needs.ceremony.in_names(_sentence(ended, kept, is_ticket_free=is_ticket_free))
    ending = partial(_ending, ended, kept, text=text, needs=needs)
    still = tuple(whom for whom in untold if not _is_told(Whom(whom), sealed, ending=ending, text=text, needs=needs))
    needs.open_requests.tell(line, untold=still)
    return replace(ended, untold=still)


def _is_told(
    whom: Whom, sealed: SealedRequest, *, ending: Callable[[], Ending], text: str, needs: RestoreClosingNeeds
) -> bool:
    request = sealed.request
    message = needs.messages.find(request.id) if whom is Whom.CHAT else None
    try:
        if whom is Whom.TICKET and request.ticket:
            needs.tickets.comment(request.ticket, text)
        if message:
            name = needs.messages.telling(request.id).account_name
            card = closed_card(sealed, ending(), ceremony=needs.ceremony, account_name=name)
            needs.board.close(message, card)
    except AWAY:
        return False
    return True


def _ending(ended: RestoreEnded, kept: KeptCeremony, *, text: str, needs: RestoreClosingNeeds) -> Ending:
    """How it ended, and who decided: by what counted when it was acted upon, or else at its end."""
    decisive = EntryKind.RESTORE_INTENDED if kept.has(EntryKind.RESTORE_STARTED) else EntryKind.CLOSED
    at = [entry.at for entry in kept.chain if entry.kind == decisive][-1]
    outcome = _outcome(ended, kept)
    return Ending(outcome=outcome, text=text, handled_by=needs.judge.at_end(kept, now=at)[0].people)


def _outcome(ended: RestoreEnded, kept: KeptCeremony) -> str:
    call, settings = kept.sealed.request.call, settings_outcome(kept.steps())
    return said_outcome(ended.outcome, faults=ended.faults, call=call, settings=settings)


def _fact(ended: RestoreEnded, sealed: SealedRequest) -> RestoreClosed:
    request = sealed.request
    return RestoreClosed(
        account=request.account,
        region=request.region,
        resource=request.resource,
        reason=ended.reason,
        request_id=request.id,
        outcome=ended.outcome,
        created=ended.created,
    )


def _sentence(ended: RestoreEnded, kept: KeptCeremony, *, is_ticket_free: bool) -> str:
    steps = "; ".join(each.told for each in kept.steps())
    after = f" Afterwards: {steps}." if steps else ""
    request = kept.sealed.request
    freed = f" {request.ticket} may carry another request." if request.ticket and is_ticket_free else ""
    outcome = _outcome(ended, kept)
    told = ended.reason if ended.reason.startswith(f"{outcome} ") else f"{outcome}. {ended.reason}"
    # What may hold names out of a member account, those of alarms, goes last.
    return f"{told_kind(request)} {ended.request_id}: {told}. Evidence: {ended.evidence[:12]}.{freed}{after}"
