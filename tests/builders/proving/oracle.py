"""What people say about a request, and what that comes to: read off the design, by trying everything."""

from collections.abc import Iterable, Iterator, Sequence
from copy import replace
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import permutations
from typing import Final

from strongroom.domain.canonical import canonical_text
from strongroom.domain.proofs.asked import AskedRestore, read_asked
from strongroom.domain.proofs.decisions import DecisionState, Verdict, decide
from strongroom.domain.proofs.policies import CeremonyPolicy, read_policy
from strongroom.domain.proofs.statements import Decision
from tests.builders.proving.signed_requests import (
    ACT_BEFORE,
    APPROVE_BEFORE,
    OMAR,
    a_policy,
    by_passkey,
    request_content,
    the_evidence,
)

type Groups = dict[str, list[str]]


@dataclass(frozen=True)
class Rules:
    """Rules as a reader of the design sees them: so many of a group, and where nobody is barred or has to wait."""

    needed: tuple[tuple[str, int], ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    delay: timedelta = timedelta(0)
    bars_ticket_approver: bool = True

    def members(self, group: str) -> tuple[str, ...]:
        return dict(self.groups).get(group, ())

    @property
    def policy(self) -> CeremonyPolicy:
        return _policy(self)

    @property
    def text(self) -> str:
        return a_policy(
            rules=[{"group": group, "needed": count} for group, count in self.needed],
            groups={name: list(members) for name, members in self.groups},
            delay=int(self.delay.total_seconds()),
            disjoint=["ticket_approver", "requester", "voters"] if self.bars_ticket_approver else ["requester"],
        )


@dataclass(frozen=True, order=True)
class Said:
    """Who said what, when."""

    at: datetime
    person: str
    decision: Decision


def oracle(
    said: Iterable[Said], rules: Sequence[Rules], *, now: datetime, ticket_approver: str = "", requester: str = OMAR
) -> DecisionState:
    """The state, straight from the design: denial, cancellation, clocks, then seats by brute force in order of time."""
    said = sorted(each for each in said if each.at <= now + timedelta(seconds=60))
    for each in said:
        may = any(each.person in one.members(group) for one in rules for group, _ in one.needed)
        if each.decision is Decision.DENY and may and each.person != requester:
            return DecisionState.DENIED
    if any(each.decision is Decision.CANCEL and each.person == requester for each in said):
        return DecisionState.CANCELLED
    if now >= ACT_BEFORE:
        return DecisionState.EXPIRED
    barred = {requester} | ({ticket_approver} if any(one.bars_ticket_approver for one in rules) else set())
    voters: dict[str, datetime] = {}
    for each in said:
        if each.decision is Decision.APPROVE and each.at <= APPROVE_BEFORE and each.person not in barred:
            voters.setdefault(each.person, each.at)
            if all(fits(one, list(voters)) for one in rules):
                is_ready = now >= each.at + max(one.delay for one in rules)
                return DecisionState.APPROVED if is_ready else DecisionState.PENDING
    return DecisionState.EXPIRED if now >= APPROVE_BEFORE else DecisionState.PENDING


def fits(rules: Rules, people: Sequence[str]) -> bool:
    """Whether there are seats, and some order of different people takes all of them."""
    seats = [rules.members(group) for group, count in rules.needed for _ in range(count)]
    orders: Iterator[tuple[str, ...]] = permutations(people, len(seats))
    return bool(seats) and any(all(who in seat for who, seat in zip(order, seats, strict=True)) for order in orders)


@cache
def _policy(rules: Rules) -> CeremonyPolicy:
    return read_policy(rules.text)


@cache
def asked_under(rules: Rules) -> AskedRestore:
    """The request under these rules."""
    return read_asked(canonical_text(request_content(rules.text)))


@cache
def proof_under(rules: Rules, said: Said) -> str:
    """The real proof of what was said."""
    return by_passkey(said.person, asked_under(rules), said.decision, at=said.at)


def decided(said: Iterable[Said], rules: Sequence[Rules], *, now: datetime, ticket_approver: str = "") -> Verdict:
    """What the core decides: the first rules are the request's, the second today's."""
    proofs = [proof_under(rules[0], each) for each in said]
    also = rules[1].policy if len(rules) > 1 else None
    asked = asked_under(rules[0])
    return decide(asked, proofs, evidence=the_evidence(), now=now, also=also, ticket_approver=ticket_approver)


def as_if_pinned(rules: Rules, *, to: Rules) -> AskedRestore:
    """The request of the second rules, decided by the first: what was signed under those may be counted by these."""
    asked = asked_under(to)
    return replace(asked, policy=replace(rules.policy, digest=asked.policy.digest))


CLOCKS: Final = {
    "while people approve": APPROVE_BEFORE - timedelta(minutes=1),
    "while it may be carried out": APPROVE_BEFORE + timedelta(minutes=1),
    "when it is over": ACT_BEFORE,
}
