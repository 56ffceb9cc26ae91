"""What the function that answers drift makes of a change of tags: the same use case, before the world that was told of.

The ledger is not asked: each resource is supposed to have been judged before, in no tier that is known, and nobody to
have changed its tags yet.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from strongroom.domain.calls import Heard
from strongroom.domain.errors import StrongroomError
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.drift.changes import TagChange, ToldChange, judge_change
from strongroom.domain.tags.verdicts import TagVerdict
from strongroom.services.tags.answer_drift import answer_drift
from strongroom.services.tags.revisit_resources import revisit_resources
from strongroom_cli.explain.answers import Known, Outcome, Told
from strongroom_cli.explain.creations import NOT_KNOWN, CreationExplained, merged, tagging_needs
from strongroom_cli.explain.places import PossiblePlace, PossibleTags, possible_places
from strongroom_cli.explain.world import JudgedBefore, Notes

_UNTOLD: Final = "say them with --tag KEY=VALUE; else those that the event tells"


def explain_change(told_change: ToldChange, *, told: Told, intent: Intent, now: datetime) -> CreationExplained:
    """What becomes of everything whose tags were changed, for each place that was not told."""
    change = judge_change(told_change, intent=intent, now=now)
    if isinstance(change, TagVerdict):
        return CreationExplained(facts=(), outcomes=(_outcome(change, when="", would=()),))
    tags = PossibleTags(tags=change.after.tags if told.tags is None else told.tags)
    places = possible_places(change.account, told.units, intent)
    outcomes = [
        outcome for place in places for outcome in _outcomes(told_change, change, place, tags, intent=intent, now=now)
    ]
    return CreationExplained(facts=tuple(_facts(change, told)), outcomes=tuple(merged(outcomes)))


def _outcomes(
    told_change: ToldChange,
    change: TagChange,
    place: PossiblePlace,
    tags: PossibleTags,
    *,
    intent: Intent,
    now: datetime,
) -> Iterator[Outcome]:
    notes = Notes()
    needs = tagging_needs(intent, place, tags, notes, JudgedBefore(notes))
    [answer] = answer_drift([Heard(subject=told_change)], needs=needs, now=now)
    if isinstance(answer, StrongroomError):
        raise answer
    late = {each.resource: each for each in revisit_resources(needs=needs, now=now).verdicts}
    of_event = notes.about(f"{change.subject} {change.event_id}")
    for verdict in (late.get(each.resource, each) for each in answer.verdicts):
        would = notes.about(verdict.resource)
        yield _outcome(verdict, when=place.when, would=(*would, *(act for act in of_event if act not in would)))


def _outcome(verdict: TagVerdict, *, when: str, would: tuple[str, ...]) -> Outcome:
    return Outcome(state=verdict.state, reason=verdict.reason, when=when, resource=verdict.resource, would=would)


def _facts(change: TagChange, told: Told) -> Iterator[Known]:
    drift = change.drift
    yield Known(name="change", value=drift.said, origin="the event")
    yield Known(name="names", value=", ".join(change.named), origin="the event")
    carried = change.after.tags if told.tags is None else told.tags
    value = " and ".join(f"{key}={value}" for key, value in carried.items()) or "none"
    yield Known(name="tags today", value=value, origin="--tag" if told.tags is not None else _UNTOLD)
    yield Known(name="tier before", value=NOT_KNOWN, origin="the ledger, which is not asked; the default is supposed")
