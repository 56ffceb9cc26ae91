"""Take what somebody signed about a request: judged, kept where nobody can change it, and the judge is woken."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import StrongroomError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.decisions import MOST_PROOFS
from strongroom.domain.proofs.proof import proof_text
from strongroom.domain.proofs.statements import Decision, read_statement
from strongroom.domain.restores.requests import parse_reason, parse_request_id

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.proofs.proof import Assertion, KeptToken
    from strongroom.domain.proofs.statements import Statement
    from strongroom.ports.ceremony import Bells, Limits, OpenStatements, Words
    from strongroom.ports.evidence import EvidenceHint
    from strongroom.ports.restores import WaitingTasks
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony
    from strongroom.services.restores.deciding.judge import CeremonyJudge

_AN_HOUR: Final = timedelta(hours=1)
_MOST_OF_ONE_DECISION: Final = 5
_MOST_OF_A_PERSON: Final = 20
_STOPPING: Final = (Decision.DENY, Decision.CANCEL)


class ProofState(StrEnum):
    """Whether what was signed counts."""

    COUNTED = "counted"
    REFUSED = "refused"


class ProofTaken(Struct, frozen=True, kw_only=True):
    """Whether it counts, and where the request stands now; `missing` are the groups of which somebody is needed."""

    request_id: str
    decision: Decision
    subject: str
    state: ProofState
    reason: str
    standing: str = ""
    missing: tuple[str, ...] = ()
    proof: str = ""


class ProofTakingNeeds(Struct, frozen=True, kw_only=True):
    """What taking a proof needs of the world."""

    judge: CeremonyJudge
    keeper: EvidenceKeeper
    statements: OpenStatements
    limits: Limits
    words: Words
    bells: Bells
    tasks: WaitingTasks
    log: EvidenceHint


def take_proof(
    request_id: str,
    *,
    statement: str,
    signed: Assertion | KeptToken,
    why: str = "",
    needs: ProofTakingNeeds,
    now: datetime,
) -> ProofTaken:
    """Keep the proof, then use up its statement, then ring; MalformedRecordError for what is no statement of ours.

    `why` is for people to read, and signed by nobody; it is kept of what stops a request.
    Last the log is told, so that whoever signed soon sees there that it has their signature. What is refused leaves no
    trace in the evidence, so that nobody can make it grow.
    """
    said, word = read_statement(statement), parse_reason(why) if why else ""
    kept = needs.keeper.read(parse_request_id(request_id))
    text = proof_text(statement, signed=signed)
    subject, refusal = needs.judge.why_not_counted(kept, text, now=now)
    refusal = refusal or _why_not_now(said, kept, subject=subject, needs=needs, now=now)
    if refusal:
        return ProofTaken(
            request_id=request_id, decision=said.decision, subject=subject, state=ProofState.REFUSED, reason=refusal
        )
    try:
        digest = needs.keeper.add_proof(request_id, statement=statement, signed=signed)
    except StrongroomError:
        if said.decision not in _STOPPING:
            # Only after it failed: whoever sends many at once is counted before any of them is kept.
            needs.limits.give_back(_counted_as(subject), within=_AN_HOUR, now=now)
        raise
    if word and said.decision in _STOPPING:
        needs.words.keep(request_id, digest, said=word)
    needs.statements.use(said)
    ring(request_id, bells=needs.bells, tasks=needs.tasks)
    tell_log(request_id, log=needs.log)
    verdict = needs.judge.decide(replace(kept, proofs=(*kept.proofs, text)), now=now)
    return ProofTaken(
        request_id=request_id,
        decision=said.decision,
        subject=subject,
        state=ProofState.COUNTED,
        reason=verdict.reason,
        standing=verdict.state,
        missing=verdict.missing,
        proof=digest,
    )


def ring(request_id: str, *, bells: Bells, tasks: WaitingTasks) -> None:
    """Wake the judge, if it waits; a bell that is not heard costs some minutes, and decides nothing."""
    token = bells.token(request_id)
    if token is not None:
        tasks.succeed(token, {})


def tell_log(request_id: str, *, log: EvidenceHint) -> None:
    """Whatever keeps the log from hearing: what was signed is kept, and the log looks for itself every few minutes."""
    try:
        log.hint(request_id)
    except StrongroomError:
        return


def _why_not_now(said: Statement, kept: KeptCeremony, *, subject: str, needs: ProofTakingNeeds, now: datetime) -> str:
    """Why it is too late, or once too often."""
    if kept.has(EntryKind.CLOSED):
        return "the request is closed"
    if kept.has(EntryKind.RESTORE_STARTED):
        return "the restore has started, and AWS stops none"
    if now >= kept.sealed.asked.act_before:
        return "the time to decide is over"
    if not needs.statements.is_open(said):
        return "this statement was not handed out here, or was used, or too long ago; ask for a new one"
    if len(kept.proofs) >= MOST_PROOFS:
        return "there are too many proofs of this request already"
    # Counted by what is kept, so that a try that failed through no fault of theirs is held against nobody.
    times = needs.judge.times_said(kept, said.decision, subject=subject, since=now - _AN_HOUR, now=now)
    if times >= _MOST_OF_ONE_DECISION:
        return "you have said this often enough"
    # Nobody is kept from stopping a request by how often they have approved others.
    is_stopping = said.decision in _STOPPING
    if is_stopping or needs.limits.count(_counted_as(subject), most=_MOST_OF_A_PERSON, within=_AN_HOUR, now=now):
        return ""
    return f"you have approved {_MOST_OF_A_PERSON} times within an hour; wait, or let somebody else approve"


def _counted_as(subject: str) -> str:
    return f"proofs {subject}"
