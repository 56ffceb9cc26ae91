"""End a ceremony: the outcome is recorded once, the evidence sealed, and everybody concerned told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.errors import ApprovalVoidError, ForeignExecutionError
from strongroom.domain.evidence.chain import CLOSED
from strongroom.domain.restores.facts import RestoreClosed
from strongroom.domain.restores.requests import SealedRequest
from strongroom.domain.restores.steps import Closed, Restored, RestoreOutcome, facts_of

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.intent.model import Organization
    from strongroom.ports.evidence import Signer
    from strongroom.ports.facts import Publisher
    from strongroom.ports.restores import ApprovalBoard, RestoreBook, TicketSystem
    from strongroom.services.alerts.tell_alerts import AlertNotifier
    from strongroom.services.evidence.keep_evidence import EvidenceRecorder


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreEnded:
    """How the ceremony ended, and the hash that its evidence ends with."""

    request_id: str
    outcome: RestoreOutcome
    reason: str
    created: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreClosingNeeds:
    """What ending a ceremony needs of the world."""

    book: RestoreBook
    evidence: EvidenceRecorder
    signer: Signer
    board: ApprovalBoard
    tickets: TicketSystem
    publisher: Publisher
    alerts: AlertNotifier
    home: Organization


def close_restore(
    request_id: str, *, outcome: RestoreOutcome, reason: str, error: str = "", needs: RestoreClosingNeeds, now: datetime
) -> RestoreEnded:
    """Record, seal, alert where it failed, publish, and tell; the first outcome stands however often this is tried.

    NotFoundError for an unknown request. An execution that does not own the request ends nothing but itself. An error
    after something was restored is that of its tags: a finding of its own, and the restore stands.
    """
    if error == ForeignExecutionError.__name__:
        return _turn_away(request_id, reason=reason, needs=needs, now=now)
    sealed = _trusted(request_id, needs=needs)
    closed = _end(outcome, reason=reason, error=error, restored=needs.book.recorded(request_id, Restored))
    if not needs.book.record(request_id, closed):
        closed = needs.book.recorded(request_id, Closed) or closed
    needs.evidence.note_once(request_id, CLOSED, at=now, facts=facts_of(closed))
    seal = needs.evidence.seal(request_id, signer=needs.signer)
    ended = RestoreEnded(
        request_id=request_id,
        outcome=closed.outcome,
        reason=closed.reason,
        created=closed.created,
        evidence=seal.digest,
    )
    if isinstance(sealed, SealedRequest):
        if error and ended.outcome is RestoreOutcome.RESTORED:
            needs.alerts.complain(_untagged(ended, sealed), now=now)
        _tell(ended, sealed, needs=needs, now=now)
    else:
        # A request that was tampered with says nothing to be trusted, not even its account or its ticket.
        alert = _own_alert(AlertKind.RESTORE_FAILED, request_id, reason=str(sealed), home=needs.home)
        needs.alerts.complain(alert, now=now)
    return ended


def _end(outcome: RestoreOutcome, *, reason: str, error: str, restored: Restored | None) -> Closed:
    """How it ended: what is there stays restored when its tags fail, and what is not there was not restored."""
    created = restored.created if restored else ""
    if error and outcome is RestoreOutcome.RESTORED:
        outcome = RestoreOutcome.RESTORED if created else RestoreOutcome.FAILED
        reason = f"restored as {created}, but not tagged: {reason}" if created else reason
    return Closed(outcome=outcome, reason=reason, created=created)


def _turn_away(request_id: str, *, reason: str, needs: RestoreClosingNeeds, now: datetime) -> RestoreEnded:
    """Leave the ceremony to the execution that owns it, and complain about the other one."""
    alert = _own_alert(AlertKind.TAMPERING_ATTEMPTED, request_id, reason=reason, home=needs.home)
    needs.alerts.complain(alert, now=now)
    return RestoreEnded(request_id=request_id, outcome=RestoreOutcome.FAILED, reason=reason, created="", evidence="")


def _trusted(request_id: str, *, needs: RestoreClosingNeeds) -> SealedRequest | ApprovalVoidError:
    """The request, or why it is not to be trusted; NotFoundError when there is none."""
    try:
        return needs.book.read(request_id)
    except ApprovalVoidError as error:
        return error


def _tell(ended: RestoreEnded, sealed: SealedRequest, *, needs: RestoreClosingNeeds, now: datetime) -> None:
    if ended.outcome is RestoreOutcome.FAILED:
        needs.alerts.complain(_alert(sealed, reason=ended.reason), now=now)
    needs.publisher.publish(_fact(ended, sealed))
    text = _sentence(ended)
    message = needs.book.kept_message(ended.request_id)
    if message is not None:
        needs.board.close(message, sealed, text=text)
    needs.tickets.comment(sealed.request.ticket, text)


def _alert(sealed: SealedRequest, *, reason: str) -> Alert:
    request = sealed.request
    return Alert(
        kind=AlertKind.RESTORE_FAILED,
        subject=f"{request.id} of {request.resource}",
        account=request.account,
        region=request.region,
        reason=reason,
    )


def _untagged(ended: RestoreEnded, sealed: SealedRequest) -> Alert:
    request = sealed.request
    return Alert(
        kind=AlertKind.RESOURCE_NOT_TAGGED,
        subject=ended.created,
        account=request.account,
        region=request.region,
        reason=ended.reason,
    )


def _own_alert(kind: AlertKind, request_id: str, *, reason: str, home: Organization) -> Alert:
    return Alert(
        kind=kind,
        subject=request_id[:40],
        account=home.backup_account,
        region=home.home_region,
        reason=reason,
    )


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


def _sentence(ended: RestoreEnded) -> str:
    made = f" Created: {ended.created}." if ended.created else ""
    return f"Restore {ended.request_id}: {ended.outcome}. {ended.reason}.{made} Evidence: {ended.evidence[:12]}."
