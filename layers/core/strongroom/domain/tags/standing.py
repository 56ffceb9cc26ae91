"""How it stands with a resource, from all that is known of it: the one judge of creations, drift and sweeps.

In this order: whether it is governed, whether it is in something that is backed up, whether it can be tagged at all,
whether its tags choose a tier, whether it is exempt, and which tier it gets.
"""

from collections.abc import Mapping
from copy import replace
from datetime import date
from typing import Any, Final

from msgspec import Struct, field

from strongroom.domain.catalogue.facets.tagging import Limit
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.tier_names import guarded_keys
from strongroom.domain.tags.choices import Tagged, Wish, choose_tiers, opt_out_reason, wished_tags, wishes_of
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.quarrels import Quarrel
from strongroom.domain.tags.reasons import find_obstacle, why_due, why_in, why_in_none, why_left, why_put
from strongroom.domain.tags.signs import limits_in, scaler_of
from strongroom.domain.tags.verdicts import (
    TagState,
    TagVerdict,
    apply_limits,
    judge_cannot,
    judge_tags,
    judge_unmade,
    judge_unseen,
)

# In which modes what is due is done.
_MODES_THAT: Final = {TagState.TAG: ("tag", "correct"), TagState.CORRECT: ("correct",)}
_SAID_ONLY: Final = "observe"
_TICKETED: Final = "quarantine"


class Known(Struct, frozen=True, kw_only=True):
    """What is known of a resource.

    `target` is that of its account, None where that is not governed. `tags` are those that it carries now. `sources`
    are the tiers of what it was restored, replicated or cloned from, by ARN, the likeliest first. `cover` is what it is
    a member of, `attached_to` the instance that a volume is attached to. `invoked_by` is the service that made it.
    `limits` are those that the record of its creation shows, `answers` what its service says of others, by the name of
    the call. `had` is the tier that it was in before somebody changed its tags. While there is a `quarrel` about them,
    nothing is written.
    """

    resource: Resource
    type: ResourceType
    target: Target | None
    tags: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    cover: str | None = None
    attached_to: str | None = None
    invoked_by: str | None = None
    limits: tuple[Limit, ...] = ()
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    had: str | None = None
    quarrel: Quarrel | None = None


def judge_resource(known: Known, *, intent: Intent, today: date) -> TagVerdict:
    """The verdict on a resource; of one that carries no tag, `tags` are empty."""
    unread = judge_unread(known, intent=intent, today=today)
    if unread is not None or known.target is None:
        return unread or _ungoverned(known)
    found = Tagged(resource=known.resource, tags=known.tags, target=known.target, intent=intent, wish=None)
    limits = (*known.limits, *limits_in(known.type, known.answers))
    return _said_by(known.target, apply_limits(_by_tags(known, found, today=today), limits), intent=intent)


def judge_unread(known: Known, *, intent: Intent, today: date) -> TagVerdict | None:
    """The verdict on a resource whose tags do not matter; None where somebody must look at it first."""
    target, resource = known.target, known.resource
    if target is None:
        return _ungoverned(known)
    if resource.region not in intent.organization.regions:
        return judge_unmade(resource, TagState.NOT_GOVERNED, f"no plan runs in {resource.region}")
    if known.cover:
        return judge_unmade(resource, TagState.COVERED, f"it is no resource of its own, but in {known.cover}")
    if known.type.is_tagged and not any(each.forbids_tag for each in known.limits):
        return None
    exemption = intent.exemption_of(resource.account, resource=resource.arn, today=today)
    if exemption is not None:
        return judge_unseen(resource, exemption=exemption)
    return _said_by(target, judge_cannot(resource, known.limits or known.type.limits), intent=intent)


def _ungoverned(known: Known) -> TagVerdict:
    why = "its account is in no governed organisational unit"
    return judge_unmade(known.resource, TagState.NOT_GOVERNED, why)


def _said_by(target: Target, verdict: TagVerdict, *, intent: Intent) -> TagVerdict:
    wants_ticket = target.mode == _TICKETED and intent.opens_tickets
    return replace(verdict, is_only_said=target.mode == _SAID_ONLY, wants_ticket=wants_ticket)


def _by_tags(known: Known, found: Tagged, *, today: date) -> TagVerdict:
    resource, tags, intent = found.resource, found.tags, found.intent
    choice = choose_tiers(found)
    if choice.offered:
        return judge_tags(resource, TagState.COMPLIANT, why_in(found, choice), tier=choice.offered[0])
    carried = next((tags[key] for key in guarded_keys(intent) if key in tags), None)
    if why := _why_exempt(known, found, today=today):
        return judge_tags(resource, TagState.EXEMPT, why, previous=carried)
    if known.attached_to and not found.target.attached_volumes:
        why = f"it is attached to {known.attached_to}, in whose backups it is"
        return judge_tags(resource, TagState.COVERED, why, previous=carried)
    return _put(known, found, previous=carried)


def _why_exempt(known: Known, found: Tagged, *, today: date) -> str | None:
    exemption = found.intent.exemption_of(found.resource.account, resource=found.resource.arn, today=today)
    if exemption is not None:
        return f"it was left as it is: {exemption.sentence}"
    if why := opt_out_reason(found):
        return f"opted out: {why}"
    scaler = scaler_of(found.tags, invoked_by=known.invoked_by)
    if scaler is not None and not found.target.autoscaled:
        return f"it was left as it is: {scaler} started it, and replaces it as it likes"
    return None


def _put(known: Known, found: Tagged, *, previous: str | None) -> TagVerdict:
    """Put the resource into the first tier that can take it."""
    wishes = wishes_of(found.target, resource_type=known.type.name, sources=known.sources, had=known.had)
    verdicts = (_wish(replace(found, wish=wish), previous=previous) for wish in wishes)
    ended = next((each for each in verdicts if each.state is not TagState.UNTAGGED), None)
    verdict = ended or _wish(replace(found, wish=_last(wishes)), previous=previous)
    return verdict if known.quarrel is None or not verdict.writes else _leave(known, verdict, quarrel=known.quarrel)


def _leave(known: Known, verdict: TagVerdict, *, quarrel: Quarrel) -> TagVerdict:
    """What would be written, left to people while somebody writes against us."""
    due = TagState.TAG if verdict.state is TagState.TAGGED else TagState.CORRECT
    left = judge_tags(known.resource, due, why_left(verdict.writes, quarrel), previous=verdict.previous)
    return replace(left, quarrels_with=quarrel.by, until=quarrel.until)


def _wish(found: Tagged, *, previous: str | None) -> TagVerdict:
    resource, tags = found.resource, found.tags
    wanted = wished_tags(found)
    after = choose_tiers(replace(found, tags={**tags, **wanted}))
    if obstacle := find_obstacle(found, wanted, after=after):
        why = why_in_none(found, choose_tiers(found), obstacle)
        return judge_tags(resource, TagState.UNTAGGED, why, previous=previous)
    tier = found.wish.tier if found.wish and found.wish.tier in after.offered else after.offered[0]
    overwritten = next((tags[key] for key in wanted if key in tags), None)
    due, done = (TagState.TAG, TagState.TAGGED) if overwritten is None else (TagState.CORRECT, TagState.CORRECTED)
    if found.target.mode not in _MODES_THAT[due]:
        return judge_tags(resource, due, why_due(found, wanted), previous=overwritten)
    return judge_tags(resource, done, why_put(found, wanted), tier=tier, previous=overwritten, writes=wanted)


def _last(wishes: tuple[Wish, ...]) -> Wish | None:
    return wishes[-1] if wishes else None
