"""See to it that what was just created carries the tags of a tier, and say what was done and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.errors import StrongroomError
from strongroom.domain.tags.judging import judge_call, judge_record
from strongroom.domain.tags.verdicts import TagVerdict
from strongroom.domain.tags.waiting import Task
from strongroom.services.tags.answering import Answer, Places, answer_all, judge_known_event, tell
from strongroom.services.tags.tagging_needs import TaggingNeeds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from strongroom.domain.calls import ApiCall, Heard
    from strongroom.domain.tags.remembered import Remembered
    from strongroom.services.tags.answering import Enforced

type HeardCalls = Sequence[Heard[ApiCall]]


class TagEnforcementNeeds(TaggingNeeds, frozen=True, kw_only=True):
    """What enforcing tags needs of the world."""


def enforce_tags(calls: HeardCalls, *, needs: TaggingNeeds, now: datetime) -> Enforced:
    """Judge everything that the calls created: for each a verdict, or what the queue must try again for.

    An event that was acted on before is left alone, unless it comes again because nobody could deal with it.
    """
    places = Places(needs, now)
    answers = [_read(each.subject, is_again=each.is_again, places=places, needs=needs, now=now) for each in calls]
    return answer_all(answers, places=places, refine=_refine, needs=needs, now=now)


def _read(call: ApiCall, *, is_again: bool, places: Places, needs: TaggingNeeds, now: datetime) -> Answer:
    answer = Answer(is_again=is_again)
    judged = judge_call(call)
    if isinstance(judged, TagVerdict):
        answer.ended = (judged,)
        return answer
    try:
        reading = judge_record(call, judged, place=places.of(call.account), intent=needs.intent)
        tell(reading, subject=f"{call.source} {call.name} {call.event_id}", needs=needs, now=now)
    except StrongroomError as error:
        answer.error = error
        return answer
    answer.ended = reading.ended
    answer.tasks = tuple(
        Task(made=made, event_id=call.event_id, made_at=min(now, call.at or now), since=now) for made in reading.made
    )
    return answer


def _refine(task: Task, answer: Answer, known: Remembered | None) -> Task | TagVerdict:
    return judge_known_event(task, answer, known) or task
