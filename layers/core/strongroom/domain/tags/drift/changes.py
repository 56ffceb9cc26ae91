"""What the event of a changed tag comes to before any role is assumed: verdicts, and what is worth a look.

In this order: whether the call failed, whether it changes tags, whether one of ours is among them, whether we wrote it
ourselves, whether its account is ours, what it names and whether that can be, and whether plans run where that lies.
"""

from collections.abc import Mapping
from copy import replace
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct, field

from strongroom.domain.calls import TAG_NOTICE, ApiCall, TagNotice, failed_of, texts_at, values_at
from strongroom.domain.catalogue.facets.creations import Kind
from strongroom.domain.catalogue.facets.tag_calls import TagCall
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import ROWS, TYPES, row_of
from strongroom.domain.errors import MalformedIdentifierError
from strongroom.domain.identifiers import AccountId, Arn, Region, parse_region
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.tier_names import is_chosen_by, tag_of, written_keys
from strongroom.domain.partitions import partition_of
from strongroom.domain.tags.asked import pairs_in
from strongroom.domain.tags.creations import Misfit, find_resource
from strongroom.domain.tags.judging import Made, Place, Reading
from strongroom.domain.tags.quarrels import Drift
from strongroom.domain.tags.remembered import Remembered
from strongroom.domain.tags.verdicts import TagState, TagVerdict, judge_unmade

# Of no type: the tagging service changes tags of any.
_TAGGING_SERVICE: Final = (
    TagCall(call="tagging:TagResources", named_at=("resourceARNList[]",), tags_at=("tags[]",)),
    TagCall(call="tagging:UntagResources", named_at=("resourceARNList[]",), keys_at=("tagKeys[]",)),
)
# Every call that changes tags, by its action.
TAG_CALLS: Final[dict[str, TagCall]] = {
    call.call: call for calls in (*(row.tag_calls for row in ROWS), _TAGGING_SERVICE) for call in calls
}
_QUOTED: Final = 200
# So far may the clock of whoever tells be ahead of ours; what is of later is not believed to be.
_AHEAD: Final = timedelta(minutes=5)


type ToldChange = ApiCall | TagNotice


class After(Struct, frozen=True, kw_only=True):
    """The tags as an event tells them: all where it `is_whole`, else those that were set, unless some `is_taken`."""

    tags: Mapping[str, str] = field(default_factory=dict)
    is_whole: bool = False
    is_taken: bool = False


class TagChange(Struct, frozen=True, kw_only=True):
    """A change to tags of ours, or perhaps of ours: what was done, and all that the event names, of which `rows`."""

    event_id: str
    account: AccountId
    region: Region
    subject: str
    drift: Drift
    after: After
    rows: tuple[ResourceType, ...]
    named: tuple[str, ...]
    by_id: bool
    owners: Mapping[str, str] = field(default_factory=dict)


def judge_change(told: ToldChange, *, intent: Intent, now: datetime) -> TagVerdict | TagChange:
    """The change of our tags; a verdict where there is none, or where it is our own."""
    if isinstance(told, TagNotice):
        return _of_notice(told, intent=intent, now=now)
    if told.error_code is not None:
        return _on_call(told, TagState.IGNORED, f"the call failed with {told.error_code}: no tag was changed")
    known = TAG_CALLS.get(told.action)
    if known is None:
        return _on_call(told, TagState.UNREADABLE, "nobody here knows which tags this call changes")
    if told.told_by not in {None, f"aws.{known.service}"}:
        return _on_call(told, TagState.REFUSED, f"the event is of {told.told_by}, its record is not")
    change = _of_call(told, known, now=now)
    ours = _ours(change, intent=intent)
    if ours is None:
        return _on_call(told, TagState.IGNORED, "no tag of ours is among those that it changed")
    if told.role in _own_roles(told.account, intent):
        return _on_call(told, TagState.IGNORED, "Strongroom wrote it itself")
    if not change.named:
        if failed_of(told):
            return _on_call(told, TagState.IGNORED, "it failed for each of what it names: no tag was changed")
        return _on_call(told, TagState.UNREADABLE, "the event does not say whose tags were changed")
    return replace(change, drift=replace(change.drift, keys=ours))


