"""The one place that says "approved": what a request's proofs come to, whoever asks and whenever.

The judge, whoever acts, whoever closes, the watcher and `strongroom evidence verify` all ask here.
"""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct, field

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


class SetAside(Struct, frozen=True, kw_only=True):
    """A proof that counts for nothing, and why."""

    digest: str
    reason: str


class Verdict(Struct, frozen=True, kw_only=True):
    """What the proofs come to, in words; `people` are the subjects who made it so, `relied_on` their proofs' digests.

    `ready_at` is when it may be carried out, once there are enough approvals: later than now while a delay runs.
    `needed` is how many approvals it takes, by the rules that ask for more.
    """

    state: DecisionState
    reason: str
    people: tuple[str, ...] = ()
    relied_on: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    ready_at: datetime | None = None
    set_aside: tuple[SetAside, ...] = ()
    needed: int = 0


class Evidence(Struct, frozen=True, kw_only=True):
    """With what proofs are judged: what is trusted, when each was seen at the latest, by its digest, and the check.

    `witnessed_at` is from when a delay counts, by the digest of each proof that the log holds; of others from now on.
    Whoever has nobody's word leaves it out, and takes that of the signers.
    """

    trust: ProofTrust
    signatures: SignatureCheck
    seen_at: Mapping[str, datetime] = field(default_factory=dict)
    witnessed_at: Mapping[str, datetime] | None = None

    def heard_at(self, proof: Proof, *, now: datetime) -> datetime:
        """From when a delay counts: not from when it was signed, which is the signer's own word, if anybody saw it."""
        signed_at = proof.statement.issued_at
        return signed_at if self.witnessed_at is None else max(signed_at, self.witnessed_at.get(proof.digest, now))


class _Word(Struct, frozen=True, kw_only=True):
    """What somebody said, with who that is under each set of rules."""

    proof: Proof
    signers: tuple[Signer, ...]
    heard_at: datetime

    @property
    def subject(self) -> str:
        return next((signer.subject for signer in self.signers if signer.subject), "")

    @property
    def is_known_to_all(self) -> bool:
        return len({signer.subject for signer in self.signers}) == 1


def decide(
    asked: AskedRestore,
    proofs: Iterable[str],
    *,
    evidence: Evidence,
    now: datetime,
    also: CeremonyPolicy | None,
    ticket_approver: str,
) -> Verdict:
    """What the proofs, canonical texts in any order, come to under the request's rules, and under today's as well.

    `also` are today's rules, None where nobody asks of today; `ticket_approver` is a subject, empty where no ticket was
    approved: both only ever refuse, so that neither may be left out. A denial by anybody who could approve wins, and so
    does the requester's own cancellation. Proofs that do not verify, or are about something else, count for nothing.
    """
    policies = (asked.policy,) if also is None else (asked.policy, also)
    words, set_aside = _heard(asked, proofs, policies=policies, evidence=evidence, now=now)
    room = _Room(asked=asked, policies=policies, words=words, ticket_approver=ticket_approver)
    told = _stopped(room) or _allowed(room, count=len(words) + len(set_aside), now=now)
    needed = max(len(room.seats(place)) for place in range(len(policies)))
    return replace(told, needed=needed, set_aside=set_aside)


def seats_of(asked: AskedRestore, policy: CeremonyPolicy) -> list[str]:
    """The group of each seat that must be taken by these rules; of no rule more than can ever be."""
    rules = (rule for rule in policy.rules if _counts(rule, asked))
    return [rule.group for rule in rules for _ in range(min(rule.needed, MOST_PROOFS + 1))]


def why_not_opened(
    asked: AskedRestore, proof: Proof, *, evidence: Evidence, now: datetime, also: CeremonyPolicy | None
) -> str:
    """Why the proof does not make this a request: its requester, who must be one of those who may, has to sign it.

    Those who may are told by the request's rules, and by today's as well.
    """
    if proof.statement.decision is not Decision.REQUEST:
        return "the requester's statement asks for nothing"
    if refusal := misses_request(proof.statement, asked):
        return refusal
    if proof.statement.issued_at - now > _SKEW:
        return "it was signed in the future"
    policies = (asked.policy,) if also is None else (asked.policy, also)
    refusals = (_asker_refusal(asked, proof, policy=policy, evidence=evidence, now=now) for policy in policies)
    return next(filter(None, refusals), "")


def _asker_refusal(
    asked: AskedRestore, proof: Proof, *, policy: CeremonyPolicy, evidence: Evidence, now: datetime
) -> str:
    """Why these rules do not let the signer ask."""
    signer = _signer(proof, policy=policy, evidence=evidence, now=now)
    if signer.refusal:
        return signer.refusal
    if signer.subject != asked.requester:
        return "it is signed by somebody else than the requester"
    if not signer.belongs_to(policy.requesters, policy=policy):
        return "the requester is not one of those who may ask"
    return ""


def why_not_counted(
    asked: AskedRestore,
    proof: str,
    *,
    evidence: Evidence,
    now: datetime,
    also: CeremonyPolicy,
    ticket_approver: str,
) -> tuple[str, str]:
    """Whose proof it is, and why it would count for nothing, empty where it counts: asked before it is kept."""
    policies = (asked.policy, also)
    words, set_aside = _heard(asked, [proof], policies=policies, evidence=evidence, now=now)
    if set_aside:
        return "", set_aside[0].reason
    [word] = words
    room = _Room(asked=asked, policies=policies, words=words, ticket_approver=ticket_approver)
    return word.subject, _silence(word, room)


