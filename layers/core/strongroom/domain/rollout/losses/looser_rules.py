"""What the functions would no longer hold people to: rules of the ceremony that become looser, and clocks, longer.

Who is in a group is no measure: somebody who comes or goes makes it neither looser nor stricter.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from strongroom.domain.intent.model import Intent

type _Loss = tuple[str, str]


def looser_rules(before: Intent, after: Intent) -> Iterator[_Loss]:
    """The place in the file and a sentence for each way in which `after` asks less of people than `before`."""
    yield from _fewer_approvals(before, after)
    for section, clocks in (
        ("restores", ("presence_max_age", "approval_expires_after", "execution_expires_after")),
        ("deadlines", ("copy_verified_within", "copy_retry_after")),
    ):
        old, new = getattr(before, section), getattr(after, section)
        for clock in clocks:
            yield from _longer(f"{section}.{clock}", getattr(old, clock), getattr(new, clock))
    yield from _more("restores.accepted_methods", before.restores.accepted_methods, after.restores.accepted_methods)
    yield from _more("tickets.approved_statuses", before.tickets.approved_statuses, after.tickets.approved_statuses)


def _fewer_approvals(before: Intent, after: Intent) -> Iterator[_Loss]:
    old, new = _needed(before), _needed(after)
    for place in dict.fromkeys((*old, *new)):
        # Without a rule of its own an account falls under that of its unit, which the file does not name.
        was = old.get(place, max(_of_units(before), default=0) if place not in after.organization.units else 0)
        will = new.get(place, min(_of_units(after), default=was) if place not in before.organization.units else was)
        if will < was:
            yield "restores.rules", f"a restore into {place} would need {will} approvals in place of {was}"


def _needed(intent: Intent) -> dict[str, int]:
    """How many must approve a restore into a unit or account."""
    return {rule.unit or f"account {rule.account}": rule.needed for rule in intent.restores.rules}


def _of_units(intent: Intent) -> list[int]:
    return [rule.needed for rule in intent.restores.rules if rule.unit is not None]


def _longer(path: str, before: timedelta, after: timedelta) -> Iterator[_Loss]:
    if after > before:
        yield path, f"would be {after} in place of {before}"


def _more(path: str, before: Iterable[str], after: Iterable[str]) -> Iterator[_Loss]:
    known = set(before)
    if more := [each for each in after if each not in known]:
        yield path, f"would accept {', '.join(more)} besides {', '.join(sorted(known))}"