def judge_named(change: TagChange, *, place: Place, intent: Intent) -> Reading:
    """What a change names: only what is of its account, and governed, needs a look."""
    if not place.is_ours:
        reason = f"account {change.account} is not in the organisation"
        return _told(_on_change(change, TagState.REFUSED, reason))
    if place.target is None:
        reason = "its account is in no governed organisational unit"
        return Reading(ended=(_on_change(change, TagState.NOT_GOVERNED, reason),))
    found = [each for text in dict.fromkeys(change.named) if (each := _found(change, text)) is not None]
    if not found:
        reason = "it changed nothing that AWS Backup protects"
        return Reading(ended=(_on_change(change, TagState.IGNORED, reason),))
    refused = [
        _on_change(change, TagState.REFUSED, f"what it names was left alone: {each.reason}")
        for each in found
        if isinstance(each, Misfit)
    ]
    made = [each for each in found if isinstance(each, Made)]
    idle = [each for each in made if each.resource.region not in intent.organization.regions]
    ended = [
        judge_unmade(each.resource, TagState.NOT_GOVERNED, f"no plan runs in {each.resource.region}") for each in idle
    ]
    return Reading(
        ended=(*ended, *refused),
        told=tuple(refused),
        made=tuple(each for each in made if each not in idle),
    )


def judge_known(
    made: Made, after: After, *, known: Remembered | None, target: Target | None, intent: Intent
) -> TagVerdict | None:
    """The verdict on a resource that is known well enough to be left alone; None where somebody must look at it."""
    tier = _tier_after(after, known=known, target=target, intent=intent)
    if tier is not None:
        return judge_unmade(made.resource, TagState.IGNORED, f"the tags that were set keep it in {tier}")
    if not _may_be_a_part(made.type):
        return None
    if known is None or known.state is None:
        why = "it may be a part of something that is backed up, and nobody has judged it yet: the sweep will"
        return judge_unmade(made.resource, TagState.IGNORED, why)
    if known.state == TagState.COVERED:
        return judge_unmade(
            made.resource, TagState.COVERED, "it is in something that is backed up, as was judged before"
        )
    return None


def as_known(made: Made, known: Remembered | None) -> Made:
    """The same with what the ledger knows of it: its exact type, and what it cannot do."""
    if known is None:
        return made
    row = next((each for each in TYPES if (each.arn, each.label) == (made.type.arn, known.label)), made.type)
    shown = {each.fact: each for each in row.limits if each.fact in known.limits}
    return replace(made, type=row, limits=tuple(shown.values()))


def _of_notice(notice: TagNotice, *, intent: Intent, now: datetime) -> TagVerdict | TagChange:
    change = TagChange(
        event_id=notice.event_id,
        account=notice.account,
        region=notice.region,
        subject=TAG_NOTICE,
        drift=Drift(act=TAG_NOTICE, at=_told_at(notice.at, now=now), keys=notice.keys),
        after=After(tags=notice.tags, is_whole=True),
        rows=ROWS,
        named=notice.resources,
        by_id=False,
    )
    ours = tuple(key for key in written_keys(intent) if key in notice.keys)
    if not ours:
        return _on_change(change, TagState.IGNORED, "no tag of ours is among those that were changed")
    if not change.named:
        return _on_change(change, TagState.UNREADABLE, "the event does not say whose tags were changed")
    return replace(change, drift=replace(change.drift, keys=ours))


def _of_call(call: ApiCall, known: TagCall, *, now: datetime) -> TagChange:
    tags = dict(pair for path in known.tags_at for each in values_at(call.request, path) for pair in pairs_in(each))
    keys = tuple(key for path in known.keys_at for key in texts_at(call.request, path))
    named = (text for path in known.named_at for text in texts_at(call.request, path))
    rows = tuple(row for row in ROWS if known in row.tag_calls) or ROWS
    return TagChange(
        event_id=call.event_id,
        account=call.account,
        region=call.region,
        subject=f"{call.source} {call.name}",
        drift=Drift(
            act=call.action,
            at=_told_at(call.at or now, now=now),
            keys=(*tags, *keys),
            caller=call.caller,
            role=call.role or "",
            person=call.source_identity or "",
            through=call.invoked_by or "",
        ),
        after=After(tags=tags, is_whole=known.replaces, is_taken=bool(known.keys_at)),
        rows=rows,
        named=tuple(text for text in named if text not in failed_of(call)),
        by_id=known.by_id,
        owners=call.owners,
    )


