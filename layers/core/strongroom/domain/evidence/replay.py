"""The whole verification of a bundle: every decision of the ceremony is taken again, from what people signed.

Nothing is asked of anybody: the bundle and a trust file are enough, years later and offline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.acts import started_job, why_not_intended, why_not_let_in, why_not_restored
from strongroom.domain.evidence.by_hand.steps import read_bundled_steps
from strongroom.domain.evidence.case import read_case, readable
from strongroom.domain.evidence.entries import ChainEntry, EntryKind
from strongroom.domain.evidence.findings import Finding, FindingState
from strongroom.domain.evidence.history import name_of
from strongroom.domain.evidence.telling import show
from strongroom.domain.evidence.witnessing import Seen
from strongroom.domain.proofs.asked import is_lately
from strongroom.domain.proofs.decisions import MOST_PROOFS, DecisionState, Evidence, decide, why_not_opened
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.written import text_of, texts_of

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.evidence.bundles import Bundle
    from strongroom.domain.evidence.case import Case
    from strongroom.domain.evidence.history import Act
    from strongroom.domain.evidence.log.notes import NoteKey
    from strongroom.domain.evidence.trust import EvidenceTrust
    from strongroom.domain.proofs.asked import AskedRestore
    from strongroom.domain.proofs.signatures import SignatureCheck

# What a ceremony that started nothing may be closed as, by what its proofs come to at the end.
_OUTCOMES: Final = {
    DecisionState.DENIED: ("denied",),
    DecisionState.CANCELLED: ("cancelled",),
    DecisionState.EXPIRED: ("expired", "failed", "withdrawn"),
    DecisionState.PENDING: ("failed", "withdrawn"),
    DecisionState.APPROVED: ("failed", "withdrawn"),
}

# Whoever approved the ticket is held against those whom the intent relies on, in words that name the entry.
_JUDGED_APART: Final = ""


class ApprovedAct(Struct, frozen=True, kw_only=True):
    """An act that was approved by the time at which the witness saw its intent; `job` is empty before its start."""

    asked: AskedRestore
    intent: ChainEntry
    seen_at: datetime
    job: str


def replay(
    bundle: Bundle, *, trust: EvidenceTrust | None, signatures: SignatureCheck, witness: NoteKey | None = None
) -> Finding:
    """What the bundle shows to whoever trusts this; without trust, at best that it is whole.

    `witness` is the key of the witness that must have signed, in the place of any that is trusted, if it is given.
    """
    try:
        case = read_case(bundle, trust=trust, witness=witness, signatures=signatures)
        if broken := _first_broken(case):
            return Finding(state=FindingState.BROKEN, broken=broken)
        steps = read_bundled_steps(case)
    except MalformedRecordError as error:
        return Finding(state=FindingState.BROKEN, broken=str(error))
    # Nobody's log is known to whoever trusts nobody: without trust it is never vouched for.
    is_vouched_for = case.witnessed.is_vouched_for and all(step.seen.is_vouched_for for step in steps)
    return show(case, steps=steps, state=FindingState.PROVEN if is_vouched_for else FindingState.UNVOUCHED)


def replay_act(bundle: Bundle, *, act: Act, trust: EvidenceTrust, signatures: SignatureCheck) -> ApprovedAct:
    """The act that a bundle shows as approved, of a ceremony that may go on; of its log the way to it is enough.

    MalformedRecordError with the first thing that is not as it must be before the act; what comes after is not judged.
    """
    case = read_case(bundle, trust=trust, witness=None, signatures=signatures, act=act)
    if broken := _broken_before_act(case):
        raise MalformedRecordError(broken)
    if not case.witnessed.is_vouched_for:
        raise MalformedRecordError("the log: not all of it is signed by the log and the witness that are known")
    match case.history.intent, case.witnessed.intent:
        case ChainEntry() as intent, Seen() as seen:
            job = started_job(case.history.started) if case.history.started else ""
            return ApprovedAct(asked=case.asked, intent=intent, seen_at=seen.at, job=job)
        case _:
            raise MalformedRecordError("the log: it does not show the intent")


def _broken_before_act(case: Case) -> str:
    return _request_break(case) or _rules_break(case) or _ticket_break(case) or _act_break(case)


def _first_broken(case: Case) -> str:
    return _broken_before_act(case) or _manifest_break(case) or _outcome_break(case)


def _request_break(case: Case) -> str:
    """The requester must have signed it, under keys and rules of then."""
    # Its object has no proof of the log in the bundle: it is judged at the time by which it was there.
    evidence = Evidence(trust=case.trust.proofs, signatures=case.signatures)
    refusal = why_not_opened(case.asked, case.opened_by, evidence=evidence, now=case.judged_at, also=case.also)
    return f"the request: {refusal}" if refusal else ""


def _rules_break(case: Case) -> str:
    """The rules must have been in force at the intent; the request's own only once, where others stand beside them."""
    trust, at = case.trust, case.judged_at
    if case.history.intent is None or case.also is not None:
        holds = trust.had_begun(case.asked.policy.digest, at=at)
    else:
        holds = trust.was_in_force(case.asked.policy.digest, at=at)
    if not holds:
        return f"the request: its rules, {case.asked.policy.digest}, were not in force"
    if case.also and not trust.was_in_force(case.also.digest, at=at):
        return f"the intent: the rules of that day, {case.also.digest}, were not in force"
    return ""


