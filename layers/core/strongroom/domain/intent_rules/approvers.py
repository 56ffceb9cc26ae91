"""What is wrong with the rules of the restore ceremony: who may ask, who may approve, and with what proof."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from strongroom.domain.findings import Finding, error
from strongroom.domain.intent.model import ApprovalRule, Intent
from strongroom.domain.intent_rules.targets import find_place_contradictions

WEAK_METHODS: Final = frozenset({"pwd", "pin", "kba", "rba", "user"})


def find_ceremony_contradictions(intent: Intent) -> Iterator[Finding]:
    """Every contradiction in the clocks, groups, rules and people of the restore ceremony."""
    yield from _clocks(intent)
    yield from _groups(intent)
    for number, rule in enumerate(intent.restores.rules):
        yield from _rule(intent, rule, path=f"restores.rules[{number}]")
    yield from _coverage(intent)
    yield from _people(intent)


def _clocks(intent: Intent) -> Iterator[Finding]:
    restores = intent.restores
    clocks = {
        "approval_expires_after": restores.approval_expires_after,
        "execution_expires_after": restores.execution_expires_after,
        "presence_max_age": restores.presence_max_age,
    }
    for name, clock in clocks.items():
        if clock <= timedelta():
            yield error("clock", f"restores.{name}", "must be longer than nothing")
    if not restores.accepted_methods:
        yield error("methods", "restores.accepted_methods", "is empty, so nobody could ever prove to be present")
    for number, method in enumerate(restores.accepted_methods):
        if method in WEAK_METHODS:
            why = f"{method!r} is no second factor; accept for instance mfa, otp or hwk"
            yield error("methods", f"restores.accepted_methods[{number}]", why)


def _groups(intent: Intent) -> Iterator[Finding]:
    restores = intent.restores
    if restores.requesters not in restores.groups:
        yield error("unknown-group", "restores.requesters", _unknown_group(intent, restores.requesters))
    for name, members in restores.groups.items():
        path = f"restores.groups.{name}"
        if not members:
            yield error("empty-group", path, "nobody is in this group")
        if len(members) != len(set(members)):
            yield error("person-twice", path, "somebody stands twice in this group")
        for number, person in enumerate(members):
            if person not in intent.people:
                why = f"{person!r} is not among the people; there are {', '.join(intent.people) or 'none'}"
                yield error("unknown-person", f"{path}[{number}]", why)


def _rule(intent: Intent, rule: ApprovalRule, *, path: str) -> Iterator[Finding]:
    restores = intent.restores
    yield from find_place_contradictions(intent, unit=rule.unit, account=rule.account, path=path)
    if rule.needed < 1:
        yield error("needed", f"{path}.needed", "must be 1 or more: a restore without approval is no ceremony")
    if rule.group not in restores.groups:
        yield error("unknown-group", f"{path}.group", _unknown_group(intent, rule.group))
        return
    approvers = set(restores.groups[rule.group])
    askers = restores.groups.get(restores.requesters, ())
    left = min((len(approvers - {asker}) for asker in askers), default=len(approvers))
    if approvers and rule.needed > left:
        why = f"{rule.needed} approvals are needed, but {rule.group} has only {left} people besides the one who asks"
        yield error("needed", f"{path}.needed", why)


def _coverage(intent: Intent) -> Iterator[Finding]:
    ruled = Counter(rule.unit or f"account {rule.account}" for rule in intent.restores.rules)
    for place, count in ruled.items():
        if count > 1:
            yield error("rule-twice", "restores.rules", f"{count} rules are about {place}; make it one")
    for place in dict.fromkeys(target.name for target in intent.targets):
        if place not in ruled:
            yield error("target-without-rule", "restores.rules", f"no rule says who approves a restore into {place}")


def _people(intent: Intent) -> Iterator[Finding]:
    for attribute in ("subject", "email", "slack_user", "ticket_account"):
        first: dict[str, str] = {}
        for name, person in intent.people.items():
            value = getattr(person, attribute)
            path = f"people.{name}.{attribute}"
            if not value:
                yield error("person", path, "is empty")
            elif (other := first.setdefault(value.lower(), name)) != name:
                yield error("person-twice", path, f"{value} is already {other}: one person must not count as two")


def _unknown_group(intent: Intent, group: str) -> str:
    return f"{group!r} is no group; there are {', '.join(intent.restores.groups) or 'none'}"
