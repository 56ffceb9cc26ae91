"""See to it that what was just created carries the tags of a tier, and say what was done and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from strongroom.domain.errors import StrongroomError
from strongroom.domain.tags.judging import judge_call, judge_record
from strongroom.domain.tags.verdicts import TagState, TagVerdict, judge_unmade
from strongroom.domain.tags.waiting import Task
from strongroom.services.tags.concluding import alert_of, fact_of
from strongroom.services.tags.see_to import see_to
from strongroom.services.tags.tagging_needs import TaggingNeeds, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.calls import ApiCall, Heard
    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.tags.judging import Place
    from strongroom.domain.tags.remembered import Remembered

type HeardCalls = Sequence[Heard[ApiCall]]
type Enforced = tuple[EnforcementVerdict | StrongroomError, ...]


class TagEnforcementNeeds(TaggingNeeds, frozen=True, kw_only=True):
    """What enforcing tags needs of the world."""


class EnforcementVerdict(Struct, frozen=True, kw_only=True):
    """One verdict per resource that the call created, or one on the call itself."""

    verdicts: tuple[TagVerdict, ...]


class _Enforced(Struct, kw_only=True):
    """What is known of one call so far: the verdicts that need no look, and the resources that do."""

    call: ApiCall
    is_again: bool
    ended: tuple[TagVerdict, ...] = ()
    tasks: tuple[Task, ...] = ()
    error: StrongroomError | None = None
    seen: list[TagVerdict] = field(default_factory=list)


def enforce_tags(calls: HeardCalls, *, needs: TaggingNeeds, now: datetime) -> Enforced:
    """Judge everything that the calls created: for each a verdict, or what the queue must try again for.

    An event that was acted on before is left alone, unless it comes again because nobody could deal with it.
    """
    places: dict[AccountId, Place] = {}
    enforced = [_read(each.subject, is_again=each.is_again, places=places, needs=needs, now=now) for each in calls]
    try:
        _see_to_all(enforced, places=places, needs=needs, now=now)
    except StrongroomError as error:
        for each in enforced:
            each.error = each.error or (error if each.tasks else None)
    return tuple(each.error or EnforcementVerdict(verdicts=(*each.seen, *each.ended)) for each in enforced)


def _read(
    call: ApiCall, *, is_again: bool, places: dict[AccountId, Place], needs: TaggingNeeds, now: datetime
) -> _Enforced:
    enforced = _Enforced(call=call, is_again=is_again)
    judged = judge_call(call)
    if isinstance(judged, TagVerdict):
        enforced.ended = (judged,)
        return enforced
    try:
        if call.account not in places:
            places[call.account] = place_of(call.account, needs=needs, now=now)
        reading = judge_record(call, judged, place=places[call.account], intent=needs.intent)
        for verdict in reading.told:
            subject = f"{call.source} {call.name} {call.event_id}"
            needs.alerts.complain(alert_of(verdict, subject=subject), now=now)
            needs.publisher.publish_all([fact_of(verdict)])
    except StrongroomError as error:
        enforced.error = error
        return enforced
    enforced.ended = reading.ended
    enforced.tasks = tuple(
        Task(made=made, event_id=call.event_id, made_at=min(now, call.at or now), since=now) for made in reading.made
    )
    return enforced


def _see_to_all(
    enforced: Sequence[_Enforced], *, places: Mapping[AccountId, Place], needs: TaggingNeeds, now: datetime
) -> None:
    named = [arn for each in enforced for task in each.tasks for arn in (task.arn, *task.made.origins)]
    if not named:
        return
    remembered = needs.resources.recall(named)
    tasks: dict[str, Task] = {}
    for each in enforced:
        for task in each.tasks:
            if not _is_known(task, each, remembered.get(task.arn)):
                tasks.setdefault(task.arn, task)
    verdicts = see_to([*tasks.values()], places=places, remembered=remembered, needs=needs, now=now)
    for each in enforced:
        each.seen += [verdicts.get(task.arn) or _judge_known(task) for task in each.tasks]


def _is_known(task: Task, enforced: _Enforced, known: Remembered | None) -> bool:
    return known is not None and known.event_id == task.event_id and not enforced.is_again


def _judge_known(task: Task) -> TagVerdict:
    return judge_unmade(task.made.resource, TagState.IGNORED, "the event was acted on before")
