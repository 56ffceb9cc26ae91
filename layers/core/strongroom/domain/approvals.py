"""Approvals: who may vote, when a proof of presence is good, and when enough different people have approved."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from strongroom.domain.errors import PermissionRefusedError, QuorumUndefinedError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent import ApprovalRule, Person, Restores

_CLOCK_SKEW = timedelta(seconds=60)
CHALLENGE_LIVES = timedelta(minutes=5)
CHALLENGE_ATTEMPTS = 5


class Decision(StrEnum):
    """What an approver can say."""

    APPROVE = "approve"
    DENY = "deny"


class VoteState(StrEnum):
    """A vote counts only after its caster's presence was proven."""

    REFUSED = "refused"
    AWAITING_PRESENCE = "awaiting-presence"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One person's word on one request; `methods` and `authenticated_at` are the proof that made it count."""

    person: str
    decision: Decision
    state: VoteState
    reason: str
    cast_at: datetime
    methods: tuple[str, ...] = ()
    authenticated_at: datetime | None = None


class QuorumState(StrEnum):
    """Where the approval stands."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuorumVerdict:
    """Where the approval stands, in words, and whose votes made it so."""

    state: QuorumState
    reason: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickVerdict:
    """Whether somebody's click becomes a vote that awaits its proof of presence."""

    state: VoteState
    reason: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """The question "is it really you?", for one person, one request and one decision; it is answered once."""

    request_id: str
    digest: str
    person: str
    decision: Decision
    verifier: str
    expires_at: datetime

    @property
    def asked_at(self) -> datetime:
        """When the question was asked: a login that answers it is not older."""
        return self.expires_at - CHALLENGE_LIVES


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceClaims:
    """What the identity provider says, its signature, issuer, audience and expiry already checked."""

    subject: str
    nonce: str
    authenticated_at: datetime | None
    methods: tuple[str, ...]


class PresenceState(StrEnum):
    """Whether the person was there."""

    PROVEN = "proven"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceVerdict:
    """Whether the person was there, and how that was shown."""

    state: PresenceState
    reason: str
    methods: tuple[str, ...] = ()
    authenticated_at: datetime | None = None


def person_by(
    people: Mapping[str, Person], *, subject: str = "", slack_user: str = "", ticket_account: str = ""
) -> str:
    """The one person with that identity; empty when there is none or more than one."""
    found = [
        name
        for name, person in people.items()
        if (subject and person.subject == subject)
        or (slack_user and person.slack_user == slack_user)
        or (ticket_account and person.ticket_account == ticket_account)
    ]
    return found[0] if len(found) == 1 else ""


def known_person(subject: str, *, people: Mapping[str, Person]) -> str:
    """The person behind an identity provider's subject, or PermissionRefusedError."""
    person = person_by(people, subject=subject)
    if not person:
        raise PermissionRefusedError("you are logged in, but nobody here is known by this identity")
    return person


def same_person(one: str, other: str, *, people: Mapping[str, Person]) -> bool:
    """Whether two names stand for one person: the same name, subject, account, or address but for case and `+alias`.

    Whoever is not known (any more) cannot be told apart from anybody, so the answer is yes.
    """
    if one == other:
        return True
    first, second = people.get(one), people.get(other)
    if first is None or second is None:
        return True
    return any(mine and mine == theirs for mine, theirs in zip(_marks(first), _marks(second), strict=True))


def rules_for(rules: Iterable[ApprovalRule], *, account: AccountId, unit: str) -> tuple[ApprovalRule, ...]:
    """The approval rules of an account, or else those of its unit."""
    known = tuple(rules)
    own = tuple(rule for rule in known if rule.account == account)
    return own or tuple(rule for rule in known if rule.unit == unit)


def judge_click(
    person: str, *, requester: str, rules: tuple[ApprovalRule, ...], restores: Restores, people: Mapping[str, Person]
) -> ClickVerdict:
    """Whether this person's word can count: known, in a group that approves, and not the one who asks."""
    if not person:
        return ClickVerdict(state=VoteState.REFUSED, reason="nobody here is known by this account", person="unknown")
    if same_person(person, requester, people=people):
        reason = "this is your own request; somebody else must decide on it"
        return ClickVerdict(state=VoteState.REFUSED, reason=reason, person=person)
    groups = sorted({rule.group for rule in rules})
    if not any(person in restores.groups.get(group, ()) for group in groups):
        reason = f"only members of {' or '.join(groups) or 'no group'} approve this restore"
        return ClickVerdict(state=VoteState.REFUSED, reason=reason, person=person)
    reason = "counts as soon as you have proven that it is you"
    return ClickVerdict(state=VoteState.AWAITING_PRESENCE, reason=reason, person=person)


def presence_nonce(challenge_id: str, *, digest: str, decision: Decision) -> str:
    """The nonce that binds a login to one challenge, one request and one decision."""
    return hashlib.sha256(f"{challenge_id}|{digest}|{decision}".encode()).hexdigest()


