"""The rules of one place as a canonical text, `strongroom-policy/1`: only what decides there, and people by subject."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import QuorumUndefinedError
from strongroom.domain.intent.ceremony import ClaimedGroup, Group
from strongroom.domain.proofs.policies import DISJOINT, FORMAT, NO_TICKET
from strongroom.domain.proofs.reviews import REVIEWERS
from strongroom.domain.rulebook.places import RulePlace, rules_of
from strongroom.domain.rulebook.ticket_demands import ticket_demands

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.ceremony import ApprovalRule, IdentityProvider, Person, Restores, Tickets
    from strongroom.domain.intent.model import Intent

GOVERNORS_NEEDED: Final = 2
# Besides whoever asks. With the requester they are three, as with a ticket: requester, approver, and its approver.
URGENT_NEEDED: Final = 2

_BY_CLAIM, _BY_NAME = "claim:", "group:"


def policy_text(intent: Intent, *, account: AccountId | None = None, unit: str | None = None, at: datetime) -> str:
    """The rules at that moment for restores into an account, its own or else those of its unit.

    QuorumUndefinedError where there are none. What cannot be written canonically `compile` refuses.
    """
    own = rules_of(intent, RulePlace(account=account)) if account else ()
    rules = own or (rules_of(intent, RulePlace(unit=unit)) if unit else ())
    if intent.restores is None or not rules:
        raise QuorumUndefinedError(f"no rule says who approves restores into {unit or account}, so nobody can")
    asked = [{"group": _name(rule.group), "needed": rule.needed, **_when(rule)} for rule in rules]
    delay = max((rule.delay for rule in rules if rule.delay is not None), default=intent.restores.delay)
    groups = (intent.restores.requesters, *(rule.group for rule in rules))
    shared = _shared(intent, intent.restores, groups=groups, at=at)
    return canonical_text(
        {
            **shared,
            "groups": shared["groups"] | _ticket_approvers(intent, intent.restores),
            "requesters": _name(intent.restores.requesters),
            "rules": sorted(asked, key=canonical_text),
            "ticket": _ticket(intent.tickets),
            **_left_out("delay", _seconds(max(delay, intent.restores.delay)), 0),
            **_left_out("disjoint", sorted(intent.restores.disjoint), sorted(DISJOINT)),
        }
    )


def urgent_text(intent: Intent, *, at: datetime) -> str:
    """The rules for what cannot wait, wherever it is: two of the incident group, by passkeys, and no ticket.

    Who reviews it afterwards stands in them as one more group. QuorumUndefinedError where there are none.
    """
    restores = intent.restores
    if restores is None or restores.break_glass is None:
        raise QuorumUndefinedError("the intent has no restores.break_glass, so that nothing is restored urgently here")
    glass = restores.break_glass
    shared = _shared(intent, restores, groups=(restores.requesters, glass.group, glass.reviewers), at=at)
    of_reviewers = {REVIEWERS + _name(glass.reviewers): _members(intent, restores, glass.reviewers)}
    named = {_name(group): _members(intent, restores, group) for group in (restores.requesters, glass.group)}
    return canonical_text(
        {
            # Without an issuer no login is a proof.
            **{name: value for name, value in shared.items() if name != "issuer"},
            "groups": named | of_reviewers,
            "requesters": _name(restores.requesters),
            "rules": [{"group": _name(glass.group), "needed": URGENT_NEEDED}],
            "ticket": NO_TICKET,
        }
    )


def place_text(intent: Intent, place: RulePlace, *, at: datetime) -> str:
    """The rules of a place at that moment; QuorumUndefinedError where there are none."""
    if place.is_urgent:
        return urgent_text(intent, at=at)
    return policy_text(intent, account=place.account, unit=place.unit, at=at)


def governors_text(intent: Intent, *, at: datetime) -> str:
    """By the same format, who may make the rules looser: two of the governors; QuorumUndefinedError without rules."""
    if intent.restores is None:
        raise QuorumUndefinedError("there are no rules that anybody could make looser")
    group = governors_of(intent.restores)
    return canonical_text(
        {
            **_shared(intent, intent.restores, groups=(group,), at=at),
            "requesters": _name(group),
            "rules": [{"group": _name(group), "needed": GOVERNORS_NEEDED}],
            "ticket": ticket_demands(None),
        }
    )


def governors_of(restores: Restores) -> Group:
    """The group that is named, or the largest; of equals the first by name. Of claims alone, that of the requesters."""
    if restores.governors is not None:
        return restores.governors
    by_size = sorted(restores.groups, key=lambda name: (-len(set(restores.groups[name])), name))
    return by_size[0] if by_size else restores.requesters


def _shared(intent: Intent, restores: Restores, *, groups: Iterable[Group], at: datetime) -> dict[str, Any]:
    named = tuple(groups)
    people = {name for group in named for name in restores.members(group)}
    return {
        "format": FORMAT,
        "groups": {_name(group): _members(intent, restores, group) for group in named},
        "people": {
            intent.people[name].subject: {"passkeys": keys}
            for name in people
            if (keys := _passkeys(intent.people[name], at=at))
        },
        "presence_max_age": _seconds(restores.presence_max_age),
        **_left_out("issuer", _issuer(intent.identity_provider, restores), None),
        **({"device_bound": True} if restores.device_bound else {}),
    }


def _ticket_approvers(intent: Intent, restores: Restores) -> dict[str, Any]:
    """Who may approve the ticket, where a group of their own does; what they sign counts for nothing."""
    group = None if intent.tickets is None else intent.tickets.approver_group
    return {} if group is None else {_name(group): _members(intent, restores, group)}


def _ticket(tickets: Tickets | None) -> dict[str, Any] | str:
    demands = ticket_demands(tickets)
    if tickets is None or tickets.approver_group is None or isinstance(demands, str):
        return demands
    return demands | {"approver_group": _name(tickets.approver_group)}


def _name(group: Group) -> str:
    """The group's name in ASCII, in which no two groups are called alike."""
    prefix = _BY_CLAIM if isinstance(group, ClaimedGroup) else ""
    name = str(group)
    if not prefix and name.startswith((_BY_CLAIM, _BY_NAME, REVIEWERS)):
        prefix = _BY_NAME
    return prefix + json.dumps(name)[1:-1]


