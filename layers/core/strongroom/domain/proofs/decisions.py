"""The one place that says "approved": what a request's proofs come to, whoever asks and whenever.

The judge, whoever acts, whoever closes, the watcher and `strongroom evidence verify` all ask here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.proof import read_proof
from strongroom.domain.proofs.seats import seat
from strongroom.domain.proofs.signers import signer_of
from strongroom.domain.proofs.statements import Decision, misses_request
from strongroom.domain.written import moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.proofs.asked import AskedRestore
    from strongroom.domain.proofs.policies import CeremonyPolicy, Rule
    from strongroom.domain.proofs.proof import Proof
    from strongroom.domain.proofs.signatures import SignatureCheck
    from strongroom.domain.proofs.signers import Signer
    from strongroom.domain.proofs.trust import ProofTrust

MOST_PROOFS: Final = 200
_SKEW: Final = timedelta(seconds=60)


class DecisionState(StrEnum):
    """What the proofs come to."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A proof that counts for nothing, and why."""

    digest: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the proofs come to, in words; `people` are the subjects who made it so, `relied_on` their proofs' digests.

    `ready_at` is when it may be carried out, once there are enough approvals: later than now while a delay runs.
    """

    state: DecisionState
    reason: str
    people: tuple[str, ...] = ()
    relied_on: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    ready_at: datetime | None = None
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """With what proofs are judged: what is trusted, when each was seen at the latest, by its digest, and the check."""

    trust: ProofTrust
    signatures: SignatureCheck
    seen_at: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """What somebody said, with who that is under each set of rules."""

    proof: Proof
    signers: tuple[Signer, ...]

    @property
    def subject(self) -> str:
        return next((signer.subject for signer in self.signers if signer.subject), "")

    @property
    def is_known_to_all(self) -> bool:
        return len({signer.subject for signer in self.signers}) == 1 and bool(self.subject)


def decide(
    asked: AskedRestore,
    proofs: Iterable[str],
    *,
    evidence: Evidence,
    now: datetime,
    also: CeremonyPolicy | None = None,
    ticket_approver: str = "",
) -> Verdict:
    """What the proofs, canonical texts in any order, come to under the request's rules, and under today's as well.

    A denial by anybody who could approve wins, and so does the requester's own cancellation. Proofs that do not verify,
    or are about something else, count for nothing.
    """
    policies = (asked.policy,) if also is None else (asked.policy, also)
    words, set_aside = _heard(asked, proofs, policies=policies, evidence=evidence, now=now)
    room = _Room(asked=asked, policies=policies, words=words, ticket_approver=ticket_approver)
    told = _stopped(room) or _allowed(room, count=len(words) + len(set_aside), now=now)
    return Verdict(
        state=told.state,
        reason=told.reason,
        people=told.people,
        relied_on=told.relied_on,
        missing=told.missing,
        ready_at=told.ready_at,
        set_aside=set_aside,
    )


def why_not_opened(asked: AskedRestore, proof: Proof, *, evidence: Evidence, now: datetime) -> str:
    """Why the proof does not make this a request: its requester, who must be one of those who may, has to sign it."""
    if proof.statement.decision is not Decision.REQUEST:
        return "the requester's statement asks for nothing"
    if refusal := misses_request(proof.statement, asked):
        return refusal
    signer = _signer(proof, policy=asked.policy, evidence=evidence, now=now)
    if signer.refusal:
        return signer.refusal
    if signer.subject != asked.requester:
        return "it is signed by somebody else than the requester"
    if not signer.belongs_to(asked.policy.requesters, policy=asked.policy):
        return "the requester is not one of those who may ask"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """Everything that was said about one request, and the rules that it is held against."""

    asked: AskedRestore
    policies: tuple[CeremonyPolicy, ...]
    words: tuple[_Word, ...]
    ticket_approver: str

    def said(self, decision: Decision) -> list[_Word]:
        """The words of that kind, the earliest first."""
        words = [word for word in self.words if word.proof.statement.decision is decision]
        return sorted(words, key=lambda word: (word.proof.statement.issued_at, word.subject, word.proof.digest))

    def seats(self, place: int) -> list[str]:
        """The group of each seat that must be taken by the rules of that place."""
        rules = (rule for rule in self.policies[place].rules if _counts(rule, self.asked))
        return [rule.group for rule in rules for _ in range(rule.needed)]

    def may_sit(self, word: _Word, group: str, *, place: int) -> bool:
        """Whether whoever said this may take a seat of that group."""
        return word.signers[place].belongs_to(group, policy=self.policies[place])

    def is_barred(self, subject: str) -> bool:
        """Whether that person never votes here: the requester, and whoever approved the ticket where rules say so."""
        return subject == self.asked.requester or (
            subject == self.ticket_approver
            and any({"ticket_approver", "voters"} <= set(policy.disjoint) for policy in self.policies)
        )

    def seated(self, approvals: Sequence[_Word], *, place: int) -> dict[int, str]:
        """Who takes which seat."""
        members = [
            {word.subject for word in approvals if self.may_sit(word, group, place=place)}
            for group in self.seats(place)
        ]
        return seat(members, sorted({word.subject for word in approvals}))

    def is_full(self, approvals: Sequence[_Word]) -> bool:
        """Whether every set of rules has seats, and each is taken."""
        places = range(len(self.policies))
        return all(self.seats(place) and not self.empty(approvals, place=place) for place in places)

    def empty(self, approvals: Sequence[_Word], *, place: int) -> list[str]:
        """The groups of the seats that are not taken."""
        taken = self.seated(approvals, place=place)
        return [group for number, group in enumerate(self.seats(place)) if number not in taken]


def _counts(rule: Rule, asked: AskedRestore) -> bool:
    """Whether a rule counts for the request; of what the request does not tell, any rule does."""
    tiers, risks = rule.when.tiers, rule.when.risks
    is_tier = tiers is None or asked.tier is None or asked.tier in tiers
    is_risk = risks is None or asked.risks is None or bool(set(risks) & set(asked.risks))
    return is_tier and is_risk


def _heard(
    asked: AskedRestore,
    proofs: Iterable[str],
    *,
    policies: tuple[CeremonyPolicy, ...],
    evidence: Evidence,
    now: datetime,
) -> tuple[tuple[_Word, ...], tuple[SetAside, ...]]:
    words, set_aside = [], []
    for text in sorted(set(proofs)):
        try:
            proof = read_proof(text)
        except MalformedRecordError as error:
            set_aside.append(SetAside(digest=digest_of(text), reason=str(error)))
            continue
        signers = tuple(_signer(proof, policy=policy, evidence=evidence, now=now) for policy in policies)
        word = _Word(proof=proof, signers=signers)
        if refusal := _refusal(word, asked=asked, now=now):
            set_aside.append(SetAside(digest=proof.digest, reason=refusal))
        else:
            words.append(word)
    return tuple(words), tuple(set_aside)


def _signer(proof: Proof, *, policy: CeremonyPolicy, evidence: Evidence, now: datetime) -> Signer:
    at = evidence.seen_at.get(proof.digest, now)
    return signer_of(proof, policy=policy, trust=evidence.trust, signatures=evidence.signatures, at=at)


def _refusal(word: _Word, *, asked: AskedRestore, now: datetime) -> str:
    statement = word.proof.statement
    if refusal := misses_request(statement, asked):
        return refusal
    if statement.issued_at > now + _SKEW:
        return "it was signed in the future"
    return "" if word.subject else word.signers[0].refusal


def _stopped(room: _Room) -> Verdict | None:
    """The denial or cancellation that ends it, if there is one."""
    denials = [word for word in room.said(Decision.DENY) if _could_approve(word, room)]
    if denials:
        return _told(DecisionState.DENIED, "denied by", denials)
    cancellations = [word for word in room.said(Decision.CANCEL) if word.subject == room.asked.requester]
    return _told(DecisionState.CANCELLED, "cancelled by", cancellations) if cancellations else None


def _could_approve(word: _Word, room: _Room) -> bool:
    """Whether the rules of then or of today keep a seat that this person could take."""
    return word.subject != room.asked.requester and any(
        room.may_sit(word, group, place=place) for place in range(len(room.policies)) for group in room.seats(place)
    )


def _allowed(room: _Room, *, count: int, now: datetime) -> Verdict:
    """Whether enough people have approved in time, and it is still time to act."""
    asked = room.asked
    approvals = [
        word
        for word in room.said(Decision.APPROVE)
        if word.is_known_to_all
        and not room.is_barred(word.subject)
        and word.proof.statement.issued_at <= asked.approve_before
    ]
    enough = next((approvals[:many] for many in range(1, len(approvals) + 1) if room.is_full(approvals[:many])), None)
    if now >= asked.act_before:
        return Verdict(
            state=DecisionState.EXPIRED, reason=f"it had to be carried out before {moment_text(asked.act_before)}"
        )
    if count > MOST_PROOFS:
        return Verdict(
            state=DecisionState.PENDING, reason=f"more than {MOST_PROOFS} proofs: somebody floods the request"
        )
    if enough is None:
        return _short(room, approvals, now=now)
    delay = max(policy.delay for policy in room.policies)
    ready_at = enough[-1].proof.statement.issued_at + delay
    state = DecisionState.APPROVED if now >= ready_at else DecisionState.PENDING
    return _told(state, "approved by", _seated_words(room, enough), ready_at=ready_at)


def _short(room: _Room, approvals: Sequence[_Word], *, now: datetime) -> Verdict:
    """Not enough approvals: there is still time, or there is none."""
    people = tuple(sorted({word.subject for word in approvals}))
    missing = max((room.empty(approvals, place=place) for place in range(len(room.policies))), key=len)
    if now >= room.asked.approve_before:
        reason = f"not enough people approved before {moment_text(room.asked.approve_before)}"
        return Verdict(state=DecisionState.EXPIRED, reason=reason, people=people, missing=tuple(missing))
    if not all(room.seats(place) for place in range(len(room.policies))):
        return Verdict(
            state=DecisionState.PENDING, reason="no rule says who approves this, so nobody can", people=people
        )
    reason = f"still needed: {', '.join(missing)}"
    return Verdict(state=DecisionState.PENDING, reason=reason, people=people, missing=tuple(missing))


def _seated_words(room: _Room, enough: Sequence[_Word]) -> list[_Word]:
    """The words of those who take a seat under any of the rules, each person's earliest."""
    people = {person for place in range(len(room.policies)) for person in room.seated(enough, place=place).values()}
    first = {word.subject: word for word in reversed(enough) if word.subject in people}
    return [first[person] for person in sorted(first)]


def _told(state: DecisionState, verb: str, words: Sequence[_Word], *, ready_at: datetime | None = None) -> Verdict:
    people = tuple(sorted({word.subject for word in words}))
    wait = f"; to be carried out from {moment_text(ready_at)}" if state is DecisionState.PENDING and ready_at else ""
    return Verdict(
        state=state,
        reason=f"{verb} {', '.join(people)}{wait}",
        people=people,
        relied_on=tuple(word.proof.digest for word in words),
        ready_at=ready_at,
    )