def _ticket_break(case: Case) -> str:
    """A ticket entitles before anything is intended, and is approved by none of those who ask and vote.

    Where the request names none, none can.
    """
    tickets = case.history.before_intent(EntryKind.TICKET_ENTITLES)
    for entry in tickets:
        named = text_of(entry.facts.get("ticket"), of=f"{name_of(entry)}: ticket")
        if named != case.asked.content.get("ticket"):
            return f"{name_of(entry)}: it is about another ticket"
        if refusal := _approver_refusal(case, entry):
            return f"{name_of(entry)}: {refusal}"
    if case.history.intent and not tickets and _needs_ticket(case):
        return f"{name_of(case.history.intent)}: no ticket entitled to it before"
    return ""


def _needs_ticket(case: Case) -> bool:
    """By its rules; what follows a restore needs none where its requester signed it within the days that are free."""
    if case.asked.needs_ticket:
        return True
    return case.asked.policy.needs_ticket and not is_lately(case.asked.content, case.opened_by.statement.issued_at)


def _approver_refusal(case: Case, entry: ChainEntry) -> str:
    if "approver" not in entry.facts:
        return ""
    approver = text_of(entry.facts["approver"], of="approver")
    for policy in case.policies:
        if {"ticket_approver", "requester"} <= set(policy.disjoint) and approver == case.asked.requester:
            return "the ticket was approved by the requester"
        if {"ticket_approver", "voters"} <= set(policy.disjoint) and approver in _voters(case):
            return "the ticket was approved by somebody who approved the restore, too"
    return ""


def _voters(case: Case) -> set[str]:
    """Whose approvals the intent relies on."""
    return {
        case.subject_of(proof)
        for proof in readable([case.proofs[digest] for digest in _relied_on(case)])
        if proof.statement.decision is Decision.APPROVE
    }


def _relied_on(case: Case) -> tuple[str, ...]:
    """The proofs that the intent relies on; each must be there."""
    if case.history.intent is None:
        return ()
    name = name_of(case.history.intent)
    relied_on = texts_of(case.history.intent.facts.get("relied_on"), of=f"{name}: relied_on")
    if len(set(relied_on)) != len(relied_on):
        raise MalformedRecordError(f"{name}: it relies on a proof twice")
    for digest in relied_on:
        if digest not in case.proofs:
            raise MalformedRecordError(f"{name}: it relies on a proof that is not there")
    return relied_on