def _silence(word: _Word, room: _Room) -> str:
    """Why this word changes nothing."""
    statement, is_own = word.proof.statement, word.subject == room.asked.requester
    match statement.decision:
        case Decision.REQUEST:
            return "the request is open already"
        case Decision.CANCEL:
            return "" if is_own else "only who asked for the restore can take the request back"
        case Decision.DENY if is_own:
            return "this is your own request; take it back instead"
        case Decision.DENY:
            return "" if _could_approve(word, room) else "you are in none of the groups that decide on this restore"
        case Decision.APPROVE if is_own:
            return "this is your own request; somebody else must decide on it"
        case Decision.APPROVE if room.is_barred(word.subject):
            return "you approved its ticket; somebody else must decide on the restore"
        case Decision.APPROVE if statement.issued_at > room.asked.approve_before:
            return "the time to approve it is over"
        case Decision.APPROVE:
            return "" if _can_sit(word, room) else "you are in none of the groups that decide on this restore"
        case _:
            assert_never(statement.decision)


def _can_sit(word: _Word, room: _Room) -> bool:
    """Whether the rules of then and those of today each keep a seat that this person can take."""
    return word.is_known_to_all and all(
        any(room.may_sit(word, group, place=place) for group in room.seats(place))
        for place in range(len(room.policies))
    )


class _Room(Struct, frozen=True, kw_only=True):
    """Everything that was said about one request, and the rules that it is held against."""

    asked: AskedRestore
    policies: tuple[CeremonyPolicy, ...]
    words: tuple[_Word, ...]
    ticket_approver: str

    def said(self, decision: Decision) -> list[_Word]:
        """The words of that kind, the earliest first."""
        words = [word for word in self.words if word.proof.statement.decision is decision]
        return sorted(words, key=lambda word: (word.proof.statement.issued_at, word.subject))

    def approvals(self) -> list[_Word]:
        """The approvals in time, by those whom all rules know and none bars, in the order from when they count."""
        approvals = [
            word
            for word in self.said(Decision.APPROVE)
            if word.is_known_to_all
            and not self.is_barred(word.subject)
            and word.proof.statement.issued_at <= self.asked.approve_before
        ]
        return sorted(approvals, key=self.counts_from)

    @property
    def delay(self) -> timedelta:
        """How long it waits after the last approval that was needed: the longest of all rules counts."""
        return max(policy.delay for policy in self.policies)

    def counts_from(self, word: _Word) -> datetime:
        """From when an approval counts: where nothing is waited for, from when it was signed."""
        return word.heard_at if self.delay else word.proof.statement.issued_at

    def seats(self, place: int) -> list[str]:
        """The group of each seat that must be taken by the rules of that place."""
        return seats_of(self.asked, self.policies[place])

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
        """Who takes which seat; the earliest first, where all have one."""
        members = [
            {word.subject for word in approvals if self.may_sit(word, group, place=place)}
            for group in self.seats(place)
        ]
        return seat(members, list(dict.fromkeys(word.subject for word in approvals)))

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
        word = _Word(proof=proof, signers=signers, heard_at=evidence.heard_at(proof, now=now))
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
    if statement.issued_at - now > _SKEW:
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
    if now >= asked.act_before:
        return Verdict(
            state=DecisionState.EXPIRED, reason=f"it had to be carried out before {moment_text(asked.act_before)}"
        )
    if count > MOST_PROOFS:
        return Verdict(
            state=DecisionState.PENDING, reason=f"more than {MOST_PROOFS} proofs: somebody floods the request"
        )
    approvals = room.approvals()
    firsts = (approvals[:many] for many, _ in enumerate(approvals, start=1))
    enough = next((first for first in firsts if room.is_full(first)), None)
    return _short(room, approvals, now=now) if enough is None else _enough(room, enough, now=now)


def _enough(room: _Room, approvals: Sequence[_Word], *, now: datetime) -> Verdict:
    """Approved, once the delay has run since the last of these."""
    ready_at = _later(room.counts_from(approvals[-1]), room.delay)
    told = _told(DecisionState.APPROVED, "approved by", _seated_words(room, approvals), ready_at=ready_at)
    if now >= ready_at:
        return told
    reason = f"{told.reason}; to be carried out from {moment_text(ready_at)}"
    return replace(told, state=DecisionState.PENDING, reason=reason)


def _later(moment: datetime, span: timedelta) -> datetime:
    """So much later, or the last second that there is."""
    last = moment.max.replace(tzinfo=moment.tzinfo, microsecond=0)
    return moment + min(span, last - moment)


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
    """The words of those who take a seat under any of the rules: all of a person's, for one may have the claim."""
    people = {person for place in range(len(room.policies)) for person in room.seated(enough, place=place).values()}
    return [word for word in enough if word.subject in people]


def _told(state: DecisionState, verb: str, words: Sequence[_Word], *, ready_at: datetime | None = None) -> Verdict:
    people = tuple(sorted({word.subject for word in words}))
    return Verdict(
        state=state,
        reason=f"{verb} {', '.join(people)}",
        people=people,
        relied_on=tuple(word.proof.digest for word in words),
        ready_at=ready_at,
    )
