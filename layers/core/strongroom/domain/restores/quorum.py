"""Whether enough different people have approved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from strongroom.domain.errors import QuorumUndefinedError
from strongroom.domain.intent.ceremony import ApprovalRule, Group, Person, Restores
from strongroom.domain.restores.people import same_person
from strongroom.domain.restores.votes import Decision, Vote, VoteState


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


def decide_quorum(
    rules: tuple[ApprovalRule, ...],
    votes: Iterable[Vote],
    *,
    requester: str,
    restores: Restores,
    people: Mapping[str, Person],
) -> QuorumVerdict:
    """Approved when every place that the rules demand is taken by a different person; one denial is enough to deny."""
    places = _places(rules)
    counting = [vote for vote in votes if _counts(vote, places, requester=requester, restores=restores, people=people)]
    denials = _voters(counting, Decision.DENY)
    if denials:
        return QuorumVerdict(state=QuorumState.DENIED, reason=f"denied by {', '.join(denials)}", people=denials)
    approvers = _distinct(_voters(counting, Decision.APPROVE), people=people)
    seated = _seat([restores.members(group) for group in places], approvers)
    if len(seated) < len(places):
        missing = [str(group) for place, group in enumerate(places) if place not in seated]
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


def _places(rules: tuple[ApprovalRule, ...]) -> list[Group]:
    """The group of each place that must be taken; QuorumUndefinedError where that would be nobody's."""
    places = [rule.group for rule in rules for _ in range(rule.needed)]
    if not places or any(rule.needed < 1 for rule in rules):
        raise QuorumUndefinedError("no rule says who approves this restore, so nobody can")
    return places


def _counts(
    vote: Vote, places: list[Group], *, requester: str, restores: Restores, people: Mapping[str, Person]
) -> bool:
    """Whether the vote was proven, is not the requester's own, and comes from a group that a place is kept for."""
    return (
        vote.state is VoteState.COUNTED
        and not same_person(vote.person, requester, people=people)
        and any(vote.person in restores.members(group) for group in places)
    )


def _voters(votes: Iterable[Vote], decision: Decision) -> tuple[str, ...]:
    return tuple(sorted(vote.person for vote in votes if vote.decision is decision))


def _seat(places: list[tuple[str, ...]], approvers: tuple[str, ...]) -> dict[int, str]:
    """As many places as possible, each with a different person: augmenting paths, so that no order of votes matters.

    A place is told by those who may take it.
    """
    seated: dict[int, str] = {}

    def take(person: str, tried: set[int]) -> bool:
        for place, members in enumerate(places):
            if place in tried or person not in members:
                continue
            tried.add(place)
            if place not in seated or take(seated[place], tried):
                seated[place] = person
                return True
        return False

    for person in approvers:
        take(person, set())
    return seated


def _distinct(names: tuple[str, ...], *, people: Mapping[str, Person]) -> tuple[str, ...]:
    kept: list[str] = []
    for name in names:
        if not any(same_person(name, other, people=people) for other in kept):
            kept.append(name)
    return tuple(kept)
