"""Votes on a restore, and which clicks may become one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.ceremony import ApprovalRule, Person, Restores
from strongroom.domain.restores.people import same_person


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickVerdict:
    """Whether somebody's click becomes a vote that awaits its proof of presence."""

    state: VoteState
    reason: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteAnswer:
    """What the voter is told; `presence_url` is where to prove that it is really them."""

    request_id: str
    state: str
    reason: str
    presence_url: str = ""


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
    if not any(person in restores.members(rule.group) for rule in rules):
        groups = sorted({str(rule.group) for rule in rules})
        reason = f"only members of {' or '.join(groups) or 'no group'} approve this restore"
        return ClickVerdict(state=VoteState.REFUSED, reason=reason, person=person)
    reason = "counts as soon as you have proven that it is you"
    return ClickVerdict(state=VoteState.AWAITING_PRESENCE, reason=reason, person=person)
