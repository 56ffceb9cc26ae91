"""Answer every change of our tags: put back or told, as the target's mode says, with the name of who did it."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from strongroom.domain.errors import StrongroomError
from strongroom.domain.tags.drift.changes import as_known, judge_change, judge_known, judge_named
from strongroom.domain.tags.verdicts import TagVerdict
from strongroom.domain.tags.waiting import Task
from strongroom.services.tags.answering import Answer, Places, answer_all, judge_known_event, tell
from strongroom.services.tags.tagging_needs import TaggingNeeds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from strongroom.domain.calls import Heard
    from strongroom.domain.tags.drift.changes import After, TagChange, ToldChange
    from strongroom.domain.tags.judging import Made
    from strongroom.domain.tags.remembered import Remembered
    from strongroom.services.tags.answering import Enforced

type HeardChanges = Sequence[Heard[ToldChange]]


class DriftAnswerNeeds(TaggingNeeds, frozen=True, kw_only=True):
    """What answering drift needs of the world."""


def answer_drift(changes: HeardChanges, *, needs: TaggingNeeds, now: datetime) -> Enforced:
    """Judge every resource whose tags were changed: for each a verdict, or what the queue must try again for.

    What cannot have changed a tag of ours costs no call, and what says itself that all is well costs none in a member.
    """
    places = Places(needs, now)
    told_tags: dict[str, After] = {}

    def read(told: ToldChange, *, is_again: bool) -> Answer:
        answer = Answer(is_again=is_again)
        change = judge_change(told, intent=needs.intent, now=now)
        if isinstance(change, TagVerdict):
            answer.ended = (change,)
            return answer
        told_tags[change.event_id] = change.after
        try:
            reading = judge_named(change, place=places.of(change.account), intent=needs.intent)
            tell(reading, subject=f"{change.subject} {change.event_id}", needs=needs, now=now)
        except StrongroomError as error:
            answer.error = error
            return answer
        answer.ended = reading.ended
        answer.tasks = tuple(_task(made, change, now=now) for made in reading.made)
        return answer

    def refine(task: Task, answer: Answer, known: Remembered | None) -> Task | TagVerdict:
        made, place = as_known(task.made, known), places.of(task.made.resource.account)
        after = told_tags[task.event_id]
        ended = judge_known_event(task, answer, known) or judge_known(
            made, after, known=known, target=place.target, intent=needs.intent
        )
        return ended or replace(task, made=made)

    answers = [read(each.subject, is_again=each.is_again) for each in changes]
    return answer_all(answers, places=places, refine=refine, needs=needs, now=now)


def _task(made: Made, change: TagChange, *, now: datetime) -> Task:
    made_at = min(now, change.drift.at)
    return Task(made=made, event_id=change.event_id, made_at=made_at, since=now, drift=change.drift)
