"""See to it that what was just created carries the tags of a tier, and say what was done and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint
from strongroom.domain.errors import AccessRefusedError, NotFoundError, ResourceNotReadyError
from strongroom.domain.tags.creations import CREATIONS, Resource, find_resources
from strongroom.domain.tags.facts import TagEnforced
from strongroom.domain.tags.verdicts import TagState, TagVerdict, decide_tag, judge_gone, judge_unseen
from strongroom.services.copies.expect_backups import await_backups

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.calls import ApiCall
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Exemption, Intent, Target
    from strongroom.ports.accounts import AccountBook, UnitDirectory
    from strongroom.ports.copies import ExpectedBackups
    from strongroom.ports.facts import Publisher
    from strongroom.ports.tags import ResourceBook, ResourceTags
    from strongroom.services.alerts.tell_alerts import AlertNotifier

# How long the ledger is believed about where an account is, before Organizations is asked.
FRESH = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagEnforcementNeeds:
    """What enforcing tags needs of the world."""

    intent: Intent
    organization: UnitDirectory
    accounts: AccountBook
    resources: ResourceBook
    expected: ExpectedBackups
    tags: ResourceTags
    alerts: AlertNotifier
    publisher: Publisher


@dataclass(frozen=True, slots=True, kw_only=True)
class EnforcementVerdict:
    """One verdict per resource that the call created, or one on the call itself."""

    verdicts: tuple[TagVerdict, ...]


def enforce_tags(call: ApiCall, *, needs: TagEnforcementNeeds, now: datetime) -> EnforcementVerdict:
    """Judge everything that the call created; raises what makes the queue try again, and then nothing is lost."""
    if call.error_code is not None:
        return _only(_on_call(call, TagState.IGNORED, f"the call failed with {call.error_code}: nothing was created"))
    creation = CREATIONS.get(call.action)
    if creation is None:
        return _only(_on_call(call, TagState.UNREADABLE, "nobody here knows what this call creates"))
    target = _target(call.account, needs=needs, now=now)
    if target is None:
        reason = "its account is in no governed organisational unit"
        return _only(_on_call(call, TagState.NOT_GOVERNED, reason))
    resources = find_resources(
        creation, request=call.request, response=call.response, account=call.account, region=call.region
    )
    if not resources:
        return _only(_unreadable(call, needs=needs, now=now))
    return EnforcementVerdict(
        verdicts=tuple(_enforce(resource, target, needs=needs, now=now) for resource in resources)
    )


def _enforce(resource: Resource, target: Target, *, needs: TagEnforcementNeeds, now: datetime) -> TagVerdict:
    exemption = needs.intent.exemption_of(resource.account, resource=resource.arn, today=now.date())
    try:
        verdict = _act(resource, target, exemption, needs=needs)
    except NotFoundError:
        verdict = judge_gone(resource)
    except AccessRefusedError as error:
        if exemption is None:
            # The queue tries again, as the member stack may be on its way; meanwhile somebody should know.
            needs.alerts.complain(_alert(resource.arn, resource.account, resource.region, str(error)), now=now)
            raise
        verdict = judge_unseen(resource, exemption=exemption)
    needs.resources.record_tag(verdict, now=now)
    if verdict.tier is not None:
        await_backups(
            resource.arn,
            tier=verdict.tier,
            account=resource.account,
            region=resource.region,
            intent=needs.intent,
            expected=needs.expected,
            now=now,
        )
    needs.publisher.publish(_fact(verdict))
    if verdict.is_unprotected:
        needs.alerts.complain(_alert(resource.arn, resource.account, resource.region, verdict.reason), now=now)
    else:
        needs.alerts.settle(fingerprint(AlertKind.RESOURCE_NOT_TAGGED, resource.arn), reason=verdict.reason, now=now)
    return verdict


def _act(resource: Resource, target: Target, exemption: Exemption | None, *, needs: TagEnforcementNeeds) -> TagVerdict:
    tags = _tags(resource, needs=needs)
    verdict = decide_tag(resource, tags=tags, intent=needs.intent, target=target, exemption=exemption)
    if verdict.writes:
        needs.tags.add(resource.arn, verdict.writes, account=resource.account, region=resource.region)
        shown = _tags(resource, needs=needs)
        if lacking := [f"{key}={value}" for key, value in verdict.writes.items() if shown.get(key) != value]:
            raise ResourceNotReadyError(f"{resource.arn} does not show {' and '.join(lacking)} yet")
    return verdict


def _tags(resource: Resource, *, needs: TagEnforcementNeeds) -> Mapping[str, str]:
    return needs.tags.read(resource.arn, account=resource.account, region=resource.region)


def _target(account: AccountId, *, needs: TagEnforcementNeeds, now: datetime) -> Target | None:
    known = needs.accounts.find(account)
    # An account that was not governed a minute ago may have moved since: only a governed place is taken from memory.
    if known is not None and now - known.assessed_at < FRESH:
        remembered = needs.intent.target_of(account, known.units)
        if remembered is not None:
            return remembered
    try:
        return needs.intent.target_of(account, needs.organization.units_of(account))
    except NotFoundError:
        return None


def _unreadable(call: ApiCall, *, needs: TagEnforcementNeeds, now: datetime) -> TagVerdict:
    reason = "the event does not say what was created: look for it and tag it"
    verdict = _on_call(call, TagState.UNREADABLE, reason)
    subject = f"{call.source} {call.name} {call.event_id}"
    needs.alerts.complain(_alert(subject, call.account, call.region, verdict.reason), now=now)
    needs.publisher.publish(_fact(verdict))
    return verdict


def _on_call(call: ApiCall, state: TagState, reason: str) -> TagVerdict:
    return TagVerdict(
        state=state,
        reason=f"{call.name} at {call.source} by {call.caller}: {reason}",
        resource=f"{call.source}/{call.name}",
        account=call.account,
        region=call.region,
    )


def _only(verdict: TagVerdict) -> EnforcementVerdict:
    return EnforcementVerdict(verdicts=(verdict,))


def _alert(subject: str, account: AccountId, region: Region, reason: str) -> Alert:
    return Alert(kind=AlertKind.RESOURCE_NOT_TAGGED, subject=subject, account=account, region=region, reason=reason)


def _fact(verdict: TagVerdict) -> TagEnforced:
    return TagEnforced(
        account=verdict.account,
        region=verdict.region,
        resource=verdict.resource,
        reason=verdict.reason,
        state=verdict.state,
        tier=verdict.tier,
        previous=verdict.previous,
    )
