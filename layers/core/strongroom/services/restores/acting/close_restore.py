"""End a ceremony: how, is worked out from its evidence; then it is written down, witnessed, and everybody is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import (
    ApprovalVoidError,
    ForeignExecutionError,
    MalformedRecordError,
    QuorumUndefinedError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.drafts import line_of
from strongroom.domain.restores.facts import RestoreClosed
from strongroom.domain.restores.jobs import JobState, judge_restore
from strongroom.domain.restores.showing.card import Ending, closed_card
from strongroom.domain.restores.steps import RestoreEnd, RestoreOutcome, judge_end
from strongroom.domain.restores.tickets.reuse import may_be_used_again
from strongroom.services.restores.acting.start_restore import local_recovery_point
from strongroom.services.restores.deciding.executions import demand_own

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.intent.model import Organization
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.jobs import JobVerdict
    from strongroom.domain.restores.requests import SealedRequest
    from strongroom.ports.ceremony import Executions, Messages, OpenRequests, Tellings, Words
    from strongroom.ports.evidence import EvidenceWitness
    from strongroom.ports.facts import Publisher
    from strongroom.ports.restores import ApprovalBoard, RestoreJobs, TicketSystem
    from strongroom.services.alerts.tell_alerts import AlertNotifier
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony
    from strongroom.services.restores.deciding.judge import CeremonyJudge


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

    ceremony: Ceremony
    judge: CeremonyJudge
    keeper: EvidenceKeeper
    executions: Executions
    jobs: RestoreJobs
    witness: EvidenceWitness
    open_requests: OpenRequests
    messages: Messages
    tellings: Tellings
    words: Words
    board: ApprovalBoard
    tickets: TicketSystem
    publisher: Publisher
    alerts: AlertNotifier
    home: Organization


def close_restore(
    request_id: str, *, execution: str, reason: str, error: str = "", needs: RestoreClosingNeeds, now: datetime
) -> RestoreEnded:
    """Write down, have it witnessed, free the ticket, alert where it failed, publish and tell; the first end stands.

    NotFoundError for an unknown request. An execution that does not own the request ends nothing but itself. An error
    after something was restored is that of its tags: a finding of its own, and the restore stands.
    """
    try:
        demand_own(execution, request_id=request_id, executions=needs.executions)
        kept = needs.keeper.read(request_id)
        job = _job(kept, needs=needs)
        end, kept = _end(kept, job=job, error=error, reason=reason, needs=needs, now=now)
    except ForeignExecutionError as refusal:
        return _turn_away(request_id, AlertKind.TAMPERING_ATTEMPTED, reason=str(refusal), needs=needs, now=now)
    except (ApprovalVoidError, MalformedRecordError, QuorumUndefinedError) as refusal:
        # Evidence that was tampered with says nothing to be trusted, not even its account or its ticket; and where
        # there are no rules any more nobody can say how it ended.
        return _turn_away(request_id, AlertKind.RESTORE_FAILED, reason=str(refusal), needs=needs, now=now)
    needs.witness.witness(request_id)
    ended = RestoreEnded(
        request_id=request_id,
        outcome=end.outcome,
        reason=end.reason,
        created=end.created,
        evidence=digest_of(kept.chain[-1].text),
    )
    left_nothing = job is not None and job.state is JobState.FAILED and not job.made
    is_begun = kept.has(EntryKind.RESTORE_INTENDED)
    is_free = may_be_used_again(end.outcome, is_begun=is_begun, left_nothing=left_nothing)
    needs.open_requests.close(line_of(kept.sealed), outcome=end.outcome, is_ticket_free=is_free)
    if error and ended.outcome is RestoreOutcome.RESTORED:
        needs.alerts.complain(_untagged(ended, kept.sealed), now=now)
    _tell(ended, kept, is_ticket_free=is_free, needs=needs, now=now)
    return ended


def _end(
    kept: KeptCeremony, *, job: JobVerdict | None, error: str, reason: str, needs: RestoreClosingNeeds, now: datetime
) -> tuple[RestoreEnd, KeptCeremony]:
    """The end, written down; one that was written before must be what happened, or somebody else has written it."""
    closed = next((entry for entry in kept.chain if entry.kind == EntryKind.CLOSED), None)
    if closed is None:
        end = _explained(_judged(kept, job=job, error=error, reason=reason, needs=needs, now=now), kept, needs=needs)
        facts = {
            "outcome": end.outcome,
            "reason": end.reason,
            "created": end.created,
            "proofs": sorted(digest_of(text) for text in kept.proofs),
        }
        return end, needs.keeper.record(kept, EntryKind.CLOSED, facts=facts, at=now)
    named = set(closed.facts["proofs"])
    then = replace(kept, proofs=tuple(text for text in kept.proofs if digest_of(text) in named))
    end = _judged(then, job=job, error=error, reason=reason, needs=needs, now=closed.at)
    if (closed.facts["outcome"], closed.facts["created"]) != (end.outcome, end.created):
        raise ForeignExecutionError(f"somebody closed it as {closed.facts['outcome']!s:.40}, and it is {end.outcome}")
    return replace(end, reason=closed.facts["reason"]), kept


def _explained(end: RestoreEnd, kept: KeptCeremony, *, needs: RestoreClosingNeeds) -> RestoreEnd:
    """With what was said by those who ended it; nobody has signed that, and nothing follows from it."""
    if end.outcome not in (RestoreOutcome.DENIED, RestoreOutcome.CANCELLED):
        return end
    proofs = {digest_of(text) for text in kept.proofs}
    said = [word for proof, word in needs.words.of(kept.sealed.request.id).items() if proof in proofs]
    return replace(end, reason=": ".join((end.reason, "; ".join(said)))) if said else end


def _judged(
    kept: KeptCeremony, *, job: JobVerdict | None, error: str, reason: str, needs: RestoreClosingNeeds, now: datetime
) -> RestoreEnd:
    """How it ended, by what people signed until something was started, and by the job from then on."""
    is_restored = job is not None and job.state is JobState.COMPLETED and kept.has(EntryKind.RESTORED)
    is_started = kept.has(EntryKind.RESTORE_STARTED)
    return judge_end(
        None if is_started else needs.judge.decide(kept, now=now),
        created=job.made if job is not None and is_restored and kept.has(EntryKind.RESTORE_INTENDED) else "",
        error=error,
        reason=reason,
        is_late=now >= kept.sealed.request.approve_before,
    )


def _job(kept: KeptCeremony, *, needs: RestoreClosingNeeds) -> JobVerdict | None:
    """The job that was started, as AWS Backup describes it now; None where none was."""
    started = kept.last(EntryKind.RESTORE_STARTED)
    if started is None:
        return None
    request = kept.sealed.request
    job = needs.jobs.describe(started["job"], request=request)
    return judge_restore(job, request=request, recovery_point=local_recovery_point(kept))


def _turn_away(
    request_id: str, kind: AlertKind, *, reason: str, needs: RestoreClosingNeeds, now: datetime
) -> RestoreEnded:
    """End this execution alone, and complain about it."""
    alert = Alert(
        kind=kind,
        subject=request_id[:40],
        account=needs.home.backup_account,
        region=needs.home.home_region,
        reason=reason,
    )
    needs.alerts.complain(alert, now=now)
    return RestoreEnded(request_id=request_id, outcome=RestoreOutcome.FAILED, reason=reason, created="", evidence="")


def _tell(
    ended: RestoreEnded, kept: KeptCeremony, *, is_ticket_free: bool, needs: RestoreClosingNeeds, now: datetime
) -> None:
    sealed = kept.sealed
    if ended.outcome is RestoreOutcome.FAILED:
        needs.alerts.complain(_alert(sealed, reason=ended.reason), now=now)
    needs.publisher.publish(_fact(ended, sealed))
    ticket = sealed.request.ticket
    freed = f" {ticket} may carry another request." if ticket and is_ticket_free else ""
    text = needs.ceremony.in_names(_sentence(ended)) + freed
    message = needs.messages.find(ended.request_id)
    if message is not None:
        ending = Ending(outcome=ended.outcome, text=text, handled_by=_handled_by(kept, needs=needs, now=now))
        name = needs.tellings.find(ended.request_id).account_name
        needs.board.close(message, closed_card(sealed, ending, ceremony=needs.ceremony, account_name=name))
    needs.tickets.comment(ticket, text)


def _handled_by(kept: KeptCeremony, *, needs: RestoreClosingNeeds, now: datetime) -> tuple[str, ...]:
    """Who decided, by what counted when it was acted upon, or else now."""
    intended = [entry.at for entry in kept.chain if entry.kind == EntryKind.RESTORE_INTENDED]
    has_started = kept.has(EntryKind.RESTORE_STARTED)
    return needs.judge.decide(kept, now=intended[-1] if has_started else now).people


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
