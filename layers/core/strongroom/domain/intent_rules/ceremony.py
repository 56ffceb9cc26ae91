"""What is wrong with the restore ceremony: what it takes, who may ask, who may approve, and with what proof."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from strongroom.domain.findings import Finding, error
from strongroom.domain.intent.ceremony import ApprovalRule, ClaimedGroup, Restores
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent_rules.targets import find_place_contradictions

WEAK_METHODS: Final = frozenset({"pwd", "pin", "kba", "rba", "user"})
_CLAIMS: Final = ("groups_claim", "slack_claim", "ticket_claim")


def find_ceremony_contradictions(intent: Intent) -> Iterator[Finding]:
    """Every contradiction in what the ceremony takes, in its clocks, groups and rules, and in the people."""
    restores = intent.restores
    if restores is not None:
        yield from _missing(intent)
        yield from _clocks(restores)
        yield from _groups(intent, restores)
        for number, rule in enumerate(restores.rules):
            yield from _rule(intent, restores, rule, path=f"restores.rules[{number}]")
        yield from _coverage(intent, restores)
    yield from _people(intent)
    yield from _unheard(intent)


def _missing(intent: Intent) -> Iterator[Finding]:
    """What no ceremony works without, and what it does not work without yet."""
    wanted = {
        "identity_provider": (intent.identity_provider, "who asks and who approves must log in somewhere"),
        "organization.audit_account": (intent.organization.audit_account, "the evidence of restores lies there"),
        "people": (intent.people or None, "the ceremony does not know people by claims yet"),
        "slack": (intent.slack, "the ceremony does not ask people otherwise yet"),
        "tickets": (intent.tickets, "the ceremony does not begin without a ticket yet"),
    }
    for path, (given, why) in wanted.items():
        if given is None:
            yield error("ceremony-incomplete", path, f"is missing: {why}; add it, or take restores out")


def _unheard(intent: Intent) -> Iterator[Finding]:
    """What the model has and nothing reads yet."""
    if intent.tickets is not None and intent.tickets.system != "jira":
        why = f"{intent.tickets.system} is not spoken to yet; jira is the only ticket system so far"
        yield error("not-yet", "tickets.system", why)
    for name in _CLAIMS if intent.identity_provider is not None else ():
        if getattr(intent.identity_provider, name) is not None:
            yield error("not-yet", f"identity_provider.{name}", "claims are not read yet; take it out, and name people")


def _clocks(restores: Restores) -> Iterator[Finding]:
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


def _groups(intent: Intent, restores: Restores) -> Iterator[Finding]:
    yield from _group(restores, restores.requesters, path="restores.requesters")
    for name, members in restores.groups.items():
        path = f"restores.groups.{name}"
        if not members:
            yield error("empty-group", path, "nobody is in this group")
        if len(members) != len(set(members)):
            yield error("person-twice", path, "somebody stands twice in this group")
        for number, person in enumerate(members):
            # Where there are no people at all, that is said once.
            if intent.people and person not in intent.people:
                why = f"{person!r} is not among the people; there are {', '.join(intent.people)}"
                yield error("unknown-person", f"{path}[{number}]", why)


def _group(restores: Restores, group: str | ClaimedGroup, *, path: str) -> Iterator[Finding]:
    if isinstance(group, ClaimedGroup):
        why = f"groups by claims are not read yet; name the people of {group} under restores.groups"
        yield error("not-yet", path, why)
    elif group not in restores.groups:
        why = f"{group!r} is no group; there are {', '.join(restores.groups) or 'none'}"
        yield error("unknown-group", path, why)


def _rule(intent: Intent, restores: Restores, rule: ApprovalRule, *, path: str) -> Iterator[Finding]:
    yield from find_place_contradictions(intent, unit=rule.unit, account=rule.account, path=path)
    if rule.needed < 1:
        yield error("needed", f"{path}.needed", "must be 1 or more: a restore without approval is no ceremony")
    yield from _group(restores, rule.group, path=f"{path}.group")
    approvers = set(restores.members(rule.group))
    left = min((len(approvers - {asker}) for asker in restores.members(restores.requesters)), default=len(approvers))
    if approvers and rule.needed > left:
        why = f"{rule.needed} approvals are needed, but {rule.group} has only {left} people besides the one who asks"
        yield error("needed", f"{path}.needed", why)


def _coverage(intent: Intent, restores: Restores) -> Iterator[Finding]:
    ruled = Counter(rule.unit or f"account {rule.account}" for rule in restores.rules)
    for place, count in ruled.items():
        if count > 1:
            yield error("rule-twice", "restores.rules", f"{count} rules are about {place}; make it one")
    for place in dict.fromkeys(target.name for target in intent.targets):
        if place not in ruled:
            yield error("target-without-rule", "restores.rules", f"no rule says who approves a restore into {place}")


def _people(intent: Intent) -> Iterator[Finding]:
    needed = {
        "subject": True,
        "email": True,
        "slack_user": intent.slack is not None,
        "ticket_account": intent.tickets is not None,
    }
    for attribute, is_needed in needed.items():
        first: dict[str, str] = {}
        for name, person in intent.people.items():
            value = getattr(person, attribute)
            path = f"people.{name}.{attribute}"
            if value and (other := first.setdefault(value.lower(), name)) != name:
                yield error("person-twice", path, f"{value} is already {other}: one person must not count as two")
            elif not value and is_needed:
                yield error("person", path, "is empty")
