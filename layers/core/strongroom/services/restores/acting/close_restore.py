"""End a ceremony: how, is worked out from its evidence; then it is written down, witnessed, and everybody is told."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import (
    ApprovalVoidError,
    ForeignExecutionError,
    MalformedRecordError,
    NotFoundError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.deciding.by_hand.own_calls import said_job
from strongroom.domain.restores.executions import closed_execution
from strongroom.domain.restores.jobs import JobState, JobVerdict, judge_made, judge_restore
from strongroom.domain.restores.kinds.finishing import SETTINGS, TAGS
from strongroom.domain.restores.left_off.steps import asked_call
from strongroom.domain.restores.steps import RestoreEnd, RestoreOutcome, judge_end
from strongroom.domain.restores.tickets.reuse import may_be_used_again
from strongroom.services.restores.acting.find_started import find_started
from strongroom.services.restores.acting.finish_restored import give_up_steps, left_to_people
from strongroom.services.restores.acting.starting.intended_restores import may_be_begun
from strongroom.services.restores.acting.tell_end import tell_end
from strongroom.services.restores.deciding.executions import demand_closing

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.errors import StrongroomError
    from strongroom.domain.intent.model import Organization
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.ceremony import Executions, Messages, OpenRequests, Words
    from strongroom.ports.evidence import EvidenceWitness
    from strongroom.ports.facts import Publisher
    from strongroom.ports.restores import ApprovalBoard, RestoreJobs, SettingsNotes, TicketSystem
    from strongroom.services.alerts.tell_alerts import AlertNotifier
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony
    from strongroom.services.restores.deciding.judge import CeremonyJudge

_CLOCKS_DIFFER: Final = timedelta(seconds=60)
# Which of the two it was, the machine alone said; nobody acts upon the difference.
_ALIKE: Final = dict.fromkeys(
    (RestoreOutcome.FAILED, RestoreOutcome.WITHDRAWN), (RestoreOutcome.FAILED, RestoreOutcome.WITHDRAWN)
)


class RestoreEnded(Struct, frozen=True, kw_only=True):
    """How the ceremony ended, the hash that its evidence ends with, and who could not be told yet.

    `faults` are what the job of a restore that stands did not do.
    """

    request_id: str
    outcome: RestoreOutcome
    reason: str
    created: str
    evidence: str
    untold: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


class RestoreClosingNeeds(Struct, frozen=True, kw_only=True):
    """What ending a ceremony needs of the world."""

    ceremony: Ceremony
    judge: CeremonyJudge
    keeper: EvidenceKeeper
    executions: Executions
    jobs: RestoreJobs
    notes: SettingsNotes
    witness: EvidenceWitness
    open_requests: OpenRequests
    messages: Messages
    words: Words
    board: ApprovalBoard
    tickets: TicketSystem
    publisher: Publisher
    alerts: AlertNotifier
    home: Organization


def close_restore(
    request_id: str, *, execution: str, reason: str, error: str, needs: RestoreClosingNeeds, now: datetime
) -> RestoreEnded:
    """Write down, have it witnessed, free the ticket, alert where it failed, publish and tell; the first end stands.

    NotFoundError for an unknown request. An execution that may not close the request ends nothing but itself. An error
    after something was restored is that of its tags or of a step: a finding of its own, and the restore stands.
    """
    try:
        demand_closing(execution, request_id=request_id, executions=needs.executions, now=now)
        kept = needs.keeper.read(request_id)
        job = _job(kept, needs=needs)
        end, kept = _end(kept, job=job, error=error, reason=reason, needs=needs, now=now)
    except ForeignExecutionError as refusal:
        return _turn_away(request_id, reason=str(refusal), needs=needs, now=now)
    except (ApprovalVoidError, MalformedRecordError, NotFoundError) as refusal:
        return _end_unread(request_id, refusal, needs=needs, now=now)
    needs.witness.witness(request_id)
    lost = () if job else _lost(kept, needs=needs)
    is_free = may_be_used_again(
        end.outcome,
        is_begun=kept.has(EntryKind.RESTORE_INTENDED),
        left_nothing=not _may_be_overwritten(kept)
        and (not lost if job is None else job.state is JobState.FAILED and not job.made),
    )
    ended = RestoreEnded(
        request_id=request_id,
        outcome=end.outcome,
        reason=end.reason,
        created=end.created,
        evidence=digest_of(kept.chain[-1].text),
        faults=end.faults,
    )
    is_again = bool(closed_execution(execution))
    findings = _findings(ended, kept, job=job, lost=lost, is_untagged=bool(error))
    return tell_end(ended, kept, findings=findings, is_ticket_free=is_free, is_again=is_again, needs=needs, now=now)


def _end(
    kept: KeptCeremony, *, job: JobVerdict | None, error: str, reason: str, needs: RestoreClosingNeeds, now: datetime
) -> tuple[RestoreEnd, KeptCeremony]:
    """The end, written down; one that was written before must be what happened, or somebody else has written it."""
    closed = next((entry for entry in kept.chain if entry.kind == EntryKind.CLOSED), None)
    if closed is None:
        end = _explained(_judged(kept, job=job, error=error, reason=reason, needs=needs, now=now), kept, needs=needs)
        if end.outcome is RestoreOutcome.RESTORED:
            is_tagged = kept.has(EntryKind.TAGGED) or not error
            kept = give_up_steps(
                kept,
                created=end.created,
                error=error,
                reason=reason,
                is_tagged=is_tagged,
                notes=needs.notes,
                keeper=needs.keeper,
                now=now,
            )
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
    said = closed.facts["outcome"]
    if closed.facts["created"] != end.created or said not in _ALIKE.get(end.outcome, (end.outcome,)):
        raise ForeignExecutionError(f"somebody closed it as {said!s:.40}, and it is {end.outcome}")
    return replace(end, outcome=RestoreOutcome(said), reason=closed.facts["reason"]), kept


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
    made = _made(kept, job)
    verdict, void = (None, "") if kept.has(EntryKind.RESTORE_STARTED) else needs.judge.at_end(kept, now=now)
    if void and not error:
        error, reason = ApprovalVoidError.__name__, void
    elif job and not made and job.job not in reason:
        reason = f"{reason}; {_named(job, call=kept.sealed.request.call)}"
    return judge_end(
        verdict,
        created=made,
        error="" if kept.has(EntryKind.TAGGED) and made else error,
        reason=reason,
        is_late=now >= kept.sealed.request.approve_before,
        faults=job.faults if job else (),
        call=kept.sealed.request.call,
    )


def _made(kept: KeptCeremony, job: JobVerdict | None) -> str:
    """What was restored: intended, written down, and what its job made; empty for nothing."""
    is_restored = kept.has(EntryKind.RESTORE_INTENDED) and kept.has(EntryKind.RESTORED)
    return job.made if is_restored and job is not None and job.state is JobState.COMPLETED else ""


def _job(kept: KeptCeremony, *, needs: RestoreClosingNeeds) -> JobVerdict | None:
    """The job that was started, as AWS Backup describes it now; None where none was.

    What a service's own call made is judged as it was written down, once it was.
    """
    started = kept.last(EntryKind.RESTORE_STARTED)
    if started is None:
        return None
    request, restored = kept.sealed.request, kept.last(EntryKind.RESTORED)
    if request.is_called and restored is not None:
        return judge_made(restored, job=started["job"], call=request.call)
    try:
        job = needs.jobs.describe(started["job"], request=request)
    except NotFoundError as error:
        return JobVerdict(state=JobState.RUNNING, reason=str(error), job=started["job"])  # for all that is known
    return judge_restore(job, request=request, recovery_point=kept.local_recovery_point())


def _named(job: JobVerdict, *, call: str) -> str:
    """What has become of the job, by its id: nobody stops it, and it may run on."""
    return job.reason if job.job in job.reason else f"{said_job(job.job, call=call)}: {job.reason}"


def _told_lost(lost: tuple[str, ...], *, request: RestoreRequest) -> str:
    """What may have been done without anybody living to write it down."""
    if asked := asked_call(request.call):
        return f"{', '.join(lost)} has the {asked.label} that was asked for, and nobody wrote down that it was set"
    return f"{', '.join(lost)} of AWS Backup may be its restore, and nobody wrote down that it was started"


def _lost(kept: KeptCeremony, *, needs: RestoreClosingNeeds) -> tuple[str, ...]:
    """The jobs that may have been started for it, where nobody lived to write that down."""
    intents = [entry for entry in kept.chain if entry.kind == EntryKind.RESTORE_INTENDED]
    if not intents:
        return ()
    point, since = kept.local_recovery_point(), intents[0].at - _CLOCKS_DIFFER
    return find_started(kept.sealed.request, recovery_point=point, since=since, jobs=needs.jobs)


def _may_be_overwritten(kept: KeptCeremony) -> bool:
    """Whether what overwrites may have been asked for: nothing that is told shows that it did not."""
    return kept.sealed.request.overwrites and may_be_begun(kept)


def _end_unread(
    request_id: str, refusal: StrongroomError, *, needs: RestoreClosingNeeds, now: datetime
) -> RestoreEnded:
    """Take a request off the list whose evidence cannot be read, and complain.

    Evidence that was tampered with says nothing to be trusted, not even its account; nothing is added to it.
    """
    line = needs.open_requests.find(request_id, now=now)
    if line is None and isinstance(refusal, NotFoundError):
        raise refusal
    ended = _complained(request_id, AlertKind.RESTORE_FAILED, reason=str(refusal), needs=needs, now=now)
    if line is not None:
        is_free = not needs.keeper.may_be_begun(request_id)
        needs.open_requests.close(line, outcome=ended.outcome, is_ticket_free=is_free)
    return ended


def _turn_away(request_id: str, *, reason: str, needs: RestoreClosingNeeds, now: datetime) -> RestoreEnded:
    """End this execution alone, and complain about it."""
    return _complained(request_id, AlertKind.TAMPERING_ATTEMPTED, reason=reason, needs=needs, now=now)


def _complained(
    request_id: str, kind: AlertKind, *, reason: str, needs: RestoreClosingNeeds, now: datetime
) -> RestoreEnded:
    alert = Alert(
        kind=kind,
        subject=request_id[:40],
        account=needs.home.backup_account,
        region=needs.home.home_region,
        reason=reason,
    )
    needs.alerts.complain(alert, now=now)
    return RestoreEnded(request_id=request_id, outcome=RestoreOutcome.FAILED, reason=reason, created="", evidence="")


def _findings(
    ended: RestoreEnded, kept: KeptCeremony, *, job: JobVerdict | None, lost: tuple[str, ...], is_untagged: bool
) -> tuple[Alert, ...]:
    """What somebody must look at: a failure, a restore that nobody wrote down or another, and what is not finished."""
    request = kept.sealed.request
    reasons = [ended.reason] if ended.outcome is RestoreOutcome.FAILED else []
    if lost:
        reasons.append(_told_lost(lost, request=request))
    found = [(AlertKind.RESTORE_FAILED, f"{request.id} of {request.resource}", "; ".join(reasons))] if reasons else []
    if job is not None and job.made and (belied := kept.belied_by(job)):
        found.append((AlertKind.TAMPERING_ATTEMPTED, request.id, belied))
    if is_untagged and ended.outcome is RestoreOutcome.RESTORED and not kept.has(EntryKind.TAGGED):
        found.append((AlertKind.RESOURCE_NOT_TAGGED, ended.created, ended.reason))
    left = [each.told for each in left_to_people(kept) if each.step not in (TAGS, SETTINGS)]
    if left and ended.outcome is RestoreOutcome.RESTORED:
        found.append((AlertKind.RESTORE_UNFINISHED, ended.created, "; ".join(left)))
    return tuple(
        Alert(kind=kind, subject=subject, account=request.account, region=request.region, reason=reason)
        for kind, subject, reason in found
    )