def _members(intent: Intent, restores: Restores, group: Group) -> Any:
    if isinstance(group, ClaimedGroup):
        claim = intent.identity_provider.groups_claim if intent.identity_provider else None
        return {"claim": claim or "", "value": group.claim}
    return sorted({intent.people[name].subject for name in restores.members(group)})


def _passkeys(person: Person, *, at: datetime) -> list[dict[str, str]]:
    keys = [
        {"algorithm": each.algorithm, "id": each.id, "public_key": each.public_key}
        for each in person.passkeys
        if each.counts_at(at)
    ]
    return sorted(keys, key=lambda each: each["id"])


def _when(rule: ApprovalRule) -> dict[str, Any]:
    when = _left_out("tiers", sorted(rule.tiers), []) | _left_out("risks", sorted(rule.risks), [])
    return _left_out("when", when, {})


def _issuer(provider: IdentityProvider | None, restores: Restores) -> dict[str, Any] | None:
    if provider is None:
        return None
    said = provider.assurance
    claim, any_of = (said.claim, said.any_of) if said else ("amr", restores.accepted_methods)
    return {
        "assurance": {
            "claim": claim,
            **_left_out("any_of", sorted(any_of), []),
            **_left_out("all_of", sorted(said.all_of if said else ()), []),
        },
        "client_id": sorted({provider.client_id, provider.cli_client_id}),
        "issuer": provider.issuer,
        "subject_claim": provider.subject_claim,
        **_left_out("tenant", provider.tenant, None),
    }


def _left_out(name: str, value: Any, usual: Any) -> dict[str, Any]:
    """The key with its value, or nothing where the value is the usual one."""
    return {} if value == usual else {name: value}


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
