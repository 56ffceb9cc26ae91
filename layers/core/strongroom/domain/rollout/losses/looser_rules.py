"""What the functions would no longer hold people to: rules of the ceremony that become looser, and clocks, longer.

Who is in a group is no measure: somebody who comes or goes makes it neither looser nor stricter.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent

type _Loss = tuple[str, str]
type _Rules = tuple[ApprovalRule, ...]


def looser_rules(before: Intent, after: Intent) -> Iterator[_Loss]:
    """The place in the file and a sentence for each way in which `after` asks less of people than `before`."""
    for clock in ("copy_verified_within", "copy_retry_after"):
        yield from _longer(f"deadlines.{clock}", getattr(before.deadlines, clock), getattr(after.deadlines, clock))
    if before.restores is None:
        return
    if after.restores is None:
        yield "restores", "would be gone: whoever IAM lets could restore, without ticket, approval and evidence"
        return
    yield from _fewer_approvals(before, after, before.restores.rules, after.restores.rules)
    for clock in ("presence_max_age", "approval_expires_after", "execution_expires_after"):
        yield from _longer(f"restores.{clock}", getattr(before.restores, clock), getattr(after.restores, clock))
    yield from _more("restores.accepted_methods", before.restores.accepted_methods, after.restores.accepted_methods)
    if before.tickets is not None and after.tickets is not None:
        yield from _more("tickets.approved_statuses", before.tickets.approved_statuses, after.tickets.approved_statuses)


def _fewer_approvals(before: Intent, after: Intent, rules_before: _Rules, rules_after: _Rules) -> Iterator[_Loss]:
    old, new = _needed(rules_before), _needed(rules_after)
    for place in dict.fromkeys((*old, *new)):
        # Without a rule of its own an account falls under that of its unit, which the file does not name.
        was = old.get(place, max(_of_units(rules_before), default=0) if place not in after.organization.units else 0)
        will = new.get(
            place, min(_of_units(rules_after), default=was) if place not in before.organization.units else was
        )
        if will < was:
            yield "restores.rules", f"a restore into {place} would need {will} approvals in place of {was}"


def _needed(rules: _Rules) -> dict[str, int]:
    """How many must approve a restore into a unit or account."""
    return {rule.unit or f"account {rule.account}": rule.needed for rule in rules}


def _of_units(rules: _Rules) -> list[int]:
    return [rule.needed for rule in rules if rule.unit is not None]


def _longer(path: str, before: timedelta, after: timedelta) -> Iterator[_Loss]:
    if after > before:
        yield path, f"would be {after} in place of {before}"


def _more(path: str, before: Iterable[str], after: Iterable[str]) -> Iterator[_Loss]:
    known = set(before)
    if more := [each for each in after if each not in known]:
        yield path, f"would accept {', '.join(more)} besides {', '.join(sorted(known))}"
