"""What the function that tags makes of a creation: the same use case, before the world that one was told of."""

from collections.abc import Iterator, Mapping
from copy import replace
from dataclasses import dataclass
from datetime import datetime

from strongroom.domain.calls import ApiCall, Heard, texts_at
from strongroom.domain.catalogue.facets.creations import Creation
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import TYPES
from strongroom.domain.errors import StrongroomError
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.asked import asked_tags
from strongroom.domain.tags.creations import CREATIONS, KnownCreation, find_resources
from strongroom.domain.tags.judging import FROM_OTHERS, judge_call
from strongroom.domain.tags.signs import Record, kind_of, origins_of, type_of
from strongroom.domain.tags.verdicts import TagVerdict
from strongroom.services.tags.enforce_tags import enforce_tags
from strongroom.services.tags.revisit_resources import revisit_resources
from strongroom.services.tags.tagging_needs import TaggingNeeds
from strongroom_cli.explain.answers import Known, Outcome, Told
from strongroom_cli.explain.places import PossiblePlace, PossibleTags, possible_places, possible_tags, target_at
from strongroom_cli.explain.world import (
    NoAccountsYet,
    NoPaces,
    NotedFacts,
    NotedResources,
    Notes,
    ToldOrganization,
    ToldTags,
    UntoldKeys,
    noted_alerts,
)

NOT_KNOWN = "not known here"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreationExplained:
    """The facts of a creation, and what they lead to."""

    facts: tuple[Known, ...]
    outcomes: tuple[Outcome, ...]


def explain_creation(call: ApiCall, *, told: Told, intent: Intent, now: datetime) -> CreationExplained:
    """What becomes of everything that the call made, for each answer that was not told."""
    known = CREATIONS.get(call.action)
    if known is None or isinstance(judge_call(call), TagVerdict):
        return CreationExplained(facts=_row(call, known), outcomes=_judged(call, told=told, intent=intent, now=now))
    places = possible_places(call.account, told.units, intent)
    asked = _asked(call, known)
    outcomes = [
        outcome
        for place in places
        for tags in _tags(asked, told, place, call=call, intent=intent, is_alone=len(places) == 1)
        for outcome in _outcomes(call, place, tags, intent=intent, now=now)
    ]
    facts = (*_row(call, known), *_place(call, told, places, intent), *_carried(asked, told))
    return CreationExplained(facts=facts, outcomes=tuple(merged(outcomes)))


def _judged(call: ApiCall, *, told: Told, intent: Intent, now: datetime) -> tuple[Outcome, ...]:
    """The verdict on a call that is decided before anybody asks where its account lies."""
    place = PossiblePlace(units=told.units or ())
    return tuple(_outcomes(call, place, PossibleTags(tags={}), intent=intent, now=now))


def _tags(
    asked: Mapping[str, str], told: Told, place: PossiblePlace, *, call: ApiCall, intent: Intent, is_alone: bool
) -> tuple[PossibleTags, ...]:
    """The tags to judge in a place: all that may be where the place is known, else the likeliest."""
    possible = possible_tags(asked, told.tags, target=target_at(call.account, place, intent), intent=intent)
    return possible if is_alone else possible[:1]


def _outcomes(
    call: ApiCall, place: PossiblePlace, tags: PossibleTags, *, intent: Intent, now: datetime
) -> Iterator[Outcome]:
    notes = Notes()
    book = NotedResources(notes)
    needs = tagging_needs(intent, place, tags, notes, book)
    [enforced] = enforce_tags([Heard(subject=replace(call, at=None))], needs=needs, now=now)
    if isinstance(enforced, StrongroomError):
        raise enforced
    about_call = notes.about(f"{call.source} {call.name} {call.event_id}")
    # What its service shows late is read back by the next round.
    late = {each.resource: each for each in revisit_resources(needs=needs, now=now).verdicts}
    for verdict in (late.get(each.resource, each) for each in enforced.verdicts):
        would = notes.about(verdict.resource)
        yield Outcome(
            state=verdict.state,
            reason=verdict.reason,
            when=", and ".join(when for when in (place.when, tags.when) if when),
            resource=verdict.resource,
            would=(*would, *(act for act in about_call if act not in would)),
        )


def tagging_needs(
    intent: Intent, place: PossiblePlace, tags: PossibleTags, notes: Notes, book: NotedResources
) -> TaggingNeeds:
    """The world as it is told, for whoever sees to tags in it."""
    return TaggingNeeds(
        intent=intent,
        organization=ToldOrganization(place.units),
        accounts=NoAccountsYet(),
        resources=book,
        tags=ToldTags(tags.tags, notes),
        keys=UntoldKeys(),
        paces=NoPaces(),
        alerts=noted_alerts(notes),
        publisher=NotedFacts(notes),
    )


def merged(outcomes: list[Outcome]) -> Iterator[Outcome]:
    """Each outcome once: what tags a thing may carry does not matter where the verdict is the same."""
    together: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    first: dict[tuple[str, str, tuple[str, ...]], Outcome] = {}
    for each in outcomes:
        key = (each.state, each.reason, each.would)
        first.setdefault(key, each)
        together.setdefault(key, []).append(each.when)
    for key, each in first.items():
        whens = list(dict.fromkeys(together[key]))
        yield Outcome(
            state=each.state, reason=each.reason, resource=each.resource, would=each.would, when="; or ".join(whens)
        )