def judge_presence(
    claims: PresenceClaims, *, person: Person, nonce: str, restores: Restores, asked_at: datetime, now: datetime
) -> PresenceVerdict:
    """Whether this person logged in for this very question, just now, with an accepted method; missing means no."""
    methods = tuple(method for method in claims.methods if method in restores.accepted_methods)
    since = claims.authenticated_at
    refusal = ""
    if claims.subject != person.subject:
        refusal = "somebody else logged in than the one who voted"
    elif claims.nonce != nonce:
        refusal = "the login was made for another question"
    elif since is None:
        refusal = "the identity provider does not say when the login was"
    elif since > now + _CLOCK_SKEW:
        refusal = "the login lies in the future"
    elif now - since > restores.presence_max_age:
        refusal = (
            f"the login is {int((now - since).total_seconds())} s old, at most {_seconds(restores)} s are accepted"
        )
    elif since < asked_at - _CLOCK_SKEW:
        # The provider was asked for a new login; one that lets an old session through shows nobody's presence.
        refusal = "the login is older than the question"
    elif not methods:
        refusal = f"the login did not use one of {', '.join(restores.accepted_methods)}"
    if refusal:
        return PresenceVerdict(state=PresenceState.REFUSED, reason=refusal)
    reason = f"proven by {', '.join(methods)}"
    return PresenceVerdict(state=PresenceState.PROVEN, reason=reason, methods=methods, authenticated_at=since)


def decide_quorum(
    rules: tuple[ApprovalRule, ...],
    votes: Iterable[Vote],
    *,
    requester: str,
    restores: Restores,
    people: Mapping[str, Person],
) -> QuorumVerdict:
    """Approved when every place that the rules demand is taken by a different person; one denial is enough to deny."""
    places = [rule.group for rule in rules for _ in range(rule.needed)]
    if not places or any(rule.needed < 1 for rule in rules):
        raise QuorumUndefinedError("no rule says who approves this restore, so nobody can")
    counting = [
        vote
        for vote in votes
        if vote.state is VoteState.COUNTED
        and not same_person(vote.person, requester, people=people)
        and any(vote.person in restores.groups.get(group, ()) for group in places)
    ]
    denials = tuple(sorted(vote.person for vote in counting if vote.decision is Decision.DENY))
    if denials:
        return QuorumVerdict(state=QuorumState.DENIED, reason=f"denied by {', '.join(denials)}", people=denials)
    approvers = _distinct((vote.person for vote in counting if vote.decision is Decision.APPROVE), people=people)
    seated = _seat(places, approvers, groups=restores.groups)
    if len(seated) < len(places):
        missing = [group for place, group in enumerate(places) if place not in seated]
        reason = f"{len(seated)} of {len(places)} approvals; still needed: {', '.join(missing)}"
        return QuorumVerdict(state=QuorumState.PENDING, reason=reason, people=approvers)
    names = tuple(sorted(seated.values()))
    return QuorumVerdict(state=QuorumState.APPROVED, reason=f"approved by {', '.join(names)}", people=names)


def decide_approval(
    pinned: tuple[ApprovalRule, ...],
    current: tuple[ApprovalRule, ...],
    votes: tuple[Vote, ...],
    *,
    requester: str,
    restores: Restores,
    people: Mapping[str, Person],
) -> QuorumVerdict:
    """The stricter of the rules when the request was made and those of today: both must be satisfied."""
    verdicts = [
        decide_quorum(rules, votes, requester=requester, restores=restores, people=people)
        for rules in (current, pinned)
    ]
    for state in (QuorumState.DENIED, QuorumState.PENDING):
        if decided := next((verdict for verdict in verdicts if verdict.state is state), None):
            return decided
    return verdicts[0]


def _seat(places: list[str], approvers: tuple[str, ...], *, groups: Mapping[str, tuple[str, ...]]) -> dict[int, str]:
    """As many places as possible, each with a different person: augmenting paths, so that no order of votes matters."""
    seated: dict[int, str] = {}

    def take(person: str, tried: set[int]) -> bool:
        for place, group in enumerate(places):
            if place in tried or person not in groups.get(group, ()):
                continue
            tried.add(place)
            if place not in seated or take(seated[place], tried):
                seated[place] = person
                return True
        return False

    for person in approvers:
        take(person, set())
    return seated


def _distinct(names: Iterable[str], *, people: Mapping[str, Person]) -> tuple[str, ...]:
    kept: list[str] = []
    for name in sorted(names):
        if not any(same_person(name, other, people=people) for other in kept):
            kept.append(name)
    return tuple(kept)


def _marks(person: Person) -> tuple[str, ...]:
    """All that tells a person apart, in one spelling."""
    local, _, host = _folded(person.email).rpartition("@")
    accounts = (person.subject, person.slack_user, person.ticket_account)
    return (f"{local.partition('+')[0]}@{host}" if host else "", *(_folded(each) for each in accounts))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _seconds(restores: Restores) -> int:
    return int(restores.presence_max_age.total_seconds())