def _told_at(at: datetime, *, now: datetime) -> datetime:
    """When a change was made: a quarrel would go on until long after a moment that is yet to come."""
    return min(at, now + _AHEAD)


def _ours(change: TagChange, *, intent: Intent) -> tuple[str, ...] | None:
    """Our keys among those that are told; None where all are told, and none is ours."""
    ours = tuple(key for key in written_keys(intent) if key in change.drift.keys)
    may_be_untold = change.after.is_whole or not change.drift.keys
    return ours if ours or may_be_untold else None


def _found(change: TagChange, text: str) -> Made | Misfit | None:
    """What a text names; None where that is nothing that AWS Backup protects."""
    if not change.by_id and not text.startswith("arn:"):
        return Misfit(text=text[:_QUOTED], reason=f"{text[:_QUOTED]!r} is no ARN")
    for row in change.rows:
        resource = find_resource((row,), text, account=change.account, region=change.region)
        if resource is not None:
            owner = change.owners.get(resource.arn, change.account)
            if owner != change.account:
                return Misfit(text=text[:_QUOTED], reason=f"{text[:_QUOTED]} is of account {owner[:_QUOTED]}")
            return Made(resource=resource, kind=Kind.DISCOVERY, type=row)
    return _elsewhere(change, text)


def _elsewhere(change: TagChange, text: str) -> Misfit | None:
    """Why an ARN of such a type cannot have been changed there; None of what is of no such type."""
    row = row_of(text)
    if row is None or row not in change.rows:
        return None
    arn = Arn.parse(text)
    try:
        is_here = parse_region(arn.region) == change.region if arn.region else True
    except MalformedIdentifierError as error:
        return Misfit(text=text[:_QUOTED], reason=str(error))
    if arn.partition == partition_of(change.region).name and is_here and arn.account in {"", change.account}:
        return Misfit(text=text[:_QUOTED], reason=f"{text[:_QUOTED]!r} names no {row.label}")
    return Misfit(text=text[:_QUOTED], reason=f"{text[:_QUOTED]} is not of {change.account} in {change.region}")


def _tier_after(after: After, *, known: Remembered | None, target: Target | None, intent: Intent) -> str | None:
    """The tier that the resource has for certain after the change; None where only a look can tell."""
    if after.is_taken or target is None or (known is not None and known.is_told):
        return None
    by_tag = [tier for tier in target.tiers if not intent.tiers[tier].everything]
    if known is None or known.state is None:
        return next((tier for tier in by_tag if is_chosen_by(after.tags, tier, intent=intent)), None)
    # What was put back and is read back soon has no tier yet; our own write is told meanwhile.
    tier = known.had if known.state in (TagState.WAITING, TagState.REFUSED) else known.tier
    return tier if tier in by_tag and _keeps(after, tier, intent=intent) else None


def _keeps(after: After, tier: str, *, intent: Intent) -> bool:
    """Whether what was in the tier before is in it after the change."""
    if after.is_whole:
        return is_chosen_by(after.tags, tier, intent=intent)
    demanded = tag_of(intent, tier)
    ours = {key: value for key, value in after.tags.items() if key in written_keys(intent)}
    return bool(ours) and all(key in demanded and value in demanded[key] for key, value in ours.items())


def _may_be_a_part(row: ResourceType) -> bool:
    return any(creation.covers for creation in row.creations)


def _own_roles(account: AccountId, intent: Intent) -> tuple[str, ...]:
    """The roles under which we write tags in an account."""
    return tuple(intent.member_role_arn(role, account) for role in (intent.roles.tagging, intent.roles.restore_after))


def _on_call(call: ApiCall, state: TagState, reason: str) -> TagVerdict:
    return TagVerdict(
        state=state,
        reason=f"{call.name} at {call.source} by {call.caller}: {reason}",
        resource=f"{call.source}/{call.name}",
        account=call.account,
        region=call.region,
    )


def _on_change(change: TagChange, state: TagState, reason: str) -> TagVerdict:
    by = f" by {change.drift.caller}" if change.drift.caller else ""
    return TagVerdict(
        state=state,
        reason=f"{change.subject}{by}: {reason}",
        resource=change.subject.replace(" ", "/"),
        account=change.account,
        region=change.region,
    )


def _told(verdict: TagVerdict) -> Reading:
    return Reading(ended=(verdict,), told=(verdict,))