def _act_break(case: Case) -> str:
    """What was intended, begun and restored, as far as it came to that."""
    match case.history.intent, case.witnessed.intent, case.history.started:
        case ChainEntry() as intent, Seen() as seen, None:
            return _intent_break(case, intent, seen=seen)
        case ChainEntry() as intent, Seen() as seen, ChainEntry() as started:
            return _intent_break(case, intent, seen=seen) or _start_break(case, intent, started, seen=seen)
        case _:
            return ""


def _intent_break(case: Case, intent: ChainEntry, *, seen: Seen) -> str:
    """What was intended must have been approved by then, by proofs that the log had before."""
    relied_on = _relied_on(case)
    if any(case.witnessed.proofs[digest].index > seen.index for digest in relied_on):
        return f"{name_of(intent)}: the log had not all that it relies on before"
    if len(case.proofs) > MOST_PROOFS:
        return f"{name_of(intent)}: there are more than {MOST_PROOFS} proofs, so nothing can be approved"
    verdict = decide(
        case.asked,
        [case.proofs[digest] for digest in relied_on],
        evidence=case.evidence,
        now=case.judged_at,
        also=case.also,
        ticket_approver=_JUDGED_APART,
    )
    if verdict.state is not DecisionState.APPROVED:
        return f"{name_of(intent)}: what it relies on does not approve it: {verdict.reason}"
    refusal = why_not_let_in(case.asked, case.history) or why_not_intended(case.asked, case.history, intent)
    return f"{name_of(intent)}: {refusal}" if refusal else ""


def _start_break(case: Case, intent: ChainEntry, started: ChainEntry, *, seen: Seen) -> str:
    """Nothing begins before the witness has seen the intent, nor once somebody has denied or cancelled it."""
    started_job(started)
    if started.at < seen.at:
        return f"{name_of(started)}: the witness had not seen the intent"
    earlier = [text for digest, text in case.proofs.items() if case.witnessed.proofs[digest].index < seen.index]
    verdict = decide(
        case.asked, earlier, evidence=case.evidence, now=seen.at, also=case.also, ticket_approver=_JUDGED_APART
    )
    if verdict.state in (DecisionState.DENIED, DecisionState.CANCELLED):
        return f"{name_of(started)}: before the intent it was {verdict.reason}"
    restored = case.history.restored
    return "" if restored is None else _job_break(case, intent, started, restored, seen=seen)


def _job_break(case: Case, intent: ChainEntry, started: ChainEntry, restored: ChainEntry, *, seen: Seen) -> str:
    """The job that was described at the end must be the one that was asked for."""
    try:
        refusal = why_not_restored(case.asked, intent=intent, started=started, restored=restored, intended_at=seen.at)
    except MalformedRecordError as error:
        refusal = str(error)
    return f"{name_of(restored)}: {refusal}" if refusal else ""


def _manifest_break(case: Case) -> str:
    """The close names every proof that there is, so that none can be left out later."""
    closed = case.history.closed
    named = texts_of(closed.facts.get("proofs"), of=f"{name_of(closed)}: proofs")
    if len(set(named)) != len(named) or set(named) != set(case.proofs):
        return f"{name_of(closed)}: it does not name the proofs that are there, each once"
    return ""


def _outcome_break(case: Case) -> str:
    closed = case.history.closed
    outcome = text_of(closed.facts.get("outcome"), of=f"{name_of(closed)}: outcome")
    if case.history.started:
        expected: tuple[str, ...] = ("restored",) if case.history.restored else ("failed",)
    else:
        verdict = decide(
            case.asked,
            case.proofs.values(),
            evidence=case.evidence,
            now=case.witnessed.closed.at,
            also=case.also,
            ticket_approver=_JUDGED_APART,
        )
        expected = _OUTCOMES[verdict.state]
    if outcome not in expected:
        return f"{name_of(closed)}: it says {outcome[:40]}, and what happened is {' or '.join(expected)}"
    return ""
