"""See to it that what was just created carries the tags of a tier, and say what was done and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint
from strongroom.domain.errors import AccessRefusedError, NotFoundError, ResourceNotReadyError
from strongroom.domain.tags.facts import TagEnforced
from strongroom.domain.tags.judging import Place, judge_call, judge_record
from strongroom.domain.tags.standing import Known, judge_resource, judge_unread
from strongroom.domain.tags.verdicts import TagVerdict, judge_gone, judge_unseen, judge_waiting
from strongroom.services.copies.expect_backups import await_backups

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.calls import ApiCall
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent, Target
    from strongroom.domain.tags.creations import Resource
    from strongroom.domain.tags.judging import Made
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
    judged = judge_call(call)
    if isinstance(judged, TagVerdict):
        return EnforcementVerdict(verdicts=(judged,))
    place = _place(call.account, needs=needs, now=now)
    reading = judge_record(call, judged, place=place, intent=needs.intent)
    for verdict in reading.told:
        _tell(verdict, f"{call.source} {call.name} {call.event_id}", needs=needs, now=now)
    done = [_enforce(made, place.target, needs=needs, now=now) for made in reading.made if place.target is not None]
    return EnforcementVerdict(verdicts=(*done, *reading.ended))


def _enforce(made: Made, target: Target, *, needs: TagEnforcementNeeds, now: datetime) -> TagVerdict:
    verdict = _judge(made, target, needs=needs, now=now)
    resource = made.resource
    needs.resources.record_tag(verdict, now=now)
    if verdict.tier is not None and verdict.awaits_backups:
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
    if verdict.is_alarming:
        needs.alerts.complain(_alert(resource.arn, resource.account, resource.region, verdict.reason), now=now)
    else:
        needs.alerts.settle(fingerprint(AlertKind.RESOURCE_NOT_TAGGED, resource.arn), reason=verdict.reason, now=now)
    return verdict


def _judge(made: Made, target: Target, *, needs: TagEnforcementNeeds, now: datetime) -> TagVerdict:
    resource = made.resource
    try:
        return _act(_known(made, target, needs=needs), needs=needs, now=now)
    except NotFoundError:
        return judge_gone(resource)
    except ResourceNotReadyError as error:
        # The queue tries again; meanwhile whoever asks is told why there is no tag yet.
        needs.resources.record_tag(judge_waiting(resource, str(error)), now=now)
        raise
    except AccessRefusedError as error:
        exemption = needs.intent.exemption_of(resource.account, resource=resource.arn, today=now.date())
        if exemption is None:
            # The queue tries again, as the member stack may be on its way; meanwhile somebody should know.
            needs.alerts.complain(_alert(resource.arn, resource.account, resource.region, str(error)), now=now)
            raise
        return judge_unseen(resource, exemption=exemption)


def _known(made: Made, target: Target, *, needs: TagEnforcementNeeds) -> Known:
    tiers = {arn: needs.resources.tier_of(arn) for arn in made.origins}
    return Known(
        resource=made.resource,
        type=made.type,
        target=target,
        sources={arn: tier for arn, tier in tiers.items() if tier is not None},
        invoked_by=made.invoked_by,
        limits=made.limits,
    )


def _act(known: Known, *, needs: TagEnforcementNeeds, now: datetime) -> TagVerdict:
    resource = known.resource
    unread = judge_unread(known, intent=needs.intent, today=now.date())
    if unread is not None:
        return unread
    seen = replace(known, tags=_tags(resource, needs=needs))
    verdict = judge_resource(seen, intent=needs.intent, today=now.date())
    if verdict.writes:
        needs.tags.add(resource.arn, verdict.writes, account=resource.account, region=resource.region)
        shown = _tags(resource, needs=needs)
        if lacking := [f"{key}={value}" for key, value in verdict.writes.items() if shown.get(key) != value]:
            raise ResourceNotReadyError(f"{resource.arn} does not show {' and '.join(lacking)} yet")
    return verdict


def _tags(resource: Resource, *, needs: TagEnforcementNeeds) -> Mapping[str, str]:
    return needs.tags.read(resource.arn, account=resource.account, region=resource.region)


def _place(account: AccountId, *, needs: TagEnforcementNeeds, now: datetime) -> Place:
    known = needs.accounts.find(account)
    # An account that was not governed a minute ago may have moved since: only a governed place is taken from memory.
    if known is not None and now - known.assessed_at < FRESH:
        remembered = needs.intent.target_of(account, known.units)
        if remembered is not None:
            return Place(target=remembered)
    try:
        return Place(target=needs.intent.target_of(account, needs.organization.units_of(account)))
    except NotFoundError:
        return Place(is_ours=False)


def _tell(verdict: TagVerdict, subject: str, *, needs: TagEnforcementNeeds, now: datetime) -> None:
    needs.alerts.complain(_alert(subject, verdict.account, verdict.region, verdict.reason), now=now)
    needs.publisher.publish(_fact(verdict))


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
