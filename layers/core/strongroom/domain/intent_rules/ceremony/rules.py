"""What is wrong with the restore ceremony: what it takes, who may ask, who may approve, and with what proof."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.intent.ceremony import ApprovalRule, ClaimedGroup, Restores
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent_rules.ceremony.break_glass import find_break_glass_contradictions
from strongroom.domain.intent_rules.ceremony.evidence import find_evidence_contradictions
from strongroom.domain.intent_rules.ceremony.logins import find_login_contradictions, find_method_contradictions
from strongroom.domain.intent_rules.ceremony.pages import find_page_contradictions
from strongroom.domain.intent_rules.ceremony.passkeys import find_passkey_contradictions
from strongroom.domain.intent_rules.ceremony.profiles import find_profile_contradictions
from strongroom.domain.intent_rules.ceremony.quorum import find_unfillable_rules
from strongroom.domain.intent_rules.targets import find_place_contradictions, unknown
from strongroom.domain.rulebook.policy_texts import GOVERNORS_NEEDED, governors_of

_CLAIMS: Final = ("slack_claim", "ticket_claim")
# Of what is restored here nobody knows how much was lost, and whether the backup was verified.
_NOT_LOOKED_UP: Final = ("loses-data", "unverified")
_LONGEST_COPY_BACK: Final = timedelta(days=14)
_MOST_SUBJECT: Final = 255


def find_ceremony_contradictions(intent: Intent) -> Iterator[Finding]:
    """Every contradiction in what the ceremony takes, in its clocks, groups and rules, and in the people."""
    restores = intent.restores
    if restores is not None:
        yield from _missing(intent)
        yield from _clocks(restores)
        yield from find_method_contradictions(restores)
        yield from _groups(intent, restores)
        if intent.tickets is not None and isinstance(intent.tickets.approver_group, str):
            yield from _group(intent, restores, intent.tickets.approver_group, path="tickets.approver_group")
        for number, rule in enumerate(restores.rules):
            yield from _rule(intent, rule, path=f"restores.rules[{number}]")
        yield from find_unfillable_rules(restores)
        yield from _coverage(intent, restores)
        yield from _governors(intent, restores)
        yield from find_page_contradictions(restores)
        yield from find_break_glass_contradictions(intent, restores)
        yield from find_profile_contradictions(intent, restores)
    yield from _people(intent)
    yield from find_passkey_contradictions(intent)
    if intent.identity_provider is not None:
        yield from find_login_contradictions(intent.identity_provider)
    if intent.evidence is not None:
        yield from find_evidence_contradictions(intent.evidence)
    yield from _unheard(intent)


def _missing(intent: Intent) -> Iterator[Finding]:
    """What no ceremony works without, and what it does not work without yet."""
    wanted = {
        "identity_provider": (intent.identity_provider, "who asks and who approves must log in somewhere"),
        "organization.audit_account": (intent.organization.audit_account, "the evidence of restores lies there"),
        "people": (intent.people or _claimed(intent) or None, "the groups of the ceremony are made of them"),
        "slack": (intent.slack, "the ceremony does not ask people otherwise yet"),
        "tickets": (intent.tickets, "the ceremony does not begin without a ticket yet"),
    }
    for path, (given, why) in wanted.items():
        if given is None:
            yield error("ceremony-incomplete", path, f"is missing: {why}; add it, or take restores out")


def _claimed(intent: Intent) -> bool:
    """Whether the identity provider keeps every group that asks or approves, so that nobody need stand in the file."""
    restores = intent.restores
    groups = () if restores is None else (restores.requesters, *(rule.group for rule in restores.rules))
    return all(isinstance(group, ClaimedGroup) for group in groups)


def _unheard(intent: Intent) -> Iterator[Finding]:
    """What the model has and nothing reads yet."""
    for name in _CLAIMS if intent.identity_provider is not None else ():
        if getattr(intent.identity_provider, name) is not None:
            yield error("not-yet", f"identity_provider.{name}", "claims are not read yet; take it out, and name people")


def _clocks(restores: Restores) -> Iterator[Finding]:
    clocks = {
        "approval_expires_after": restores.approval_expires_after,
        "execution_expires_after": restores.execution_expires_after,
        "presence_max_age": restores.presence_max_age,
        "copy_back_within": restores.copy_back_within,
    }
    for name, clock in clocks.items():
        if clock <= timedelta():
            yield error("clock", f"restores.{name}", "must be longer than nothing")
    if restores.copy_back_within > _LONGEST_COPY_BACK:
        yield error("clock", "restores.copy_back_within", f"must be P{_LONGEST_COPY_BACK.days}D at most")
    delays = {"restores.delay": restores.delay} | {
        f"restores.rules[{number}].delay": rule.delay
        for number, rule in enumerate(restores.rules)
        if rule.delay is not None
    }
    for path, delay in delays.items():
        yield from _delay(restores, delay, path=path)


def _delay(restores: Restores, delay: timedelta, *, path: str) -> Iterator[Finding]:
    """Whether what waits so long can still be carried out before the request ends."""
    if delay >= restores.approval_expires_after + restores.execution_expires_after:
        why = "no restore could ever be carried out: a request ends before it; make execution_expires_after longer"
        yield error("delay", path, why)
    elif delay >= restores.execution_expires_after > timedelta():
        why = (
            "what is approved late ends before the delay does: approvals count only if they come early enough, unless "
            "execution_expires_after is longer"
        )
        yield warning("delay", path, why)


def _groups(intent: Intent, restores: Restores) -> Iterator[Finding]:
    yield from _group(intent, restores, restores.requesters, path="restores.requesters")
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


def _group(intent: Intent, restores: Restores, group: str | ClaimedGroup, *, path: str) -> Iterator[Finding]:
    if isinstance(group, ClaimedGroup):
        provider = intent.identity_provider
        if provider is not None and not provider.groups_claim:
            why = f"is missing: {group} is a group by a claim, and this names the claim that lists a person's groups"
            yield error("groups-claim", "identity_provider.groups_claim", why)
    elif group not in restores.groups:
        why = f"{group!r} is no group; there are {', '.join(restores.groups) or 'none'}"
        yield error("unknown-group", path, why)


def _rule(intent: Intent, rule: ApprovalRule, *, path: str) -> Iterator[Finding]:
    yield from find_place_contradictions(intent, unit=rule.unit, account=rule.account, path=path)
    if rule.needed < 1:
        yield error("needed", f"{path}.needed", "must be 1 or more: a restore without approval is no ceremony")
    if intent.restores is not None:
        yield from _group(intent, intent.restores, rule.group, path=f"{path}.group")
    for number, risk in enumerate(rule.risks):
        if risk in _NOT_LOOKED_UP:
            why = f"no restore has the risk {risk} yet, because the ceremony does not look that up: it never counts"
            yield warning("risk-unseen", f"{path}.risks[{number}]", why)
    for number, tier in enumerate(rule.tiers):
        if tier not in intent.tiers:
            yield error("unknown-tier", f"{path}.tiers[{number}]", unknown("tier", tier, intent.tiers))


def _coverage(intent: Intent, restores: Restores) -> Iterator[Finding]:
    demands = Counter((rule.place, str(rule.group), rule.tiers, rule.risks) for rule in restores.rules)
    for (place, group, *_), count in demands.items():
        if count > 1:
            yield error("rule-twice", "restores.rules", f"{count} rules ask {group} about {place}; make it one")
    ruled = {rule.place: False for rule in restores.rules} | {
        rule.place: True for rule in restores.rules if not rule.tiers and not rule.risks
    }
    for place, is_always in ruled.items():
        if not is_always:
            why = f"every rule of {place} counts for some restores only, so nobody could approve the others"
            yield error("rule-conditional", "restores.rules", f"{why}; add one without tiers and risks")
    for place in dict.fromkeys(target.name for target in intent.targets):
        if place not in ruled:
            yield error("target-without-rule", "restores.rules", f"no rule says who approves a restore into {place}")


def _governors(intent: Intent, restores: Restores) -> Iterator[Finding]:
    group, path = governors_of(restores), "restores.governors"
    if restores.governors is not None:
        yield from _group(intent, restores, restores.governors, path=path)
    count = len(set(restores.members(group)))
    if isinstance(group, ClaimedGroup) or count >= GOVERNORS_NEEDED or group not in restores.groups:
        return
    why = f"{group} has {count} of the {GOVERNORS_NEEDED} people who must sign what makes the rules looser"
    if restores.governors is not None:
        yield error("governors", path, why)
    elif restores.page is not None:
        yield warning("governors", path, f"{why}, and no group has more: nobody could ever make them looser")


def _people(intent: Intent) -> Iterator[Finding]:
    for name, person in intent.people.items():
        if not person.subject.isascii() or len(person.subject) > _MOST_SUBJECT:
            why = f"must be ASCII of {_MOST_SUBJECT} characters at most, as OpenID Connect has it"
            yield error("person", f"people.{name}.subject", why)
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
