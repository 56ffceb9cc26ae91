"""In what rules become looser: each way in which something would be enough that was not enough before.

Two rules are compared by what they demand. Whoever satisfies rules that are nowhere looser would have satisfied those
before, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from strongroom.domain.proofs.policies import ClaimGroup, When
from strongroom.domain.proofs.reviews import is_urgent, reviewers_of
from strongroom.domain.proofs.seats import seat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import timedelta

    from strongroom.domain.proofs.policies import Assurance, CeremonyPolicy, Issuer, Rule


class Loosening(Struct, frozen=True, order=True):
    """One way in which rules become looser, in words."""

    sentence: str


def loosenings(before: CeremonyPolicy, after: CeremonyPolicy) -> tuple[Loosening, ...]:
    """Every way in which the rules after are looser than those before, each once."""
    found = (
        *_rules(before.rules, after.rules),
        *_groups(before, after),
        *_passkeys(before, after),
        *_issuer(before.issuer, after.issuer),
        *_ticket(before, after),
        *_rest(before, after),
    )
    return tuple(Loosening(sentence) for sentence in dict.fromkeys(found))


def longer(name: str, before: timedelta, after: timedelta) -> Iterator[str]:
    """The sentence about a clock that would run longer."""
    if after > before:
        yield f"{name} would be {after} in place of {before}"


def _rules(before: tuple[Rule, ...], after: tuple[Rule, ...]) -> Iterator[str]:
    """Each seat of before needs one of its own afterwards: of the same group, and kept wherever it was kept."""
    kept, keeping = sorted(_seats(before), key=_width), _seats(after)
    names = [str(number) for number in range(len(kept))]
    covered = [
        {name for name, old in zip(names, kept, strict=True) if new.group == old.group and _reaches(new.when, old.when)}
        for new in keeping
    ]
    taken = set(seat(covered, names).values())
    for name, old in zip(names, kept, strict=True):
        if name not in taken:
            yield _lost(old, before, after)
    for new in after:
        if not any(_reaches(old.when, new.when) for old in before):
            yield f"a restore could be approved{_told(new.when)}, which nobody could before"


def _seats(rules: tuple[Rule, ...]) -> list[Rule]:
    return [rule for rule in rules for _ in range(rule.needed)]


def _width(rule: Rule) -> tuple[bool, bool, int]:
    """Sorts what counts everywhere first, so that it is the narrower seat that is told to be lost."""
    tiers, risks = rule.when.tiers, rule.when.risks
    return tiers is not None, risks is not None, -len(tiers or ()) - len(risks or ())


def _reaches(wide: When, narrow: When) -> bool:
    """Whether a rule counts wherever another one does."""
    pairs = ((wide.tiers, narrow.tiers), (wide.risks, narrow.risks))
    return all(much is None or (little is not None and set(little) <= set(much)) for much, little in pairs)


def _lost(rule: Rule, before: tuple[Rule, ...], after: tuple[Rule, ...]) -> str:
    where = _told(rule.when) or " everywhere"
    if all(each.group != rule.group for each in after):
        return f"the rule would be gone that {rule.needed} of {rule.group} approve{where}"
    was, will = (
        sum(each.needed for each in rules if each.group == rule.group and _reaches(each.when, rule.when))
        for rules in (before, after)
    )
    return f"{will} of {rule.group} would be needed in place of {was}{where}"


def _told(when: When) -> str:
    tiers = "" if when.tiers is None else f" for {', '.join(when.tiers)}"
    risks = "" if when.risks is None else f" where it is {' or '.join(when.risks)}"
    return tiers + risks


def _groups(before: CeremonyPolicy, after: CeremonyPolicy) -> Iterator[str]:
    yield from _grown("those who may ask", _members(before, before.requesters), _members(after, after.requesters))
    for group in dict.fromkeys(rule.group for rule in before.rules):
        yield from _grown(group, _members(before, group), _members(after, group))
    if is_urgent(before):
        yield from _grown("those who review", reviewers_of(before), reviewers_of(after))


def _members(policy: CeremonyPolicy, group: str) -> tuple[str, ...] | ClaimGroup:
    return policy.groups.get(group, ())


def _grown(name: str, before: tuple[str, ...] | ClaimGroup, after: tuple[str, ...] | ClaimGroup) -> Iterator[str]:
    if isinstance(after, ClaimGroup) and after != before:
        yield f"{name} would be whoever the identity provider says, by {after.claim} = {after.value}"
    elif not isinstance(after, ClaimGroup):
        known = set() if isinstance(before, ClaimGroup) else set(before)
        if more := [subject for subject in after if subject not in known]:
            yield f"{name} would be joined by {', '.join(more)}"


def _passkeys(before: CeremonyPolicy, after: CeremonyPolicy) -> Iterator[str]:
    """Keys of those who were in a group that counts; with whoever joins one, the joining is what is told."""
    groups = (before.requesters, *(rule.group for rule in before.rules))
    members = [*(_members(before, group) for group in groups), reviewers_of(before)]
    people = {subject for each in members if not isinstance(each, ClaimGroup) for subject in each}
    for subject in sorted(people & set(after.people)):
        known = before.people.get(subject, ())
        for passkey in after.people[subject]:
            if passkey not in known:
                yield f"{subject} could sign with one more passkey, {passkey.id}"


def _issuer(before: Issuer | None, after: Issuer | None) -> Iterator[str]:
    if after is None:
        return
    if before is None or after.issuer != before.issuer:
        yield f"ID tokens of {after.issuer} would count"
        return
    if more := [client for client in after.client_ids if client not in before.client_ids]:
        yield f"ID tokens that were made for {', '.join(more)} would count"
    if after.subject_claim != before.subject_claim:
        yield f"people would be known by the claim {after.subject_claim} in place of {before.subject_claim}"
    if before.tenant is not None and after.tenant != before.tenant:
        yield f"ID tokens of {after.tenant or 'every tenant'} would count, not of {before.tenant} only"
    if not _is_as_strong(after.assurance, before.assurance):
        yield f"a login would be strong enough by {_demand(after.assurance)} in place of {_demand(before.assurance)}"


def _is_as_strong(after: Assurance, before: Assurance) -> bool:
    """Whether each token that has enough for one assurance has enough for the other."""
    if not after.any_of and not after.all_of:
        return True  # nothing is ever enough
    if after.claim != before.claim or (not before.any_of and not before.all_of):
        return False
    sure = {*after.all_of, *(after.any_of if len(set(after.any_of)) == 1 else ())}
    has_one = (
        not before.any_of or sure & set(before.any_of) or (after.any_of and set(after.any_of) <= set(before.any_of))
    )
    return set(before.all_of) <= sure and bool(has_one)


def _demand(assurance: Assurance) -> str:
    one, each = " or ".join(assurance.any_of), " and ".join(assurance.all_of)
    return f"{assurance.claim} {' with '.join(part for part in (one, each) if part) or 'that nothing has'}"


def _ticket(before: CeremonyPolicy, after: CeremonyPolicy) -> Iterator[str]:
    if before.needs_ticket and not after.needs_ticket:
        yield "no ticket would be needed"
    elif before.needs_ticket:
        yield from _dropped_demands("ticket", before.ticket, after.ticket)
        yield from _ticket_approvers(before, after)


def _ticket_approvers(before: CeremonyPolicy, after: CeremonyPolicy) -> Iterator[str]:
    """People who may approve tickets by a group of their own; that it is another group is told with the demands."""
    group, named = after.ticket.get("approver_group"), before.ticket.get("approver_group")
    if group is None or named not in (None, group):
        return
    groups = [_members(before, each) for each in ((named,) if named else [rule.group for rule in before.rules])]
    known = tuple(subject for each in groups if not isinstance(each, ClaimGroup) for subject in each)
    yield from _grown("those who approve tickets", known, _members(after, group))


def _dropped_demands(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What a ticket need not say any more. A list holds what is enough, so that it is looser when it is longer."""
    for name, old in before.items():
        here, new = f"{path}.{name}", after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _dropped_demands(here, old, new)
        elif isinstance(old, list) and isinstance(new, list) and new and old:
            if more := [str(each) for each in new if each not in old]:
                yield f"{here} would take {', '.join(more)}, too"
        elif new != old and old not in (False, []):
            yield f"{here} would not be demanded any more" if new in (None, [], False) else f"{here} would be another"


def _rest(before: CeremonyPolicy, after: CeremonyPolicy) -> Iterator[str]:
    yield from longer("the age of a login", before.presence_max_age, after.presence_max_age)
    if after.delay < before.delay:
        yield f"the delay would be {after.delay} in place of {before.delay}"
    if before.device_bound and not after.device_bound:
        yield "passkeys that may be copied to other devices would count"
    if both := [role for role in before.disjoint if role not in after.disjoint]:
        yield f"{' and '.join(both)} could be one with the others"
