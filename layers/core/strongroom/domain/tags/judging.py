"""What the record of a creation comes to before any role is assumed: verdicts, and what is worth a look.

In this order: whether the call failed, whether it makes something, whether its account is ours, what it names and
whether that can be, whether plans run where that lies, and whether it is a resource of its own.
"""

from typing import Final

from msgspec import Struct

from strongroom.domain.calls import ApiCall
from strongroom.domain.catalogue.facets.creations import Creation, Kind
from strongroom.domain.catalogue.facets.tagging import Limit
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.tags.creations import CREATIONS, KnownCreation, Misfit, Resource, find_resources
from strongroom.domain.tags.signs import Record, cover_of, keys_at, kind_of, limits_of, origins_of, type_of
from strongroom.domain.tags.verdicts import TagState, TagVerdict, judge_unmade

# What takes the tier of what it was made of.
FROM_OTHERS: Final = (Kind.RESTORE, Kind.REPLICA, Kind.CLONE)
_UNNAMED: Final = "the event does not say what was created: look for it and tag it"


class Place(Struct, frozen=True, kw_only=True):
    """Where an account is: whether in the organisation at all, and in which target, if any."""

    is_ours: bool = True
    target: Target | None = None


class Made(Struct, frozen=True, kw_only=True):
    """A resource that is to be looked at, how it came about, and what its record says that it cannot do.

    `origins` are the ARNs of what it may have been restored, replicated or cloned from. `keys` are those that it lies
    under, where a limit hangs on who manages them.
    """

    resource: Resource
    kind: Kind
    type: ResourceType
    limits: tuple[Limit, ...] = ()
    origins: tuple[str, ...] = ()
    invoked_by: str | None = None
    keys: tuple[str, ...] = ()


class Reading(Struct, frozen=True, kw_only=True):
    """What a record comes to: verdicts that need no look, those of them that people are told, and what needs one."""

    ended: tuple[TagVerdict, ...] = ()
    told: tuple[TagVerdict, ...] = ()
    made: tuple[Made, ...] = ()


def judge_call(call: ApiCall) -> TagVerdict | KnownCreation:
    """What the call makes; a verdict where it made nothing, or nothing that we know."""
    if call.error_code is not None:
        return _on_call(call, TagState.IGNORED, f"the call failed with {call.error_code}: nothing was created")
    known = CREATIONS.get(call.action)
    if known is None:
        return _on_call(call, TagState.UNREADABLE, "nobody here knows what this call creates")
    if call.told_by not in {None, f"aws.{known[1].service}"}:
        return _on_call(call, TagState.REFUSED, f"the event is of {call.told_by}, its record is not")
    wanted = known[1].only_when
    if wanted is not None and _record(call).lacks(wanted):
        return _on_call(call, TagState.IGNORED, "it creates nothing without what its request does not have")
    return known


def judge_record(call: ApiCall, known: KnownCreation, *, place: Place, intent: Intent) -> Reading:
    """Read the record of a call that makes something; only what is of its account, and governed, needs a look."""
    if not place.is_ours:
        return _told(_on_call(call, TagState.REFUSED, f"account {call.account} is not in the organisation"))
    if place.target is None:
        return _ended(_on_call(call, TagState.NOT_GOVERNED, "its account is in no governed organisational unit"))
    found = find_resources(
        known, request=call.request, response=call.response, account=call.account, region=call.region
    )
    if not found.resources and not found.misfits:
        return _nothing_named(call, known[1])
    judged = [_judge(call, known, resource, intent=intent) for resource in found.resources]
    refused = [(_refused(call, misfit), misfit) for misfit in found.misfits]
    discovered = tuple(each for each in judged if isinstance(each, TagVerdict) and each.state is TagState.UNREADABLE)
    return Reading(
        ended=(*(each for each in judged if isinstance(each, TagVerdict)), *(verdict for verdict, _ in refused)),
        told=(*discovered, *(verdict for verdict, misfit in refused if not misfit.is_elsewhere)),
        made=tuple(each for each in judged if isinstance(each, Made)),
    )


def _judge(call: ApiCall, known: KnownCreation, resource: Resource, *, intent: Intent) -> TagVerdict | Made:
    row, creation = known
    record = _record(call)
    if resource.region not in intent.organization.regions:
        return judge_unmade(resource, TagState.NOT_GOVERNED, f"no plan runs in {resource.region}")
    if cover := cover_of(creation, record, invoked_by=call.invoked_by):
        return judge_unmade(resource, TagState.COVERED, f"it is no resource of its own, but in {cover}")
    kind = kind_of(creation, record, invoked_by=call.invoked_by)
    if kind is Kind.DISCOVERY:
        reason = f"each {row.label} in it is found by {_listing(row)} later: look for them and tag them"
        return judge_unmade(resource, TagState.UNREADABLE, reason)
    exact = type_of(row, record)
    origins = origins_of(creation, record, account=call.account, region=call.region) if kind in FROM_OTHERS else ()
    return Made(
        resource=resource,
        kind=kind,
        type=exact,
        limits=limits_of(exact, record),
        origins=tuple(each for each in origins if each != resource.arn),
        invoked_by=call.invoked_by,
        keys=keys_at(exact, record, account=call.account),
    )


def _listing(row: ResourceType) -> str:
    return "its service" if row.listing is None else row.listing.call


def _nothing_named(call: ApiCall, creation: Creation) -> Reading:
    if creation.unnamed is not None:
        return _ended(_on_call(call, TagState.IGNORED, creation.unnamed))
    return _told(_on_call(call, TagState.UNREADABLE, _UNNAMED))


def _refused(call: ApiCall, misfit: Misfit) -> TagVerdict:
    return _on_call(call, TagState.REFUSED, f"what it names was left alone: {misfit.reason}")


def _record(call: ApiCall) -> Record:
    return Record(request=call.request, response=call.response)


def _on_call(call: ApiCall, state: TagState, reason: str) -> TagVerdict:
    return TagVerdict(
        state=state,
        reason=f"{call.name} at {call.source} by {call.caller}: {reason}",
        resource=f"{call.source}/{call.name}",
        account=call.account,
        region=call.region,
    )


def _ended(verdict: TagVerdict) -> Reading:
    return Reading(ended=(verdict,))


def _told(verdict: TagVerdict) -> Reading:
    return Reading(ended=(verdict,), told=(verdict,))
