"""A bundle in sentences: what was proven, what was timed, and what is only stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.domain.canonical import digest_of
from strongroom.domain.evidence.entries import EntryKind, told_faults
from strongroom.domain.evidence.findings import Finding
from strongroom.domain.proofs.decisions import MOST_PROOFS, decide
from strongroom.domain.proofs.proof import Assertion, read_proof
from strongroom.domain.proofs.reviews import first_review, is_urgent
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.checklists.steps import signed_steps
from strongroom.domain.restores.kinds.finishing import told_step
from strongroom.domain.written import moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from strongroom.domain.evidence.by_hand.steps import BundledStep
    from strongroom.domain.evidence.case import Case
    from strongroom.domain.evidence.entries import ChainEntry
    from strongroom.domain.evidence.findings import FindingState
    from strongroom.domain.proofs.proof import SomethingSigned
    from strongroom.domain.proofs.reviews import Reviewed

_VERBS: Final = {
    Decision.REQUEST: "asked for it",
    Decision.APPROVE: "approved it",
    Decision.DENY: "denied it",
    Decision.CANCEL: "cancelled it",
}
_SHORT: Final = 12


def show(case: Case, *, steps: Sequence[BundledStep], state: FindingState) -> Finding:
    """What a whole bundle shows; `steps` are those by hand that were stated."""
    verdict = decide(
        case.asked,
        case.proofs.values(),
        evidence=case.evidence,
        now=case.witnessed.closed.at,
        also=case.also,
        ticket_approver="",  # only what counts for nothing is told from it
    )
    set_aside = {each.digest: each.reason for each in verdict.set_aside}
    return Finding(
        state=state,
        request=case.asked.id,
        outcome=str(case.history.closed.facts["outcome"]),
        faults=told_faults(case.history.restored.facts if case.history.restored else {}),
        proven=(*_proven(case, set_aside), *map(_step_proven, steps)),
        timed=(*_timed(case, set_aside), *map(_step_timed, steps)),
        stated=(*_stated(case), *(f"left to do by hand: {step}" for step in _left(case, steps))),
        set_aside=tuple(_aside(set_aside, count=len(case.proofs))),
    )


def _proven(case: Case, set_aside: Mapping[str, str]) -> Iterable[str]:
    asked, intent = case.asked.content, case.history.intent
    relied_on = intent.facts["relied_on"] if intent else ()
    yield (
        f"{case.asked.requester} asked to restore {asked['recovery_point']} in {asked['account']} as "
        f"{asked['target_name']}, {_signed(case.opened_by)}"
    )
    for digest, text in case.proofs.items():
        if digest in set_aside:
            continue
        proof = read_proof(text)
        counted = ", which the intent relies on" if digest in relied_on else ""
        yield f"{case.subject_of(proof)} {_VERBS[proof.statement.decision]}, {_signed(proof)}{counted}"
    yield f"the rules are those of the digest {case.asked.policy.digest}"
    if reviewed := _review(case):
        yield f"{reviewed.subject} reviewed it afterwards and found: {reviewed.finding}"


def _review(case: Case) -> Reviewed | None:
    """The first review that counts; what is brought after the end the log has not timed, so its own word is taken."""
    return first_review(
        case.asked,
        case.reviews,
        closed=digest_of(case.history.closed.text),
        proofs=tuple(case.proofs.values()),
        evidence=case.evidence,
        at=None,
    )


def _signed(proof: SomethingSigned) -> str:
    how = "a passkey" if isinstance(proof.signed, Assertion) else "an ID token"
    return f"signed by {how} for {moment_text(proof.statement.issued_at)}"


def _step_proven(step: BundledStep) -> str:
    return f"{step.subject} stated that a step by hand is {step.stated.statement.told} ({_signed(step.stated)})"


def _step_timed(step: BundledStep) -> str:
    return f"what {step.subject} stated was in the log by {moment_text(step.seen.at)}, at {step.seen.index}"


def _left(case: Case, steps: Sequence[BundledStep]) -> Iterable[str]:
    """The steps of a restore that stands and of which nobody has stated anything; of another nothing is left."""
    stated = {step.stated.statement.step for step in steps}
    if case.history.restored:
        yield from (step for step in signed_steps(case.asked.content) if step not in stated)


def _timed(case: Case, set_aside: Mapping[str, str]) -> Iterable[str]:
    witnessed = case.witnessed
    for digest, seen in sorted(witnessed.proofs.items(), key=lambda each: each[1].index):
        if digest not in set_aside:
            yield f"the proof {digest[:_SHORT]} was in the log by {moment_text(seen.at)}, at {seen.index}"
    if witnessed.intent:
        yield f"the intent to restore was in the log by {moment_text(witnessed.intent.at)}, at {witnessed.intent.index}"
    yield f"the end was in the log by {moment_text(witnessed.closed.at)}, at {witnessed.closed.index}"


def _stated(case: Case) -> Iterable[str]:
    yield f"the reason: {case.asked.content['reason']}"
    if is_urgent(case.asked.policy):
        standing = "reviewed" if _review(case) else "not reviewed yet"
        yield f"it was urgent, for {case.asked.content.get('incident')}; {standing}"
    for entry in case.history.entries:
        yield f"{moment_text(entry.at)} {_entry(entry)}"


def _entry(entry: ChainEntry) -> str:
    match entry.kind:
        case EntryKind.TICKET_ENTITLES:
            return f"the ticket {entry.facts.get('ticket')} entitled to it"
        case EntryKind.ACCESS_ASKED:
            return f"the vault's approval team was asked to open it, as {entry.facts.get('vault')}"
        case EntryKind.RESTORE_INTENDED:
            return "it was about to be restored"
        case EntryKind.RESTORE_THROTTLED:
            return "it was not restored, as one too many at once"
        case EntryKind.RESTORE_STARTED:
            return f"the restore job {entry.facts.get('job')} was started"
        case EntryKind.RESTORED:
            faults = "; ".join(told_faults(entry.facts))
            return f"the job was described as completed{f', with faults: {faults}' if faults else ''}"
        case EntryKind.AFTER_STEP:
            return f"afterwards, {told_step(entry.facts).told}"
        case EntryKind.CLOSED:
            return f"it ended as {entry.facts.get('outcome')}"
        case _:
            return entry.kind.replace("-", " ")


def _aside(set_aside: Mapping[str, str], *, count: int) -> Iterable[str]:
    if count > MOST_PROOFS:
        yield f"there are {count} proofs, more than {MOST_PROOFS}: somebody flooded the request"
    for digest, reason in sorted(set_aside.items()):
        yield f"the proof {digest[:_SHORT]} counts for nothing: {reason}"