def _row(call: ApiCall, known: KnownCreation | None) -> tuple[Known, ...]:
    if known is None:
        return (Known(name="row of the catalogue", value="none", origin=f"no row knows {call.action}"),)
    row, creation = known
    record = Record(request=call.request, response=call.response)
    exact = type_of(row, record)
    kind = kind_of(creation, record, invoked_by=call.invoked_by)
    source = f": {creation.source}" if creation.source else ""
    facts = [
        Known(name="row of the catalogue", value=f"{exact.name} ({exact.label})", origin=f"{call.action} {kind}"),
        Known(name="shape of the record", value=creation.evidence.name.lower(), origin=creation.evidence + source),
    ]
    return (*facts, *_named(call, known), *_origins(call, creation), *_tagging(exact))


def _origins(call: ApiCall, creation: Creation) -> Iterator[Known]:
    """What it may have been made of, whose tier it gets; the ledger is not asked."""
    record = Record(request=call.request, response=call.response)
    if kind_of(creation, record, invoked_by=call.invoked_by) not in FROM_OTHERS:
        return
    for arn in origins_of(creation, record, account=call.account, region=call.region):
        said = "the record; its tier, which the ledger knows, goes before the default, and none is supposed here"
        yield Known(name="made of", value=arn, origin=said)


def _named(call: ApiCall, known: KnownCreation) -> Iterator[Known]:
    """What the record names, each thing with the way to it; what is refused has its reason."""
    found = find_resources(
        known, request=call.request, response=call.response, account=call.account, region=call.region
    )
    way = _way(call, known[1])
    for resource in found.resources:
        yield Known(name="names", value=resource.arn, origin=way)
    for misfit in found.misfits:
        yield Known(name="names", value=repr(misfit.text), origin=f"{way}: {misfit.reason}")
    if not found.resources and not found.misfits:
        yield Known(name="names", value="nothing", origin=f"looked for at {', '.join(_paths(known[1]))}")


def _way(call: ApiCall, creation: Creation) -> str:
    """The path at which the record names something, or all of them where several texts are put together."""
    sides = {"responseElements": call.response, "requestParameters": call.request}
    for path in _paths(creation):
        side, _, rest = path.partition(".")
        if texts_at(sides.get(side), rest):
            return path
    return ", ".join(_paths(creation))


def _paths(creation: Creation) -> Iterator[str]:
    per = "" if creation.per is None else f"{creation.per}."
    yield from (f"responseElements.{per}{path}" for path in creation.response)
    yield from (f"requestParameters.{path}" for path in creation.request)
    if creation.request_joined is not None:
        yield f"requestParameters, joined as {creation.request_joined}"


def _tagging(row: ResourceType) -> Iterator[Known]:
    if row.tags is not None:
        yield Known(name="takes tags", value=row.tags.when, origin="the catalogue")
    for limit in row.limits:
        if limit.read is not None and not limit.shown:
            said = f"{limit.fact} (what would lift it: {limit.lifted_by})"
            yield Known(name="may be limited", value=said, origin=f"{NOT_KNOWN}: {limit.read} tells")


def _place(call: ApiCall, told: Told, places: tuple[PossiblePlace, ...], intent: Intent) -> Iterator[Known]:
    organization = intent.organization
    governed = "governed" if call.region in organization.regions else "not governed"
    yield Known(name="Region", value=f"{call.region}, {governed}", origin="the event and the intent")
    if len(places) > 1:
        yield Known(name="unit of the account", value=NOT_KNOWN, origin="say it with --unit NAME")
        return
    names = {unit: name for name, unit in organization.units.items()}
    units = " below ".join(names.get(unit, unit) for unit in places[0].units or ()) or "the root"
    origin = "the account has a target of its own" if told.units is None else "--unit"
    yield Known(name="unit of the account", value=units if told.units is not None else "any", origin=origin)
    target = target_at(call.account, places[0], intent)
    if target is None:
        yield Known(name="target", value="none: it is not governed", origin="the intent")
        return
    of_types = "".join(f", {tier} for {name}" for name, tier in target.default_tiers.items())
    default = f"default {target.default or 'none'}{of_types}"
    said = f"{target.name}: {', '.join(target.tiers)}; {default}; mode {target.mode}"
    yield Known(name="target", value=said, origin="the intent")


def _carried(asked: Mapping[str, str], told: Told) -> Iterator[Known]:
    yield Known(name="tags asked for", value=_joined(asked), origin="the request in the event")
    if told.tags is None:
        yield Known(name="tags today", value=NOT_KNOWN, origin="say them with --tag KEY=VALUE; else those asked for")
    else:
        yield Known(name="tags today", value=_joined(told.tags), origin="--tag")


def _asked(call: ApiCall, known: KnownCreation) -> dict[str, str]:
    """What was asked for the thing itself, where EC2's request speaks of several kinds."""
    row = next((each for each in TYPES if each.name == known[0].name), known[0])
    kind = row.arn.rpartition(":")[2].partition("/")[0] if call.source == "ec2.amazonaws.com" else None
    return asked_tags(call.request, kind=kind)


def _joined(tags: Mapping[str, str]) -> str:
    return " and ".join(f"{key}={value}" for key, value in tags.items()) or "none"
